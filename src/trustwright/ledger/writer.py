"""The one way anything is written: queue -> lock -> head -> operations -> checkpoint -> commit.

Each process has one writer thread. It takes whatever waits (no linger), takes the lock every process
shares, reads the head *inside* it, runs the operations one after another, signs one checkpoint for
the batch, commits, writes the high-water mark, and only then answers callers.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from trustwright.kernel.actors import Actor
from trustwright.kernel.errors import Problem, Refused, Unavailable
from trustwright.ledger import store
from trustwright.ledger.facts import Fact, moment, stamp
from trustwright.ledger.highwater import HighWater
from trustwright.ledger.keys import Keys
from trustwright.ledger.note import Signer
from trustwright.ledger.tree import Frontier, leaf_hash, root_of
from trustwright.ledger.work import UnitOfWork

MOST_AT_ONCE = 256


@dataclass(frozen=True)
class Job:
    """One operation to run, and where its answer goes. A `Refused` that is returned is committed."""

    actor: Actor
    run: Callable[[UnitOfWork], Any]
    answer: Future[Any] = field(default_factory=Future)


@dataclass
class Head:
    """How far the log has come, and the batch's growth on top of it."""

    size: int
    at: datetime
    frontier: Frontier
    checkpoint: bytes


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
            for answer, outcome in self._batch(jobs):
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
        published: list[bytes] = []
        outcomes: list[tuple[Future[Any], Any]] = []
        try:
            with self._store.writing(lambda: self._publish(published)) as connection:
                head = self._head(connection)
                before = head.size
                outcomes = [(job.answer, self._run(connection, head, job)) for job in jobs]
                if head.size > before:
                    published.append(self._sign(connection, head))
        except Exception as e:
            return [(job.answer, e) for job in jobs]
        return outcomes

    def _run(self, connection: Connection, head: Head, job: Job) -> Any:
        # Time never runs backwards in the log, whatever the machine's clock does.
        now = max(self._clock(), head.at)
        uow = UnitOfWork(connection, self._keys, job.actor, now, head.size)
        try:
            result = job.run(uow)
        except Problem as e:
            return e
        except Exception as e:
            return e
        self._flush(connection, head, uow)
        return result

    def _flush(self, connection: Connection, head: Head, uow: UnitOfWork) -> None:
        for statement in uow.deletes:
            connection.execute(statement)
        for table, rows in uow.inserts.items():
            connection.execute(insert(table), rows)
        if uow.new_facts:
            self._grow(connection, head, uow.new_facts)
            head.at = uow.now
            self._project(connection, uow)

    def _grow(self, connection: Connection, head: Head, new: Sequence[Fact]) -> None:
        rows = []
        for fact in new:
            leaf = leaf_hash(fact.entry)
            head.frontier.append(leaf)
            rows.append(
                {
                    "leaf_index": fact.index,
                    "stream": fact.stream,
                    "kind": fact.kind,
                    "at": stamp(fact.at),
                    "entry": fact.entry,
                    "leaf_hash": leaf,
                }
            )
        connection.execute(insert(store.facts), rows)
        for position in range(head.size // 256, head.frontier.size // 256):
            keep_tile(connection, position)
        head.size = head.frontier.size

    def _project(self, connection: Connection, uow: UnitOfWork) -> None:
        for projection in self._projections:
            touched = {x.stream for x in uow.new_facts if x.kind.startswith(projection.prefix)}
            for stream in sorted(touched):
                project(connection, projection, stream, uow.facts(stream))

    def _head(self, connection: Connection) -> Head:
        """The head as the last writer left it, believed only if we signed exactly this."""
        row = connection.execute(select(store.head)).one()
        frontier = Frontier.from_bytes(row.frontier)
        signed = self._signer.verify(row.checkpoint)
        if (signed.size, signed.root) != (frontier.size, frontier.root()):
            raise Unavailable(
                "head-changed",
                "The head of the log isn't what was last signed, so nothing more is signed on top.",
                "Run `trustwright verify`; docs/operations.md says how to go on.",
            )
        self._marks.demand(signed)
        return Head(row.size, moment(row.at), frontier, row.checkpoint)

    def _sign(self, connection: Connection, head: Head) -> bytes:
        checkpoint = self._signer.sign(head.frontier.size, head.frontier.root())
        values = {
            "size": head.size,
            "at": stamp(head.at),
            "frontier": head.frontier.to_bytes(),
            "checkpoint": checkpoint,
        }
        connection.execute(update(store.head).values(values))
        return checkpoint

    def _publish(self, checkpoints: list[bytes]) -> None:
        for checkpoint in checkpoints:
            self._marks.write(checkpoint)


def keep_tile(connection: Connection, position: int) -> None:
    """Store the root of a tile that became complete, and of the tile above if that did too."""
    level = 1
    below = (
        select(store.facts.c.leaf_hash)
        .where(store.facts.c.leaf_index.between(position * 256, position * 256 + 255))
        .order_by(store.facts.c.leaf_index)
    )
    while True:
        hashes = [h for (h,) in connection.execute(below)]
        row = {"level": level, "position": position, "hash": root_of(hashes)}
        connection.execute(insert(store.tiles), [row])
        if position % 256 != 255:
            return
        position, t = position // 256, store.tiles.c
        below = (
            select(t.hash)
            .where(t.level == level, t.position.between(position * 256, position * 256 + 255))
            .order_by(t.position)
        )
        level += 1


def project(
    connection: Connection, projection: store.Projection, stream: str, facts: Sequence[Fact]
) -> None:
    """Replace a stream's rows in one read model."""
    connection.execute(delete(projection.table).where(projection.table.c.stream == stream))
    rows = projection.fold(stream, [x for x in facts if x.kind.startswith(projection.prefix)])
    if rows:
        connection.execute(insert(projection.table), rows)


def refused(result: object) -> bool:
    """Whether an operation returned a refusal: its facts stay, its caller is told no."""
    return isinstance(result, Refused)
