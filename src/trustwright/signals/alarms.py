"""What follows from a finding: an alarm with its picture, a hold on whoever reads the field, a duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from trustwright.charter.fieldmap.model import RuleSeverity, TableMap
from trustwright.charter.model import Charter, Risk
from trustwright.duties.asked import roster
from trustwright.duties.holds import hold_for_alarm
from trustwright.duties.service import Owed, open_duty
from trustwright.kernel.actors import Person
from trustwright.ledger.work import UnitOfWork
from trustwright.signals import facts, queries
from trustwright.signals.facts import Why


class Drawn(BaseModel):
    """One period of the value that moved: its share, the band, and whether it alarmed."""

    model_config = ConfigDict(frozen=True)
    period: date
    share: float | None
    low: float | None
    high: float | None
    alarm: bool


class Picture(BaseModel):
    """What the owner is shown: sentences (the gravest first), rows, segment, the last clean snapshot's
    period, and the history of what moved most."""

    model_config = ConfigDict(frozen=True)
    table: str
    field: str
    why: Why
    period: date
    rows: int
    sentences: tuple[str, ...]
    segment: str = ""
    value: str = ""
    last_clean: date | None = None
    drawn: tuple[Drawn, ...] = ()


@dataclass(frozen=True)
class Concern:
    """A finding about a field (or "" for the table) that somebody has to answer for: `owners` first."""

    picture: Picture
    severity: RuleSeverity
    owners: tuple[str, ...] = ()


def raise_alarm(
    uow: UnitOfWork, charter: Charter, agreed: TableMap, concern: Concern, snapshot: str | None
) -> str:
    """The alarm's id. One that says the same and is open goes on; nothing is held or asked twice."""
    shown = concern.picture
    for alarm in queries.alarms_of(uow, shown.table, shown.field):
        # A milder one that is open has stopped nothing.
        as_grave = GRAVITY.index(alarm.severity) >= GRAVITY.index(concern.severity)
        if alarm.answer is None and alarm.why == shown.why and as_grave:
            if snapshot:
                sealed = _sealed(uow, alarm.id, shown)
                went_on = facts.Continued(snapshot=snapshot, period=shown.period, picture=sealed)
                uow.append(alarm.id, went_on)
            return alarm.id
    stream = uow.begin("alarm")
    reading = readers(charter, agreed, shown.field)
    raised = facts.Raised(
        table=queries.digest(shown.table),
        field=queries.digest(shown.field),
        why=shown.why,
        severity=concern.severity,
        snapshot=snapshot,
        period=shown.period,
        picture=_sealed(uow, stream, shown),
        workflow=next(iter(reading), ""),
        holds=tuple(_held(uow, agreed, stream, concern, reading)),
    )
    uow.append(stream, raised)
    if concern.severity != "note":
        _ask(uow, charter, agreed, concern, stream)
    return stream


GRAVITY = ("note", "warn", "block")
_RISK: dict[str, Risk] = {"block": "high", "warn": "medium"}


def _sealed(uow: UnitOfWork, stream: str, picture: Picture) -> str:
    return uow.seal(stream, "picture", picture.model_dump_json().encode())


def _held(
    uow: UnitOfWork, agreed: TableMap, alarm: str, concern: Concern, reading: Sequence[str]
) -> list[str]:
    if concern.severity != "block":
        return []
    reason = f"{agreed.name}: {concern.picture.sentences[0]}"
    return [hold_for_alarm(uow, workflow, alarm, reason) for workflow in reading]


def _ask(uow: UnitOfWork, charter: Charter, agreed: TableMap, concern: Concern, alarm: str) -> None:
    there, reading = roster(uow), readers(charter, agreed, concern.picture.field)
    workflow = next(iter(reading), "")
    path = _owners(uow, charter, agreed, concern)
    asked = there.asked(path, workflow) or path[-1:]
    within = charter.company.due_hours.within(_RISK[concern.severity])
    away = "" if asked[0] == path[0] else path[0]
    open_duty(uow, there, Owed("answer-alarm", alarm, within), asked, away)


def readers(charter: Charter, agreed: TableMap, field: str) -> tuple[str, ...]:
    """The workflows that read a field ("": any of the table's), and the one a failure keeps back."""
    names = [field] if field else [each.name for each in agreed.fields]
    found = [w.id for name in names for w in charter.readers_of(agreed.name, name)]
    found += [w.id for w in charter.workflows if w.id == agreed.audience]
    return tuple(dict.fromkeys(found))


def _owners(uow: UnitOfWork, charter: Charter, agreed: TableMap, concern: Concern) -> Sequence[str]:
    """Its owners and their substitutes, then those who answer for its readers, then who adopts."""
    field = concern.picture.field
    mapped = [agreed.field(field)] if field else list(agreed.fields)
    first = concern.owners or [each.owner for each in mapped if each and each.owner]
    people = [p for id in first for p in (charter.person(id), charter.substitute(id)) if p]
    people += [p for w in readers(charter, agreed, field) for p in charter.answering(w)]
    people += charter.in_role(charter.company.adopts[0])
    return [uow.pseudonym(Person(person.id)) for person in people]
