"""What a released text promised is kept, and shown to be; or broken, and said so. By its owner alone."""

from typing import Annotated

from pydantic import Field

from trustwright.duties.model import Broken, Duty, Kept, duty
from trustwright.kernel.errors import NotFound
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals import content
from trustwright.proposals.deciding import fold
from trustwright.proposals.orders import Reason


class KeepPromise(Order):
    """A duty of yours, by id; what shows that it was done, in words and, if there is one, a link."""

    duty: str
    proof: Reason
    link: Annotated[str, Field(max_length=2000, pattern=r"^(https?://\S+)?$")] = ""


class BreakPromise(Order):
    """A duty of yours, by id, and why it isn't kept."""

    duty: str
    reason: Reason


class PromiseEnded(Answer):
    """What is no longer owed."""

    duty: str


@operation("promises.keep", people_only=True)
def keep(uow: UnitOfWork, order: KeepPromise) -> PromiseEnded:
    """Say that a promise of yours was kept, with proof."""
    owed = _mine(uow, order.duty)
    shown = "\n".join(filter(None, (order.proof, order.link)))
    uow.append(owed.id, Kept(proof=_sealed(uow, owed, "proof", shown)))
    return PromiseEnded(duty=owed.id)


@operation("promises.break", people_only=True)
def broken(uow: UnitOfWork, order: BreakPromise) -> PromiseEnded:
    """Say that a promise of yours isn't kept, and why."""
    owed = _mine(uow, order.duty)
    uow.append(owed.id, Broken(reason=_sealed(uow, owed, "reason", order.reason)))
    return PromiseEnded(duty=owed.id)


def _mine(uow: UnitOfWork, stream: str) -> Duty:
    facts = uow.facts(stream) if stream.startswith("duty-") else []
    owed = duty(stream, facts) if facts else None
    if owed is None or owed.closed or owed.what != "keep-promise" or owed.owner != uow.me:
        raise NotFound("no-such-duty", "You owe no promise under that id.")
    return owed


def _sealed(uow: UnitOfWork, owed: Duty, tag: str, text: str) -> str:
    """Under the key of whom it was promised; once they are erased, under the duty's own."""
    of = fold(uow, owed.case).submitted
    holder = owed.id if uow.open(of.details) is None else of.subject or owed.case
    return uow.seal(holder, tag, content.demand_clean(text, tag).encode())
