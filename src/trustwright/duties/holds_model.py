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


@fact("hold.raised-by-alarm")
class RaisedByAlarm(Body):
    """Nothing of a workflow is released: the data it reads moved. `source` is the alarm's id."""

    workflow: str
    source: str
    reason: str


@fact("hold.lifted")
class Lifted(Body):
    """A person let go, and said why."""

    reason: str


@dataclass(frozen=True)
class Hold:
    """A hold as it stands; `reason` is a commitment into the vault, `source` the alarm that raised it."""

    id: str
    scope: Scope
    target: str
    legal: bool
    reason: str
    by: str
    raised: datetime
    lifted: datetime | None
    source: str | None = None


def hold(stream: str, facts: Sequence[Fact]) -> Hold:
    """What a hold's facts add up to."""
    first, b = facts[0], facts[0].body
    lifted = next((x.at for x in facts if isinstance(x.body, Lifted)), None)
    if isinstance(b, RaisedByAlarm):
        said = (b.workflow, False, b.reason, first.actor, first.at, lifted, b.source)
        return Hold(stream, "workflow", *said)
    assert isinstance(b, Raised)
    return Hold(stream, b.scope, b.target, b.legal, b.reason, first.actor, first.at, lifted)
