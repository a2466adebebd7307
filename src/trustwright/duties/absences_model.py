"""An absence: somebody is away until a moment, or gives one workflow to another. Facts and their fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustwright.ledger.facts import Body, Fact, fact


@fact("absence.stated")
class Stated(Body):
    """`person` answers for nothing, or not for one workflow, in the meantime; `to` does, if named.

    Why is deliberately not said. `to`: else whoever the charter has for it.
    """

    person: str
    since: datetime
    until: datetime
    to: str | None
    workflow: str | None


@fact("absence.ended")
class Ended(Body):
    """It was over, or called off, earlier than stated."""


@dataclass(frozen=True)
class Absence:
    """An absence as it stands; people are pseudonyms. `by`: who stated it, and when."""

    id: str
    person: str
    since: datetime
    until: datetime
    to: str | None
    workflow: str | None
    by: str
    stated: datetime

    def covers(self, workflow: str, now: datetime) -> bool:
        return self.since <= now < self.until and self.workflow in (None, workflow)


def absence(stream: str, facts: Sequence[Fact]) -> Absence:
    """What an absence's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Stated)
    b = first.body
    ended = [x.at for x in facts if isinstance(x.body, Ended)]
    until = min([b.until, *ended])
    return Absence(stream, b.person, b.since, until, b.to, b.workflow, first.actor, first.at)
