"""A hold stops releases in a scope until a person lets go. Facts and their fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trustwright.ledger.facts import Body, Fact, fact

Scope = Literal["all", "workflow", "subject"]


@fact("hold.raised")
class Raised(Body):
    """Nothing in scope is released. A `legal` hold also refuses erasure."""

    scope: Scope
    target: str
    legal: bool
    reason: str


@fact("hold.lifted")
class Lifted(Body):
    """A person let go, and said why."""

    reason: str


@dataclass(frozen=True)
class Hold:
    """A hold as it stands; `reason` is a commitment into the vault."""

    id: str
    scope: Scope
    target: str
    legal: bool
    reason: str
    by: str
    raised: datetime
    lifted: datetime | None


def hold(stream: str, facts: Sequence[Fact]) -> Hold:
    """What a hold's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Raised)
    b = first.body
    lifted = next((x.at for x in facts if isinstance(x.body, Lifted)), None)
    return Hold(stream, b.scope, b.target, b.legal, b.reason, first.actor, first.at, lifted)
