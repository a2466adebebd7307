"""A person's signature over exactly what they were shown: the statement, and its verification.

The passkey signs SHA-256 over a prefix and the statement's bytes, so it signs every field of it.
Those bytes are kept as they were prepared and never encoded anew.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trustwright.identity import answers, passkeys, queries
from trustwright.kernel.actors import Person
from trustwright.kernel.canonical import b64u, canonical, from_b64u, sha256
from trustwright.kernel.errors import Refused
from trustwright.kernel.ids import new_id
from trustwright.ledger.facts import moment, stamp
from trustwright.ledger.work import UnitOfWork, View

PREFIX = b"trustwright/approval/v1\0"
REMEMBERED = timedelta(hours=12)  # For so long one that has run out is told from one unknown.


def _unset(value: object) -> bool:
    return value is None


class Terms(BaseModel):
    """What is to be signed: in which role, over which content, decided by which rules.

    On the basis `batch`, `content` is the root over `size` cases, of which `opened` were read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    case: str
    decision: Literal["release", "adopt"]
    role: str
    content: str
    media_type: str
    channel: str
    audience: None = None
    charter: str
    rules: tuple[str, ...]
    label: str
    basis: Literal["seen", "batch"] = "seen"
    size: int | None = Field(None, exclude_if=_unset)
    opened: int | None = Field(None, exclude_if=_unset)


class Statement(Terms):
    """The terms, by whom and with which key, in which log, and for how long (`iat` to `exp`)."""

    type: Literal["trustwright.approval.v1"] = "trustwright.approval.v1"
    id: str
    approver: str
    credential: str
    log: str
    rp_id: str
    iat: str
    exp: str
    nonce: str

    def as_bytes(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


@dataclass(frozen=True)
class Prepared:
    """A statement to show, its exact bytes, and the options (JSON) for `navigator.credentials.get`."""

    statement: Statement
    statement_bytes: bytes
    options: str


@dataclass(frozen=True)
class Signed:
    """A verified countersignature, raw; `enrolment` is the leaf index of the key's enrolment."""

    statement: Statement
    statement_bytes: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    cose: bytes
    enrolment: int

    def raw(self) -> dict[str, str]:
        """As a countersigned fact keeps it: whatever a verifier needs, byte for byte."""
        return {
            "person": self.statement.approver,
            "credential": self.statement.credential,
            "statement": b64u(self.statement_bytes),
            "client_data": b64u(self.client_data),
            "authenticator_data": b64u(self.authenticator_data),
            "signature": b64u(self.signature),
        }


def challenge(statement: bytes) -> bytes:
    """What the passkey is asked to sign for a statement."""
    return sha256(PREFIX + statement)


def prepare(
    uow: UnitOfWork, person: Person, terms: Terms, credential: str = "", minutes: int = 15
) -> Prepared:
    """A statement for one of the person's passkeys: the one named, else their latest."""
    approver = uow.pseudonym(person)
    keys = [key.credential for key in queries.credentials_of(uow, approver)]
    chosen = credential or next(reversed(keys), "")
    if chosen not in keys:
        raise Refused(
            "no-passkey",
            "There is no such passkey of yours to countersign with.",
            "Sign in again, or ask a colleague for an enrolment link.",
        )
    exp = uow.now + timedelta(minutes=minutes)
    statement = Statement(
        **terms.model_dump(),
        id=new_id("statement"),
        approver=approver,
        credential=chosen,
        log=uow.genesis.origin,
        rp_id=uow.genesis.rp_id,
        iat=stamp(uow.now),
        exp=stamp(exp),
        nonce=b64u(secrets.token_bytes(16)),
    )
    exact = statement.as_bytes()
    uow.remember("statement", statement.id, exact.decode(), exp + REMEMBERED)
    return Prepared(statement, exact, passkeys.request(uow, challenge(exact), chosen))


def verify(uow: UnitOfWork, statement_id: str, answer: dict[str, Any]) -> Signed:
    """The countersignature, if it holds in every respect; the statement is used up by it.

    Used up or unknown is `NotFound`; whatever doesn't hold is `Refused` by its own code, and the
    statement stays for another try until it expires.
    """
    exact = uow.consume("statement", statement_id).encode()
    statement = Statement.model_validate_json(exact)
    _demand_valid(uow, statement)
    given = answers.assertion(answer)
    if given.id != statement.credential:
        raise Refused(
            "other-passkey",
            "The statement was made for another of your passkeys.",
            "Use that one, or choose the other before you sign.",
        )
    key = passkeys.demand_signed(uow, given, challenge(exact))
    if key.person != statement.approver:
        raise Refused("other-person", "This passkey belongs to somebody else.")
    raw = (given.response.client_data_json, given.response.authenticator_data)
    return Signed(
        statement, exact, *raw, given.response.signature, from_b64u(key.cose), key.enrolment
    )


def _demand_valid(view: View, statement: Statement) -> None:
    if view.now >= moment(statement.exp):
        raise Refused(
            "statement-expired",
            "The time to sign this statement has run out.",
            "Load the page again and read it once more.",
        )
    here = (view.genesis.origin, view.genesis.rp_id)
    if (statement.log, statement.rp_id) != here:
        raise Refused(
            "wrong-log", "The statement was made for another log.", "Load the page again."
        )
    if not (isinstance(view.actor, Person) and view.me == statement.approver):
        raise Refused(
            "signer-not-actor",
            "The statement was made for somebody else than the person who acts.",
            "Sign in as the person who is to countersign.",
        )
