"""A table in files, read by Polars: in a stream, each column as often as a rule needs it and no more."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import polars as pl

from trustwright.connectors.tables import passes
from trustwright.connectors.tables.engine import (
    ROW,
    Among,
    Failing,
    N,
    Picked,
    Tables,
    Wanted,
    spread,
)
from trustwright.connectors.tables.hashing import (
    HASH,
    changed,
    go,
    hashed,
    present,
    repeated,
)
from trustwright.connectors.tables.polars_expressions import compiled
from trustwright.kernel.errors import Unavailable
from trustwright.signals.expression import Or
from trustwright.signals.table import Kind, Measured, Plan, Table
from trustwright.signals.test import Changed, Reference, Rows, Unique

T = TypeVar("T")
GLANCE = 8_000
TOGETHER = 100
"""As many tests are fetched at once: one filter of thousands takes Polars minutes to plan."""
READINGS = 16
"""Of texts, at most; a table of thousands of columns isn't opened thousands of times."""
KEPT = 250_000
"""Failing rows up to this number are fetched and kept; above it, each test counts and looks for itself."""
KINDS = {
    pl.String: Kind.TEXT,
    pl.Categorical: Kind.TEXT,
    pl.Enum: Kind.TEXT,
    pl.Boolean: Kind.BOOLEAN,
    pl.Date: Kind.DATE,
    pl.Datetime: Kind.MOMENT,
    pl.Null: Kind.EMPTY,
}


def kind(type: pl.DataType) -> Kind:
    """What a column of this type holds."""
    if type.is_integer():
        return Kind.INTEGER
    return Kind.NUMBER if type.is_numeric() else KINDS.get(type.base_type(), Kind.OTHER)


@dataclass(frozen=True, eq=False)
class LocalTable:
    """Files that Polars scans. `scan` begins a new reading; `fingerprint` gives the files' state."""

    name: str
    scan: Callable[[], pl.LazyFrame]
    fingerprint: Callable[[], str]
    notes: tuple[str, ...] = ()
    locate: Callable[[], str] = lambda: ""
    """Where the file is wrong, once it turned out that it is."""

    @cached_property
    def types(self) -> Mapping[str, pl.DataType]:
        return self.scan().collect_schema()

    @cached_property
    def columns(self) -> Mapping[str, Kind]:
        return {name: kind(type) for name, type in self.types.items()}

    def picked(self, columns: Sequence[str]) -> pl.LazyFrame:
        return self.scan().select(columns)

    @contextmanager
    def engine(self) -> "Iterator[LocalEngine]":
        with reading(self):
            yield LocalEngine(self)

    def measure(self, plan: Plan, others: Mapping[str, Table]) -> Measured:
        with self.engine() as engine:
            return passes.measure(engine, plan, others)


@contextmanager
def reading(table: LocalTable) -> Iterator[None]:
    """What Polars can't read is `Unavailable`."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as e:
        said = table.locate() or str(e).split("\n")[0].rstrip(".")[:300]
        raise Unavailable(
            "table-unreadable",
            f"{table.name} can't be read to its end: {said}.",
            "Write the file again, and check it once it is complete.",
        ) from e


@dataclass
class LocalEngine:
    """One measuring of a local table; what it learned and fetched on the way serves again."""

    table: LocalTable
    fetched: dict[Failing, pl.LazyFrame] = field(default_factory=dict)
    learned: dict[Unique | Changed, pl.DataFrame] = field(default_factory=dict)

    def rows(self) -> int:
        return int(go(self.table.scan().select(pl.len())).item())

    def glance(self, columns: Sequence[str]) -> pl.DataFrame:
        frame, rows = self.table.scan().select(columns), self.rows()
        starts = dict.fromkeys((0, max(0, rows // 2), max(0, rows - GLANCE)))
        return pl.concat([go(frame.slice(start, GLANCE)) for start in starts])

    def groups(self, columns: Sequence[str]) -> pl.DataFrame:
        return go(self.table.scan().group_by(columns).agg(pl.len().cast(pl.Int64).alias(N)))

    def totals(self, column: str, by: Sequence[str]) -> pl.DataFrame:
        x = pl.col(column).cast(pl.Float64)
        sums = (x.count().alias("n"), x.sum().alias("sum"), (x * x).sum().alias("squares"))
        frame = self.table.scan().filter(x.is_finite())
        return go(frame.group_by(by).agg(sums) if by else frame.select(sums))

    def count(self, wanted: Sequence[Wanted], others: Tables) -> list[int]:
        self._fetch([w for w in wanted if w.columns], others)
        plain = [w.failing for w in wanted if isinstance(w.failing, Rows)]
        counted = dict(self._counted(plain))
        return [
            counted[w.failing] if w.failing in counted else self._count(w.failing, others)
            for w in wanted
        ]

    def _fetch(self, wanted: Sequence[Wanted], others: Tables) -> None:
        """What fails, at once for all tests that read the same columns, and kept if it isn't much."""
        for together, failing in self._together(wanted):
            columns = tuple(dict.fromkeys(name for w in together for name in w.columns))
            rows = go(self._failing(failing, columns, others).head(KEPT + 1))
            if rows.height <= KEPT:
                self.fetched |= dict.fromkeys((w.failing for w in together), rows.lazy())

    def _counted(self, tests: Sequence[Rows]) -> Iterator[tuple[Failing, int]]:
        """Together what shares a column, or was fetched together; no reading carries more than it needs."""
        for rows in {id(rows): rows for rows in self.fetched.values()}.values():
            together = [test for test in tests if self.fetched.get(test) is rows]
            yield from self._sums(rows, dict.fromkeys(together))
        left = dict.fromkeys(test for test in tests if test not in self.fetched)
        for heap in self._readings(left, lambda test: test.columns):
            yield from self._sums(self.table.scan(), heap)

    def _sums(self, rows: pl.LazyFrame, tests: Iterable[Rows]) -> Iterator[tuple[Failing, int]]:
        bad = {str(n): (test, compiled(test.bad, self.table.types)) for n, test in enumerate(tests)}
        sums = go(rows.select(tree.sum().alias(n) for n, (_, tree) in bad.items())) if bad else None
        for n, (test, _) in bad.items():
            yield test, int(sums[n].item()) if sums is not None else 0

    def _count(self, failing: Failing, others: Tables) -> int:
        if isinstance(failing, Unique):
            return int(self._repeated(failing)[N].sum())
        rows = self._failing(failing, failing.columns, others)
        return int(go(rows.select(pl.len())).item())

    def first(self, wanted: Sequence[Wanted], n: int, others: Tables) -> list[pl.DataFrame]:
        self._fetch([w for w in wanted if w.failing not in self.fetched], others)
        return [go(self._first(w.failing, w.columns, n, others)) for w in wanted]

    def _first(
        self, failing: Failing, names: tuple[str, ...], n: int, others: Tables
    ) -> pl.LazyFrame:
        if isinstance(failing, Unique) and set(names) <= set(failing.columns):
            again = pl.col(names).repeat_by(N).explode()
            return spread(self._repeated(failing).lazy().select(again), names, n)
        return spread(self._failing(failing, names, others), names, n)

    def _together(self, wanted: Sequence[Wanted]) -> Iterator[tuple[list[Wanted], Failing]]:
        """What can be fetched in one reading, and what that has to find."""
        plain = [w for w in wanted if isinstance(w.failing, Rows)]
        for all in self._readings(plain, lambda w: w.failing.columns):
            for heap in (all[at : at + TOGETHER] for at in range(0, len(all), TOGETHER)):
                bad = (w.failing.bad for w in heap if isinstance(w.failing, Rows))
                yield heap, Rows(Or(tuple(bad)))
        grouped = [w for w in wanted if isinstance(w.failing, Among)]
        for names in dict.fromkeys(w.failing.columns for w in grouped):
            heap = [w for w in grouped if w.failing.columns == names]
            frames = [w.failing.frame for w in heap if isinstance(w.failing, Among)]
            yield heap, Among(pl.concat(frames).unique())
        yield from (([w], w.failing) for w in wanted if isinstance(w.failing, Reference))

    def _readings(self, items: Iterable[T], columns: Callable[[T], Iterable[str]]) -> list[list[T]]:
        """Each a text of its own, which is slow beside another; everything else at once."""
        plain: list[T] = []
        texts: list[list[T]] = []
        for heap in sharing(items, columns):
            read = {self.table.columns[name] for one in heap for name in columns(one)}
            texts, plain = ([*texts, heap], plain) if Kind.TEXT in read else (texts, plain + heap)
        heaps: list[list[T]] = [[] for _ in range(min(len(texts), READINGS))]
        for at, heap in enumerate(texts):
            heaps[at % READINGS] += heap
        return [*heaps, plain] if plain else heaps

    def batches(self, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        return self._frame(columns).collect_batches(engine="streaming")

    def write(self, failing: Failing, path: Path, others: Tables) -> None:
        self._failing(failing, list(self.table.types), others).sink_parquet(path)

    def _frame(self, columns: Sequence[str]) -> pl.LazyFrame:
        scan = self.table.scan()
        if ROW in columns:
            scan = scan.with_row_index(ROW, offset=1)
        return scan.select(columns)

    def _failing(self, one: Failing, columns: Sequence[str], others: Tables) -> pl.LazyFrame:
        """What fails, with at least the columns; of what was fetched, if it was with all of them."""
        names = tuple(dict.fromkeys((*columns, *one.columns)))
        kept = self._kept(one, names)
        frame = self._frame(names) if kept is None else kept
        match one:
            case Rows(bad):
                return frame.filter(compiled(bad, self.table.types))
            case Among(values):
                return frame.join(values.lazy(), on=one.columns, how="semi", nulls_equal=True)
            case Unique(on):
                return frame.join(self._repeated(one).lazy(), on=on, how="semi")
            case Changed():
                values = self._changed(one, others)
                return frame.join(values.lazy(), on=values.columns, how="semi", nulls_equal=True)
            case Reference() if kept is not None:
                return frame
            case Reference(mine, table, theirs):
                there = present(_picked(others[table]), theirs)
                frame = frame.drop_nulls(mine).with_columns(hashed(self.table, mine))
                return frame.join(there, on=HASH, how="anti")

    def _kept(self, one: Failing, names: Sequence[str]) -> pl.LazyFrame | None:
        rows = self.fetched.get(one)
        if rows is None or not set(names) <= set(rows.collect_schema().names()):
            return None
        return rows.select(names)

    def _repeated(self, test: Unique) -> pl.DataFrame:
        if test not in self.learned:
            self.learned[test] = repeated(self.table, test.columns)
        return self.learned[test]

    def _changed(self, test: Changed, others: Tables) -> pl.DataFrame:
        if test not in self.learned:
            self.learned[test] = changed(self.table, _picked(others[test.table]), test)
        return self.learned[test]


def _picked(table: Table) -> Picked:
    assert isinstance(table, Picked)
    return table


def sharing(items: Iterable[T], columns: Callable[[T], Iterable[str]]) -> list[list[T]]:
    """The items in heaps, so that no column is in two of them."""
    heap_of: dict[str, list[T]] = {}
    for item in items:
        heap = [item]
        for there in {
            id(old): old for name in columns(item) if (old := heap_of.get(name))
        }.values():
            heap = there + heap
        heap_of |= {name: heap for one in heap for name in columns(one)}
    return list({id(heap): heap for heap in heap_of.values()}.values())
