"""The embedded store: one SQLite file in the workspace's folder."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event

from trustwright.ledger.store import Store, unavailable

FILE = "trustwright.db"
MOVED = (
    "CREATE TRIGGER IF NOT EXISTS facts_moved BEFORE INSERT ON facts "
    "BEGIN SELECT RAISE(ABORT, 'this workspace was moved to PostgreSQL'); END"
)


class Sqlite(Store):
    """A file on a local disk: SQLite's locks are not to be trusted on a network's."""

    looks = "BEGIN"
    writes = "BEGIN IMMEDIATE"

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        engine = create_engine(f"sqlite:///{self.path}", connect_args={"timeout": 30}, pool_size=16)
        event.listen(engine, "connect", _pragmas)
        super().__init__(engine, self.path.with_suffix(".lock"))

    def exists(self) -> bool:
        with unavailable():
            return self.path.exists()

    @contextmanager
    def creating(self) -> Iterator[Connection]:
        with unavailable():
            self.path.touch(mode=0o600)
        with super().creating() as connection:
            yield connection

    def scour(self) -> bool:
        """Empty the write-ahead log; False while somebody reads."""
        with closing(sqlite3.connect(self.path, timeout=1)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def freeze(self, connection: Connection) -> None:
        """Nothing is recorded here from this transaction on, whoever still has the file open."""
        connection.exec_driver_sql(MOVED)

    def set_aside(self) -> Path:
        """Give the file another name, so that nobody opens it by mistake; returns it."""
        self.close()
        aside = self.path.with_name(f"{FILE}.moved")
        for part in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{part}").rename(f"{aside}{part}")
        return aside

    def __str__(self) -> str:
        return str(self.path)

    def writable(self) -> bool:
        return os.access(self.path.parent, os.W_OK) and os.access(self.path, os.W_OK)


def _pragmas(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
