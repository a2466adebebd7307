"""Duties are opened, handed on, moved, escalated and closed here, and by nobody else."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustwright.duties import model, queries
from trustwright.duties.asked import Roster, roster
from trustwright.kernel.actors import Person
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import Body
from trustwright.ledger.work import UnitOfWork, View

Moves = Iterator[tuple[str, Body]]
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Owed:
    """What is owed about a case; `within` is working time of whoever owes it.

    `due`: a moment that was agreed, instead. It stays, whoever has it.
    """

    what: model.What
    case: str
    within: timedelta
    due: datetime | None = None


def open_duty(uow: UnitOfWork, there: Roster, owed: Owed, asked: Sequence[str], away: str) -> None:
    """The first of `asked` (pseudonyms) owes it; late, it goes to each other in turn.

    `away`: instead of whom, or empty.
    """
    people = list(dict.fromkeys(asked))
    remind, due = there.clocks(people[0], owed.within)
    if owed.due:
        remind, due = max(owed.due - A_DAY, uow.now), owed.due
    opened = model.Opened(
        what=owed.what,
        case=owed.case,
        owner=people[0],
        then=tuple(people[1:]),
        due=due,
        grace=owed.within,
        remind=remind,
        instead_of=away or None,
    )
    uow.append(uow.begin("duty"), opened)


def close_duties(uow: UnitOfWork, case: str, how: str, *, keep: Sequence[model.What] = ()) -> None:
    """Nothing more is owed about a case, but for what is kept."""
    if case in uow.writes.begun:
        return
    for duty in queries.open_duties(uow, case):
        if duty.what not in keep:
            uow.append(duty.id, model.Closed(how=how))


def hand_on(uow: UnitOfWork, case: str, to: str) -> None:
    """Whatever is owed about a case is now owed by `to` (a person's id)."""
    there, person = roster(uow), uow.pseudonym(Person(to))
    for duty in queries.open_duties(uow, case):
        remind, due = _clocks(there, duty, person)
        uow.append(duty.id, model.HandedOn(to=person, due=due, remind=remind))


def pass_on(uow: UnitOfWork, case: str, done: Collection[str]) -> None:
    """What is still owed about a case isn't owed by those who did their part."""
    there = roster(uow)
    for duty in queries.open_duties(uow, case):
        left = [p for p in there.asked(duty.then, workflow_of(uow, duty)) if p not in done]
        if duty.owner in done and left:
            uow.append(duty.id, _moved(there, duty, left, "signed"))


def workflow_of(view: View, duty: model.Duty) -> str:
    """Where in the work the case belongs that a duty is about; empty where it says nothing."""
    first = next(iter(view.facts(duty.case)), None)
    return str(getattr(first.body, "workflow", "")) if first else ""


def _clocks(there: Roster, duty: model.Duty, to: str) -> tuple[datetime | None, datetime]:
    """When whoever gets a duty is reminded and has to answer: no sooner than whoever had it."""
    if duty.what == "keep-promise":
        return duty.remind, duty.due
    remind, due = there.clocks(to, duty.grace)
    return (remind, due) if due > duty.due else (duty.remind, duty.due)


def _moved(there: Roster, duty: model.Duty, left: Sequence[str], because: str) -> model.Moved:
    remind, due = _clocks(there, duty, left[0])
    then = tuple(person for person in duty.then if person != left[0])
    return model.Moved.model_validate(
        {"to": left[0], "due": due, "remind": remind, "then": then, "because": because}
    )


class Escalate(Order):
    """Nothing to say: the moment decides."""


class Escalations(Answer):
    """How many duties moved to the next person."""

    escalated: int


def late(view: View) -> Moves:
    """What goes to the next person now, for nobody answered in time."""
    there = roster(view)
    for stream in queries.overdue(view):
        duty = model.duty(stream, view.facts(stream))
        workflow = workflow_of(view, duty)
        for n, person in enumerate(duty.then, 1):
            to = there.instead(person, workflow)
            if to and to != duty.owner:
                remind, due = there.clocks(to, duty.grace)
                yield stream, model.Escalated(to=to, due=due, remind=remind, then=duty.then[n:])
                break


@operation("duties.escalate", worker_only=True)
def escalate(uow: UnitOfWork, order: Escalate) -> Escalations:
    """Give every duty nobody answered in time to the next person, with a new due moment."""
    return Escalations(escalated=_done(uow, late(uow)))


class Sweep(Order):
    """Nothing to say: the moment decides."""


class Swept(Answer):
    """How many duties were touched."""

    duties: int


def uncovered(view: View) -> Moves:
    """What goes to somebody else now, for its owner is away or left the charter."""
    there = roster(view)
    for owner in queries.owners(view) if there.away else ():
        yield from _away(view, there, owner)
    for owner in queries.owners(view):
        if owner not in there.people:
            yield from _left(view, there, owner)


def _away(view: View, there: Roster, owner: str) -> Moves:
    if not any(absence.person == owner for absence in there.away):
        return
    for duty in queries.owned(view, owner):
        workflow = workflow_of(view, duty)
        if not there.there(owner, workflow) and owner in there.people:
            left = there.asked((owner, *duty.then, *there.answering(workflow)), workflow)
            if left:
                yield duty.id, _moved(there, duty, left, "away")


def _left(view: View, there: Roster, owner: str) -> Moves:
    for duty in queries.owned(view, owner):
        workflow = workflow_of(view, duty)
        left = there.asked((*duty.then, *there.answering(workflow)), workflow)
        if left:
            yield duty.id, _moved(there, duty, left, "left")


@operation("duties.cover", worker_only=True)
def cover(uow: UnitOfWork, order: Sweep) -> Swept:
    """Give what somebody away, or no longer here, owes to whoever stands in for them."""
    return Swept(duties=_done(uow, uncovered(uow)))


@operation("duties.remind", worker_only=True)
def remind(uow: UnitOfWork, order: Sweep) -> Swept:
    """Record that little time is left for a duty."""
    streams = ((stream, model.Reminded()) for stream in queries.to_remind(uow))
    return Swept(duties=_done(uow, streams))


def _done(uow: UnitOfWork, moves: Iterator[tuple[str, Body]]) -> int:
    found = list(moves)
    for stream, body in found:
        uow.append(stream, body)
    return len(found)
