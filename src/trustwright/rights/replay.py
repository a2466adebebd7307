"""What would a table have decided? Recorded decisions, decided once more on the facts as recorded."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trustwright.rights.decide import outcome
from trustwright.rights.model import Outcome, parsed
from trustwright.rights.table import Table


@dataclass(frozen=True)
class Recorded:
    """A decision as it was recorded, facts as `model.text` tells them.

    `floor`: the least that was possible whatever a table says, and would be again.
    """

    case: str
    facts: Mapping[str, str]
    outcome: Outcome
    floor: Outcome = Outcome.AUTOMATE


@dataclass(frozen=True)
class Replay:
    """Cases in the order they came. `moves`: how many decisions went from which outcome to which,
    those that stay included."""

    newly_alone: tuple[str, ...]
    no_longer_alone: tuple[str, ...]
    moves: Mapping[tuple[Outcome, Outcome], int]

    @property
    def n(self) -> int:
        return sum(self.moves.values())

    @property
    def unchanged(self) -> int:
        return sum(n for (then, now), n in self.moves.items() if then is now)


def replay(table: Table, recorded: Iterable[Recorded]) -> Replay:
    """A fact that wasn't recorded, or is recorded as what the table doesn't know, is `?`."""
    alone: dict[bool, list[str]] = {True: [], False: []}
    moves: Counter[tuple[Outcome, Outcome]] = Counter()
    for each in recorded:
        facts = {fact.name: parsed(fact, each.facts.get(fact.name, "?")) for fact in table.facts}
        now = max(outcome(table, facts), each.floor)
        moves[each.outcome, now] += 1
        if Outcome.AUTOMATE in (each.outcome, now) and each.outcome is not now:
            alone[now is Outcome.AUTOMATE].append(each.case)
    return Replay(tuple(alone[True]), tuple(alone[False]), moves)
