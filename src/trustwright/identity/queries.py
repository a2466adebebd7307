"""The read model of passkeys. Nothing personal in it: pseudonyms, public keys, commitments."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Integer, Table, select

from trustwright.identity.model import Enrolled, Revoked, stream_of
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import NotFound, Refused
from trustwright.ledger.facts import Fact, stamp
from trustwright.ledger.store import Projection, Row, Text, metadata
from trustwright.ledger.work import View

credentials = Table(
    "credentials",
    metadata,
    Column("credential", Text, primary_key=True),
    Column("stream", Text, nullable=False, index=True),
    Column("person", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cose", Text, nullable=False),
    Column("synced", Boolean, nullable=False),
    Column("enrolment", Integer, nullable=False),
    Column("enrolled_at", Text, nullable=False),
    Column("revoked_at", Text),
)


@dataclass(frozen=True)
class Credential:
    """A passkey: whose (pseudonym), its COSE key (base64url), the leaf index of its enrolment."""

    credential: str
    person: str
    name: str
    cose: str
    synced: bool
    enrolment: int
    enrolled_at: str
    revoked_at: str | None = None


@dataclass(frozen=True)
class Name:
    """Who a pseudonym stands for, as of enrolment."""

    id: str
    name: str


def _rows(stream: str, facts: Sequence[Fact]) -> list[Row]:
    rows: dict[str, Row] = {}
    for fact in facts:
        at = stamp(fact.at)
        match fact.body:
            case Enrolled() as e:
                values = (e.credential, e.person, e.name, e.cose, e.synced, fact.index, at)
                rows[e.credential] = {"stream": stream, **asdict(Credential(*values))}
            case Revoked(credential=ended):
                rows[ended]["revoked_at"] = at
    return list(rows.values())


PROJECTIONS = (Projection(credentials, "identity.", _rows),)


def _found(view: View, *where: Any) -> list[Credential]:
    columns = [credentials.c[field.name] for field in fields(Credential)]
    query = select(*columns).where(*where).order_by(credentials.c.enrolment)
    return [Credential(*row) for row in view.rows(query)]


def credential(view: View, id: str) -> Credential | None:
    """The passkey with this credential id, revoked or not."""
    return next(iter(_found(view, credentials.c.credential == id)), None)


def demand_known(view: View, id: str) -> Credential:
    """A passkey enrolled here, revoked or not."""
    if found := credential(view, id):
        return found
    raise NotFound(
        "credential-unknown",
        "This passkey isn't enrolled here.",
        "Choose another, or ask a colleague for an enrolment link.",
    )


def demand_live(view: View, id: str) -> Credential:
    """A passkey that counts now."""
    found = demand_known(view, id)
    if found.revoked_at:
        raise Refused(
            "credential-revoked",
            "This passkey was revoked.",
            "Choose another, or ask a colleague for an enrolment link.",
        )
    return found


def credentials_of(view: View, person: str) -> list[Credential]:
    """A person's passkeys that count now, the latest last."""
    c = credentials.c
    return _found(view, c.stream == stream_of(person), c.revoked_at.is_(None))


def enrolled_people(view: View) -> frozenset[str]:
    """Pseudonyms of everybody with a passkey that counts now."""
    return frozenset(key.person for key in _found(view, credentials.c.revoked_at.is_(None)))


def ever_enrolled(view: View) -> frozenset[str]:
    """Pseudonyms of everybody who has or had a passkey."""
    return frozenset(key.person for key in _found(view))


def name_of(view: View, person: str) -> Name | None:
    """Who a pseudonym stands for; None for somebody never enrolled, or erased."""
    keys = _found(view, credentials.c.stream == stream_of(person))
    opened = view.open(keys[-1].name) if keys else None
    return Name(**orjson.loads(opened.value)) if opened else None


def person_of(view: View, person: str) -> Person | None:
    """The person a pseudonym stands for; None for somebody never enrolled, or erased."""
    name = name_of(view, person)
    return Person(name.id) if name else None
