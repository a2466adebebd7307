"""Which situations are there, and in which does AI act alone? Exact sets: equal ones are one number.

A situation takes one state on every axis. An axis is a fact: its values and `?`, where a number's
values are the cuts that any cell names and the open intervals between them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain, groupby, pairwise
from operator import and_

from trustwright.rights.model import ALONE_ONLY, Choice, Number, Value, text
from trustwright.rights.table import Table

States = tuple[int, ...]
Path = tuple[States, ...]
EMPTY, FULL = 0, 1


class Beyond(Exception):
    """More situations to tell apart than the budget allows."""


@dataclass(frozen=True)
class State:
    """A value, which stands for all between low and high where it is a number's."""

    value: Value | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Axis:
    """The states of one fact: named values, then numbers upwards, then `?`."""

    fact: str
    states: tuple[State, ...]

    def rows(self, table: Table) -> list[int]:
        """What each state leaves standing: all if the table has no such fact, nothing if no table can grant it."""
        column = next((each for each in table.columns if each.fact.name == self.fact), None)
        values = [state.value for state in self.states]
        left = [column.standing(value) if column else table.every for value in values]
        granted = ALONE_ONLY.get(self.fact, values)
        return [rows if value in granted else 0 for value, rows in zip(values, left, strict=True)]

    def text(self, chosen: States) -> str:
        """As a cell would say it: `any`, `low, medium`, `>= 0.6 < 0.8, ?`, `any number`."""
        if len(chosen) == len(self.states):
            return "any"
        numbers = [at for at in chosen if self.states[at].low is not None]
        named = [text(self.states[at].value) for at in chosen if at not in numbers]
        runs = groupby(enumerate(numbers), key=lambda each: each[1] - each[0])
        spans = [self._span([at for _, at in run]) for _, run in runs]
        return ", ".join([*spans, *named])

    def _span(self, run: list[int]) -> str:
        first, last = self.states[run[0]], self.states[run[-1]]
        if first is last and first.low == first.high:
            return text(first.low)
        numbers = [state for state in self.states if state.low is not None]
        lower = f"{'>=' if first.low == first.high else '>'} {text(first.low)}"
        upper = f"{'<=' if last.low == last.high else '<'} {text(last.high)}"
        told = [lower] * (first is not numbers[0]) + [upper] * (last is not numbers[-1])
        return " ".join(told) or "any number"


def axes(*tables: Table) -> tuple[Axis, ...]:
    """Every fact of the tables, cut so finely that none of them tells two values of a state apart."""
    names = dict.fromkeys(fact.name for table in tables for fact in table.facts)
    return tuple(Axis(name, _states(name, tables)) for name in names)


def _states(name: str, tables: Sequence[Table]) -> tuple[State, ...]:
    columns = [each for table in tables for each in table.columns if each.fact.name == name]
    named: dict[Value, None] = {}
    cuts: set[float] = set()
    for column in columns:
        match column.fact:
            case Choice(values=values):
                named |= dict.fromkeys(values)
            case Number(low=low, high=high):
                cuts |= {low, high, *column.cuts}
    return (*map(State, named), *_intervals(sorted(cuts)), State(None))


def _intervals(cuts: list[float]) -> Iterator[State]:
    """Cut, between, cut, ...; where there is no double between two cuts, there is no state."""
    for low, high in pairwise(cuts):
        yield State(low, low, low)
        between = low + (high - low) / 2
        if low < between < high:
            yield State(between, low, high)
    yield from (State(cut, cut, cut) for cut in cuts[-1:])


class Situations:
    """Sets of situations as decision diagrams: a node has one child for each state of its axis.

    Equal sets are the same node, whatever rules they came from. Refuses with `Beyond` to take
    more than `budget` steps.
    """

    def __init__(self, axes: Sequence[Axis], budget: int) -> None:
        self.axes = axes
        self.budget = budget
        self.children: list[tuple[int, ...]] = [(), ()]
        self.nodes: dict[tuple[int, ...], int] = {}

    def spend(self) -> None:
        self.budget -= 1
        if self.budget < 0:
            raise Beyond

    def node(self, children: tuple[int, ...]) -> int:
        if not any(children):
            return EMPTY
        if children not in self.nodes:
            self.nodes[children] = len(self.children)
            self.children.append(children)
        return self.nodes[children]

    def alone(self, table: Table) -> int:
        """Where a rule that automates matches for certain, and no other could match."""
        grants = table.automating << len(table.rows)
        restricts = table.possible & ~table.automating
        return self.standing([axis.rows(table) for axis in self.axes], grants, restricts)

    def standing(self, levels: Sequence[Sequence[int]], some: int, none: int) -> int:
        """Where one of `some` stands and none of `none`; `levels`: what each state leaves standing."""
        levels = [[rows & (some | none) for rows in level] for level in levels]
        settled = [_in_all(levels[at:], none) for at in range(len(levels) + 1)]
        seen: dict[tuple[int, int], int] = {}

        def walk(level: int, rows: int) -> int:
            if not rows & some or rows & settled[level]:
                return EMPTY
            if level == len(levels):
                return FULL
            if (level, rows) not in seen:
                self.spend()
                children = tuple([walk(level + 1, rows & left) for left in levels[level]])
                seen[level, rows] = self.node(children)
            return seen[level, rows]

        return walk(0, some | none)

    def stands(self, levels: Sequence[Iterable[int]], some: int, none: int) -> bool:
        """Whether there is such a place, as soon as one is found."""
        choices = [
            sorted({rows & (some | none) for rows in level}, key=int.bit_count) for level in levels
        ]
        settled = [_in_all(choices[at:], none) for at in range(len(choices) + 1)]
        failed: set[tuple[int, int]] = set()

        def walk(level: int, rows: int) -> bool:
            if not rows & some or rows & settled[level] or (level, rows) in failed:
                return False
            if level == len(choices):
                return True
            self.spend()
            if any(walk(level + 1, rows & left) for left in choices[level]):
                return True
            failed.add((level, rows))
            return False

        return walk(0, some | none)

    def minus(self, one: int, other: int) -> int:
        """What is in one and not in the other."""
        seen: dict[tuple[int, int], int] = {}

        def walk(one: int, other: int) -> int:
            if EMPTY in (one, other) or one == other:
                return EMPTY if one == other else one
            if (one, other) not in seen:
                self.spend()
                pairs = zip(self.children[one], self.children[other], strict=True)
                seen[one, other] = self.node(tuple(walk(*pair) for pair in pairs))
            return seen[one, other]

        return walk(one, other)

    def paths(self, node: int) -> Iterator[Path]:
        """Disjoint boxes that make up the set: on each axis, the states they have in common."""
        if node == FULL:
            self.spend()
            yield ()
        for child in dict.fromkeys(self.children[node]):
            chosen = tuple(at for at, each in enumerate(self.children[node]) if each == child)
            yield from ((chosen, *rest) for rest in self.paths(child) if child != EMPTY)

    def count(self, node: int) -> int:
        """How many paths there are, without walking them."""
        counted = {EMPTY: 0, FULL: 1}

        def walk(node: int) -> int:
            if node not in counted:
                counted[node] = sum(walk(child) for child in set(self.children[node]))
            return counted[node]

        return walk(node)


def _in_all(levels: Sequence[Sequence[int]], rows: int) -> int:
    """The rows that no state of these axes could take away any more."""
    return reduce(and_, chain.from_iterable(levels), rows)
