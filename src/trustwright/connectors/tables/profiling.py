"""What does this table look like? One reading, of at most so many rows, spread over all of it."""

from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import permutations
from typing import Protocol, cast

import polars as pl

from trustwright.connectors.tables.engine import Engine
from trustwright.connectors.tables.grouping import deviating
from trustwright.connectors.tables.local import LocalEngine, LocalTable, kind
from trustwright.signals.profile import Column, Dependency, Profile
from trustwright.signals.table import Kind, Table
from trustwright.signals.test import Depends

LOOKED = 200_000
COMMON = 1_000
SHAPES = 200
LONG = 60
DETERMINING = 40
"""So many columns are looked at for what depends on what; pairs grow with their square."""
SEED = 1
WEAK = 0.5


class Engined(Table, Protocol):
    """A table that can be asked for its rows."""

    def engine(self) -> AbstractContextManager[Engine]: ...


def profile(table: Table, rows: int = LOOKED) -> Profile:
    """Of at most so many rows. Raises `Unavailable` as `measure` does."""
    names = list(table.columns)
    with cast(Engined, table).engine() as engine:
        all = engine.rows()
        frame = _looked(engine, names, -(-all // rows)) if all else engine.glance(names)
    pairs, notes = _dependencies(frame)
    return Profile(
        table.name,
        all,
        frame.height,
        tuple(_column(frame[name]) for name in frame.columns),
        tuple(pairs),
        (*table.notes, *notes),
    )


def _looked(engine: Engine, names: list[str], every: int) -> pl.DataFrame:
    """Every so manieth row; memory is that of a batch and of what is kept."""
    at, kept = 0, []
    for batch in engine.batches(names):
        kept.append(batch.gather_every(every, -at % every))
        at += batch.height
    return pl.concat(kept)


def _column(values: pl.Series) -> Column:
    held = kind(values.dtype)
    if held is Kind.OTHER:
        return Column(values.name, held, len(values), values.null_count(), 0)
    filled = values.drop_nulls()
    counts = filled.value_counts().sort(["count", values.name], descending=[True, False])
    shapes = _shapes(filled.cast(pl.String)) if held is Kind.TEXT else ()
    common = tuple((row[0], int(row[1])) for row in counts.head(COMMON).rows())
    return Column(
        values.name, held, len(values), values.null_count(), counts.height, common, shapes
    )


def _shapes(texts: pl.Series) -> tuple[tuple[str, int], ...]:
    shape = texts.str.slice(0, LONG).str.replace_all(r"\p{N}", "9").str.replace_all(r"\p{Lu}", "A")
    shape = shape.str.replace_all(r"[\p{L}--A]", "a").alias("shape")
    counts = shape.value_counts().sort(["count", "shape"], descending=[True, False])
    return tuple((row[0], int(row[1])) for row in counts.head(SHAPES).rows())


def _dependencies(frame: pl.DataFrame) -> tuple[list[Dependency], tuple[str, ...]]:
    few = [name for name in frame.columns if _repeats(frame[name])]
    notes = (
        (f"What depends on what was looked for in {DETERMINING} of {len(few)} columns.",)
        if len(few) > DETERMINING
        else ()
    )
    coded = frame.select(_codes(name) for name in few[:DETERMINING])
    return [
        found for pair in permutations(coded.columns, 2) if (found := _pair(coded, *pair))
    ], notes


def _repeats(values: pl.Series) -> bool:
    """Whether its values come back often enough to say what goes with them."""
    return kind(values.dtype) is not Kind.OTHER and 1 < values.n_unique() <= len(values) / 2


def _codes(name: str) -> pl.Expr:
    """Numbers instead of values: equal where they are."""
    column = pl.col(name)
    return pl.when(column.is_not_null()).then(column.rank("dense"))


def _pair(frame: pl.DataFrame, on: str, column: str) -> Dependency | None:
    both = frame.select(pl.col(on).alias("x"), pl.col(column).alias("y")).drop_nulls()
    k, n = _deviating(both)
    if 2 * n < both.height or not n:
        return None
    chance, _ = _deviating(both.with_columns(pl.col("y").shuffle(seed=SEED)))
    found = Dependency(on, column, k, n, chance)
    return replace(found, broken=_broken(frame, on, column)) if found.strength > WEAK else found


def _broken(frame: pl.DataFrame, on: str, column: str) -> int:
    """As the rule counts."""
    engine = LocalEngine(LocalTable("", frame.lazy, str))
    return deviating(engine, Depends((on,), column)).k


def _deviating(both: pl.DataFrame) -> tuple[int, int]:
    """Rows that aren't their key's most frequent, of the rows whose key is there twice."""
    counts = both.group_by("x", "y").len().group_by("x")
    keys = counts.agg(pl.col("len").sum().alias("n"), pl.col("len").max().alias("most"))
    keys = keys.filter(pl.col("n") > 1)
    n = int(keys["n"].sum())
    return n - int(keys["most"].sum()), n
