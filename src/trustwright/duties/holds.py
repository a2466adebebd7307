"""What may not go now: holds are raised and lifted by people, with a reason."""

from pydantic import Field

from trustwright.charter.members import may
from trustwright.charter.service import demand_charter
from trustwright.duties import queries
from trustwright.duties.holds_model import Lifted, Raised, Scope
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


@operation("holds.lift", people_only=True)
def lift_hold(uow: UnitOfWork, order: LiftHold) -> HoldChanged:
    """Let go of a hold; countersigned cases it kept back are released next."""
    hold = next((h for h in queries.standing_holds(uow) if h.id == order.hold), None)
    if hold is None:
        raise NotFound("no-such-hold", "There is no such hold, or it was lifted already.")
    if hold.legal and not may(uow, ""):
        raise Refused("not-yours", "Only a role that adopts charters may lift a legal hold.")
    reason = uow.seal(order.hold, "reason", order.reason.encode())
    uow.append(order.hold, Lifted(reason=reason))
    return HoldChanged(hold=order.hold, standing=False)


def legal_hold(view: View, subject: str) -> bool:
    """Whether what is known of a subject (a pseudonym) must be kept."""
    return any(h.legal and h.target in ("", subject) for h in queries.standing_holds(view))
