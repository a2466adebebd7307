"""The one way anything is written: queue -> lock -> head -> operations -> checkpoint -> commit.

Each process has one writer thread. It takes whatever waits (no linger), takes the lock every process
shares, reads the head *inside* it, runs the operations one after another, signs one checkpoint for
the batch, commits, writes the high-water mark, and only then answers callers.
"""

import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import DBAPIError

from trustwright.kernel.actors import Actor
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.ledger import proving, store, succession
from trustwright.ledger.batch import Batch
from trustwright.ledger.facts import moment, stamp
from trustwright.ledger.highwater import HighWater
from trustwright.ledger.keys import Keys
from trustwright.ledger.note import Checkpoint, Signer
from trustwright.ledger.tree import Frontier, root_at
from trustwright.ledger.work import UnitOfWork

MOST_AT_ONCE = 256
ANSWER = "answer"  # what scratch calls an answer kept for whoever asks again


@dataclass(frozen=True)
class Job:
    """One operation to run, and where its answer goes. A `Refused` that is returned is committed.
    `repeats`: under which id scratch has the answer, if it was asked before."""

    actor: Actor
    run: Callable[[UnitOfWork], Any]
    repeats: str | None = None
    answer: Future[Any] = field(default_factory=Future)


HEAD = select(store.head)
NEW_HEAD = update(store.head)


class Writer:
    """The writer thread of one process."""

    def __init__(
        self,
        where: store.Store,
        keys: Keys,
        signer: Signer,
        clock: Callable[[], datetime],
        projections: Sequence[store.Projection],
        marks: HighWater,
    ) -> None:
        self._store, self._keys, self._signer = where, keys, signer
        self._clock, self._projections, self._marks = clock, projections, marks
        self._last: tuple[bytes, Checkpoint] | None = None
        self._to_scour = False
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="ledger-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> Future[Any]:
        self._queue.put(job)
        return job.answer

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while (job := self._queue.get()) is not None:
            jobs, last = self._drain(job)
            # Who gave up while waiting is left out; from here on nobody can: it may be recorded.
            wanted = [job for job in jobs if job.answer.set_running_or_notify_cancel()]
            for answer, outcome in self._batch(wanted):
                if isinstance(outcome, BaseException):
                    answer.set_exception(outcome)
                else:
                    answer.set_result(outcome)
            if last:
                return

    def _drain(self, first: Job) -> tuple[list[Job], bool]:
        jobs = [first]
        while len(jobs) < MOST_AT_ONCE and not self._queue.empty():
            job = self._queue.get()
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

    def _batch(self, jobs: list[Job]) -> list[tuple[Future[Any], Any]]:
        """Every job's outcome. A commit that fails or is lost is `Unavailable` for all of them."""
        published: list[tuple[bytes, Checkpoint]] = []
        try:
            with self._store.writing(lambda: self._publish(published)) as connection:
                batch = self._begin(connection)
                if ids := [job.repeats for job in jobs if job.repeats]:
                    batch.foresee(ANSWER, ids)
                outcomes = [(job.answer, self._run(batch, job)) for job in jobs]
                batch.flush()
                if batch.size > batch.began_with:
                    published.append(self._sign(batch))
        except Exception as e:
            return [(job.answer, e) for job in jobs]
        self._scour(batch.erased)
        return outcomes

    def _scour(self, erased: bool) -> None:
        """Don't leave an erased key where it was written first; what can't be done now is done later."""
        self._to_scour |= erased
        if self._to_scour:
            with suppress(sqlite3.Error):
                self._to_scour = not self._store.scour()

    def _run(self, batch: Batch, job: Job) -> Any:
        # Time never runs backwards in the log, whatever the machine's clock does.
        uow = UnitOfWork(batch, self._keys, job.actor, max(self._clock(), batch.at))
        try:
            with store.unavailable((DBAPIError,)):
                result = job.run(uow)
        except Exception as e:
            if isinstance(e, Unavailable) and isinstance(e.__cause__, DBAPIError):
                # A full disk ends SQLite's transaction, any error PostgreSQL's: what is written
                # after it would stay alone.
                raise
            return e
        batch.take(uow.writes)
        return result

    def _begin(self, connection: Connection) -> Batch:
        """A batch on the head as the last writer left it, believed only if we signed exactly this."""
        row = connection.execute(HEAD).one()
        frontier = Frontier.from_bytes(row.frontier)
        signed = self._believed(connection, row.checkpoint)
        if (signed.size, signed.root) != (frontier.size, frontier.root()):
            raise Unavailable(
                "head-changed",
                "The head of the log isn't what was last signed, so nothing more is signed on top.",
                "Run `trustwright verify`; docs/operations.md says how to go on.",
            )
        nodes = proving.nodes(lambda query, **params: connection.execute(query, params).all())
        self._marks.demand(signed, lambda size: root_at(size, nodes))
        return Batch(connection, frontier, moment(row.at), self._projections)

    def _believed(self, connection: Connection, checkpoint: bytes) -> Checkpoint:
        # What we signed ourselves a moment ago needs no second look at its signature.
        if self._last is None or checkpoint != self._last[0]:
            succession.demand_master(connection, self._keys)
            try:
                self._last = (checkpoint, self._signer.verify(checkpoint))
            except Invalid as e:
                raise succession.keys_rotated() from e
        return self._last[1]

    def _sign(self, batch: Batch) -> tuple[bytes, Checkpoint]:
        checkpoint = Checkpoint(self._signer.name, batch.size, batch.frontier.root())
        note = self._signer.sign_text(checkpoint.text())
        values = {
            "size": batch.size,
            "at": stamp(batch.at),
            "frontier": batch.frontier.to_bytes(),
            "checkpoint": note,
        }
        batch.connection.execute(NEW_HEAD, values)
        return note, checkpoint

    def _publish(self, checkpoints: list[tuple[bytes, Checkpoint]]) -> None:
        for note, checkpoint in checkpoints:
            self._marks.write(note, checkpoint.size)
            self._last = (note, checkpoint)
