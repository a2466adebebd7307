"""Which rows are there twice, refer to nothing, or changed? Looked for by 64-bit hashes, then made certain.

A hash says what isn't equal for certain, and what may be equal almost so: what it suspects is read
again and compared by its values. Eight bytes a row are held, whatever the values are.
"""

from collections.abc import Sequence

import polars as pl

from trustwright.connectors.tables.engine import N, Picked
from trustwright.signals.table import Kind
from trustwright.signals.test import Changed

HASH, WAS = "\x00hash", "\x00was"
ALIKE: dict[Kind, pl.DataType] = {
    Kind.INTEGER: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.MOMENT: pl.Datetime("us"),
}


def go(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")


def repeated(table: Picked, columns: Sequence[str]) -> pl.DataFrame:
    """The values, none of them empty, that are there more than once, with their rows as `N`."""
    frame, hash = table.picked(columns).drop_nulls(), hashed(table, columns)
    suspects = _twice(go(frame.select(hash)).to_series())
    frame = frame.filter(hash.is_in(suspects.implode())) if len(suspects) else frame.head(0)
    counts = frame.group_by(columns).agg(pl.len().cast(pl.Int64).alias(N))
    return go(counts.filter(pl.col(N) > 1))


def _twice(hashes: pl.Series) -> pl.Series:
    hashes = hashes.sort()
    return hashes.filter(hashes == hashes.shift(1)).unique()


def present(table: Picked, columns: Sequence[str]) -> pl.LazyFrame:
    """The hashes of the values that are there."""
    return go(table.picked(columns).select(hashed(table, columns)).unique()).lazy()


def changed(mine: Picked, other: Picked, test: Changed) -> pl.DataFrame:
    """The keys, with the columns they have now, that have something else in the other table."""
    names = [test.key, *test.now]
    was = other.picked(names).select(hashed(other, [test.key]), hashed(other, test.now).alias(WAS))
    now = mine.picked(names).select(*names, hashed(mine, [test.key]))
    suspects = now.join(go(was).lazy(), on=HASH).filter(hashed(mine, test.now) != pl.col(WAS))
    found = go(suspects.select(names).unique())
    then = other.picked(names).select(
        test.key, *(pl.col(name).alias(WAS + name) for name in test.now)
    )
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(WAS + name)) for name in test.now)
    return go(then.join(found.lazy(), on=test.key).filter(differs).select(names).unique())


def hashed(table: Picked, columns: Sequence[str]) -> pl.Expr:
    """64 bits of the values, the same for the same values in every table."""
    cells = [_alike(name, table.columns[name]) for name in columns]
    return (cells[0] if len(cells) == 1 else pl.struct(cells)).hash().alias(HASH)


def _alike(name: str, kind: Kind) -> pl.Expr:
    type = ALIKE.get(kind)
    return pl.col(name).cast(type, wrap_numerical=True) if type else pl.col(name)
