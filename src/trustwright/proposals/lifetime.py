"""How a case ends without a countersignature, what becomes of it after release, and erasure."""

from typing import Annotated

from pydantic import Field

from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.duties.holds import on_subject
from trustwright.duties.service import close_duties
from trustwright.kernel.errors import NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import Erased
from trustwright.ledger.work import GENESIS, UnitOfWork, View
from trustwright.proposals import evidence, queries
from trustwright.proposals.checking import parts_of
from trustwright.proposals.deciding import decide_again, fold, standing
from trustwright.proposals.labels import LabelWords, in_words
from trustwright.proposals.model import Case, Delivered, Expired, Status, Taken, Voided, Withdrawn
from trustwright.proposals.orders import OfCase, Part, Standing, Withdraw
from trustwright.proposals.release import release_if_ready
from trustwright.proposals.review import demand_actor, demand_open, readable


class Sweep(Order):
    """Nothing to say: the moment decides."""


class Swept(Answer):
    """How many cases were touched."""

    cases: int


class TakenAnswer(Answer):
    """The bytes to send, how they are labeled, and the receipt (a `.tlog-proof`) to keep."""

    case: str
    parts: tuple[Part, ...]
    label: LabelWords
    receipt: str


class Erase(Order):
    """Whom, as the sending system names them."""

    subject: Annotated[str, Field(min_length=1, max_length=500)]


class ErasedAnswer(Answer):
    """How many sealed values went, and how many open cases were closed."""

    items: int
    cases: int


@operation("proposals.withdraw")
def withdraw(uow: UnitOfWork, order: Withdraw) -> Standing:
    """Take a proposal back before it is released."""
    charter = demand_charter(uow)
    of = demand_open(uow, charter, order.case)
    demand_actor(uow, charter, of)
    holder = of.submitted.subject or of.id
    reason = uow.seal(holder, "reason", order.reason.encode()) if order.reason else None
    uow.append(of.id, Withdrawn(reason=reason))
    close_duties(uow, of.id, "withdrawn")
    return standing(fold(uow, of.id))


def package(view: View, order: OfCase, taken: Standing) -> TakenAnswer:
    """What the sending system gets, read after the commit, when the proof exists."""
    charter = demand_charter(view)
    of = readable(view, charter, order.case)
    parts, label = handed_over(view, charter, of)
    return TakenAnswer(case=of.id, parts=parts, label=label, receipt=evidence.receipt(view, of))


def handed_over(view: View, charter: Charter, of: Case) -> tuple[tuple[Part, ...], LabelWords]:
    """The text and its label, or a `Problem`: erased, or of a workflow that is no more."""
    parts = tuple(Part(name=name, text=text) for name, text in parts_of(view, of.content))
    return parts, in_words(view, charter, of)


@operation("proposals.take", present=package)
def take(uow: UnitOfWork, order: OfCase) -> Standing:
    """Take a released text to send it: once, or again with the same idempotency key."""
    charter = demand_charter(uow)
    of = readable(uow, charter, order.case)
    if of.status in (Status.TAKEN, Status.DELIVERED):
        raise Refused(
            "taken-already",
            "This text was taken already; sending it twice would reach somebody twice.",
            "Repeat a lost answer with the same idempotency key.",
        )
    if of.status is not Status.RELEASED:
        raise Refused("not-released", f"This case is {of.status.value}, so nothing may be sent.")
    handed_over(uow, charter, of)  # What can't be handed over isn't taken.
    uow.append(of.id, Taken(content=of.content))
    return standing(fold(uow, of.id))


@operation("proposals.delivered")
def delivered(uow: UnitOfWork, order: OfCase) -> Standing:
    """Say that a taken text went out."""
    of = readable(uow, demand_charter(uow), order.case)
    if of.status is not Status.TAKEN:
        raise Refused("not-taken", f"This case is {of.status.value}; only a taken text can go out.")
    uow.append(of.id, Delivered(content=of.content))
    return standing(fold(uow, of.id))


@operation("proposals.expire", worker_only=True)
def expire(uow: UnitOfWork, order: Sweep) -> Swept:
    """Close every case nobody decided in time."""
    streams = queries.expired(uow)
    for stream in streams:
        uow.append(stream, Expired())
        close_duties(uow, stream, "expired")
    return Swept(cases=len(streams))


@operation("proposals.release_ready", worker_only=True)
def release_ready(uow: UnitOfWork, order: Sweep) -> Swept:
    """Release what is countersigned and was only kept back by a hold or a cooling-off."""
    charter = demand_charter(uow)
    cases = [decide_again(uow, charter, fold(uow, stream)) for stream in queries.ready(uow)]
    return Swept(cases=sum(release_if_ready(uow, charter, of) for of in cases if of.open))


@operation("subjects.erase", people_only=True)
def erase(uow: UnitOfWork, order: Erase) -> ErasedAnswer:
    """Delete everything known of a person written to; the log goes on verifying."""
    charter = demand_charter(uow)
    person = charter.person(uow.actor.id)
    if not set(person.roles) & set(charter.company.adopts):
        raise Refused("not-yours", "Only a role that adopts charters may erase.")
    subject = uow.find_subject(order.subject)
    if subject is None:
        raise NotFound("no-such-subject", "Nothing is known under that name.")
    cases = [fold(uow, stream) for stream in queries.of_subject(uow, subject)]
    _demand_free(uow, subject, {of.submitted.workflow for of in cases})
    waiting = [of for of in cases if of.open]
    for of in waiting:
        uow.append(of.id, Voided())
        close_duties(uow, of.id, "voided")
    items = uow.erase(subject)
    uow.append(GENESIS, Erased(items=items, cases=len(waiting)))
    return ErasedAnswer(items=items, cases=len(waiting))


def _demand_free(view: View, subject: str, workflows: set[str]) -> None:
    """No hold that says to keep it, nor one that would be forgotten with whom it protects."""
    forbids = on_subject(view, subject, workflows)
    if forbids:
        raise Refused(
            "legal-hold",
            "A legal hold says that this must be kept.",
            "A role that adopts charters can lift it on the holds page.",
        )
    if forbids is None:
        # Their next message comes under a new pseudonym, which no old hold knows.
        raise Refused(
            "hold-stands",
            "A hold on this person stands, and would stop nothing any more once they are forgotten.",
            "Lift it first; whom you must not write to again, the sending system has to know.",
        )
