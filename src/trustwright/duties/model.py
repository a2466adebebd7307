"""A duty: something a named owner owes by a moment. Facts and the pure fold of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from trustwright.ledger.facts import Body, Fact, fact

What = Literal["countersign", "stopped", "keep-promise"]


@fact("duty.opened")
class Opened(Body):
    """`owner` owes `what` about `case` by `due`; unanswered, it goes to the next in `then`."""

    what: What
    case: str
    owner: str
    then: tuple[str, ...]
    due: datetime
    grace: timedelta


@fact("duty.escalated")
class Escalated(Body):
    """Nobody answered in time: the next person has it now."""

    to: str
    due: datetime


@fact("duty.handed-on")
class HandedOn(Body):
    """The owner gave it to somebody else."""

    to: str
    due: datetime


@fact("duty.closed")
class Closed(Body):
    """Done, or no longer owed."""

    how: str


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
    escalated: int = 0
    closed: datetime | None = None


def duty(stream: str, facts: Sequence[Fact]) -> Duty:
    """What a duty's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Opened)
    b = first.body
    now = Duty(stream, b.what, b.case, b.owner, b.then, first.at, b.due, b.grace)
    for x in facts[1:]:
        match x.body:
            case Escalated(to=to, due=due):
                now = replace(
                    now, owner=to, due=due, then=now.then[1:], escalated=now.escalated + 1
                )
            case HandedOn(to=to, due=due):
                now = replace(now, owner=to, due=due, then=(now.owner, *now.then))
            case Closed():
                now = replace(now, closed=x.at)
    return now
