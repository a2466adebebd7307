"""The table, compiled: which rows does each value of a fact leave standing?

A row is one alternative of one rule; rows are bits of a mask. Bit i: row i could match. Bit
size + i: row i matches for certain. Bit 2 * size: the default.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from types import NoneType

from trustwright.rights.model import Alternative, Cell, Fact, Number, Outcome, Rule, Value


@dataclass(frozen=True)
class Column:
    """One fact and the rows left standing by each known value, and by `?`.

    A number is known by its position among the cuts, the numbers its cells name. Values of
    exactly the type `direct` are looked up as they are.
    """

    name: str
    fact: Fact
    direct: type
    cuts: tuple[float, ...]
    known: dict[object, int]
    unknown: int

    def standing(self, value: object) -> int:
        typed = self.fact.typed(value)
        if typed.__class__ is float:
            typed = position(self.cuts, typed)
        return self.known.get(typed, self.unknown)


@dataclass(frozen=True)
class Table:
    """Facts, rules, and the outcome where no rule matches for certain."""

    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    default: Outcome

    @cached_property
    def rows(self) -> tuple[tuple[Rule, Alternative], ...]:
        return tuple((rule, alternative) for rule in self.rules for alternative in rule.when)

    @cached_property
    def rows_of(self) -> tuple[tuple[Rule, int], ...]:
        """Each rule with its rows as they could match, by id."""
        by_id = sorted(self.rules, key=lambda rule: rule.id)
        return tuple((rule, _bits(each is rule for each, _ in self.rows)) for rule in by_id)

    @cached_property
    def possible(self) -> int:
        return (1 << len(self.rows)) - 1

    @cached_property
    def certain(self) -> int:
        return self.possible << len(self.rows)

    @cached_property
    def every(self) -> int:
        return self.possible | self.certain

    @cached_property
    def default_bit(self) -> int:
        return self.every + 1

    @cached_property
    def automating(self) -> int:
        return _bits(rule.outcome is Outcome.AUTOMATE for rule, _ in self.rows)

    @cached_property
    def stricter(self) -> tuple[tuple[Outcome, int], ...]:
        """Strictest first: each outcome that restricts, with its bits, the default's among them."""
        outcomes = [rule.outcome for rule, _ in self.rows]
        by_bit = [*outcomes, *[None] * len(outcomes), self.default]
        restricting = [each for each in reversed(Outcome) if each > Outcome.AUTOMATE]
        return tuple((each, _bits(each is given for given in by_bit)) for each in restricting)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self._column(fact) for fact in self.facts)

    def _column(self, fact: Fact) -> Column:
        cells = [alternative.get(fact.name) for _, alternative in self.rows]
        cuts: tuple[float, ...] = ()
        values: Iterable[Value]
        if isinstance(fact, Number):
            cuts = tuple(sorted({float(to) for cell in cells if cell for _, to in cell.tests}))
            cells = [cell and _over_positions(cell, cuts) for cell in cells]
            values = range(2 * len(cuts) + 1)
        else:
            values = fact.values
        could_and_certain = 1 | 1 << len(self.rows)
        return Column(
            fact.name,
            fact,
            NoneType if isinstance(fact, Number) else fact.kind,
            cuts,
            {value: could_and_certain * _admitting(cells, value) for value in values},
            self.possible | _admitting(cells, None) << len(self.rows),
        )


def position(cuts: tuple[float, ...], number: float) -> int:
    """Odd on a cut, even between two: comparing with a cut is comparing positions."""
    return bisect_left(cuts, number) + bisect_right(cuts, number)


def _over_positions(cell: Cell, cuts: tuple[float, ...]) -> Cell:
    tests = tuple((sign, position(cuts, float(to))) for sign, to in cell.tests)
    return Cell(tests, cell.unknown)


def _admitting(cells: Iterable[Cell | None], value: Value | None) -> int:
    """A row that says nothing of a fact matches it for certain, known or not."""
    return _bits(cell is None or cell.admits(value) for cell in cells)


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << at for at, flag in enumerate(flags) if flag)
