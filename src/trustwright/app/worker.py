"""Work nobody asks for: duties escalate, cases expire, held-back cases are released, events go out.

Runs in whichever process holds the lease; losing it is harmless. Every step is an operation or a
cursor that moves on only after success, so a killed worker repeats at most its last step.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal, Protocol

from trustwright.app import App
from trustwright.app.notices import Notices
from trustwright.charter.service import in_force
from trustwright.duties import service as duties
from trustwright.duties.asked import roster
from trustwright.duties.model import duty
from trustwright.duties.queries import to_remind
from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Problem, brief, trace
from trustwright.ledger.facts import Fact, stamp
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import expiring, queries
from trustwright.proposals.model import case
from trustwright.signals.service import overdue

log = logging.getLogger("trustwright.worker")
LEASE = timedelta(seconds=20)
FOREVER = timedelta(days=36500)
ALIVE = ("worker", "sound")  # in scratch, while rounds succeed
PAUSE = 1.0  # seconds between rounds
PULSE = 60  # rounds between two signs of life to a monitor outside
PRUNE = 600  # rounds between prunings of scratch

SWEEPS: tuple[tuple[str, Callable[[View], Any]], ...] = (
    ("duties.cover", lambda view: next(duties.uncovered(view), None)),
    ("duties.escalate", lambda view: next(duties.late(view), None)),
    ("duties.remind", to_remind),
    ("signals.stale", overdue),
    ("proposals.expire", queries.expired),
    ("proposals.recheck", expiring.resting),
    ("proposals.release_ready", queries.ready),
)


class Channel(Protocol):
    """Tells somebody outside of a fact, with what it is about; raises a `Problem` if it could not."""

    def tell(self, fact: Fact, about: Mapping[str, str]) -> None: ...


class Worker:
    """One process's worker."""

    def __init__(
        self,
        app: App,
        channel: Channel | None = None,
        notices: Notices | None = None,
        pulse: Callable[[], None] | None = None,
    ) -> None:
        self.app, self.channel, self.notices, self.pulse = app, channel, notices, pulse
        self._me = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._failures = 0
        self._rest = 0
        self._ticks = 0
        self._sound = True
        self._failing = False

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.wait(PAUSE):
            try:
                self.tick()
            except Problem as e:
                log.warning("%s", brief(e))
            except Exception as e:  # A worker that died would leave everything waiting, unseen.
                log.error("A round of the worker failed; it goes on. %s", trace(e))

    def tick(self) -> None:
        """One round, if this process holds the lease."""
        if not self.app.write(WORKER, self._lease):
            return
        with self.app.ledger.view(WORKER) as view:
            due = waits(view) if in_force(view) else []
        self._sound = True
        for name in due:
            self._sweep(name)
        if self._ticks % PRUNE == 0:
            self.app.write(WORKER, UnitOfWork.prune)
        self._ticks += 1
        self._tell()
        if self.notices:
            self.notices.round()
        if self.pulse and self._sound and self._ticks % PULSE == 1:
            self.pulse()

    def _sweep(self, name: str) -> None:
        """One that fails leaves the others their turn; a worker whose rounds fail isn't alive."""
        try:
            self.app.call(name, WORKER, {})
        except Exception as e:
            self._sound = False
            log.error("%s failed; it is tried again. %s", name, trace(e))

    def _lease(self, uow: UnitOfWork) -> bool:
        holder = uow.remembered("lease", "worker")
        if holder not in (None, self._me):
            return False
        uow.remember("lease", "worker", self._me, uow.now + LEASE)
        if self._sound:  # The round before was: nothing is written for it alone.
            uow.remember(*ALIVE, "", uow.now + LEASE)
        self._sound = False
        return True

    def _tell(self) -> None:
        """Send what happened since the cursor; a failure is tried again, each time a little later."""
        if self.channel is None or self._resting():
            return
        with self.app.ledger.view(WORKER) as view:
            position = int(view.remembered("cursor", "webhook") or 0)
            facts = view.after(position)
            told = [(fact, _about(view, fact)) for fact in facts if fact.stream[:5] in ABOUT]
        done = position + len(facts)
        try:
            for fact, about in told:
                done = fact.index
                self.channel.tell(fact, about)
                done = fact.index + 1
            done = position + len(facts)
            said, self._failures = "", 0
        except Problem as e:
            self._failures += 1
            self._rest = min(2**self._failures, 300)
            said = e.sentence
            log.warning("%s; trying again in %s s.", brief(e), self._rest)
        if done > position or said or self._failing:
            self.app.write(WORKER, lambda uow: _keep(uow, position, done, said))
        self._failing = bool(said)

    def _resting(self) -> bool:
        self._rest = max(self._rest - 1, 0)
        return self._rest > 0


def tell_from(uow: UnitOfWork, position: int) -> None:
    """Everything from here on is told (again)."""
    uow.remember("cursor", "webhook", str(position), uow.now + FOREVER)


def _keep(uow: UnitOfWork, before: int, done: int, said: str) -> None:
    if int(uow.remembered("cursor", "webhook") or 0) == before:  # Else somebody set it meanwhile.
        tell_from(uow, done)
    if said:
        uow.remember("failing", "webhook", said, uow.now + timedelta(hours=1))
    else:
        uow.forget("failing", "webhook")


def _about(view: View, fact: Fact) -> dict[str, str]:
    """What a fact is about, as it stood just after it: ids and codes, never text."""
    until = [x for x in view.facts(fact.stream) if x.index <= fact.index]
    return ABOUT[fact.stream[:5]](view, fact.stream, until)


def _case(view: View, stream: str, facts: list[Fact]) -> dict[str, str]:
    of = case(stream, facts)
    return {
        "case": stream,
        "status": of.status.value,
        "system": of.submitted.system,
        "workflow": of.submitted.workflow,
    }


def _duty(view: View, stream: str, facts: list[Fact]) -> dict[str, str]:
    owed = duty(stream, facts)
    owner = roster(view).people.get(owed.owner) if in_force(view) else None
    return {
        "duty": stream,
        "what": owed.what,
        "case": owed.case,
        "workflow": duties.workflow_of(view, owed),
        "owner": owner.id if owner else "",
        "due": stamp(owed.due),
    }


ABOUT = {"case-": _case, "duty-": _duty}


def waits(view: View) -> list[str]:
    """The operations that have something to do now, under the charter in force."""
    return [name for name, query in SWEEPS if query(view)]


def health(view: View) -> Literal["alive", "failing", "none"]:
    """Whether a worker runs anywhere, and gets its rounds done."""
    if view.remembered("lease", "worker") is None:
        return "none"
    return "failing" if view.remembered(*ALIVE) is None else "alive"
