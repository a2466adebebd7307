"""The embedded store: one SQLite file in the workspace's folder."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, text

from trustwright.ledger.store import Store, unavailable

FILE = "trustwright.db"
# The mark of a move and its lock in one: whoever still has the file open is stopped by it too.
MOVED = (
    "CREATE TRIGGER facts_moved BEFORE INSERT ON facts "
    "BEGIN SELECT RAISE(ABORT, 'this workspace moves to {}'); END"
)
MARK = text("SELECT sql FROM sqlite_master WHERE name = 'facts_moved'")
NAMED = re.compile("this workspace moves to (.*)'\\); END", re.DOTALL)


class Sqlite(Store):
    """A file on a local disk: SQLite's locks are not to be trusted on a network's."""

    looks = "BEGIN"
    writes = "BEGIN IMMEDIATE"

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        engine = create_engine(
            f"sqlite:///{self.path}",
            connect_args={"timeout": 30},
            pool_size=16,
            isolation_level="AUTOCOMMIT",
        )
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

    def freeze(self, connection: Connection, target: str) -> None:
        """Nothing is recorded here from this transaction on; the mark says where it goes instead."""
        connection.exec_driver_sql(MOVED.format(target.replace("'", "''")))

    def thaw(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER facts_moved")

    def goes_to(self, connection: Connection) -> str | None:
        """Where a move that was begun goes to."""
        found = NAMED.search(connection.scalar(MARK) or "")
        return found[1].replace("''", "'") if found else None

    def set_aside(self) -> Path:
        """Give the file another name, so that nobody opens it by mistake; returns it."""
        self.close()
        aside = self.path.with_name(f"{FILE}.moved")
        # The file first: without its log beside it, it could have lost the mark.
        for part in ("", "-wal", "-shm"):
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
