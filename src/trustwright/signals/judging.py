"""What does a new snapshot mean, given everything before it? Read and judged before anything is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING, Literal

from trustwright.charter.fieldmap.model import TableMap, Watch
from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.kernel.errors import NotFound, Refused, Unavailable
from trustwright.kernel.operations import Answer, Order
from trustwright.ledger.work import View
from trustwright.signals import queries
from trustwright.signals.alarms import Concern, Drawn, Picture
from trustwright.signals.changes import changes
from trustwright.signals.facts import How
from trustwright.signals.snapshot import Snapshot

if TYPE_CHECKING:
    from trustwright.signals.watching import Finding


class Record(Order):
    """A table in one period; the same one again changes nothing."""

    snapshot: Snapshot


class Said(Answer):
    """Of one field in one segment: alarm, quiet or not-run, in a sentence."""

    field: str
    segment: str
    verdict: Literal["alarm", "quiet", "not-run"]
    sentence: str


@dataclass(frozen=True)
class Judged:
    """What a snapshot means, given everything before it."""

    said: tuple[Said, ...]
    concerns: tuple[Concern, ...]
    undecided: tuple[str, ...]


def watching() -> ModuleType:
    """The module that judges. It needs numpy and scipy, which not every installation has."""
    try:
        from trustwright.signals import watching  # noqa: PLC0415 - an extra
    except ImportError as e:
        raise Unavailable(
            "stats-missing",
            "Shares can't be judged: numpy and scipy aren't installed.",
            "Install them with `pip install 'trustwright[stats]'`.",
        ) from e
    return watching


def agreed_table(charter: Charter, name: str) -> TableMap:
    """The table as the charter's field maps have it."""
    tables = [table for each in charter.maps for table in each.tables]
    found = next((table for table in tables if table.name == name), None)
    if found is None:
        known = ", ".join(table.name for table in tables) or "none"
        raise NotFound(
            "table-not-mapped",
            f"No field map of the charter has a table {name!r}.",
            f"It has {known}: name one of these, or add it and adopt the charter.",
        )
    return found


def told(view: View, table: str, field: str) -> Mapping[date, How]:
    """What people said of a field's alarms, by period."""
    found: dict[date, How] = {}
    for alarm in queries.alarms_of(view, table, field):
        if alarm.answer and alarm.why == "shift":
            last = alarm.periods[-1:] if alarm.answer == "level" else alarm.periods
            found |= dict.fromkeys(last, alarm.answer)
    return found


def demand_adding_up(of: Snapshot) -> None:
    """A share of something else than its rows would be no share."""
    if wrong := next((each.field for each in of.series if not each.adds_up), None):
        raise Refused(
            "counts-differ",
            f"The counts of {wrong!r} don't add up to its n.",
            "Count the values and the rows of one moment.",
        )


def judged(view: View, order: Record) -> Judged:
    """The snapshot against the table's history, before anything is written."""
    charter, now = demand_charter(view), order.snapshot
    agreed = agreed_table(charter, now.table)
    demand_adding_up(now)
    past = queries.history(view, now.table, before=now.period)
    concerns: list[Concern] = []
    said: list[Said] = []
    undecided: list[str] = []
    for watch in agreed.watches:
        findings = watching().judge(watch, [*past, now], told(view, now.table, watch.field))
        said += [
            Said(field=f.field, segment=f.segment, verdict=f.verdict, sentence=f.sentence())
            for f in findings
        ]
        concern = _concern(view, watch, past, now, findings)
        concerns += [concern] if concern else []
        undecided += [watch.field] if concern and concern.picture.why == "not-run" else []
    return Judged(tuple(said), (*concerns, *_schema(agreed, past, now)), tuple(undecided))


def _concern(
    view: View, watch: Watch, past: Sequence[Snapshot], now: Snapshot, findings: "Sequence[Finding]"
) -> Concern | None:
    """The gravest of a field's findings is drawn, all are told; not run if the whole could not be."""
    alarms = [f for f in findings if f.verdict == "alarm"]
    if not alarms and findings[0].verdict != "not-run":
        return None
    lead = max(alarms, key=_gravity) if alarms else findings[0]
    ordered = [lead, *(f for f in alarms if f is not lead)]
    value = lead.moved[0].value if lead.moved else ""
    picture = Picture(
        table=now.table,
        field=watch.field,
        why="shift" if alarms else "not-run",
        period=now.period,
        rows=lead.n,
        sentences=tuple(f.sentence() for f in ordered[:10]),
        segment=lead.segment,
        value=value,
        last_clean=_last_clean(view, watch, past) if alarms else None,
        drawn=_drawn(view, watch, [*past, now], lead.segment, value) if value else (),
    )
    return Concern(picture, watch.severity)


def _gravity(finding: "Finding") -> float:
    """How far beyond its band; a segment of which nothing is left is graver than any share."""
    if not finding.moved:
        return float("inf")
    first = finding.moved[0]
    return float(abs(first.now - first.expected) / first.reach) if first.reach else float("inf")


def _last_clean(view: View, watch: Watch, past: Sequence[Snapshot]) -> date | None:
    alarms = queries.alarms_of(view, past[-1].table, watch.field) if past else []
    bad = {p for a in alarms if a.answer != "false" for p in a.periods}
    return next((s.period for s in reversed(past) if s.period not in bad), None)


def _drawn(
    view: View, watch: Watch, history: Sequence[Snapshot], segment: str, value: str
) -> tuple[Drawn, ...]:
    points = watching().path(
        watch, history, told(view, history[0].table, watch.field), segment, value
    )
    return tuple(Drawn(**vars(point)) for point in points[-26:])


def _schema(agreed: TableMap, past: Sequence[Snapshot], now: Snapshot) -> Iterator[Concern]:
    """Columns or key other than last time; it stops only what lost a column that the map has."""
    before = past[-1] if past else None
    if before is None or not before.columns:
        return
    if sentences := changes(before, now, agreed):
        lost = {*before.columns} - {*now.columns}
        mapped = any(agreed.field(name) for name in lost) or before.key != now.key
        picture = Picture(
            table=now.table,
            field="",
            why="schema",
            period=now.period,
            rows=now.rows,
            sentences=sentences[:20],
            last_clean=before.period,
        )
        yield Concern(picture, "block" if mapped else "warn")
