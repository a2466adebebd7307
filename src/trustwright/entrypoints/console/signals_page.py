"""The pages of the tables: all of them, one, and what a person says of an alarm."""

from datetime import timedelta

from fastapi import Response
from fastapi.responses import RedirectResponse

from trustwright.charter import service
from trustwright.charter.fieldmap.gaps import missing
from trustwright.charter.fieldmap.model import FieldMap, MappedField, TableMap, Watch
from trustwright.charter.fieldmap.showing import shown as fields_of
from trustwright.charter.model import Charter
from trustwright.duties import queries as duties
from trustwright.entrypoints.console import alarms_shown, report_shown
from trustwright.entrypoints.console.alarms_shown import HOME
from trustwright.entrypoints.console.clock import age, written, zone
from trustwright.entrypoints.console.page import Grid, plain
from trustwright.entrypoints.console.signals import Mapped, Signals, State, TablePage, Watched
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.errors import NotFound
from trustwright.ledger.work import View
from trustwright.signals import queries
from trustwright.signals.reports import last_report

COLUMNS = (
    *("field", "type", "risk", "owner", "source", "allowed values"),
    *("no older than", "lacks", "read by"),
)
VALUES = 6


async def show(visit: Visit) -> Response:
    with visit.view() as view:
        charter = service.demand_charter(view)
        tables = [(map, table) for map in charter.maps for table in map.tables]
        mapped = {queries.digest(table.name) for _, table in tables}
        sends = [a for a in queries.open_alarms(view) if a.table not in mapped]
        page = Signals(
            frame=visit.frame(view),
            tables=tuple(_mapped(view, charter, table) for _, table in tables),
            alarms=tuple(alarms_shown.shown(view, charter, alarm) for alarm in sends),
        )
    return visit.show(page)


async def table(visit: Visit) -> Response:
    with visit.view() as view:
        charter = service.demand_charter(view)
        map, found = demand_table(charter, visit.path("table"))
        page = TablePage(
            frame=visit.frame(view),
            name=found.name,
            states=_states(view, found),
            about=_about(map, found),
            alarms=tuple(
                alarms_shown.shown(view, charter, alarm)
                for alarm in queries.alarms_of(view, found.name)
                if alarm.answer is None
            ),
            report=report_shown.report(view, charter, found),
            watched=tuple(_watched(view, found, watch) for watch in found.watches),
            fields=_fields(charter, map, found),
            false=false_alarms(view, found),
        )
    return visit.show(page)


async def alarm(visit: Visit) -> Response:
    """To wherever it stands."""
    with visit.view() as view:
        charter, id = service.demand_charter(view), visit.path("alarm")
        found = queries.find_alarm(view, id)
        to = f"{alarms_shown.place(charter, found)}#{id}"
    return RedirectResponse(to, 303)


async def answer(visit: Visit) -> Response:
    form, id = await visit.form(), visit.path("alarm")
    reason, how = form.get("reason", ""), form.get("how", "")
    await visit.call("signals.answer", alarm=id, how=how, reason=reason)
    with visit.view() as view:
        charter = service.demand_charter(view)
        to = alarms_shown.place(charter, queries.find_alarm(view, id))
    return RedirectResponse(to, 303)


def demand_table(charter: Charter, digest: str) -> tuple[FieldMap, TableMap]:
    """The table of an address: its name may be anything, so a digest of it stands there."""
    for map in charter.maps:
        for each in map.tables:
            if queries.digest(each.name) == digest:
                return map, each
    raise NotFound(
        "table-not-mapped", "No field map of the charter has this table.", "See Signals."
    )


def false_alarms(view: View, table: TableMap) -> str:
    """The rate the owner lives with."""
    lived = queries.lived_with(view, queries.digest(table.name))
    return (
        f"False alarms: {lived.k} of {lived.n} answered."
        if lived.n
        else "No alarm was answered yet."
    )


def state_of(view: View, table: TableMap, watch: Watch) -> State:
    """Whether a watched field alarms now."""
    found = [a for a in queries.alarms_of(view, table.name, watch.field) if a.answer is None]
    if any(a.why == "shift" for a in found):
        return State("alarm", "bad" if watch.severity == "block" else "warn")
    if found:
        return State(alarms_shown.WHY[found[0].why], "warn")
    latest = queries.latest(view, table.name)
    return State("as usual", "good") if latest else State("never seen", "warn")


def _mapped(view: View, charter: Charter, table: TableMap) -> Mapped:
    last, latest = last_report(view, table.name), queries.latest(view, table.name)
    owners = dict.fromkeys(field.owner for field in table.fields if field.owner)
    lacking = sum(f.risk == "high" and bool(missing(table, f)) for f in table.fields)
    told = [report_shown.counted(last)] if last else []
    told += [f"{lacking} high-risk fields have gaps."] if lacking else []
    return Mapped(
        name=table.name,
        href=f"{HOME}/{queries.digest(table.name)}",
        states=_states(view, table),
        told=" ".join(told),
        checked=age(last.at, view.now, zone(view)) if last else None,
        snapshot=written(latest)
        if latest
        else "none yet"
        if table.watches
        else "nothing is watched",
        owners=", ".join(charter.person(owner).name for owner in owners) or "nobody",
        stops=_stopped(view, table),
    )


def _states(view: View, table: TableMap) -> tuple[State, ...]:
    alarms = [
        a for a in queries.alarms_of(view, table.name) if a.answer is None and a.why != "rule"
    ]
    some = (State(f"{len(alarms)} alarm{'s' * (len(alarms) > 1)}", "bad"),) if alarms else ()
    return (report_shown.state(last_report(view, table.name)), *some)


def _stopped(view: View, table: TableMap) -> tuple[str, ...]:
    """The workflows that stand still because of the table's alarms."""
    ids = {id for alarm in queries.alarms_of(view, table.name) for id in alarm.holds}
    return tuple(dict.fromkeys(h.target for h in duties.standing_holds(view) if h.id in ids))


def _about(map: FieldMap, table: TableMap) -> str:
    key = f"key {table.key}" if table.key else "no key"
    keeps = f"; a failure keeps back {table.audience}" if table.audience else ""
    return f"{map.name} {map.version}, {key}, {len(table.rules)} rules{keeps}."


def _watched(view: View, table: TableMap, watch: Watch) -> Watched:
    latest = queries.latest(view, table.name)
    parts = f", by {', '.join(watch.segments)}" if watch.segments else ""
    return Watched(
        field=watch.field,
        href=f"{HOME}/{queries.digest(table.name)}/{queries.digest(watch.field)}",
        how=f"{watch.kind}, each {watch.by}{parts}",
        state=state_of(view, table, watch),
        latest=written(latest) if latest else "none yet",
    )


def _fields(charter: Charter, map: FieldMap, table: TableMap) -> Grid:
    def readers(of: str, field: str) -> list[str]:
        return [workflow.id for workflow in charter.readers_of(of, field)]

    rows = [
        (
            each.field,
            _type(field),
            each.risk,
            charter.person(each.owner).name if each.owner else "",
            each.source or "",
            _allowed(field),
            _span(field.freshness),
            ", ".join(each.lacks),
            ", ".join(each.read_by),
        )
        for each, field in zip(
            fields_of([map.model_copy(update={"tables": (table,)})], readers),
            table.fields,
            strict=True,
        )
    ]
    return plain("Field map", COLUMNS, rows, note=f"{len(rows)} fields", empty="It has no fields.")


def _type(field: MappedField) -> str:
    also = ("required", field.required), ("unique", field.unique), ("personal", field.personal)
    return ", ".join([field.type or "not stated", *(word for word, on in also if on)])


def _allowed(field: MappedField) -> str:
    values = [str(value) for value in field.values or ()]
    more = f" and {len(values) - VALUES} more" if len(values) > VALUES else ""
    return ", ".join(values[:VALUES]) + more


def _span(time: timedelta | None) -> str:
    if time is None:
        return ""
    hours = time.total_seconds() / 3600
    return f"{hours / 24:g} d" if hours >= 48 else f"{hours:g} h"
