"""Read models thrown away and folded anew from facts: they can be lost, and a mistake in them mended."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, Inspector, Table, delete, insert, inspect, select
from sqlalchemy.sql.compiler import SQLCompiler

from trustwright.ledger import store
from trustwright.ledger.facts import Fact, parse
from trustwright.ledger.tiles import Tiled

CHUNK = 1000


def rebuild(where: store.Store, projections: Sequence[store.Projection]) -> int:
    """Rebuild tiles and every read model in one transaction; how many rows there are."""
    with where.writing() as connection:
        tile(connection)
        return fold(connection, projections)


def renew(where: store.Store, projections: Sequence[store.Projection]) -> int:
    """Make anew, from facts, the read models that another release left otherwise; how many."""
    with where.reading() as connection:
        old = _otherwise(connection, projections)
    if not old:
        return 0
    with where.writing() as connection:
        old = _otherwise(connection, projections)  # Another process may have been faster.
        for projection in old:
            projection.table.drop(connection, checkfirst=True)
            projection.table.create(connection)
        fold(connection, old)
    return len(old)


def _otherwise(
    connection: Connection, projections: Sequence[store.Projection]
) -> list[store.Projection]:
    there = inspect(connection)
    return [p for p in projections if _columns(there, p.table) != {c.name for c in p.table.columns}]


def _columns(there: Inspector, table: Table) -> set[str]:
    known = there.has_table(table.name)
    return {column["name"] for column in there.get_columns(table.name)} if known else set()


def fold(connection: Connection, projections: Sequence[store.Projection]) -> int:
    """As `rebuild`, in a transaction that is under way."""
    rows = 0
    for projection in projections:
        connection.execute(delete(projection.table))
        rows += _fill(connection, projection)
    return rows


def tile(connection: Connection) -> None:
    """Work out the roots of complete tiles anew."""
    tiled, f = Tiled(), store.facts.c
    query = select(f.leaf_hash).order_by(f.leaf_index).execution_options(yield_per=CHUNK)
    for part in connection.execute(query).partitions():
        tiled.extend([hash for (hash,) in part])
    connection.execute(delete(store.tiles))
    rows = [{"level": n, "position": at, "hash": root} for (n, at), root in tiled.roots.items()]
    if rows:
        connection.execute(insert(store.tiles), rows)


def folded(connection: Connection, projection: store.Projection) -> Iterator[store.Row]:
    """The rows that the facts give."""
    for stream, facts in _streams(connection, projection.prefix):
        yield from projection.fold(stream, facts)


def _fill(connection: Connection, projection: store.Projection) -> int:
    total, waiting = 0, []
    for row in folded(connection, projection):
        waiting.append(row)
        if len(waiting) >= CHUNK:
            _write(connection, projection.table, waiting)
            total, waiting = total + len(waiting), []
    if waiting:
        _write(connection, projection.table, waiting)
    return total + len(waiting)


def _write(connection: Connection, table: Table, rows: list[store.Row]) -> None:
    """As `insert`, but for what it asks of each row: a third of the time of writing it."""
    compiled = insert(table).compile(dialect=connection.dialect)
    assert isinstance(compiled, SQLCompiler)
    if names := compiled.positiontup:
        connection.exec_driver_sql(str(compiled), [tuple(row[n] for n in names) for row in rows])
    else:
        connection.exec_driver_sql(str(compiled), rows)


def _streams(connection: Connection, prefix: str) -> Iterator[tuple[str, list[Fact]]]:
    f = store.facts.c
    # Not LIKE, for which SQLite would read every entry of the log.
    ours = f.kind >= prefix, f.kind < prefix + "\x7f"
    query = select(f.stream, f.leaf_index, f.entry).where(*ours)
    query = query.order_by(f.stream, f.leaf_index).execution_options(yield_per=CHUNK)
    with connection.execute(query) as rows:
        for stream, group in groupby(rows, key=itemgetter(0)):
            yield stream, [parse(index, entry) for _, index, entry in group]
