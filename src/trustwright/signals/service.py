"""Snapshots are recorded, what moved is raised, and a person says what it was."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from pydantic import Field

from trustwright.charter.adoption import Adopted
from trustwright.charter.fieldmap.model import TableMap, Watch
from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.duties.holds import LiftHold, lift_hold
from trustwright.duties.holds_model import hold
from trustwright.duties.queries import standing_holds
from trustwright.duties.service import close_duties
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View
from trustwright.signals import facts, queries
from trustwright.signals.alarms import Concern, Picture, raise_alarm, readers
from trustwright.signals.judging import (
    Judged,
    Record,
    Said,
    agreed_table,
    demand_adding_up,
    judged,
    told,
    watching,
)
from trustwright.signals.snapshot import Snapshot

PERIOD = {"day": timedelta(days=1), "week": timedelta(days=7)}
LATE = 2  # periods without a snapshot


class Backfill(Order):
    """A table's past, any order; what is known already is left as it is."""

    snapshots: tuple[Snapshot, ...] = Field(min_length=1, max_length=2000)


class AnswerAlarm(Order):
    """`false`: nothing had happened; `level`: it is right, and here to stay; `fault`: it was wrong."""

    alarm: str
    how: facts.How
    reason: str = Field(min_length=1, max_length=2000)


class Table(Order):
    """A table of the charter's field maps, by name."""

    table: str


class Sweep(Order):
    """Nothing to say: the moment decides."""


class RecordedAnswer(Answer):
    """`alarms`: ids of those raised or going on; `held`: workflows that stand still because of them."""

    snapshot: str
    said: tuple[Said, ...]
    alarms: tuple[str, ...]
    held: tuple[str, ...]


class BackfilledAnswer(Answer):
    """How many snapshots are new; by field and segment, the periods in which it would have alarmed."""

    recorded: int
    periods: int
    alarms: dict[str, tuple[date, ...]]


class Answered(Answer):
    """What goes on now. Of the table's answered alarms, `false` of `n` were false."""

    alarm: str
    lifted: tuple[str, ...]
    false: int
    n: int


class Standing(Answer):
    """An alarm. `picture` is None where it was erased; `answer` where nobody answered yet."""

    alarm: str
    severity: str
    periods: tuple[date, ...]
    answer: str | None
    picture: Picture | None


class Watched(Answer):
    """A table's alarms, and how many of those answered were false."""

    latest: date | None
    alarms: tuple[Standing, ...]
    false: int
    n: int


class Stale(Answer):
    """How many watches had no snapshot in time."""

    raised: int


@operation("signals.record", gather=judged)
def record(uow: UnitOfWork, order: Record, judged: Judged) -> RecordedAnswer:
    """Record a table's snapshot; what moved raises an alarm, and stops the workflows that read it."""
    charter, now = demand_known(uow), order.snapshot
    agreed = agreed_table(charter, now.table)
    if known := queries.known(uow, now.table, now.period, now.fingerprint):
        return RecordedAnswer(snapshot=known, said=judged.said, alarms=(), held=())
    before = queries.undecided_before(uow, now.table, now.period)
    stream = _keep(uow, now, judged.undecided, past=False)
    # What could not be decided last time either has its alarm, or a person has let it go.
    new = [c for c in judged.concerns if c.picture.why != "not-run" or _open_or_new(uow, c, before)]
    alarms = [raise_alarm(uow, charter, agreed, concern, stream) for concern in new]
    return RecordedAnswer(
        snapshot=stream, said=judged.said, alarms=tuple(alarms), held=held(uow, alarms)
    )


def _open_or_new(uow: UnitOfWork, concern: Concern, before: Sequence[str]) -> bool:
    field = concern.picture.field
    alarms = queries.alarms_of(uow, concern.picture.table, field)
    standing = any(a.answer is None and a.why == "not-run" for a in alarms)
    return standing or queries.digest(field) not in before


def held(uow: UnitOfWork, alarms: Sequence[str]) -> tuple[str, ...]:
    """The workflows that stand still because of these alarms."""
    ids = {id for alarm in alarms for id in queries.alarm(alarm, uow.facts(alarm)).holds}
    holds = (hold(id, uow.facts(id)) for id in ids)
    return tuple(sorted({each.target for each in holds if each.lifted is None}))


def demand_known(uow: UnitOfWork) -> Charter:
    """The charter; Refused, NotFound for a machine it doesn't register."""
    charter = demand_charter(uow)
    if isinstance(uow.actor, Machine) and uow.actor != WORKER:
        charter.system(uow.actor.id)
    return charter


def _keep(uow: UnitOfWork, of: Snapshot, undecided: Sequence[str], past: bool) -> str:
    stream = uow.begin("snapshot")
    recorded = facts.Recorded(
        table=queries.digest(of.table),
        period=of.period,
        fingerprint=queries.digest(of.fingerprint),
        rows=of.rows,
        undecided=tuple(map(queries.digest, undecided)),
        content=uow.seal(stream, "snapshot", of.model_dump_json().encode()),
        past=past,
    )
    uow.append(stream, recorded)
    return stream


def looked_back(view: View, order: Backfill) -> dict[str, tuple[date, ...]]:
    """When each watched field would have alarmed, with these snapshots and those there are."""
    table = _only_table(order)
    agreed = agreed_table(demand_charter(view), table)
    for snapshot in order.snapshots:
        demand_adding_up(snapshot)
    by_period = {s.period: s for s in (*order.snapshots, *queries.history(view, table))}
    past = [by_period[period] for period in sorted(by_period)]
    return {
        f"{watch.field} {segment}".strip(): periods
        for watch in agreed.watches
        for segment, periods in watching().alarmed(watch, past, told(view, table, watch.field))
    }


def _only_table(order: Backfill) -> str:
    names = {snapshot.table for snapshot in order.snapshots}
    if len(names) > 1:
        raise Refused("several-tables", "A backfill is about one table.", "Ask once for each.")
    return names.pop()


@operation("signals.backfill", gather=looked_back)
def backfill(
    uow: UnitOfWork, order: Backfill, alarms: dict[str, tuple[date, ...]]
) -> BackfilledAnswer:
    """Record a table's past, from which its future is judged; nothing is held because of it."""
    demand_known(uow)
    have = queries.periods(uow, _only_table(order))
    new = {s.period: s for s in order.snapshots if s.period not in have}
    for period in sorted(new):
        _keep(uow, new[period], (), past=True)
    return BackfilledAnswer(recorded=len(new), periods=len(have | set(new)), alarms=alarms)


@operation("signals.answer", people_only=True)
def answer(uow: UnitOfWork, order: AnswerAlarm) -> Answered:
    """Say what an alarm was; its holds are lifted with that reason, and its duty is done."""
    recorded = uow.facts(order.alarm) if order.alarm.startswith("alarm-") else []
    alarm = queries.alarm(order.alarm, recorded) if recorded else None
    if alarm is None or alarm.answer:
        raise NotFound("no-such-alarm", "There is no such alarm, or it was answered already.")
    standing = {each.id for each in standing_holds(uow)}
    lifted = tuple(id for id in alarm.holds if id in standing)
    for id in lifted:
        lift_hold(uow, LiftHold(hold=id, reason=order.reason))
    reason = uow.seal(alarm.id, "reason", order.reason.encode())
    uow.append(alarm.id, facts.Answered(how=order.how, reason=reason))
    close_duties(uow, alarm.id, "answered")
    false = queries.lived_with(uow, alarm.table)
    return Answered(alarm=alarm.id, lifted=lifted, false=false.k, n=false.n)


@operation("signals.watched", reads=True)
def watched(view: View, order: Table) -> Watched:
    """A table's alarms with their pictures, and the rate of false ones its owner lives with."""
    agreed_table(demand_charter(view), order.table)
    false = queries.lived_with(view, queries.digest(order.table))
    return Watched(
        latest=queries.latest(view, order.table),
        alarms=tuple(_standing(view, a) for a in queries.alarms_of(view, order.table)),
        false=false.k,
        n=false.n,
    )


def _standing(view: View, alarm: queries.Alarm) -> Standing:
    opened = view.open(alarm.picture)
    return Standing(
        alarm=alarm.id,
        severity=alarm.severity,
        periods=alarm.periods,
        answer=alarm.answer,
        picture=Picture.model_validate_json(opened.value) if opened else None,
    )


def overdue(view: View) -> list[tuple[TableMap, Watch, date | None]]:
    """Watches that stop something, and had no snapshot for too long; none ever: since they were agreed."""
    charter, found = demand_charter(view), []
    adopted = [fact.at for fact in view.of_kind(Adopted)]
    for agreed in (table for each in charter.maps for table in each.tables):
        last = queries.latest(view, agreed.name)
        start = datetime.combine(last, time(), UTC) if last else adopted[-1]
        for watch in agreed.watches:
            late = view.now - start > LATE * PERIOD[watch.by] + PERIOD["day"]
            stops = watch.severity == "block" and readers(charter, agreed, watch.field)
            if late and stops and not _asked(view, agreed.name, watch.field, last):
                found.append((agreed, watch, last))
    return found


def _asked(view: View, table: str, field: str, last: date | None) -> bool:
    """Whether somebody was told already that nothing has come since."""
    alarms = [a for a in queries.alarms_of(view, table, field) if a.why == "stale"]
    return any(last is None or a.periods[-1] >= last for a in alarms)


@operation("signals.stale", worker_only=True)
def stale(uow: UnitOfWork, order: Sweep) -> Stale:
    """Stop what reads a watched field of which no snapshot came in time."""
    charter, late = demand_charter(uow), overdue(uow)
    for agreed, watch, last in late:
        since = f"since {last}" if last else "yet"
        picture = Picture(
            table=agreed.name,
            field=watch.field,
            why="stale",
            period=uow.now.date(),
            rows=0,
            sentences=(f"{watch.field}: no snapshot has come {since}.",),
            last_clean=last,
        )
        raise_alarm(uow, charter, agreed, Concern(picture, watch.severity), None)
    return Stale(raised=len(late))
