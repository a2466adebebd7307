"""Release is one atomic fact: these bytes may go out, and this is why.

It hashes the bytes from the vault again and demands what the decision asked for: countersignatures
that stand, over exactly these bytes, by enough different people who didn't edit, and no hold.
"""

from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from trustwright.charter.model import Charter
from trustwright.duties.absences import zone_of
from trustwright.duties.asked import roster
from trustwright.duties.calendar import wall
from trustwright.duties.queries import holds_on
from trustwright.duties.service import Owed, close_duties, open_duty, pass_on
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Refused
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals import labels
from trustwright.proposals.batch import BatchCountersigned
from trustwright.proposals.checking import details_of
from trustwright.proposals.model import Case, Countersigned, Released
from trustwright.proposals.orders import Promise
from trustwright.rights.model import Outcome

FIVE = 17 * 60  # minutes after midnight


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


def signed_now(uow: UnitOfWork, charter: Charter, of: Case) -> bool:
    """What follows a countersignature: release, else whoever is left owes it, or nobody."""
    if of.missing:
        pass_on(uow, of.id, of.signers | of.editors)
        return False
    if release_if_ready(uow, charter, of):
        return True
    close_duties(uow, of.id, "countersigned")  # It waits for time, or for a hold.
    return False


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
        _promised(uow, charter, of, promise)


def _promised(uow: UnitOfWork, charter: Charter, of: Case, promise: Promise) -> None:
    """Its owner keeps it until five in the afternoon where they work."""
    workflow, there = charter.workflow(of.submitted.workflow), roster(uow)
    zone = ZoneInfo(zone_of(charter, promise.owner))
    due = max(wall(promise.due, FIVE, zone), uow.now + timedelta(hours=1))
    path = [uow.pseudonym(Person(promise.owner)), *there.answering(workflow.id)]
    asked = there.asked(path, workflow.id) or path[-1:]
    away = "" if asked[0] == path[0] else path[0]
    owed = Owed("keep-promise", of.id, charter.company.due_hours.within(workflow.risk), due)
    open_duty(uow, there, owed, asked, away)
