"""What did a table look like before? Snapshots out of a table whose rows have a day each."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from trustwright.charter.fieldmap.model import TableMap, Watch
from trustwright.kernel.errors import Invalid
from trustwright.signals.snapshot import Series, Snapshot, counted, summed
from trustwright.signals.table import Counts, Measured, Plan, Total

Cut = tuple[Watch, str | None]


def asked(agreed: TableMap, day: str) -> Plan:
    """What to measure for it: each watch and its segments, by day."""
    cuts = list(_cuts(agreed))
    if any(day in (watch.field, segment) for watch, segment in cuts):
        raise Invalid(
            "day-is-watched", f"{day} is watched, so it can't be the day.", "Name another column."
        )
    shares = [_columns(cut, day) for cut in cuts if cut[0].kind in ("share", "rate")]
    sums = [_columns(cut, day) for cut in cuts if cut[0].kind in ("stock", "number")]
    return Plan({}, distributions=tuple(shares), totals=tuple(sums))


def past(agreed: TableMap, day: str, measured: Measured, fingerprint: str) -> list[Snapshot]:
    """A snapshot for each day or week, the oldest first; a week is named by its Monday.

    Rows without a day belong to none. Raises `Invalid` where the column holds no days, or too many
    different moments to be counted.
    """
    series: dict[date, list[Series]] = {}
    for watch, segment in _cuts(agreed):
        for period, found in _by_period(watch, segment, day, measured).items():
            series.setdefault(period, []).extend(found)
    return [
        Snapshot(
            table=agreed.name,
            period=period,
            fingerprint=f"{fingerprint} {period}",
            rows=max((each.n for each in found), default=0),
            series=tuple(found),
        )
        for period, found in sorted(series.items())
    ]


def _cuts(agreed: TableMap) -> Iterator[Cut]:
    for watch in agreed.watches:
        hidden = [n for n in (watch.field, *watch.segments) if _personal(agreed, n)]
        if hidden:
            raise Invalid(
                "personal-watch",
                f"{hidden[0]} is personal, so its values aren't kept.",
                "Watch another field, or leave it out of the segments.",
            )
        yield from ((watch, segment) for segment in (None, *watch.segments))


def _personal(agreed: TableMap, name: str) -> bool:
    field = agreed.field(name)
    return bool(field and field.personal)


def _columns(cut: Cut, day: str) -> tuple[str, ...]:
    watch, segment = cut
    return (watch.field, *((segment,) if segment else ()), day)


def _by_period(
    watch: Watch, segment: str | None, day: str, measured: Measured
) -> Mapping[date, list[Series]]:
    columns = _columns((watch, segment), day)
    if watch.kind in ("share", "rate"):
        counts = measured.distributions.get(columns)
        if counts is None:
            raise Invalid(
                "too-many-moments",
                f"{' and '.join(columns)} have too many different combinations to be counted.",
                "Name a column that holds days.",
            )
        return {
            p: list(counted(watch.field, segment, c)) for p, c in _counts(counts, watch).items()
        }
    totals = measured.totals.get(columns, {})
    return {p: list(summed(watch.field, segment, t)) for p, t in _totals(totals, watch).items()}


def _counts(counts: Counts, watch: Watch) -> dict[date, dict[tuple[object, ...], int]]:
    found: dict[date, dict[tuple[object, ...], int]] = {}
    for (*cells, moment), n in counts.items():
        if moment is not None:
            period = found.setdefault(_period(moment, watch), {})
            period[tuple(cells)] = period.get(tuple(cells), 0) + n
    return found


def _totals(
    totals: Mapping[tuple[object, ...], Total], watch: Watch
) -> dict[date, dict[tuple[object, ...], Total]]:
    """Of a stock the last day of each period; numbers are added up."""
    found: dict[date, dict[tuple[object, ...], Total]] = {}
    dated = [(_day(moment), tuple(cells), t) for (*cells, moment), t in totals.items() if moment]
    for day, group in groupby(sorted(dated, key=lambda each: each[0]), key=lambda each: each[0]):
        period = found.setdefault(_period(day, watch), {})
        for _, cells, total in group:
            before = period.get(cells)
            period[cells] = (
                total if before is None or watch.kind == "stock" else _added(before, total)
            )
    return found


def _added(a: Total, b: Total) -> Total:
    return Total(a.n + b.n, a.sum + b.sum, a.squares + b.squares)


def _period(moment: object, watch: Watch) -> date:
    day = _day(moment)
    return day if watch.by == "day" else day - timedelta(days=day.weekday())


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as e:
        raise Invalid(
            "not-a-day", f"{str(value)[:40]!r} is no day.", "Name a column of days: 2026-11-22."
        ) from e
