"""A duty: something a named owner owes by a moment. Facts and the pure fold of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from trustwright.ledger.facts import Body, Fact, fact

What = Literal["countersign", "stopped", "keep-promise", "answer-alarm"]


@fact("duty.opened")
class Opened(Body):
    """`owner` owes `what` about `case` by `due`; unanswered, it goes to the next in `then`.

    `grace` is working time; a reminder is recorded at `remind`. `instead_of` is who is away.
    """

    what: What
    case: str
    owner: str
    then: tuple[str, ...]
    due: datetime
    grace: timedelta
    remind: datetime | None = None
    instead_of: str | None = None


@fact("duty.reminded")
class Reminded(Body):
    """Its owner has little time left. A notice can follow."""


@fact("duty.escalated")
class Escalated(Body):
    """Nobody answered in time: the next person has it now. `then`: who comes after them."""

    to: str
    due: datetime
    remind: datetime | None = None
    then: tuple[str, ...] | None = None


@fact("duty.handed-on")
class HandedOn(Body):
    """The owner gave it to somebody else."""

    to: str
    due: datetime
    remind: datetime | None = None


@fact("duty.moved")
class Moved(Body):
    """It went to somebody else, for its owner is away, left the charter, or has signed already."""

    to: str
    due: datetime
    remind: datetime | None
    then: tuple[str, ...]
    because: Literal["away", "left", "signed"]


@fact("duty.closed")
class Closed(Body):
    """Done, or no longer owed."""

    how: str


@fact("duty.kept")
class Kept(Body):
    """Its owner kept a promise, and says what shows it (in the vault)."""

    proof: str


@fact("duty.broken")
class Broken(Body):
    """Its owner says that a promise isn't kept, and why (in the vault)."""

    reason: str


@dataclass(frozen=True)
class Duty:
    """A duty as it stands. `owner` and `then` are pseudonyms."""

    id: str
    what: What
    case: str
    owner: str
    then: tuple[str, ...]
    opened: datetime
    due: datetime
    grace: timedelta
    remind: datetime | None = None
    escalated: int = 0
    closed: datetime | None = None


def duty(stream: str, facts: Sequence[Fact]) -> Duty:
    """What a duty's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Opened)
    b = first.body
    now = Duty(stream, b.what, b.case, b.owner, b.then, first.at, b.due, b.grace, b.remind)
    for x in facts[1:]:
        match x.body:
            case Escalated(to=to, then=then):
                left = now.then[1:] if then is None else then
                now = _given(now, x.body, to, left)
                now = replace(now, escalated=now.escalated + 1)
            case HandedOn(to=to):
                now = _given(now, x.body, to, (now.owner, *now.then))
            case Moved(to=to, then=then):
                now = _given(now, x.body, to, then)
            case Reminded():
                now = replace(now, remind=None)
            case Closed() | Kept() | Broken():
                now = replace(now, closed=x.at)
    return now


def _given(now: Duty, by: Escalated | HandedOn | Moved, to: str, then: tuple[str, ...]) -> Duty:
    return replace(now, owner=to, due=by.due, remind=by.remind, then=then)
