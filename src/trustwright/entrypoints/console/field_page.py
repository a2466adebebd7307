"""A watched field's history, drawn, with what people said of its alarms."""

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import Response

from trustwright.charter import service
from trustwright.charter.fieldmap.model import TableMap, Watch
from trustwright.charter.model import Charter
from trustwright.entrypoints.console import alarms_shown, charts
from trustwright.entrypoints.console.alarms_shown import HOME
from trustwright.entrypoints.console.clock import written
from trustwright.entrypoints.console.page import Grid, Link, plain
from trustwright.entrypoints.console.signals import Choice, Drawing, FieldPage
from trustwright.entrypoints.console.signals_page import demand_table, false_alarms
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.errors import NotFound, Unavailable
from trustwright.ledger.work import View
from trustwright.signals import queries
from trustwright.signals.judging import told, watching
from trustwright.signals.snapshot import Snapshot

PERIODS = 104
WIDTH, HEIGHT = 330, 150
FEW = 12


async def show(visit: Visit) -> Response:
    asked = visit.request.query_params.get("segment", "")
    with visit.view() as view:
        charter = service.demand_charter(view)
        _, table = demand_table(charter, visit.path("table"))
        watch = _watch(table, visit.path("field"))
        past = queries.history(view, table.name)[-PERIODS:]
        segments = _segments(watch, past)
        segment = asked if asked in segments else ""
        drawings, undrawn = _drawings(view, table, watch, past, segment)
        alarms = [
            alarms_shown.shown(view, charter, alarm)
            for alarm in reversed(queries.alarms_of(view, table.name, watch.field))
        ]
        here = f"{HOME}/{queries.digest(table.name)}"
        page = FieldPage(
            frame=visit.frame(view),
            table=Link(table.name, here),
            name=watch.field,
            about=_about(charter, table, watch, past),
            segments=_choices(f"{here}/{queries.digest(watch.field)}", segments, segment),
            drawings=drawings,
            numbers=_numbers(watch, past, segment) if watch.kind == "number" else None,
            undrawn=undrawn,
            open=tuple(alarm for alarm in alarms if not alarm.said),
            answered=tuple(alarm for alarm in alarms if alarm.said),
            false=false_alarms(view, table),
        )
    return visit.show(page)


def _watch(table: TableMap, digest: str) -> Watch:
    for watch in table.watches:
        if queries.digest(watch.field) == digest:
            return watch
    raise NotFound(
        "not-watched", "This field isn't watched.", "Its field map may add `check: shift`."
    )


def _about(charter: Charter, table: TableMap, watch: Watch, past: Sequence[Snapshot]) -> str:
    field = table.field(watch.field)
    owner = charter.person(field.owner).name if field and field.owner else "nobody"
    rows = f" The last of {len(past)} snapshots has {past[-1].rows:,} rows." if past else ""
    stops = ", ".join(w.id for w in charter.readers_of(table.name, watch.field)) or "nothing"
    verb = "stops" if watch.severity == "block" else "asks about"
    return f"Owned by {owner}. An alarm {verb} what reads it: {stops}.{rows}"


def _segments(watch: Watch, past: Sequence[Snapshot]) -> list[str]:
    return [series.segment for series in past[-1].of(watch.field)] if past else []


def _choices(here: str, segments: Sequence[str], chosen: str) -> tuple[Choice, ...]:
    if len(segments) < 2:
        return ()
    return tuple(
        Choice(
            segment.replace("=", " is ") or "whole table",
            here + (f"?{urlencode({'segment': segment})}" if segment else ""),
            segment == chosen,
        )
        for segment in segments
    )


def _drawings(
    view: View, table: TableMap, watch: Watch, past: Sequence[Snapshot], segment: str
) -> tuple[tuple[Drawing, ...], str]:
    """The largest values with their band, or why there are none."""
    if watch.kind == "number":
        return (), ""
    if not past or segment not in _segments(watch, past):
        return (), "No snapshot of it was recorded yet."
    if undecided := next((s.undecided for s in past[-1].of(watch.field) if s.undecided), ""):
        return (), undecided
    try:
        judge = watching()
    except Unavailable as e:
        return (), f"{e.sentence} {e.remedy}"
    said = told(view, table.name, watch.field)
    found = judge.paths(watch, past, said, segment)
    return tuple(
        _drawing(watch, n, value, points) for n, (value, points) in enumerate(found.items())
    ), ""


def _drawing(watch: Watch, n: int, value: str, points: Sequence[alarms_shown.Point]) -> Drawing:
    title = f"{watch.field}: share of {value}"
    marks = [alarms_shown.mark(point) for point in points]
    return Drawing(value, charts.line(f"value-{n}", title, marks, WIDTH, HEIGHT))


def _numbers(watch: Watch, past: Sequence[Snapshot], segment: str) -> Grid:
    rows = [
        (written(each.period), f"{s.n:,}", f"{s.sum / s.n:,.6g}")
        for each in reversed(past[-FEW:])
        for s in each.of(watch.field)
        if s.segment == segment and s.n and s.sum is not None
    ]
    return plain(
        "Mean by period", ("period", "rows", "mean"), rows, empty="No number was counted yet."
    )
