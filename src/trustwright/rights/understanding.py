"""What does a table leave out, and which of its rules are idle? Exact; past the budget "not proven"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from trustwright.rights.model import ALONE_ONLY, Outcome, Rule, Value, text
from trustwright.rights.situations import Axis, Beyond, Situations, axes
from trustwright.rights.surface import BUDGET, Region, grid
from trustwright.rights.table import Table

MOST_GAPS = 12
GAPS = "gaps"

Together = Sequence[Mapping[str, Value]]
"""What can occur: a situation has all values of one of these. Empty: anything can."""


@dataclass(frozen=True)
class Gap:
    """Known values of which no rule speaks, and one situation among them (fact to value)."""

    region: Region
    witness: Mapping[str, str]

    @property
    def where(self) -> str:
        """The region in words."""
        told = [f"{fact}: {cell}" for fact, cell in self.region.items() if cell != "any"]
        return "; ".join(told) or "everywhere"

    @property
    def example(self) -> str:
        """The witness in words, as far as the region leaves it open."""
        cells = [(f, v) for f, v in self.witness.items() if self.region[f] not in ("any", v)]
        return "; ".join(f"{fact}: {value}" for fact, value in cells)


@dataclass(frozen=True)
class Dead:
    """A rule that decides nowhere, or (counted from 1) only one of its alternatives that doesn't.

    `by`: wherever it matches, one of these stricter rules overrules it, and none of them could be
    spared for that. Nothing in `by`: it can't match.
    """

    rule: str
    alternative: int | None
    by: tuple[str, ...]

    @property
    def sentence(self) -> str:
        which = f"Alternative {self.alternative} of the rule" if self.alternative else "The rule"
        why = f"{' or '.join(self.by)} always overrules it" if self.by else "nothing can match it"
        return f"{which} {self.rule} never decides: {why}."


@dataclass(frozen=True)
class Redundant:
    """A rule that decides, but never alone: wherever it matches, one of `by`, as strict, could too."""

    rule: str
    by: tuple[str, ...]

    @property
    def sentence(self) -> str:
        others = " or ".join(self.by)
        return f"The rule {self.rule} never decides alone: {others}, as strict, is always with it."


@dataclass(frozen=True)
class Understanding:
    """`gaps` are disjoint and, with `more` regions not shown, all there are.

    `unproven`: what was too much to settle, `GAPS` or ids of rules; nothing is said of those.
    """

    default: Outcome
    facts: tuple[str, ...]
    gaps: tuple[Gap, ...]
    more: int
    dead: tuple[Dead, ...]
    unproven: tuple[str, ...]
    redundant: tuple[Redundant, ...] = ()

    @property
    def conflicts(self) -> tuple[Dead, ...]:
        """Of the dead ones, those that a stricter rule overrules wherever they match."""
        return tuple(each for each in self.dead if each.by)

    def as_markdown(self) -> str:
        return "\n\n".join([*self._gaps(), *self._dead()])

    def _gaps(self) -> Iterator[str]:
        if GAPS in self.unproven:
            yield "**Not proven**: whether a rule speaks of every situation."
        elif not self.gaps:
            yield "Some rule speaks of every situation in which all facts are known."
        else:
            yield f"No rule speaks of these situations; the default, {self.default.value}, decides:"
            yield grid(self.facts, [gap.region for gap in self.gaps])
        if self.more:
            yield f"And {self.more} more of such rows."

    def _dead(self) -> Iterator[str]:
        unproven = [rule for rule in self.unproven if rule != GAPS]
        if self.dead:
            yield "\n".join(f"- {each.sentence}" for each in self.dead)
        elif not unproven:
            yield "Every rule decides somewhere."
        if self.redundant:
            yield "\n".join(f"- {each.sentence}" for each in self.redundant)
        if unproven:
            yield f"**Not proven**: whether these rules ever decide: {', '.join(unproven)}."


def understand(table: Table, together: Together = (), budget: int = BUDGET) -> Understanding:
    """Gaps and dead rules. `budget`: steps for the gaps, and again for all rules."""
    known = [Axis(axis.fact, axis.states[:-1]) for axis in axes(table)]
    gaps, more, missed = _gaps(table, known, together, budget)
    dead, redundant, open_ = _idle_rules(table, together, budget)
    facts = tuple(axis.fact for axis in known)
    return Understanding(table.default, facts, gaps, more, dead, (*missed, *open_), redundant)


def overdue(table: Table, today: date) -> tuple[Rule, ...]:
    """Rules that were to be reviewed before today."""
    return tuple(rule for rule in table.rules if rule.review_by < today)


def _gaps(
    table: Table, known: Sequence[Axis], together: Together, budget: int
) -> tuple[tuple[Gap, ...], int, tuple[str, ...]]:
    size, situations = len(table.rows), Situations(known, budget)
    levels = [
        [rows & table.possible | places << size for rows, places in level]
        for level in _levels(table, known, together)
    ]
    try:
        node = situations.standing(levels, _every(together) << size, table.possible)
        gaps = tuple(_gap(known, path) for path in islice(situations.paths(node), MOST_GAPS))
        return gaps, situations.count(node) - len(gaps), ()
    except Beyond:
        return (), 0, (GAPS,)


def _gap(known: Sequence[Axis], path: Iterable[tuple[int, ...]]) -> Gap:
    chosen = list(zip(known, path, strict=True))
    return Gap(
        {axis.fact: axis.text(states) for axis, states in chosen},
        {axis.fact: text(axis.states[states[0]].value) for axis, states in chosen},
    )


def _levels(table: Table, known: Sequence[Axis], together: Together) -> list[list[tuple[int, int]]]:
    """For each state of each axis: the rows it leaves standing, and what of `together`."""
    columns = {column.name: column for column in table.columns}
    return [
        [
            (columns[axis.fact].standing(state.value), _places(together, axis.fact, state.value))
            for state in axis.states
        ]
        for axis in known
    ]


def _places(together: Together, fact: str, value: Value | None) -> int:
    if not together:
        return 1
    return sum(1 << at for at, each in enumerate(together) if each.get(fact, value) == value)


def _every(together: Together) -> int:
    return (1 << (len(together) or 1)) - 1


def _idle_rules(
    table: Table, together: Together, budget: int
) -> tuple[tuple[Dead, ...], tuple[Redundant, ...], tuple[str, ...]]:
    search = _Search(table, together, budget)
    dead: list[Dead] = []
    redundant: list[Redundant] = []
    unproven: list[str] = []
    at = 0
    for rule in table.rules:
        rows, at = range(at, at + len(rule.when)), at + len(rule.when)
        try:
            found = _idle(rule, {n: search.overruled(row) for n, row in enumerate(rows, 1)})
            dead += found
            if not found and (by := search.accompanied(rule, rows)):
                redundant.append(Redundant(rule.id, by))
        except Beyond:
            unproven.append(rule.id)
    return tuple(dead), tuple(redundant), tuple(unproven)


def _idle(rule: Rule, found: Mapping[int, tuple[str, ...] | None]) -> list[Dead]:
    idle = {number: by for number, by in found.items() if by is not None}
    if len(idle) == len(rule.when):
        return [Dead(rule.id, None, tuple(dict.fromkeys(id for by in idle.values() for id in by)))]
    return [Dead(rule.id, number, by) for number, by in idle.items()]


Choices = Sequence[Iterable[int]]


class _Search:
    """Where does a row decide? Where it matches for certain and nothing stricter could.

    That is enough: where it merely could match, a known value that it admits frees it no less.
    """

    def __init__(self, table: Table, together: Together, budget: int) -> None:
        self.table = table
        self.axes = axes(table)
        self.levels = _levels(table, self.axes, together)
        self.rows = [(rule.id, 1 << at) for at, (rule, _) in enumerate(table.rows)]
        self.places = _every(together) << len(table.rows)
        self.situations = Situations(self.axes, budget)

    def overruled(self, row: int) -> tuple[str, ...] | None:
        """By which rules it always is; none if it can't match; None if it decides somewhere."""
        given = self.table.rows[row][0].outcome
        choices = list(self._choices(row))
        rivals = [rule.id for rule in self.table.rules if rule.outcome > given]
        if self._decides(choices, rivals):
            return None
        if not self._decides(choices, ()):
            return ()
        return tuple(self._needed([choices], rivals, ()))

    def accompanied(self, rule: Rule, rows: Sequence[int]) -> tuple[str, ...]:
        """By which rules as strict it always is, where nothing stricter decides; none if it isn't."""
        stricter = [other.id for other in self.table.rules if other.outcome > rule.outcome]
        equals = [r.id for r in self.table.rules if r.outcome is rule.outcome and r is not rule]
        each = [list(self._choices(row)) for row in rows]
        if any(self._decides(choices, [*stricter, *equals]) for choices in each):
            return ()
        return tuple(self._needed(each, equals, stricter))

    def _needed(
        self, each: Sequence[Choices], rivals: Sequence[str], others: Sequence[str]
    ) -> list[str]:
        """Of the rivals those without whom, beside the others, it would decide somewhere."""
        for rival in tuple(rivals):
            rest = [other for other in rivals if other != rival]
            if not any(self._decides(choices, [*others, *rest]) for choices in each):
                rivals = rest
        return list(rivals)

    def _decides(self, choices: Choices, rivals: Sequence[str]) -> bool:
        none = sum(bits for rule, bits in self.rows if rule in rivals)
        return self.situations.stands(choices, self.places, none)

    def _choices(self, row: int) -> Iterator[list[int]]:
        """The states in which the row matches for certain."""
        size = len(self.table.rows)
        automates = self.table.automating >> row & 1
        for axis, level in zip(self.axes, self.levels, strict=True):
            granted = ALONE_ONLY.get(axis.fact) if automates else None
            yield list(
                {
                    rows & self.table.possible | places << size
                    for state, (rows, places) in zip(axis.states, level, strict=True)
                    if rows >> (size + row) & 1 and (granted is None or state.value in granted)
                }
            )
