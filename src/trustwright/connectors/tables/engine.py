"""What must a way of reading tables know? Seven verbs; `passes` answers every test with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl

from trustwright.signals.table import Flaw, Kind, Sample, Table
from trustwright.signals.test import Changed, Reference, Rows, Unique

N = "\x00n"
"""The column with the counts; no table's own is called so."""
ROW = "\x00row"
"""The number of the row, from 1, where a table has an order and no key."""


@dataclass(frozen=True, eq=False)
class Among:
    """The rows whose values are a row of the frame; an empty value is one like any other."""

    frame: pl.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.frame.columns)


Failing = Rows | Among | Unique | Reference | Changed
Tables = Mapping[str, Table]


@runtime_checkable
class Picked(Protocol):
    """A table that can hand out some of its columns, for another one to be compared with."""

    @property
    def columns(self) -> Mapping[str, Kind]: ...

    def picked(self, columns: Sequence[str]) -> pl.LazyFrame: ...


@dataclass(frozen=True, eq=False)
class Counted:
    """How many rows fail a test, and how to come by them; `samples` is None until somebody looks."""

    k: int
    failing: Failing | None = None
    flaws: tuple[tuple[Flaw, int], ...] = ()
    samples: tuple[Sample, ...] | None = None


@dataclass(frozen=True, eq=False)
class Wanted:
    """What fails, and the columns to show of it; no columns: it's only counted."""

    failing: Failing
    columns: tuple[str, ...] = ()


class Engine(Protocol):
    """One table's own way of counting. All counts are exact."""

    def rows(self) -> int: ...

    def glance(self, columns: Sequence[str]) -> pl.DataFrame:
        """Some thousand rows from all over the table, to plan by."""
        ...

    def groups(self, columns: Sequence[str]) -> pl.DataFrame:
        """Each combination of values, nulls too, with its number of rows as `N`."""
        ...

    def totals(self, column: str, by: Sequence[str]) -> pl.DataFrame:
        """For each combination of `by`: n, sum, and sum of squares of the column's numbers."""
        ...

    def count(self, wanted: Sequence[Wanted], others: Tables) -> list[int]:
        """How many rows each has. What is to be shown of them may be kept for `first`."""
        ...

    def first(self, wanted: Sequence[Wanted], n: int, others: Tables) -> list[pl.DataFrame]:
        """Of each the columns, in its n rows that come first in the order of `spread`."""
        ...

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """All rows, some at a time; `ROW` may be asked for."""
        ...

    def write(self, failing: Failing, path: Path, others: Tables) -> None:
        """All of its rows to a Parquet file."""
        ...


def spread(frame: pl.LazyFrame, columns: Sequence[str], n: int) -> pl.LazyFrame:
    """The first n rows by the first column's text read backwards: all over the table, whoever counts."""
    backwards = pl.col(columns[0]).cast(pl.String).str.reverse()
    return frame.select(columns).sort(backwards, *columns, nulls_last=True).head(n)
