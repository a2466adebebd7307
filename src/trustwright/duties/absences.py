"""Who is away until when, and who stands in? Stated by people, with an end; never by the charter."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trustwright.charter.members import may
from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.duties import queries
from trustwright.duties.absences_model import Ended, Stated
from trustwright.duties.calendar import wall
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork

LONGEST = timedelta(days=366)


class StateAbsence(Order):
    """From the first day to the last one, both whole days where `person` works.

    `to` stands in; left out, their substitute. With `workflow`, that one alone is given away.
    """

    person: str
    first: date
    last: date
    to: str | None = None
    workflow: str | None = None


class EndAbsence(Order):
    """An absence, by id."""

    absence: str


class AbsenceChanged(Answer):
    """Until when somebody is away."""

    absence: str
    until: datetime


@operation("absences.state", people_only=True)
def state(uow: UnitOfWork, order: StateAbsence) -> AbsenceChanged:
    """Say that you are away, or give a workflow to somebody else for a time."""
    charter = demand_charter(uow)
    person = charter.person(order.person)
    _demand_own(uow, person.id)
    zone = ZoneInfo(zone_of(charter, person.id))
    since, until = wall(order.first, 0, zone), wall(order.last, 24 * 60, zone)
    _demand_time(uow.now, since, until)
    if order.workflow:
        charter.workflow(order.workflow)
    if order.to:
        _demand_able(charter, order, order.to)
        _demand_not_oneself(uow, person.id, order.to)
    stated = Stated(
        person=uow.pseudonym(Person(person.id)),
        since=since,
        until=until,
        to=uow.pseudonym(Person(order.to)) if order.to else None,
        workflow=order.workflow,
    )
    stream = uow.begin("absence")
    uow.append(stream, stated)
    return AbsenceChanged(absence=stream, until=until)


@operation("absences.end", people_only=True)
def end(uow: UnitOfWork, order: EndAbsence) -> AbsenceChanged:
    """Say that somebody is back, or won't be away."""
    found = next((a for a in queries.absences_left(uow) if a.id == order.absence), None)
    if found is None:
        raise NotFound("no-such-absence", "There is no such absence, or it is over already.")
    if found.person != uow.me:
        _demand_own(uow, "")
    uow.append(order.absence, Ended())
    return AbsenceChanged(absence=order.absence, until=uow.now)


def _demand_not_oneself(uow: UnitOfWork, person: str, to: str) -> None:
    # Who may say that others are away would else own any workflow they read by saying so.
    if uow.me == uow.pseudonym(Person(to)) != uow.pseudonym(Person(person)):
        raise Refused(
            "stands-in-by-oneself",
            "Nobody puts themselves in somebody else's place.",
            "Leave it to the substitute of the charter, or ask them or another to name you.",
        )


def zone_of(charter: Charter, person: str) -> str:
    """The time zone somebody works in: their calendar's, else the company's."""
    calendar = charter.calendar_of(person)
    return calendar.time_zone if calendar else charter.company.time_zone


def _demand_own(uow: UnitOfWork, person: str) -> None:
    if not may(uow, person):
        raise Refused(
            "not-your-absence",
            "People say themselves when they are away, or a role that adopts charters says it.",
            "Ask them, or somebody with such a role.",
        )


def _demand_time(now: datetime, since: datetime, until: datetime) -> None:
    if until <= max(since, now):
        raise Invalid(
            "absence-over",
            "The last day is before the first, or over.",
            "Name a first and a last day that is still to come.",
            field="last",
        )
    if until - since > LONGEST:
        raise Invalid(
            "absence-too-long",
            "An absence ends within a year.",
            "Change the charter for somebody who doesn't come back.",
            field="last",
        )


def _demand_able(charter: Charter, order: StateAbsence, to: str) -> None:
    charter.person(to)
    answers = [
        w.id for w in charter.workflows if charter.person(order.person) in charter.answering(w.id)
    ]
    closed = [w for w in [order.workflow] if w] or answers
    closed = [w for w in closed if not charter.may_read(to, w)]
    if to == order.person or closed:
        raise Refused(
            "cant-stand-in",
            "Nobody stands in for themselves, nor where they may not read the cases"
            + (f" ({', '.join(closed)})." if closed else "."),
            "Name one of the readers.",
        )
