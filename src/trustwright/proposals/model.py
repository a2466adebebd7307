"""A proposal's facts, and the case: everything they add up to. Status is computed, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from trustwright.ledger.facts import Body, Fact, fact
from trustwright.rights.model import Outcome

# As checks call a claim whose evidence has run out.
EVIDENCE_EXPIRED = "evidence-expired"
Slots = tuple[tuple[str, ...], ...]


@fact("proposal.submitted")
class Submitted(Body):
    """An AI system asks to put content into the world. Everything that is text is a commitment."""

    system: str
    workflow: str
    channel: str
    content: str
    media: str
    sources: tuple[str, ...]
    details: str
    subject: str | None
    confidence: str | None
    expires: datetime


class Found(Body):
    """A finding without its words: which check, how grave, where (code points in a part; `?` for a part
    that isn't named by a slug)."""

    check: str
    code: str
    severity: str
    part: str
    start: int
    end: int


@fact("proposal.routed")
class Routed(Body):
    """What was decided, on which facts, by which rules of which charter, after which checks.

    `restraints`: those that apply, or may."""

    content: str
    facts: dict[str, str]
    outcome: str
    rules: tuple[str, ...]
    floors: tuple[str, ...]
    restraints: tuple[str, ...] = ()
    signers: Slots
    label: str
    cooling_off: int
    checks: dict[str, str]
    findings: tuple[Found, ...]
    findings_count: int
    complete: bool
    charter: str
    report: str


@fact("proposal.edited")
class Edited(Body):
    """A person changed the text. They never countersign it."""

    content: str
    before: str
    note: str | None


@fact("proposal.countersigned")
class Countersigned(Body):
    """A person's passkey signed exactly this content. Kept raw, so that anybody can check it."""

    content: str
    role: str
    person: str
    credential: str
    statement: str
    client_data: str
    authenticator_data: str
    signature: str


@fact("proposal.countersignature-withdrawn")
class CountersignatureWithdrawn(Body):
    """Who gave it took it back before release; `signature` is its leaf index."""

    signature: int


class Label(Body):
    """The disclosure: its code in the charter, and IPTC's digital source type."""

    code: str
    digital_source_type: str


@fact("proposal.released")
class Released(Body):
    """These bytes may go out. One atomic fact; it names the countersignatures it rests on."""

    content: str
    charter: str
    outcome: str
    basis: Literal["automate", "seen", "batch"]
    signatures: tuple[int, ...]
    label: Label
    rules: tuple[str, ...]


@fact("proposal.refused")
class RefusedByPerson(Body):
    """A person said no: `why` by the short list, in their words in the vault."""

    content: str
    reason: str
    why: str = "other"


@fact("proposal.handed-on")
class HandedOn(Body):
    """A person gave the case to another, with a question."""

    to: str
    question: str


@fact("proposal.withdrawn")
class Withdrawn(Body):
    """Its AI system, or a person, took it back before release."""

    reason: str | None


@fact("proposal.expired")
class Expired(Body):
    """Nobody decided in time."""


@fact("proposal.voided")
class Voided(Body):
    """What it was about was erased."""


@fact("proposal.outdated")
class Outdated(Body):
    """Evidence it rests on ran out after it had been released. It stays released."""

    findings: tuple[Found, ...]


@fact("proposal.taken")
class Taken(Body):
    """The sending system has the bytes, the label and the receipt."""

    content: str


@fact("proposal.delivered")
class Delivered(Body):
    """The sending system says it went out."""

    content: str


class Status(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"
    STOPPED = "stopped"
    SIGNED = "signed"
    RELEASED = "released"
    TAKEN = "taken"
    DELIVERED = "delivered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOIDED = "voided"


CLOSED: dict[type[Body], Status] = {
    RefusedByPerson: Status.REFUSED,
    Withdrawn: Status.WITHDRAWN,
    Expired: Status.EXPIRED,
    Voided: Status.VOIDED,
    Taken: Status.TAKEN,
    Delivered: Status.DELIVERED,
    Released: Status.RELEASED,
}
OPEN = frozenset({Status.WAITING, Status.STOPPED, Status.SIGNED})


@dataclass
class Case:
    """A proposal with all that was recorded about it."""

    id: str
    submitted: Submitted
    submitted_at: datetime
    facts: list[Fact]
    content: str
    routed: Routed | None = None
    routed_on: datetime | None = None
    editors: set[str] = field(default_factory=set)
    handed_to: list[str] = field(default_factory=list)
    signatures: list[Fact] = field(default_factory=list)
    voided: list[Fact] = field(default_factory=list)
    released: Released | None = None
    released_at: int = -1
    closed: Status | None = None

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.routed.outcome) if self.routed else Outcome.BLOCK

    @property
    def status(self) -> Status:
        if self.closed:
            return self.closed
        if self.outcome is Outcome.BLOCK:
            return Status.STOPPED
        return Status.WAITING if self.missing else Status.SIGNED

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def missing(self) -> Slots:
        """The signers' slots nobody has filled yet."""
        slots = list(self.routed.signers if self.routed else ())
        for signature in self.signatures:
            slot = next((s for s in slots if role_of(signature) in s), None)
            if slot is not None:
                slots.remove(slot)
        return tuple(slots)

    @property
    def cool(self) -> datetime | None:
        """From when on it may be released, counted from the last signature, else the decision."""
        since = self.signatures[-1].at if self.signatures else self.routed_on
        return since + timedelta(seconds=self.routed.cooling_off) if since and self.routed else None

    @property
    def signers(self) -> set[str]:
        """Pseudonyms of those whose countersignature stands."""
        return {x.body.person for x in self.signatures if isinstance(x.body, Countersigned)}


def role_of(signature: Fact) -> str:
    """The role somebody countersigned in."""
    assert isinstance(signature.body, Countersigned)
    return signature.body.role


def case(stream: str, facts: Sequence[Fact]) -> Case:
    """The case a stream's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Submitted)
    now = Case(stream, first.body, first.at, list(facts), first.body.content)
    for x in facts[1:]:
        _apply(now, x)
    return now


def _apply(now: Case, x: Fact) -> None:
    match x.body:
        case Routed():
            if now.routed and not _answered(x.body, now.routed):
                _void(now)
            now.routed, now.routed_on = x.body, x.at
        case Edited():
            _void(now)
            now.content = x.body.content
            now.editors.add(x.actor)
        case Countersigned():
            now.signatures.append(x)
        case CountersignatureWithdrawn(signature=taken):
            now.voided += [s for s in now.signatures if s.index == taken]
            now.signatures = [s for s in now.signatures if s.index != taken]
        case HandedOn():
            now.handed_to.append(x.body.to)
        case _ if status := CLOSED.get(type(x.body)):
            now.closed = status
            if isinstance(x.body, Released):
                now.released, now.released_at = x.body, x.index


def ran_out(routed: Routed) -> set[tuple[str, str, int, int]]:
    """Where claims stand whose evidence had run out."""
    return {
        (x.check, x.part, x.start, x.end) for x in routed.findings if x.code == EVIDENCE_EXPIRED
    }


def _void(now: Case) -> None:
    now.voided += now.signatures
    now.signatures = []


def _answered(new: Routed, old: Routed) -> bool:
    """Whether signatures given under the old decision answer the new one: no stricter, the same
    label, which they signed too, still asking for a signature at all, and no claim that lost its proof
    since: whoever signed saw it proved."""
    if ran_out(new) - ran_out(old):
        return False
    if Outcome(new.outcome) > Outcome(old.outcome) or new.label != old.label or not new.signers:
        return False
    return all(new.signers.count(slot) <= old.signers.count(slot) for slot in new.signers)
