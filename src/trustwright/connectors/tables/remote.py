"""A table in a database, asked through Ibis: the computation goes to the data, and only answers come back."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

import ibis
import polars as pl

from trustwright.connectors.tables import polars_expressions as local
from trustwright.connectors.tables.engine import ROW, Among, Failing, N, Picked, Tables, Wanted
from trustwright.connectors.tables.ibis_expressions import compiled
from trustwright.connectors.tables.passes import measure
from trustwright.kernel.errors import Unavailable
from trustwright.signals.expression import Expression, Matches, inner
from trustwright.signals.table import Kind, Measured, Plan, Table
from trustwright.signals.test import Changed, Reference, Rows, Unique

GLANCE, BATCH = 20_000, 100_000
COUNT, SQUARES, SUM = "trustwright_n", "trustwright_squares", "trustwright_sum"
OURS = (AttributeError, TypeError, LookupError, AssertionError)
"""What comes of a mistake in here, not of a database."""
LINEAR = frozenset({"duckdb", "postgres", "bigquery", "snowflake", "trino", "clickhouse"})
"""Whose regular expressions take time in proportion to the text, whatever the pattern is."""


def kind(type: Any) -> Kind:
    """What a column of this type of Ibis holds."""
    for found, is_so in (
        (Kind.TEXT, type.is_string),
        (Kind.INTEGER, type.is_integer),
        (Kind.NUMBER, type.is_numeric),
        (Kind.DATE, type.is_date),
        (Kind.MOMENT, type.is_timestamp),
        (Kind.EMPTY, type.is_null),
    ):
        if is_so() and not type.is_boolean():
            return found
    return Kind.BOOLEAN if type.is_boolean() else Kind.OTHER


@dataclass(frozen=True, eq=False)
class RemoteTable:
    """A table of a connection. `marks` is the state of the file it lies in, where there is one."""

    name: str
    rows: Any
    marks: Callable[[], str] | None = None
    notes: tuple[str, ...] = ()

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        return {name: kind(type) for name, type in self.rows.schema().items()}

    def fingerprint(self) -> str:
        """Of a server's table the number of rows and the columns: what is changed in place isn't seen."""
        if self.marks:
            return self.marks()
        with asking(self.name):
            said = f"{self.rows.schema()}|{self.rows.count().to_pyarrow()}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def picked(self, columns: Sequence[str]) -> pl.LazyFrame:
        return fetched(self.rows.select(*columns)).lazy()

    @contextmanager
    def engine(self) -> "Iterator[RemoteEngine]":
        with asking(self.name):
            yield RemoteEngine(self.rows)

    def measure(self, plan: Plan, others: Mapping[str, Table]) -> Measured:
        with self.engine() as engine:
            return measure(engine, plan, others)


@contextmanager
def asking(name: str) -> Iterator[None]:
    """Whatever a database refuses is `Unavailable`. Its own words may hold an address or a value: only
    what kind of error it was is told."""
    try:
        yield
    except (Unavailable, *OURS):
        raise
    except Exception as e:
        raise Unavailable(
            "table-unreachable",
            f"{name} can't be asked any more ({type(e).__name__}).",
            "See that the database is there and may be read, then check again.",
        ) from None


def fetched(rows: Any) -> pl.DataFrame:
    """The rows of an Ibis expression as a frame."""
    frame = pl.from_arrow(rows.to_pyarrow())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _streamed(rows: Any) -> Iterator[Any]:
    """Its batches. Ibis 12.0.0 asks DuckDB 2.0 for them by a name that is gone."""
    backend = rows.get_backend()
    if backend.name == "duckdb":
        yield from backend.con.sql(str(ibis.to_sql(rows))).to_arrow_reader(BATCH)
    else:
        yield from rows.to_pyarrow_batches(chunk_size=BATCH)


@dataclass
class RemoteEngine:
    """One measuring of a table in a database."""

    table: Any
    judged: dict[Rows, Among] = field(default_factory=dict)

    def rows(self) -> int:
        return int(self.table.count().to_pyarrow().as_py())

    def glance(self, columns: Sequence[str]) -> pl.DataFrame:
        return fetched(self.table.select(*columns).limit(GLANCE)) if columns else pl.DataFrame()

    def groups(self, columns: Sequence[str]) -> pl.DataFrame:
        counts = self.table.group_by(list(columns)).aggregate(**{COUNT: self.table.count()})
        return fetched(counts).rename({COUNT: N}).cast({N: pl.Int64})

    def totals(self, column: str, by: Sequence[str]) -> pl.DataFrame:
        numbers = self.table[column].cast("float64")
        kept = self.table.filter(numbers.notnull())
        if self.table[column].type().is_floating():
            kept = kept.filter(~(numbers.isnan() | numbers.isinf()))
        x = kept[column].cast("float64")
        sums = {COUNT: x.count(), SUM: x.sum(), SQUARES: (x * x).sum()}
        return fetched(kept.group_by(list(by)).aggregate(**sums) if by else kept.aggregate(**sums))

    def count(self, wanted: Sequence[Wanted], others: Tables) -> list[int]:
        """All tests over rows in one query, every other in one of its own."""
        safe = [self._safe(w.failing) for w in wanted]
        plain = {f"c{n}": one for n, one in enumerate(safe) if isinstance(one, Rows)}
        bad = {name: compiled(one.bad, self.table) for name, one in plain.items()}
        sums = {name: tree.ifelse(1, 0).sum() for name, tree in bad.items()}
        told = fetched(self.table.aggregate(**sums)).row(0, named=True) if sums else {}
        return [
            int(told[f"c{n}"] or 0) if f"c{n}" in plain else self._count(one, others)
            for n, one in enumerate(safe)
        ]

    def _count(self, failing: Failing, others: Tables) -> int:
        return int(self._failing(failing, others).count().to_pyarrow().as_py())

    def first(self, wanted: Sequence[Wanted], n: int, others: Tables) -> list[pl.DataFrame]:
        return [self._first(self._failing(w.failing, others), w.columns, n) for w in wanted]

    def _first(self, rows: Any, names: Sequence[str], n: int) -> pl.DataFrame:
        there = [name for name in names if name != ROW]
        if not there:
            return pl.DataFrame({ROW: []})
        order = [ibis.asc(rows[name], nulls_first=False) for name in there]
        if ROW not in names:
            backwards = rows[there[0]].cast("string").reverse()
            order = [ibis.asc(backwards, nulls_first=False), *order]
        found = fetched(rows.order_by(order).select(*there).limit(n))
        return found if ROW not in names else found.insert_column(0, pl.lit(None).alias(ROW))

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        there = [name for name in columns if name != ROW]
        for batch in _streamed(self.table.select(*there)):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            yield frame.with_columns(pl.lit(None).alias(ROW)) if ROW in columns else frame

    def write(self, failing: Failing, path: Path, others: Tables) -> None:
        self._failing(failing, others).to_parquet(path)

    def _safe(self, one: Failing) -> Failing:
        """Where a pattern could explode, what it matches is judged here, once for each value there is."""
        if not isinstance(one, Rows) or self._linear or not _has_pattern(one.bad):
            return one
        if one not in self.judged:
            groups = self.groups(one.columns)
            bad = groups.filter(local.compiled(one.bad, groups.schema))
            self.judged[one] = Among(bad.drop(N))
        return self.judged[one]

    @property
    def _linear(self) -> bool:
        return self.table.get_backend().name in LINEAR

    def _failing(self, failing: Failing, others: Tables) -> Any:
        table, one = self.table, self._safe(failing)
        match one:
            case Rows(bad):
                return table.filter(compiled(bad, table))
            case Among(frame):
                there = ibis.memtable(frame.to_arrow())
                return table.semi_join(
                    there, [table[c].identical_to(there[c]) for c in one.columns]
                )
            case Unique(names):
                filled = self._filled(names)
                twice = filled.group_by(list(names)).aggregate(**{COUNT: filled.count()})
                return filled.semi_join(twice.filter(twice[COUNT] > 1), list(names))
            case Reference(mine, name, theirs):
                there = self._other(others[name], theirs)
                pairs = zip(mine, theirs, strict=True)
                filled = self._filled(mine)
                return filled.anti_join(there, [filled[m] == there[t] for m, t in pairs])
            case Changed(key, now, name):
                there = self._other(others[name], one.columns)
                differs = reduce(or_, (~table[c].identical_to(there[c]) for c in now))
                return table.semi_join(there, [table[key] == there[key], differs])

    def _filled(self, names: Sequence[str]) -> Any:
        return self.table.filter(reduce(and_, (self.table[name].notnull() for name in names)))

    def _other(self, other: Table, columns: Sequence[str]) -> Any:
        """The other table where it is, if it is in the same place; else what is needed of it, brought."""
        if isinstance(other, RemoteTable) and other.rows.get_backend() is self.table.get_backend():
            return other.rows.view().select(*columns)
        assert isinstance(other, Picked)
        return ibis.memtable(other.picked(columns).unique().collect().to_arrow())


def _has_pattern(tree: Expression) -> bool:
    return isinstance(tree, Matches) or any(map(_has_pattern, inner(tree)))
