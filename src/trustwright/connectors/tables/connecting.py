"""A table of a database, by address: DuckDB, SQLite, PostgreSQL, and whatever else Ibis connects to."""

import re
from collections.abc import Callable
from typing import Any

import ibis

from trustwright.connectors.tables.remote import RemoteTable
from trustwright.kernel.errors import Invalid, NotFound, Unavailable

MOST_NAMED = 10


def connected(
    place: str, kind: str | None, inside: str, marks: Callable[[], str] | None
) -> RemoteTable:
    """The table named `inside` (schema.table or table), or the only one there is."""
    connection = _connection(place, kind)
    *schema, name = inside.split(".") if inside else _only(connection, place)
    try:
        rows = connection.table(name, database=schema[0] if schema else None)
    except Exception as e:
        there = _listed(connection)
        raise NotFound(
            "no-such-table", f"There is no table {inside!r}.", f"There is {there}."
        ) from e
    return RemoteTable(name, rows, marks)


def _connection(place: str, kind: str | None) -> Any:
    try:
        if kind == "duckdb":
            return ibis.duckdb.connect(place, read_only=True)
        if kind == "sqlite":
            return ibis.sqlite.connect(place)
        return ibis.connect(place)
    except Exception as e:
        # The driver's own words may repeat the password.
        raise Unavailable(
            "database-unreachable",
            f"{_plain(place)} can't be opened ({type(e).__name__}).",
            "See that it is there, that name and password are right, and that its driver is installed.",
        ) from None


def _plain(place: str) -> str:
    """The address without the secrets in it."""
    return re.sub(r"//[^/@]*@", "//", place).partition("?")[0]


def _only(connection: Any, place: str) -> list[str]:
    names = _tables(connection)
    if len(names) != 1:
        raise Invalid(
            "which-table",
            f"{_plain(place)} has {_listed(connection)}.",
            "Name one behind a #: ADDRESS#TABLE.",
        )
    return list(names)


def _listed(connection: Any) -> str:
    names = _tables(connection)
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return (", ".join(names[:MOST_NAMED]) or "no table") + more


def _tables(connection: Any) -> list[str]:
    """Ibis 12.0.0 asks DuckDB 2.0 for them by a name that is gone."""
    if connection.name == "duckdb":
        return sorted(row[0] for row in connection.con.execute("SHOW TABLES").fetchall())
    return sorted(connection.list_tables())
