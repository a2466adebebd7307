"""How a charter comes into force: facts and pure rules.

It is adopted by the roles named in the charter *in force*. With none in force the first enrolled
person adopts it alone as `bootstrap`; a second person's countersignature makes it `agreed`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from trustwright.charter.model import Charter
from trustwright.ledger.facts import Body, Fact, fact

Basis = Literal["bootstrap", "agreed", "demo"]


@fact("charter.proposed")
class Proposed(Body):
    """`text`: the charter itself; `content`: the parts people are shown and sign."""

    digest: str
    text: str
    content: str


@fact("charter.countersigned")
class Countersigned(Body):
    """A person's passkey signed exactly the parts shown."""

    digest: str
    content: str
    person: str
    credential: str
    statement: str
    client_data: str
    authenticator_data: str
    signature: str


@fact("charter.adopted")
class Adopted(Body):
    """From here on this charter decides."""

    digest: str
    text: str
    basis: Basis
    signatures: tuple[int, ...]


def adopted(facts: Sequence[Fact]) -> Adopted | None:
    """The last adoption."""
    found = [x.body for x in facts if isinstance(x.body, Adopted)]
    return found[-1] if found else None


def waiting(facts: Sequence[Fact]) -> Fact | None:
    """The newest proposed charter that isn't fully agreed yet."""
    proposals = [x for x in facts if isinstance(x.body, Proposed)]
    if not proposals or _settled(proposals[-1], facts):
        return None
    return proposals[-1]


def _settled(proposal: Fact, facts: Sequence[Fact]) -> bool:
    assert isinstance(proposal.body, Proposed)
    digest = proposal.body.digest
    return any(
        isinstance(x.body, Adopted) and x.body.digest == digest and x.body.basis != "bootstrap"
        for x in facts
        if x.index > proposal.index
    )


def signatures(proposal: Fact, facts: Sequence[Fact]) -> dict[str, int]:
    """Who signed a proposed charter: pseudonym to the leaf index of the first signature."""
    assert isinstance(proposal.body, Proposed)
    signed: dict[str, int] = {}
    for x in facts:
        match x.body:
            case Adopted(digest=digest) if digest != proposal.body.digest:
                # Given to replace another charter. Else one signature would bring an old one back.
                signed.clear()
            case Countersigned(digest=digest) if digest == proposal.body.digest:
                signed.setdefault(x.body.person, x.index)
    return signed


def basis_reached(
    before: Charter | None, basis: str, signed: Mapping[str, frozenset[str]]
) -> Basis | None:
    """On what basis a charter is adopted now; None while signatures are missing.

    `signed`: each signer's pseudonym and the roles they have in the charter in force.
    """
    if not signed:
        return None
    if before is None or basis in ("bootstrap", "demo"):
        return "agreed" if len(signed) > 1 else "bootstrap"
    covered = frozenset().union(*signed.values())
    return "agreed" if len(signed) > 1 and covered.issuperset(before.company.adopts) else None


def waits_for(before: Charter | None, basis: str, signed: Mapping[str, frozenset[str]]) -> str:
    """What is still missing, as a sentence; empty once agreed."""
    if before is None or basis in ("bootstrap", "demo"):
        return ("a first countersignature", "a second person's countersignature", "")[
            min(len(signed), 2)
        ]
    covered = frozenset().union(*signed.values()) if signed else frozenset()
    roles = [role for role in before.company.adopts if role not in covered]
    if roles:
        return "a countersignature from " + ", ".join(roles)
    return "" if len(signed) > 1 else "a second person's countersignature"
