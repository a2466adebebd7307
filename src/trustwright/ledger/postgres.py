"""The store for many machines and big lists: a PostgreSQL database, of this workspace alone.

Keys, high-water mark and charter stay in the workspace's folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.ledger.store import Store, facts

# READ COMMITTED on purpose: a snapshot taken before the lock would show a head that was overtaken.
# A process that stands still (stopped, swapped out, cut off) loses the lock after 30 s.
LOCKED = """\
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL synchronous_commit = on;
SET LOCAL lock_timeout = '30s';
SET LOCAL idle_in_transaction_session_timeout = '30s';
SELECT pg_advisory_xact_lock(7310577344127365224)"""

# A server that went away without a word is noticed within half a minute; the URL may say otherwise.
PATIENCE = {
    "application_name": "trustwright",
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}

UNSAFE = text("SELECT name FROM pg_settings WHERE name = ANY(:names) AND setting = 'off'")
WRITABLE = f"SELECT has_table_privilege('{facts.name}', 'INSERT') AND NOT pg_is_in_recovery()"


class Postgres(Store):
    """The database that `TRUSTWRIGHT_DATABASE` names."""

    looks = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    writes = LOCKED

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(_engine(url), folder / "high-water.lock")

    def exists(self) -> bool:
        with self.reading() as connection:
            return self.holds(connection)

    def holds(self, connection: Connection) -> bool:
        """Whether there is a workspace in this snapshot; other tables are `Invalid`."""
        tables = inspect(connection).get_table_names()
        if tables and facts.name not in tables:
            raise not_empty(self)
        return bool(tables)

    @contextmanager
    def creating(self) -> Iterator[Connection]:
        if self.exists():
            raise not_empty(self)
        with super().creating() as connection:
            yield connection

    def writable(self) -> bool:
        with self.reading() as connection:
            return bool(connection.scalar(text(WRITABLE)))

    def flaws(self) -> list[str]:
        with self.reading() as connection:
            names = {"names": ["fsync", "full_page_writes"]}
            off = connection.scalars(UNSAFE, names).all()
        return [f"PostgreSQL runs with {name} off: a power cut can lose facts." for name in off]

    def __str__(self) -> str:
        url = self.engine.url
        where = {name: url.query[name] for name in ("host", "port") if name in url.query}
        return url.set(drivername="postgresql", query=where).render_as_string()

    def commit(self, connection: Connection) -> None:
        # PostgreSQL answers COMMIT after an error with ROLLBACK, and calls that a success.
        state = connection.connection.driver_connection.info.transaction_status  # type: ignore[union-attr]
        if state.name != "INTRANS":
            raise OperationalError("COMMIT", None, Exception("the transaction had failed before"))
        super().commit(connection)


def address(url: str) -> URL:
    """The database a URL names."""
    try:
        named = make_url(url)
    except (ArgumentError, ValueError):
        named = make_url("unreadable://")
    # With an @ in a password that isn't written as %40, its end would be taken for a host, and said.
    unread = not named.database or "@" in (named.host or "")
    if unread or named.drivername not in ("postgresql", "postgres"):
        raise Invalid(
            "database-address",
            "That isn't the address of a PostgreSQL database.",
            "Write it as postgresql://USER@HOST/DATABASE; in a password, @ : / and ? as %40 %3A %2F %3F.",
        )
    return named.set(drivername="postgresql+psycopg", query={**PATIENCE, **named.query})


def not_empty(database: Postgres) -> Invalid:
    return Invalid(
        "database-not-empty",
        f"There are tables in {database} already.",
        "Give the workspace a database of its own.",
    )


def _engine(url: str) -> Engine:
    try:
        return create_engine(address(url), pool_size=16, isolation_level="AUTOCOMMIT")
    except ImportError as e:
        raise Unavailable(
            "postgres-missing",
            "What speaks to PostgreSQL isn't installed.",
            "pip install 'trustwright[postgres]'",
        ) from e
