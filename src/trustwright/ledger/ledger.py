"""A workspace's ledger: create it, open it, write to it, look into it, prove and verify it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from trustwright.kernel.actors import WORKER, Actor
from trustwright.kernel.errors import Invalid, NotFound, Problem
from trustwright.ledger import keys as key_files
from trustwright.ledger import proving, store
from trustwright.ledger.facts import Created, stamp
from trustwright.ledger.highwater import HighWater
from trustwright.ledger.keys import Keys
from trustwright.ledger.note import Signer
from trustwright.ledger.rebuild import rebuild
from trustwright.ledger.tree import Frontier, root_at
from trustwright.ledger.work import GENESIS, UnitOfWork, View
from trustwright.ledger.writer import Job, Writer

T = TypeVar("T")
DATABASE = "trustwright.db"


@dataclass(frozen=True)
class Settings:
    """Where a workspace is and how it is read."""

    folder: Path
    clock: Callable[[], datetime]
    projections: Sequence[store.Projection] = ()
    anchor: Path | None = None


class Ledger:
    """One open workspace in this process."""

    def __init__(self, settings: Settings, where: store.Store, keys: Keys, origin: str) -> None:
        self.settings, self.store, self.keys = settings, where, keys
        self.signer = Signer(origin, keys.log)
        marks = [settings.folder / "high-water"]
        marks += (
            [settings.anchor / f"{origin.replace('/', '_')}.checkpoint"] if settings.anchor else []
        )
        self.marks = HighWater(marks, self.signer.verify)
        self._writer: Writer | None = None

    @classmethod
    def create(cls, settings: Settings, origin: str, site: str, rp_id: str, demo: bool) -> "Ledger":
        """A new workspace; one that exists already is never overwritten."""
        with store.unavailable():
            settings.folder.mkdir(parents=True, exist_ok=True)
            if (settings.folder / DATABASE).exists():
                raise Invalid("workspace-exists", f"{settings.folder} is a workspace already.")
            keys = key_files.create(settings.folder / "keys")
        where = store.Store(settings.folder / DATABASE)
        with store.unavailable():
            where.path.touch(mode=0o600)
            where.create()
        ledger = cls(settings, where, keys, origin)
        with where.writing() as connection:
            empty = Frontier()
            row = {
                "id": 1,
                "size": 0,
                "at": stamp(settings.clock()),
                "frontier": empty.to_bytes(),
                "checkpoint": ledger.signer.sign(0, empty.root()),
            }
            connection.execute(insert(store.head), row)
        genesis = Created(
            origin=origin, demo=demo, rp_id=rp_id, site=site, log_key=ledger.signer.vkey
        )
        ledger.write(WORKER, lambda uow: uow.append(GENESIS, genesis)).result()
        return ledger

    @classmethod
    def open(cls, settings: Settings) -> "Ledger":
        """An existing workspace."""
        path = settings.folder / DATABASE
        with store.unavailable():
            exists = path.exists()
        if not exists:
            raise NotFound(
                "no-workspace",
                f"There is no workspace in {settings.folder}.",
                "Make one with `trustwright init`, or name another with --dir.",
            )
        where = store.Store(path)
        keys = key_files.load(settings.folder / "keys")
        with where.reading() as connection:
            view = View(connection, keys, WORKER, settings.clock())
            origin = view.genesis.origin
        return cls(settings, where, keys, origin)

    def write(self, actor: Actor, run: Callable[[UnitOfWork], T]) -> Future[T]:
        """Run one operation in the next batch; the answer comes after its commit."""
        if self._writer is None:
            s = self.settings
            self._writer = Writer(
                self.store, self.keys, self.signer, s.clock, s.projections, self.marks
            )
        return self._writer.submit(Job(actor, run))

    @contextmanager
    def view(self, actor: Actor = WORKER) -> Iterator[View]:
        """One snapshot, seen by an actor now."""
        with self.store.reading() as connection:
            yield View(connection, self.keys, actor, self.settings.clock())

    def verify(self, view: View) -> proving.Verification:
        """Walk the whole log, and hold it against what was published outside the database."""
        found = proving.verify(view, self.signer)
        nodes = proving.nodes(view.rows)
        try:
            signed = self.signer.verify(proving.checkpoint(view))
            self.marks.demand(signed, lambda size: root_at(size, nodes))
        except Problem as e:
            if not found.problems:
                return replace(found, problems=(e.sentence,))
        return found

    def rebuild(self) -> int:
        """Fold every read model anew from the facts; how many rows there are."""
        return rebuild(self.store, self.settings.projections)

    def close(self) -> None:
        """Finish what waits and let go of the database."""
        if self._writer:
            self._writer.close()
            self._writer = None
        self.marks.close()
        self.store.engine.dispose()

    def writable(self) -> bool:
        """Whether this account may write here at all."""
        return os.access(self.settings.folder, os.W_OK) and os.access(self.store.path, os.W_OK)
