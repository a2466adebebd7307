"""Where the four kinds of state lie: facts, vault, read models, scratch. There is no other table.

Read models are declared in the rooms' `queries.py` on this metadata, each as a `Projection`: a pure
fold of one stream's facts into rows. They can be dropped and rebuilt at any time.

The tables are the same in each database; `sqlite.py` and `postgres.py` say what differs.
"""

import fcntl
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.ledger import guards
from trustwright.ledger.facts import Fact

log = logging.getLogger("trustwright.ledger")

# Compared and ordered by bytes in each database: under a locale ids and moments sort otherwise.
Text = sqlalchemy.Text().with_variant(sqlalchemy.Text(collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

facts = Table(
    "facts",
    metadata,
    Column("leaf_index", Number, primary_key=True, autoincrement=False),
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
    Column("position", Number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", Number, nullable=False),
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

Row = dict[str, Any]


@dataclass(frozen=True)
class Projection:
    """Rows of `table` (which has a `stream` column) as a pure fold of one stream's facts."""

    table: Table
    prefix: str
    fold: Callable[[str, Sequence[Fact]], list[Row]]


class Store(ABC):
    """One database. Any number of processes may write; one at a time does."""

    # What begins a snapshot, and what begins the one transaction that may write.
    looks: str
    writes: str

    def __init__(self, engine: Engine, lock: Path) -> None:
        # BEGIN and COMMIT are said by `reading` and `writing` alone.
        self.engine = engine
        self._lock = lock

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a workspace in it already."""

    @abstractmethod
    def writable(self) -> bool:
        """Whether this account may write to it."""

    def flaws(self) -> list[str]:
        """What makes it less safe than it looks, as sentences."""
        return []

    def scour(self) -> bool:
        """Empty whatever still holds what was deleted; False if that can't be done yet."""
        return True

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def closed_if_this_fails(self) -> Iterator["Store"]:
        """Leave no connection behind when a workspace can't be made or opened."""
        try:
            yield self
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot, however many queries."""
        with (
            unavailable((DBAPIError, NoConnectionFree)),
            self._begun(self.looks) as connection,
        ):
            try:
                yield connection
            finally:
                _rollback(connection)

    @contextmanager
    def writing(self, committed: Callable[[], None] = lambda: None) -> Iterator[Connection]:
        """The only writer, until commit. `committed` runs before the next writer here may begin."""
        with unavailable(), open(self._lock, "ab") as lock:
            # flock queues waiters fairly; SQLite alone lets one process starve another for seconds.
            # It also keeps the high-water mark, written after the commit, from going backwards.
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._begun(self.writes) as connection:
                try:
                    yield connection
                except BaseException:
                    _rollback(connection)
                    raise
                self.commit(connection)
            committed()

    @contextmanager
    def creating(self) -> Iterator[Connection]:
        """The first transaction: it has just made the tables, with their guards."""
        with self.writing() as connection:
            metadata.create_all(connection)
            guards.make(connection)
            yield connection

    def commit(self, connection: Connection) -> None:
        connection.exec_driver_sql("COMMIT")

    @contextmanager
    def _begun(self, begin: str) -> Iterator[Connection]:
        """A connection on which a transaction has begun; one that died while it lay idle is replaced."""
        try:
            connection = self._connected(begin)
        except DBAPIError as e:
            if not e.connection_invalidated:
                raise
            connection = self._connected(begin)
        with connection:
            yield connection

    def _connected(self, begin: str) -> Connection:
        connection = self.engine.connect()
        try:
            connection.exec_driver_sql(begin)
        except BaseException:
            connection.close()
            raise
        return connection


def _rollback(connection: Connection) -> None:
    # A full disk has ended SQLite's transaction already, a lost server PostgreSQL's.
    with suppress(DBAPIError):
        if not connection.invalidated:
            connection.exec_driver_sql("ROLLBACK")


@contextmanager
def unavailable(
    kinds: tuple[type[Exception], ...] = (DBAPIError, NoConnectionFree, OSError),
) -> Iterator[None]:
    """Whatever the disk or database says becomes one sentence; what was under way is unknown."""
    try:
        yield
    except DataError as e:
        raise Invalid(
            "value-impossible",
            "A database can't hold that: a NUL character, or too large a number.",
        ) from e
    except kinds as e:
        raise Unavailable(
            "store-unavailable",
            f"The workspace's database can't be used just now ({_said(e)}).",
            "Check the disk and the rights on the data directory, or the database server, "
            "then try again with the same key.",
        ) from e


def _said(e: Exception) -> str:
    reason = getattr(e, "orig", None) or getattr(e, "strerror", None) or e
    if getattr(reason, "sqlstate", "") is None:
        # Names host, port and account: that is for whoever reads our log, not for every caller.
        log.warning("%s", reason)
        return "its server doesn't answer"
    # PostgreSQL's first line alone: below it stand the values it stumbled over.
    said = getattr(getattr(reason, "diag", None), "message_primary", None) or reason
    return " ".join(str(said).split())
