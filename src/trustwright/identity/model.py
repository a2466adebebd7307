"""Whose key it is, who let them in, and when a key ended. Facts hold pseudonyms; names lie in the vault."""

import hashlib
from collections.abc import Iterable, Set
from dataclasses import dataclass

from trustwright.ledger.facts import Body, fact

REASONS = ("lost", "stolen", "left", "replaced")


@fact("identity.invited")
class Invited(Body):
    """`by` asked for `person` to be let in; `needs` people have to, as things stood then."""

    person: str
    by: str
    needs: int


@fact("identity.enrolled")
class Enrolled(Body):
    """A passkey became a person's. `synced`: it may be copied between their devices.

    `name` commits to JSON {"id", "name"}; `cose` is the public key; `sponsors` invited them.
    """

    person: str
    name: str
    credential: str
    cose: str
    synced: bool
    sponsors: tuple[str, ...]


@fact("identity.revoked")
class Revoked(Body):
    """A passkey counts for nothing from here on; what it signed before stands."""

    person: str
    credential: str
    reason: str


@fact("identity.key_issued")
class KeyIssued(Body):
    """An API key for one AI system; `digest` is the SHA-256 of its secret."""

    key: str
    system: str
    digest: str
    by: str


@fact("identity.key_revoked")
class KeyRevoked(Body):
    """An API key opens nothing from here on."""

    key: str
    by: str


@dataclass(frozen=True)
class Sponsorship:
    """How many others must ask for somebody, and who has (pseudonyms)."""

    needs: int
    sponsors: frozenset[str]

    @property
    def missing(self) -> int:
        return max(0, self.needs - len(self.sponsors))


def confirmations_needed(known: int) -> int:
    """How many others must ask for one more, of so many who ever had a passkey here and belong here.

    Never of those who have one now: else whoever may revoke passkeys revokes them all, and then lets
    in alone whom they like.
    """
    return min(2, known)


def sponsorship(
    person: str, history: Iterable[Body], known: Set[str], enrolled: Set[str]
) -> Sponsorship:
    """Who asked since the person's last key. Nobody asks for themselves, and a leaver doesn't count.

    `known`: everybody ever enrolled who belongs here; `enrolled`: those with a passkey now.
    """
    asked: set[str] = set()
    for body in history:
        match body:
            case Invited(by=by):
                asked.add(by)
            case Enrolled():
                asked.clear()
    needs = confirmations_needed(len(known - {person}))
    return Sponsorship(needs, frozenset(asked & (known & enrolled) - {person}))


def stream_of(person: str) -> str:
    """The stream of a person's facts, which is also the holder of their name in the vault."""
    return "person-" + person.removeprefix("p:")


def digest_of(secret: str) -> str:
    """How a secret of 256 random bits is kept: nothing slower is needed, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
