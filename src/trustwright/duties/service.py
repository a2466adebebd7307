"""Duties are opened, handed on, escalated and closed here, and by nobody else."""

from collections.abc import Sequence
from datetime import timedelta

from trustwright.duties import model, queries
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import NotFound
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork


def open_duty(
    uow: UnitOfWork,
    what: model.What,
    case: str,
    owners: Sequence[str],
    within: timedelta,
) -> None:
    """The first of `owners` (pseudonyms) owes it within a time; late, it goes to each other in turn."""
    people = list(dict.fromkeys(owners))
    opened = model.Opened(
        what=what,
        case=case,
        owner=people[0],
        then=tuple(people[1:]),
        due=uow.now + within,
        grace=within,
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
    for duty in queries.open_duties(uow, case):
        due = max(duty.due, uow.now + duty.grace)
        uow.append(duty.id, model.HandedOn(to=uow.pseudonym(Person(to)), due=due))


class Done(Order):
    """A duty of yours, by id."""

    duty: str


class DoneAnswer(Answer):
    """What is no longer owed."""

    duty: str


@operation("duties.done", people_only=True)
def done(uow: UnitOfWork, order: Done) -> DoneAnswer:
    """Say that a promise of yours was kept."""
    facts = uow.facts(order.duty) if order.duty.startswith("duty-") else []
    duty = model.duty(order.duty, facts) if facts else None
    if duty is None or duty.closed or duty.what != "keep-promise" or duty.owner != uow.me:
        raise NotFound("no-such-duty", "You owe no promise under that id.")
    uow.append(duty.id, model.Closed(how="kept"))
    return DoneAnswer(duty=duty.id)


class Escalate(Order):
    """Nothing to say: the moment decides."""


class Escalations(Answer):
    """How many duties moved to the next person."""

    escalated: int


@operation("duties.escalate", worker_only=True)
def escalate(uow: UnitOfWork, order: Escalate) -> Escalations:
    """Give every duty nobody answered in time to the next person, with a new due moment."""
    moved = 0
    for stream in queries.overdue(uow):
        duty = model.duty(stream, uow.facts(stream))
        if duty.then:
            uow.append(stream, model.Escalated(to=duty.then[0], due=uow.now + duty.grace))
            moved += 1
    return Escalations(escalated=moved)
