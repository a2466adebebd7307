"""What is somebody asked when an alarm went off? The alarm as the pages show it."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from markupsafe import Markup

from trustwright.charter.model import Charter
from trustwright.duties import holds
from trustwright.duties import queries as duties
from trustwright.duties.holds_model import Hold
from trustwright.entrypoints.console import charts
from trustwright.entrypoints.console.clock import clock, exactly, written, zone
from trustwright.entrypoints.console.names import Names, either
from trustwright.entrypoints.console.page import Link
from trustwright.entrypoints.console.signals import Alarm
from trustwright.ledger.work import View
from trustwright.signals import facts, queries
from trustwright.signals.alarms import Picture

HOME = "/console/signals"
WHY = {
    "shift": "moved",
    "schema": "columns changed",
    "not-run": "not run",
    "stale": "no snapshot came",
    "send": "running send",
    "rule": "rule failed",
}
HOW = {
    "false": "a false alarm",
    "level": "right, and here to stay",
    "fault": "a fault, mended",
}
ERASED = ("What it showed was erased.",)


def shown(view: View, charter: Charter, alarm: queries.Alarm) -> Alarm:
    """An alarm with its picture, what it holds, and whether the viewer may answer it."""
    names, picture = Names(view), opened(view, alarm)
    standing = [h for h in duties.standing_holds(view) if h.id in alarm.holds]
    asked = next(iter(duties.open_duties(view, alarm.id)), None)
    said, reason = _said(view, names, alarm)
    return Alarm(
        id=alarm.id,
        about=_about(charter, alarm, picture),
        why=WHY[alarm.why],
        tone=alarm.severity,
        sentences=picture.sentences if picture else ERASED,
        span=_span(alarm),
        rows=picture.rows if picture else 0,
        segment=picture.segment.replace("=", " is ") if picture else "",
        last_clean=written(picture.last_clean) if picture and picture.last_clean else "",
        chart=_chart(alarm, picture) if picture and picture.drawn else Markup(),
        holds=tuple(dict.fromkeys(hold.target for hold in standing)),
        who=lifters(view, standing),
        asked=names(asked.owner) if asked else "",
        due=clock(asked.due, view.now, zone(view)) if asked else None,
        may_answer=not alarm.answer and all(holds.may_lift(view, h) for h in standing),
        may_stay=alarm.why in ("shift", "schema"),
        said=said,
        reason=reason,
    )


def opened(view: View, alarm: queries.Alarm) -> Picture | None:
    """Its latest picture; None where that was erased."""
    found = view.open(alarm.picture)
    return Picture.model_validate_json(found.value) if found else None


def lifters(view: View, standing: Sequence[Hold]) -> str:
    """Who may lift these holds, in words."""
    found = dict.fromkeys(who for hold in standing for who in holds.lifters(view, hold))
    return either(list(found))


def place(charter: Charter, alarm: queries.Alarm) -> str:
    """The page where an alarm stands: its field's, its table's, or that of all tables."""
    tables = {queries.digest(t.name): t for each in charter.maps for t in each.tables}
    table = tables.get(alarm.table)
    if table is None:
        return HOME
    watched = {queries.digest(watch.field) for watch in table.watches}
    return f"{HOME}/{alarm.table}" + (f"/{alarm.field}" if alarm.field in watched else "")


def _about(charter: Charter, alarm: queries.Alarm, picture: Picture | None) -> Link:
    words = ".".join(filter(None, (picture.table, picture.field))) if picture else alarm.id
    return Link(words, place(charter, alarm))


def _span(alarm: queries.Alarm) -> str:
    first, last = alarm.periods[0], alarm.periods[-1]
    return written(first) if first == last else f"{written(first)} to {written(last)}"


def _chart(alarm: queries.Alarm, picture: Picture) -> Markup:
    where = f" where {picture.segment.replace('=', ' is ')}" if picture.segment else ""
    title = f"{picture.field}: share of {picture.value}{where}"
    return charts.line(alarm.id, title, [mark(each) for each in picture.drawn], 330, 150)


class Point(Protocol):
    """A period of a value's history: of a picture, or judged just now."""

    @property
    def period(self) -> date: ...
    @property
    def share(self) -> float | None: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def alarm(self) -> bool: ...


def mark(point: Point) -> charts.Mark:
    return charts.Mark(written(point.period), point.share, point.low, point.high, point.alarm)


def _said(view: View, names: Names, alarm: queries.Alarm) -> tuple[str, str]:
    for fact in view.facts(alarm.id):
        if isinstance(fact.body, facts.Answered):
            reason = view.open(fact.body.reason)
            words = f"{HOW[fact.body.how]}: {names(fact.actor)}, {exactly(fact.at, zone(view))}"
            return words, reason.value.decode() if reason else "The reason was erased."
    return "", ""
