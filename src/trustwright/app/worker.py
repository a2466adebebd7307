"""Work nobody asks for: duties escalate, cases expire, held-back cases are released, events go out.

Runs in whichever process holds the lease; losing it is harmless. Every step is an operation or a
cursor that moves on only after success, so a killed worker repeats at most its last step.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, Protocol

from trustwright.app import App
from trustwright.app.notices import Notices
from trustwright.charter.service import in_force
from trustwright.duties import service as duties
from trustwright.duties.queries import to_remind
from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Problem, brief, trace
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import expiring, queries
from trustwright.proposals.model import case
from trustwright.signals.service import overdue

log = logging.getLogger("trustwright.worker")
LEASE = timedelta(seconds=20)
FOREVER = timedelta(days=36500)
ALIVE = ("worker", "sound")  # in scratch, while rounds succeed
PAUSE = 1.0  # seconds between rounds
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
    """Tells somebody outside what happened to a case; raises a `Problem` if it could not."""

    def tell(self, fact: Fact, status: str, system: str, workflow: str) -> None: ...


class Worker:
    """One process's worker."""

    def __init__(
        self, app: App, channel: Channel | None = None, notices: Notices | None = None
    ) -> None:
        self.app, self.channel, self.notices = app, channel, notices
        self._me = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._failures = 0
        self._rest = 0
        self._ticks = 0
        self._sound = True

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
            told = [(fact, *_standing(view, fact)) for fact in facts if fact.stream[:5] == "case-"]
        done = position + len(facts)
        try:
            for fact, *words in told:
                done = fact.index
                self.channel.tell(fact, *words)
                done = fact.index + 1
            done = position + len(facts)
            self._failures = 0
        except Problem as e:
            self._failures += 1
            self._rest = min(2**self._failures, 300)
            log.warning("%s; trying again in %s s.", brief(e), self._rest)
        if done > position:
            self.app.write(WORKER, lambda uow: _keep(uow, done))

    def _resting(self) -> bool:
        self._rest = max(self._rest - 1, 0)
        return self._rest > 0


def _keep(uow: UnitOfWork, position: int) -> None:
    uow.remember("cursor", "webhook", str(position), uow.now + FOREVER)


def _standing(view: View, fact: Fact) -> tuple[str, str, str]:
    """Status just after a fact, system and workflow of its case."""
    until = [x for x in view.facts(fact.stream) if x.index <= fact.index]
    of = case(fact.stream, until)
    return of.status.value, of.submitted.system, of.submitted.workflow


def waits(view: View) -> list[str]:
    """The operations that have something to do now, under the charter in force."""
    return [name for name, query in SWEEPS if query(view)]


def health(view: View) -> Literal["alive", "failing", "none"]:
    """Whether a worker runs anywhere, and gets its rounds done."""
    if view.remembered("lease", "worker") is None:
        return "none"
    return "failing" if view.remembered(*ALIVE) is None else "alive"
