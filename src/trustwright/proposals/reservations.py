"""Who works on a case just now? In scratch: it ends by itself, and losing it loses no decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustwright.charter.service import known
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import moment, stamp
from trustwright.ledger.work import UnitOfWork, View

LASTS = timedelta(minutes=10)  # since its holder last did something with the case
CASE, PERSON = "reserved", "works-on"  # in scratch: of which case, of whom


@dataclass(frozen=True)
class Reservation:
    """`by`, a pseudonym, has the case since a moment and, if they stop, until another."""

    by: str
    since: datetime
    until: datetime


class Leave(Order):
    """Nothing to say: one person works on one case at a time."""


class Left(Answer):
    """The case that is free again, if there was one."""

    case: str | None


def reservation(view: View, case: str) -> Reservation | None:
    """Who has it now; None if nobody."""
    value = view.remembered(CASE, case)
    return _read(value) if value else None


def reserved(view: View, cases: Sequence[str]) -> dict[str, Reservation]:
    """Those of these cases that somebody has."""
    return {case: _read(value) for case, value in view.all_remembered(CASE, cases).items()}


def reserve(uow: UnitOfWork, case: str) -> None:
    """Have it from now on, or for longer; whatever else the acting person had is free again."""
    now = reservation(uow, case)
    if now and now.by != uow.me:
        return
    if working_on(uow) != case:
        let_go(uow)
    until = uow.now + LASTS
    since = stamp(now.since if now else uow.now)
    uow.remember(CASE, case, f"{uow.me} {since} {stamp(until)}", until)
    uow.remember(PERSON, uow.me, case, until)


def working_on(view: View) -> str | None:
    """The case the acting person has."""
    return view.remembered(PERSON, view.me)


def let_go(uow: UnitOfWork) -> str | None:
    """Free the case the acting person has; which it was."""
    case = working_on(uow)
    if case is None:
        return None
    uow.forget(PERSON, uow.me)
    now = reservation(uow, case)
    if now and now.by == uow.me:
        uow.forget(CASE, case)
    return case


def demand_free(view: View, case: str) -> None:
    """`Refused` while somebody else has it: two people never work on one unseen."""
    now = reservation(view, case)
    if now is None or now.by == view.me:
        return
    minutes = int((view.now - now.since) / timedelta(minutes=1))
    since = f"for {minutes} min" if minutes else "since just now"
    raise Refused(
        "reserved",
        f"{_name(view, now.by)} has been working on this case {since}.",
        f"It is free once they leave it, or {LASTS.seconds // 60} minutes after they last did something.",
    )


def _name(view: View, by: str) -> str:
    charter = known(view)
    people = charter.people if charter else ()
    return next((p.name for p in people if view.pseudonym(Person(p.id)) == by), "Somebody else")


def _read(value: str) -> Reservation:
    by, since, until = value.split()
    return Reservation(by, moment(since), moment(until))


@operation("proposals.leave", people_only=True)
def leave(uow: UnitOfWork, order: Leave) -> Left:
    """Stop working on a case, so that others may go on at once."""
    return Left(case=let_go(uow))
