"""A workspace's ledger: create it, open it, write to it, look into it, prove and verify it."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import insert

from trustwright.kernel.actors import WORKER, Actor
from trustwright.kernel.errors import Invalid, NotFound, Problem
from trustwright.ledger import keys as key_files
from trustwright.ledger import proving, store, succession
from trustwright.ledger.examining import examine
from trustwright.ledger.facts import Created, stamp
from trustwright.ledger.highwater import HighWater
from trustwright.ledger.keys import Keys
from trustwright.ledger.note import Checkpoint, Signer, VerifierKey, open_checkpoint
from trustwright.ledger.postgres import Postgres
from trustwright.ledger.rebuild import rebuild, renew
from trustwright.ledger.sqlite import Sqlite
from trustwright.ledger.tree import Frontier, root_at
from trustwright.ledger.work import GENESIS, UnitOfWork, View
from trustwright.ledger.writer import Job, Writer

T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """Where a workspace is and how it is read."""

    folder: Path
    clock: Callable[[], datetime]
    projections: Sequence[store.Projection] = ()
    anchor: Path | None = None
    database: str | None = None

    def store(self) -> store.Store:
        """The PostgreSQL database that is named, else the file in the folder."""
        file = Sqlite(self.folder)
        if self.database is None:
            return file
        if file.exists():
            raise Invalid(
                "two-databases",
                f"{self.folder} has a database of its own, and TRUSTWRIGHT_DATABASE names another.",
                "Unset it, or take the workspace there with `trustwright move`.",
            )
        return Postgres(self.database, self.folder)


class Ledger:
    """One open workspace in this process."""

    def __init__(
        self,
        settings: Settings,
        where: store.Store,
        keys: Keys,
        origin: str,
        past: Sequence[VerifierKey] = (),
    ) -> None:
        self.settings, self.store, self.keys = settings, where, keys
        self.signer = Signer(origin, keys.log)
        self._past = past
        marks = [settings.folder / "high-water"]
        marks += (
            [settings.anchor / f"{origin.replace('/', '_')}.checkpoint"] if settings.anchor else []
        )
        self.marks = HighWater(marks, self._read_mark)
        self._writer: Writer | None = None

    @classmethod
    def create(cls, settings: Settings, origin: str, site: str, rp_id: str, demo: bool) -> "Ledger":
        """A new workspace; one that exists already is never overwritten."""
        if settings.folder.exists() and not settings.folder.is_dir():
            raise Invalid(
                "not-a-folder",
                f"{settings.folder} is no folder.",
                "Name another for the workspace.",
            )
        with settings.store().closed_if_this_fails() as where:
            with store.unavailable():
                kept = (settings.folder / "keys").exists()
            if where.exists() or kept:
                raise Invalid("workspace-exists", f"{settings.folder} is a workspace already.")
            with store.unavailable():
                settings.folder.mkdir(parents=True, exist_ok=True)
                ledger = cls(settings, where, key_files.create(settings.folder / "keys"), origin)
            ledger._begin()
            genesis = Created(
                origin=origin, demo=demo, rp_id=rp_id, site=site, log_key=ledger.signer.vkey
            )
            ledger.write(WORKER, lambda uow: uow.append(GENESIS, genesis)).result()
            return ledger

    def _begin(self) -> None:
        empty = Frontier()
        row = {
            "id": 1,
            "size": 0,
            "at": stamp(self.settings.clock()),
            "frontier": empty.to_bytes(),
            "checkpoint": self.signer.sign(0, empty.root()),
        }
        with self.store.creating() as connection:
            connection.execute(insert(store.head), row)

    @classmethod
    def open(cls, settings: Settings) -> "Ledger":
        """An existing workspace."""
        with settings.store().closed_if_this_fails() as where:
            if not where.exists():
                raise NotFound(
                    "no-workspace",
                    f"There is no workspace in {settings.folder}.",
                    "Make one with `trustwright init`, name another with --dir, "
                    "or say with TRUSTWRIGHT_DATABASE where it was moved.",
                )
            keys = key_files.load(settings.folder / "keys")
            with where.reading() as connection:
                view = View(connection, keys, WORKER, settings.clock())
                keys = succession.fitting(view, settings.folder / "keys")
                past = succession.chain(view)[:-1]
            renew(where, settings.projections)
            return cls(settings, where, keys, view.genesis.origin, past)

    def _read_mark(self, note: bytes) -> Checkpoint:
        """A published checkpoint, also one that an earlier key of this log signed."""
        for key in self._past:
            with suppress(Invalid):
                return open_checkpoint(note, key)
        return self.signer.verify(note)

    def write(
        self, actor: Actor, run: Callable[[UnitOfWork], T], repeats: str | None = None
    ) -> Future[T]:
        """Run one operation in the next batch; the answer comes after its commit. `repeats`: the id
        of an answer in scratch that it will ask for."""
        if self._writer is None:
            self._writer = self.writer(self.signer)
        return self._writer.submit(Job(actor, run, repeats))

    def writer(self, signer: Signer) -> Writer:
        """A writer that signs with this."""
        s = self.settings
        return Writer(self.store, self.keys, signer, s.clock, s.projections, self.marks)

    @contextmanager
    def view(self, actor: Actor = WORKER) -> Iterator[View]:
        """One snapshot, seen by an actor now."""
        with self.store.reading() as connection:
            yield View(connection, self.keys, actor, self.settings.clock())

    def verify(self, view: View) -> proving.Verification:
        """Walk the whole log, and hold it against what was published outside the database."""
        found = proving.verify(view, self.signer)
        if not found.problems:
            found = replace(found, problems=tuple(succession.broken(view)))
        nodes = proving.nodes(view.rows)
        try:
            signed = self.signer.verify(proving.checkpoint(view))
            self.marks.demand(signed, lambda size: root_at(size, nodes))
        except Problem as e:
            if not found.problems:
                return replace(found, problems=(e.sentence,))
        return found

    def examine(self, view: View) -> tuple[str, ...]:
        """What is wrong beside the log: sealed values, their keys, read models; 50 at most."""
        return tuple(islice(examine(view, self.settings.projections), 50))

    def rebuild(self) -> int:
        """Fold every read model anew from the facts; how many rows there are."""
        return rebuild(self.store, self.settings.projections)

    def close(self) -> None:
        """Finish what waits and let go of the database."""
        if self._writer:
            self._writer.close()
            self._writer = None
        self.marks.close()
        self.store.close()

    def writable(self) -> bool:
        """Whether this account may write here at all."""
        return os.access(self.settings.folder, os.W_OK) and self.store.writable()
