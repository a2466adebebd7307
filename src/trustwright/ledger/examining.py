"""Is what lies beside the log what it should be? Sealed values, their keys, and the read models."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from trustwright.kernel.errors import Problem
from trustwright.ledger import rebuild, store, vault
from trustwright.ledger.work import View

CHUNK = 1000


def examine(view: View, projections: Sequence[store.Projection]) -> Iterator[str]:
    """Every flaw as a sentence: each value unsealed, each read model folded anew and compared."""
    keys: dict[str, bytes] = {}
    yield from _keys(view, keys)
    yield from _values(view, keys)
    for projection in projections:
        yield from _read_model(view, projection)


def _keys(view: View, keys: dict[str, bytes]) -> Iterator[str]:
    for holder, lookup, box in view.rows(select(store.vault_keys)):
        try:
            keys[holder] = view.keys.unwrap(holder, lookup, box)
        except Problem as e:
            yield e.sentence


def _values(view: View, keys: dict[str, bytes]) -> Iterator[str]:
    query = select(store.vault).execution_options(yield_per=CHUNK)
    with view.connection.execute(query) as rows:
        for commitment, holder, tag, box in rows:
            if holder not in keys:
                yield f"The sealed value {commitment[:12]}... is {holder}'s, whose key is missing."
                continue
            try:
                vault.unseal(keys[holder], commitment, tag, box)
            except Problem as e:
                yield e.sentence


def _read_model(view: View, projection: store.Projection) -> Iterator[str]:
    """Rows that the facts don't give, or that are missing."""
    table = projection.table
    stored = {tuple(row) for row in view.connection.execute(select(table))}
    missing = 0
    for row in rebuild.folded(view.connection, projection):
        values = tuple(row.get(column.name) for column in table.columns)
        missing += values not in stored
        stored.discard(values)
    if stored or missing:
        yield (
            f"The read model {table.name} isn't what the facts say ({len(stored)} rows too many, "
            f"{missing} missing): run `trustwright rebuild`."
        )
