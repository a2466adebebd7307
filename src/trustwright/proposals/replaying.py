"""What would a charter have decided of what is recorded? Nothing is checked anew, nothing written."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated

from pydantic import Field

from trustwright.charter import reading, service
from trustwright.charter.model import Charter
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import NotFound
from trustwright.kernel.operations import WHOLE, Answer, Order, operation
from trustwright.ledger.work import View
from trustwright.proposals import queries
from trustwright.proposals.model import Routed
from trustwright.rights import replay as rights
from trustwright.rights.model import Outcome, text

MOST_CASES = 50
OF_A_WORKFLOW = ("risk", "channel", "sensitive")


class Replay(Order):
    """The charter's files by name, else the charter proposed; over the `last` cases, else all."""

    files: dict[str, str] | None = None
    last: Annotated[int, Field(ge=1, le=1_000_000_000), WHOLE] | None = 1000


class Move(Answer):
    """So many decisions went from one outcome to another."""

    then: str
    now: str
    n: int


class Replayed(Answer):
    """Of `n` cases: how many would have gone out alone and did not, and the reverse, with up to 50
    of each that the asker may open; the others by how they moved.

    `skipped`: not among the `n`, for what AI isn't used for changed there, and facts don't tell it.
    """

    digest: str
    n: int
    unchanged: int
    skipped: int
    newly_alone: int
    no_longer_alone: int
    newly_alone_cases: tuple[str, ...]
    no_longer_alone_cases: tuple[str, ...]
    moves: tuple[Move, ...]


@operation("charter.replay", reads=True)
def replay(view: View, order: Replay) -> Replayed:
    """What a charter would have decided about each recorded case, at first and on the same facts."""
    service.demand_author(view)
    charter = _charter(view, order)
    seen = _Seen(view, charter)
    found = rights.replay(charter.table, seen.recorded(order.last))
    moved = sorted(found.moves.items())
    return Replayed(
        digest=charter.digest,
        n=found.n,
        unchanged=found.unchanged,
        skipped=seen.skipped,
        newly_alone=len(found.newly_alone),
        no_longer_alone=len(found.no_longer_alone),
        newly_alone_cases=seen.readable(found.newly_alone),
        no_longer_alone_cases=seen.readable(found.no_longer_alone),
        moves=tuple(
            Move(then=then.value, now=now.value, n=n) for (then, now), n in moved if then is not now
        ),
    )


def _charter(view: View, order: Replay) -> Charter:
    if order.files is not None:
        return reading.read(order.files)
    waiting = service.proposed(view)
    if waiting is None:
        raise NotFound(
            "no-proposed-charter",
            "No charter waits for signatures.",
            "Propose one with `trustwright charter adopt`.",
        )
    return waiting[1]


class _Seen:
    """The first decision about each case, as the charter's table would have met it."""

    def __init__(self, view: View, charter: Charter) -> None:
        self.view = view
        self.charter = charter
        self.skipped = 0
        self._workflows = {workflow.id: workflow for workflow in charter.workflows}
        self._of: dict[str, str] = {}
        self._same: dict[tuple[str, str, str], bool] = {}

    def recorded(self, last: int | None) -> Iterator[rights.Recorded]:
        """Newest first."""
        for case, routed in islice(queries.first_decisions(self.view), last):
            workflow = self._of[case] = routed.facts.get("workflow", "?")
            if not self._restrained_alike(routed, workflow):
                self.skipped += 1
                continue
            floor = Outcome.OWNER if routed.floors else Outcome.AUTOMATE
            facts = routed.facts | self._fixed(workflow)
            yield rights.Recorded(case, facts, Outcome(routed.outcome), floor)

    def _fixed(self, workflow: str) -> dict[str, str]:
        """What the charter itself says about a workflow, and no case does."""
        known = self._workflows.get(workflow)
        return {name: text(getattr(known, name)) for name in OF_A_WORKFLOW} if known else {}

    def _restrained_alike(self, routed: Routed, workflow: str) -> bool:
        at = (routed.charter, workflow, routed.facts.get("system", "?"))
        if at not in self._same:
            before = service.of_digest(self.view, routed.charter)
            asked = [_asked(charter, *at[1:]) for charter in (before, self.charter) if charter]
            self._same[at] = len(asked) == 2 and asked[0] == asked[1]
        return self._same[at]

    def readable(self, cases: tuple[str, ...]) -> tuple[str, ...]:
        """The first of those that the asker may open."""
        if isinstance(self.view.actor, Person):
            opened = _open_to(self.view.actor.id, service.in_force(self.view))
            cases = tuple(case for case in cases if self._of[case] in opened)
        return cases[:MOST_CASES]


def _open_to(person: str, charter: Charter | None) -> set[str]:
    """Workflows. One that the charter in force doesn't know any more opens to nobody here."""
    return {w.id for w in charter.workflows if charter.may_read(person, w.id)} if charter else set()


def _asked(charter: Charter, workflow: str, system: str) -> set[tuple[object, ...]]:
    """What the restraints there look for."""
    covering = [r for r in charter.restraints if r.covers(workflow, system)]
    known = charter.topics if any(r.topics for r in covering) else ()
    return {(r.topics, r.words) for r in covering} | {(known,)}
