"""Where the four kinds of state lie: facts, vault, read models, scratch. There is no other table.

Read models are declared in the rooms' `queries.py` on this metadata, each as a `Projection`: a pure
fold of one stream's facts into rows. They can be dropped and rebuilt at any time.
"""

import fcntl
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DatabaseError

from trustwright.kernel.errors import Unavailable
from trustwright.ledger.facts import Fact

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("leaf_index", Integer, primary_key=True, autoincrement=False),
    Column("stream", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("entry", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("facts_stream", "stream", "leaf_index"),
    Index("facts_kind", "kind", "leaf_index"),
)

# Roots of complete tiles (256 leaves, 65,536 leaves ...): can be recomputed from facts at any time.
tiles = Table(
    "tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
)

vault = Table(
    "vault",
    metadata,
    Column("commitment", Text, primary_key=True),
    Column("holder", Text, nullable=False, index=True),
    Column("tag", Text, nullable=False),
    Column("box", LargeBinary, nullable=False),
)

vault_keys = Table(
    "vault_keys",
    metadata,
    Column("holder", Text, primary_key=True),
    Column("lookup", Text, unique=True),
    Column("box", LargeBinary, nullable=False),
)

# Loss is harmless: sign-ins end, a challenge is asked for again, a retry may be refused once.
scratch = Table(
    "scratch",
    metadata,
    Column("what", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("until", Text, nullable=False, index=True),
)

# SQLite's own list of what is defined, to see whether the guards below still stand.
triggers = Table("sqlite_master", MetaData(), Column("type", Text), Column("tbl_name", Text))

Row = dict[str, Any]


@dataclass(frozen=True)
class Projection:
    """Rows of `table` (which has a `stream` column) as a pure fold of one stream's facts."""

    table: Table
    prefix: str
    fold: Callable[[str, Sequence[Fact]], list[Row]]


GUARDS = (
    "CREATE TRIGGER IF NOT EXISTS facts_never_change BEFORE UPDATE ON facts "
    "BEGIN SELECT RAISE(ABORT, 'facts never change'); END",
    "CREATE TRIGGER IF NOT EXISTS facts_never_go BEFORE DELETE ON facts "
    "BEGIN SELECT RAISE(ABORT, 'facts never go'); END",
)


class Store:
    """One database file. Any number of processes may write; one at a time does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_path = path.with_suffix(".lock")
        self.engine = _engine(path)

    def create(self) -> None:
        """Make the tables, and the triggers that keep honest people from editing facts."""
        with self.engine.begin() as connection:
            metadata.create_all(connection)
            for guard in GUARDS:
                connection.execute(text(guard))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot, however many queries."""
        with unavailable((DatabaseError,)), self.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    @contextmanager
    def writing(self, committed: Callable[[], None] = lambda: None) -> Iterator[Connection]:
        """The only writer, until commit. `committed` runs before the next writer may begin."""
        with (
            unavailable(),
            open(self._lock_path, "ab") as lock,
            self.engine.connect() as connection,
        ):
            # flock queues waiters fairly; SQLite alone lets one process starve another for seconds.
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                with suppress(DatabaseError):  # A full disk has ended the transaction already.
                    connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")
            committed()

    def scour(self) -> bool:
        """Empty the write-ahead log, which still holds what was deleted; False while somebody reads."""
        with closing(sqlite3.connect(self.path, timeout=1)) as connection:
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


@contextmanager
def unavailable(
    kinds: tuple[type[Exception], ...] = (DatabaseError, OSError),
) -> Iterator[None]:
    """Whatever the disk or database says becomes one sentence; what was under way is unknown."""
    try:
        yield
    except kinds as e:
        reason = getattr(e, "orig", None) or getattr(e, "strerror", None) or e
        raise Unavailable(
            "store-unavailable",
            f"The workspace's database can't be used just now ({reason}).",
            "Check the disk and the rights on the data directory, then try again with the same key.",
        ) from e


def _engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, pool_size=16)

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    # BEGIN and COMMIT are said by `reading` and `writing` alone.
    return engine.execution_options(isolation_level="AUTOCOMMIT")
