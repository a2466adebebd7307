"""Read models of reports, snapshots and alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import Column, Table, select

from trustwright.kernel.errors import NotFound
from trustwright.ledger.facts import Fact
from trustwright.ledger.store import Number, Projection, Row, Text, metadata
from trustwright.ledger.work import View
from trustwright.signals.facts import Answered, Continued, How, Raised, Recorded, Reported, Why
from trustwright.signals.snapshot import Snapshot
from trustwright.stats.proportions import Proportion

snapshots = Table(
    "snapshots",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("of", Text, nullable=False, index=True),
    Column("period", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("position", Number, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("of", Text, nullable=False, index=True),
    Column("position", Number, nullable=False),
)

alarms = Table(
    "alarms",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("of", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("answer", Text),
)


LOOKED = 200  # snapshots looked back on: twice what any band needs, also of days


@dataclass(frozen=True)
class Alarm:
    """An alarm as it stands. `picture` is a commitment to the latest one; `periods` those it covers."""

    id: str
    table: str
    field: str
    why: Why
    severity: str
    periods: tuple[date, ...]
    picture: str
    holds: tuple[str, ...]
    answer: How | None = None


def digest(name: str) -> str:
    """How a table or field stands in facts: its name may be anything."""
    return sha256(name.encode()).hexdigest()[:32]


def alarm(stream: str, facts: Sequence[Fact]) -> Alarm:
    """What an alarm's facts add up to."""
    b = facts[0].body
    assert isinstance(b, Raised)
    later = [x.body for x in facts if isinstance(x.body, Continued)]
    answer = next((x.body.how for x in facts if isinstance(x.body, Answered)), None)
    periods = (b.period, *(each.period for each in later))
    picture = later[-1].picture if later else b.picture
    return Alarm(stream, b.table, b.field, b.why, b.severity, periods, picture, b.holds, answer)


def _snapshot_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    b = facts[0].body
    assert isinstance(b, Recorded)
    period = b.period.isoformat()
    return [
        {
            "stream": stream,
            "of": b.table,
            "period": period,
            "fingerprint": b.fingerprint,
            "position": facts[0].index,
        }
    ]


def _report_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    b = facts[0].body
    assert isinstance(b, Reported)
    return [{"stream": stream, "of": b.table, "position": facts[0].index}]


def _alarm_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    a = alarm(stream, facts)
    return [{"stream": stream, "of": a.table, "field": a.field, "answer": a.answer}]


PROJECTIONS = (
    Projection(snapshots, "snapshot.", _snapshot_row),
    Projection(alarms, "alarm.", _alarm_row),
    Projection(reports, "check.", _report_row),
)


def reports_of(view: View, table: str, limit: int = 100) -> list[Fact]:
    """The facts of a table's reports, the newest first."""
    c = reports.c
    query = select(c.stream).where(c.of == digest(table)).order_by(c.position.desc()).limit(limit)
    return [view.facts(stream)[0] for (stream,) in view.rows(query)]


def undecided_before(view: View, table: str, period: date) -> tuple[str, ...]:
    """Digests of the fields about which the last snapshot before a period could say nothing."""
    c = snapshots.c
    query = select(c.stream).where(c.of == digest(table), c.period < period.isoformat())
    query = query.order_by(c.period.desc(), c.position.desc()).limit(1)
    bodies = [view.facts(stream)[0].body for (stream,) in view.rows(query)]
    return next((body.undecided for body in bodies if isinstance(body, Recorded)), ())


def known(view: View, table: str, period: date, fingerprint: str) -> str | None:
    """The snapshot recorded of exactly this, if any."""
    c = snapshots.c
    query = select(c.stream).where(
        c.of == digest(table), c.period == period.isoformat(), c.fingerprint == digest(fingerprint)
    )
    return next((stream for (stream,) in view.rows(query)), None)


def history(view: View, table: str, before: date = date.max, last: int = LOOKED) -> list[Snapshot]:
    """A table's last snapshots before a period, oldest first; of several in one the last recorded."""
    c = snapshots.c
    query = select(c.stream, c.period).where(c.of == digest(table), c.period < before.isoformat())
    rows = view.rows(query.order_by(c.period, c.position))
    streams = [*{period: stream for stream, period in rows}.values()][-last:]
    return [found for stream in streams if (found := _opened(view, stream))]


def _opened(view: View, stream: str) -> Snapshot | None:
    body = view.facts(stream)[0].body
    assert isinstance(body, Recorded)
    opened = view.open(body.content)
    return Snapshot.model_validate_json(opened.value) if opened else None


def periods(view: View, table: str) -> set[date]:
    """The periods of which there is a snapshot."""
    query = select(snapshots.c.period).where(snapshots.c.of == digest(table))
    return {date.fromisoformat(period) for (period,) in view.rows(query)}


def latest(view: View, table: str) -> date | None:
    """The last period of which there is a snapshot."""
    return max(periods(view, table), default=None)


def alarms_of(view: View, table: str, field: str | None = None) -> list[Alarm]:
    """A table's alarms, or one of its fields', the oldest first."""
    return _alarms(view, digest(table), field)


def _alarms(view: View, table: str, field: str | None = None) -> list[Alarm]:
    c = alarms.c
    query = select(c.stream).where(c.of == table)
    if field is not None:
        query = query.where(c.field == digest(field))
    found = [alarm(stream, view.facts(stream)) for (stream,) in view.rows(query)]
    return sorted(found, key=lambda a: a.periods)


def open_alarms(view: View) -> list[Alarm]:
    """Every alarm nobody answered yet, the oldest first."""
    query = select(alarms.c.stream).where(alarms.c.answer.is_(None))
    found = [alarm(stream, view.facts(stream)) for (stream,) in view.rows(query)]
    return sorted(found, key=lambda a: a.periods)


def find_alarm(view: View, id: str) -> Alarm:
    """NotFound where there is none."""
    recorded = view.facts(id) if id.startswith("alarm-") else []
    if not recorded:
        raise NotFound("no-such-alarm", "There is no such alarm.")
    return alarm(id, recorded)


def lived_with(view: View, table: str) -> Proportion:
    """How many of the answered alarms of a table (its digest) were false."""
    answered = [a for a in _alarms(view, table) if a.answer and a.why == "shift"]
    return Proportion(sum(a.answer == "false" for a in answered), len(answered))
