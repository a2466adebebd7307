"""What may not go now: people raise holds, so do alarms; people alone lift them, with a reason."""

from collections.abc import Collection

from pydantic import Field

from trustwright.charter.members import may
from trustwright.charter.service import demand_charter
from trustwright.duties import queries
from trustwright.duties.asked import roster
from trustwright.duties.holds_model import Hold, Lifted, Raised, RaisedByAlarm, Scope
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View


class RaiseHold(Order):
    """`target`: the workflow, or the subject as the sending system names them; empty for all."""

    scope: Scope
    target: str = ""
    reason: str = Field(min_length=1, max_length=2000)
    legal: bool = False


class LiftHold(Order):
    hold: str
    reason: str = Field(min_length=1, max_length=2000)


class HoldChanged(Answer):
    hold: str
    standing: bool


@operation("holds.raise", people_only=True)
def raise_hold(uow: UnitOfWork, order: RaiseHold) -> HoldChanged:
    """Stop releases: of everything, of one workflow, or to one person."""
    if (order.scope == "all") != (order.target == ""):
        raise Invalid("hold-scope", "A hold on a workflow or subject names it; one on all doesn't.")
    if order.scope == "workflow":
        demand_charter(uow).workflow(order.target)
    target = uow.subject(order.target) if order.scope == "subject" else order.target
    stream = uow.begin("hold")
    reason = uow.seal(stream, "reason", order.reason.encode())
    uow.append(stream, Raised(scope=order.scope, target=target, legal=order.legal, reason=reason))
    return HoldChanged(hold=stream, standing=True)


def hold_for_alarm(uow: UnitOfWork, workflow: str, alarm: str, reason: str) -> str:
    """Stop a workflow because of an alarm, whose id is its source; the hold's id."""
    stream = uow.begin("hold")
    sealed = uow.seal(stream, "reason", reason.encode())
    uow.append(stream, RaisedByAlarm(workflow=workflow, source=alarm, reason=sealed))
    return stream


@operation("holds.lift", people_only=True)
def lift_hold(uow: UnitOfWork, order: LiftHold) -> HoldChanged:
    """Let go of a hold, if you answer for what it stops; what it alone kept back is released next."""
    hold = next((h for h in queries.standing_holds(uow) if h.id == order.hold), None)
    if hold is None:
        raise NotFound("no-such-hold", "There is no such hold, or it was lifted already.")
    if not may_lift(uow, hold):
        raise Refused(
            "not-yours",
            f"This hold is lifted by {' or '.join(lifters(uow, hold))}.",
            "Ask one of them.",
        )
    reason = uow.seal(order.hold, "reason", order.reason.encode())
    uow.append(order.hold, Lifted(reason=reason))
    return HoldChanged(hold=order.hold, standing=False)


def may_lift(view: View, hold: Hold) -> bool:
    """Whether the acting person may: a role that adopts charters, and those who answer for less."""
    return view.me in _answering(view, hold) or may(view, "")


def lifters(view: View, hold: Hold) -> list[str]:
    """Who may lift a hold, in words."""
    people = roster(view).people
    names = sorted(people[p].name for p in _answering(view, hold) if p in people)
    return [*names, "a role that adopts charters"]


def _answering(view: View, hold: Hold) -> set[str]:
    """Beside those who adopt: a workflow's owner and who stands in, whoever raised one for a customer,
    and whoever is asked about the alarm that raised it.

    For everything, and for what must be kept by law, nobody.
    """
    if hold.legal or hold.scope == "all":
        return set()
    if hold.scope == "subject":
        return {hold.by}
    there = roster(view)
    owner = there.answering(hold.target)[:1]
    named = [there.people[p].substitute for p in owner]
    also = {p for p, person in there.people.items() if person.id in named}
    alarmed = queries.open_duties(view, hold.source) if hold.source else ()
    return {*owner, *also, *there.asked(owner, hold.target), *(duty.owner for duty in alarmed)}


def on_subject(view: View, subject: str, workflows: Collection[str]) -> bool | None:
    """Whether a hold forbids to erase what is known of a subject (a pseudonym), with cases there.

    True: it must be kept by law. None: a hold on them would bind nobody afterwards.
    """
    holds = [h for h in queries.standing_holds(view) if h.target in ("", subject, *workflows)]
    if any(h.legal for h in holds):
        return True
    return None if any(h.scope == "subject" for h in holds) else False
