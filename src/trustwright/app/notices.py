"""People hear of their duties by mail: at most once an hour and in their hours, high risk at once.

Two marks in scratch for each person: since which fact they have heard nothing, and that they had a
mail in the last hour. If they are lost, everybody hears once more of all they owe.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from trustwright.app import App
from trustwright.charter.service import in_force
from trustwright.duties import notices, queries
from trustwright.duties.asked import Roster, roster
from trustwright.duties.calendar import at_work
from trustwright.duties.notices import Letter, News
from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.ledger import proving
from trustwright.ledger.work import UnitOfWork, View

log = logging.getLogger("trustwright.notices")
HOUR = timedelta(hours=1)
AGAIN = timedelta(minutes=10)  # until an address that was refused is tried again
KEPT = timedelta(days=36500)
MOST = 20  # mails a round
SLOWEST = 300  # rounds between two attempts


class Post(Protocol):
    """Hands in one mail: `Invalid` for this person alone, `Unavailable` for everybody."""

    def send(self, letter: Letter, now: datetime) -> None: ...


class Notices:
    """The follower that writes to people."""

    def __init__(self, app: App, post: Post) -> None:
        self.app, self.post = app, post
        self._failures = 0
        self._rest = 0

    def round(self) -> None:
        """Send first, and only then look what happened since: what a killed worker sends again is
        then the same mail, under the same id."""
        self._rest = max(self._rest - 1, 0)
        if not self._rest:
            self._send()
        self._look()

    def _send(self) -> None:
        with self.app.ledger.view(WORKER) as view:
            waiting = view.all_remembered("mail") if in_force(view) else {}
            there = roster(view) if waiting else None
            due = list(_due(view, there, waiting))[:MOST] if there else []
            site, now = view.genesis.site, view.now
            # What isn't marked yet is left to the next mail: this one stays what it was before a kill.
            seen = int(view.remembered("cursor", "mail") or 0)
            letters = [
                (who, notices.letter(view, there, who, range(since, seen), site))
                for who, since in due
                if there
            ]
        for owner, letter in letters:
            if not self._sent(owner, letter, now):
                break

    def _sent(self, owner: str, letter: Letter | None, now: datetime) -> bool:
        """Whether to go on with the next one."""
        try:
            if letter:
                self.post.send(letter, now)
        except Invalid as e:
            log.warning("No mail gets to the person %s. %s", owner, e)
            self.app.write(WORKER, lambda uow: uow.remember("no-mail", owner, "", uow.now + AGAIN))
            return True
        except Unavailable as e:
            self._failures += 1
            self._rest = min(2**self._failures, SLOWEST)
            said = e.sentence
            log.warning("%s Trying again in %s s.", said, self._rest)
            self.app.write(
                WORKER, lambda uow: uow.remember("failing", "mail", said, uow.now + HOUR)
            )
            return False
        mended, self._failures = self._failures > 0, 0
        self.app.write(WORKER, lambda uow: _settle(uow, owner, letter is not None, mended))
        return True

    def _look(self) -> None:
        """Mark who is to hear something. The first time, everybody who owes anything."""
        with self.app.ledger.view(WORKER) as view:
            if not in_force(view):
                return
            position = view.remembered("cursor", "mail")
            if position is None:
                found = [News(owner, 0, False) for owner in queries.owners(view)]
                reached = proving.size(view)
            else:
                facts = view.after(int(position))
                duties = [x for x in facts if x.stream.startswith("duty-")]
                found = list(notices.news(view, roster(view), duties)) if duties else []
                reached = int(position) + len(facts)
        if str(reached) != position:
            self.app.write(WORKER, lambda uow: _mark(uow, found, reached))


def _due(view: View, there: Roster, waiting: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Who gets a mail now, and since which fact they have heard nothing."""
    urgent, lately = view.all_remembered("mail-urgent"), view.all_remembered("mailed")
    refused = view.all_remembered("no-mail")
    for owner, since in waiting.items():
        now = owner in urgent or (owner not in lately and at_work(there.calendar(owner), view.now))
        if now and owner not in refused:
            yield owner, int(since)


def _settle(uow: UnitOfWork, owner: str, mailed: bool, mended: bool) -> None:
    uow.forget("mail", owner)
    uow.forget("mail-urgent", owner)
    if mailed:
        uow.remember("mailed", owner, "", uow.now + HOUR)
    if mended:
        uow.forget("failing", "mail")


def _mark(uow: UnitOfWork, found: list[News], reached: int) -> None:
    for each in found:
        if uow.remembered("mail", each.owner) is None:
            uow.remember("mail", each.owner, str(each.index), uow.now + KEPT)
        if each.urgent:
            uow.remember("mail-urgent", each.owner, "", uow.now + KEPT)
    uow.remember("cursor", "mail", str(reached), uow.now + KEPT)
