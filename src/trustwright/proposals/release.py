"""Release is one atomic fact: these bytes may go out, and this is why.

It hashes the bytes from the vault again and demands what the decision asked for: countersignatures
that stand, over exactly these bytes, by enough different people who didn't edit, and no hold.
"""

from datetime import datetime, time, timedelta
from typing import Literal

from trustwright.charter.model import Charter
from trustwright.duties.queries import holds_on
from trustwright.duties.service import close_duties, open_duty
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Refused
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals import labels
from trustwright.proposals.batch import BatchCountersigned
from trustwright.proposals.checking import details_of
from trustwright.proposals.model import Case, Countersigned, Released
from trustwright.rights.model import Outcome


def obstacles(uow: UnitOfWork, of: Case) -> tuple[str, ...]:
    """Why a case can't be released now, as stable codes; empty if nothing stands in the way."""
    found = []
    if not of.open:
        found.append("closed")
    if of.submitted.expires <= uow.now:
        found.append("expired")
    if of.routed is None or of.outcome is Outcome.BLOCK:
        found.append("stopped")
    if of.routed and of.routed.content != of.content:
        found.append("not-routed")
    if holds_on(uow, of.submitted.workflow, of.submitted.subject):
        found.append("held")
    if of.cool and of.cool > uow.now:
        found.append("cooling-off")
    if of.outcome is not Outcome.AUTOMATE:
        found += _unsigned(of)
    return tuple(found)


def _unsigned(of: Case) -> list[str]:
    found = ["countersignature-missing"] if of.missing or not of.signatures else []
    bodies = [x.body for x in of.signatures if isinstance(x.body, Countersigned)]
    if any(body.content != of.content for body in bodies):
        found.append("content-differs")
    if of.signers & of.editors:
        found.append("editor-signed")
    if of.outcome is Outcome.TWO_PERSON and len(of.signers) < 2:
        found.append("second-person-missing")
    return found


def _basis(of: Case) -> Literal["automate", "seen", "batch"]:
    if any(isinstance(x.body, BatchCountersigned) for x in of.signatures):
        return "batch"
    return "seen" if of.signatures else "automate"


def release_if_ready(uow: UnitOfWork, charter: Charter, of: Case) -> bool:
    """Release it unless something stands in the way; what does is asked again later."""
    if obstacles(uow, of):
        return False
    release(uow, charter, of)
    return True


def release(uow: UnitOfWork, charter: Charter, of: Case) -> None:
    """Let it out, or `Refused` with what stands in the way."""
    stops = obstacles(uow, of)
    if stops or of.routed is None:
        raise Refused("not-releasable", "The case can't be released: " + ", ".join(stops) + ".")
    if uow.open(of.content) is None:  # opening hashes the bytes against the commitment
        raise Refused("erased", "The content was erased.")
    uow.append(
        of.id,
        Released(
            content=of.content,
            charter=charter.digest,
            outcome=of.routed.outcome,
            basis=_basis(of),
            signatures=tuple(x.index for x in of.signatures),
            label=labels.label(of.routed.label, edited=bool(of.editors)),
            rules=of.routed.rules,
        ),
    )
    close_duties(uow, of.id, "released")
    for promise in details_of(uow, of).promises:
        due = datetime.combine(promise.due, time(17), uow.now.tzinfo)
        left = max(due - uow.now, timedelta(hours=1))
        people = [promise.owner, *(p.id for p in charter.answering(of.submitted.workflow))]
        owners = [uow.pseudonym(Person(id)) for id in people]
        open_duty(uow, "keep-promise", of.id, owners, left)
