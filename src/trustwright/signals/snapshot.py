"""What did a table look like at a moment? Shares and sums per watched field and segment; no row of it.

Values of a watched field are kept as they are, so they are few and short by construction: a field that
is personal, or has too many values to be a category, isn't watched but named as such.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from trustwright.charter.fieldmap.model import TableMap, Watch
from trustwright.kernel.operations import WHOLE, Order
from trustwright.signals.model import Report
from trustwright.signals.table import Counts, Totals

MOST_VALUES, LONGEST, MOST_SEGMENTS = 50, 64, 50
TOO_MANY = 1000  # different values: that is a text, a name or a number, not a category
REST, NOTHING = "(rest)", "(empty)"

Name = Annotated[str, Field(min_length=1, max_length=300)]
Label = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Count = Annotated[int, Field(ge=0, le=2**53), WHOLE]
Kind = Literal["share", "rate", "stock", "number"]


class Series(Order):
    """One field in one segment ("" is the whole table): of `n` rows so many have each value, or for
    numbers their sum. `undecided` says why there is nothing."""

    field: Name
    segment: Annotated[str, Field(max_length=400)] = ""
    n: Count = 0
    counts: Annotated[dict[Label, Count], Field(max_length=MOST_VALUES)] = {}
    sum: Annotated[float, Field(allow_inf_nan=False)] | None = None
    undecided: Annotated[str, Field(max_length=300)] = ""

    @property
    def adds_up(self) -> bool:
        return not self.counts or sum(self.counts.values()) == self.n


class Snapshot(Order):
    """A table in one period. `columns` and `key` are the table's own names, to see them change."""

    table: Name
    period: date
    fingerprint: Annotated[str, Field(min_length=1, max_length=200)]
    rows: Count
    columns: Annotated[tuple[Name, ...], Field(max_length=5000)] = ()
    key: Name | None = None
    series: Annotated[tuple[Series, ...], Field(max_length=2000)] = ()

    def of(self, field: str) -> Iterator[Series]:
        """The field's series, the whole table's first."""
        yield from sorted((s for s in self.series if s.field == field), key=lambda s: s.segment)


def period_of(agreed: TableMap, day: date) -> date:
    """The period a day belongs to: its week's Monday, where every watch is by week."""
    weekly = all(watch.by == "week" for watch in agreed.watches)
    return day - timedelta(days=day.weekday()) if weekly else day


def taken(report: Report, agreed: TableMap, columns: tuple[str, ...], period: date) -> Snapshot:
    """The snapshot of a table that was just checked."""
    return Snapshot(
        table=agreed.name,
        period=period,
        fingerprint=report.fingerprint,
        rows=report.rows,
        columns=columns,
        key=report.key,
        series=tuple(
            s for watch in agreed.watches for s in _watched(report, agreed, watch, columns)
        ),
    )


def _watched(
    report: Report, agreed: TableMap, watch: Watch, columns: tuple[str, ...]
) -> Iterator[Series]:
    names = {name: agreed.field(name) for name in (watch.field, *watch.segments)}
    if absent := [name for name in names if name not in columns]:
        yield Series(field=watch.field, undecided=f"The table has no column {absent[0]}.")
        return
    if hidden := [name for name, field in names.items() if field and field.personal]:
        yield Series(field=watch.field, undecided=f"{hidden[0]} is personal, so it isn't kept.")
        return
    for segment in (None, *watch.segments):
        cells = (watch.field, *((segment,) if segment else ()))
        if watch.kind in ("share", "rate"):
            yield from counted(watch.field, segment, report.distributions.get(cells))
        else:
            yield from summed(watch.field, segment, report.totals.get(cells))


def counted(field: str, segment: str | None, counts: Counts | None) -> Iterator[Series]:
    """One series for each value of the segment, or one for the whole; the largest are named."""
    if counts is None or len({cells[0] for cells in counts}) > TOO_MANY:
        yield Series(field=field, undecided=f"{field} has too many values to be a category.")
        return
    parts: dict[str, dict[str, int]] = {}
    for (value, *rest), n in counts.items():
        part = parts.setdefault(f"{segment}={label(rest[0])}" if segment else "", {})
        part[label(value)] = part.get(label(value), 0) + n
    for name in _largest({name: sum(part.values()) for name, part in parts.items()}):
        part = _with_rest(parts[name])
        yield Series(field=field, segment=name, n=sum(part.values()), counts=part)


def _with_rest(part: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(part.items(), key=lambda item: (-item[1], item[0]))
    kept, rest = ordered[: MOST_VALUES - 1], ordered[MOST_VALUES - 1 :]
    return dict(kept) | ({REST: sum(n for _, n in rest)} if rest else {})


def _largest(sizes: Mapping[str, int]) -> list[str]:
    return sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST_SEGMENTS]


def summed(field: str, segment: str | None, totals: Totals | None) -> Iterator[Series]:
    """One series for each value of the segment, or one for the whole."""
    if totals is None:
        yield Series(field=field, undecided=f"{field} could not be added up.")
        return
    named = {f"{segment}={label(c[0])}" if segment else "": total for c, total in totals.items()}
    for name in _largest({name: total.n for name, total in named.items()}):
        yield Series(field=field, segment=name, n=named[name].n, sum=named[name].sum)


def label(value: object) -> str:
    """A value as it is kept and shown; what is too long to be a category goes into the rest."""
    text = NOTHING if value is None or value == "" else str(value)
    return text if len(text) <= LONGEST else REST
