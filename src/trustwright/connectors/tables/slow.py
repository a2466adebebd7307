"""What only Python can judge, row by row in batches: values with many combinations, and look-alikes."""

import re
from collections import Counter
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from trustwright.connectors.tables.engine import ROW, Counted, Engine, N, spread
from trustwright.connectors.tables.grouping import judged, most_frequent
from trustwright.signals.table import Plan, Sample, Undecided
from trustwright.signals.test import Flaw, Similar, Values


def file_for(folder: Path, id: str) -> Path:
    """Where the failing rows of a test go."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', id)[:100]}.parquet"


class _Kept:
    """The first samples of what fails, and all of it in a file if that is wanted."""

    def __init__(self, plan: Plan, id: str, columns: tuple[str, ...]) -> None:
        self.plan, self.path = plan, file_for(plan.failing, id) if plan.failing else None
        self.shown = plan.shown(columns, ROW)
        self.frame: pl.DataFrame | None = None
        self.writer: pq.ParquetWriter | None = None

    def add(self, rows: pl.DataFrame) -> None:
        self._write(rows)
        rows = rows.select(self.shown)
        both = rows if self.frame is None else pl.concat([self.frame, rows])
        self.frame = spread(both.lazy(), self.shown, self.plan.samples).collect()

    def _write(self, rows: pl.DataFrame) -> None:
        if self.path and rows.height:
            batch = rows.to_arrow()
            self.writer = self.writer or pq.ParquetWriter(self.path, batch.schema)
            self.writer.write_table(batch)

    def samples(self) -> tuple[Sample, ...]:
        if self.writer:
            self.writer.close()
        names = self.shown[1:]
        rows = self.frame.rows() if self.frame is not None else []
        return tuple(Sample(row[0], dict(zip(names, row[1:], strict=True))) for row in rows)


def judged_by_row(engine: Engine, test: Values, plan: Plan, id: str) -> Counted:
    """Batch by batch, each combination once in a batch: memory stays that of a batch."""
    kept, flaws = _Kept(plan, id, test.columns), Counter[Flaw]()
    hidden = not plan.hidden.isdisjoint(test.columns)
    for batch in engine.batches(tuple(dict.fromkeys((*kept.shown, *test.columns)))):
        combinations = batch.group_by(test.columns, maintain_order=True).agg(pl.len().alias(N))
        bad, found = judged(combinations, test, hidden)
        flaws.update(found)
        kept.add(batch.join(bad, on=test.columns, how="semi", nulls_equal=True))
    return Counted(flaws.total(), None, most_frequent(flaws), kept.samples())


def look_alikes(
    engine: Engine, test: Similar, plan: Plan, id: str, rows: int
) -> Counted | Undecided:
    """All rows at once, so only where there aren't too many."""
    if rows > test.limit:
        return Undecided(
            "too-many-rows",
            f"{rows:,} rows are more than the {test.limit:,} that are compared with each other.",
            "Check a part of the table, or raise `limit`.",
        )
    kept = _Kept(plan, id, test.columns)
    frame = pl.concat(engine.batches(tuple(dict.fromkeys((*kept.shown, *test.columns)))))
    like = test.pairs(frame.select(test.columns).rows())
    key = frame[kept.shown[0]]
    kept.shown = (*kept.shown, "looks like")
    found = frame[list(like)].with_columns(
        key[list(like.values())].cast(pl.String).alias("looks like")
    )
    kept.add(found)
    return Counted(len(like), None, (), kept.samples())
