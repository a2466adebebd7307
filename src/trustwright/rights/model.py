"""The decision table as frozen values: outcomes, facts, cells, rules, and what was decided.

Unknown is a value, written `?` and held as None. Every cell *could* match it; only a cell that
says `?` matches it *for certain*.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import total_ordering
from typing import Any

Value = bool | str | float

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}

# Ids under which a decision names what isn't a rule; no rule may have them.
DEFAULT = "default"
NEVER_ALONE = "never-alone"

# What no table can grant: outside these values nothing goes out alone. Loading refuses a rule
# that tries; deciding and the surface demand it once more.
ALONE_ONLY: Mapping[str, tuple[Value, ...]] = {
    "held": (False,),
    "worst_finding": ("none", "note", "warn"),
    "checks_complete": (True,),
    "restrained": (False,),
}


@total_ordering
class Outcome(Enum):
    """Who decides, from freest to strictest. Not a str, so that it can't be compared as one."""

    AUTOMATE = "automate"
    OWNER = "owner"
    TWO_PERSON = "two_person"
    BLOCK = "block"

    def __lt__(self, other: "Outcome") -> bool:
        ranks = list(Outcome)
        return ranks.index(self) < ranks.index(other)


@dataclass(frozen=True)
class Choice:
    """A fact with named values: an enum, or a bool (values False, True)."""

    name: str
    values: tuple[str, ...] | tuple[bool, ...]
    safety: bool = False

    @property
    def kind(self) -> type:
        return bool if self.values == (False, True) else str

    def typed(self, value: object) -> Value | None:
        """The declared value, or None for what isn't one. 1 isn't True."""
        if not isinstance(value, self.kind):
            return None
        return next((known for known in self.values if known == value), None)


@dataclass(frozen=True)
class Number:
    """A fact with a number from low to high, both included, as the nearest double."""

    name: str
    low: float
    high: float
    safety: bool = False

    def typed(self, value: object) -> float | None:
        """The double, or None for NaN, out of bounds, bools and texts."""
        number = value if value.__class__ is float else _double(value)
        return number if number is not None and self.low <= number <= self.high else None


def _double(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return float(value)
    except (OverflowError, ValueError):
        return None


Fact = Choice | Number


def bool_fact(name: str, safety: bool = False) -> Choice:
    return Choice(name, (False, True), safety)


def built_in(workflows: tuple[str, ...]) -> tuple[Choice, ...]:
    """The safety facts of every table, whether it mentions them or not."""
    return (
        Choice("workflow", workflows, safety=True),
        Choice("risk", ("low", "medium", "high"), safety=True),
        bool_fact("held", safety=True),
        Choice("worst_finding", ("none", "note", "warn", "block"), safety=True),
        bool_fact("checks_complete", safety=True),
        bool_fact("restrained", safety=True),
    )


def text(value: Value | None) -> str:
    """As recorded and shown: "true", "0.83", "low", "?"."""
    match value:
        case None:
            return "?"
        case bool():
            return str(value).lower()
        case str():
            return value
    plain = format(Decimal(repr(value + 0.0)), "f")
    return plain.removesuffix(".0")


def parsed(fact: Fact, told: str) -> Value | None:
    """The inverse of `text`, for a fact: None for `?` and for whatever `text` wouldn't have said."""
    if isinstance(fact, Choice):
        return next((value for value in fact.values if text(value) == told), None)
    if not re.fullmatch(r"-?\d+(\.\d+)?", told, re.ASCII):
        return None
    number = fact.typed(float(told))
    return number if number is not None and text(number) == told else None


@dataclass(frozen=True)
class Cell:
    """What a rule asks of one fact: any one of its tests, or (where `unknown`) not knowing it."""

    tests: tuple[tuple[str, Value], ...]  # (operator, operand)
    unknown: bool = False

    def admits(self, value: Value | None) -> bool:
        """Whether this value, already typed, matches for certain."""
        if value is None:
            return self.unknown
        return any(OPERATORS[sign](value, operand) for sign, operand in self.tests)

    @property
    def text(self) -> str:
        shown = [text(to) if sign == "=" else f"{sign} {text(to)}" for sign, to in self.tests]
        return ", ".join([*shown, "?"] if self.unknown else shown)


Alternative = Mapping[str, Cell]


@dataclass(frozen=True)
class Obligations:
    """What else must happen: who must sign (sorted), the label, the wait in seconds."""

    roles: tuple[str, ...] = ()
    label: str | None = None
    cooling_off: int = 0


@dataclass(frozen=True)
class Rule:
    """When one of the alternatives matches, then at least this outcome."""

    id: str
    owner: str
    reason: str
    review_by: date
    when: tuple[Alternative, ...]
    outcome: Outcome
    obligations: Obligations = Obligations()


@dataclass(frozen=True)
class Deciding:
    """A rule that led to the outcome. `unknown`: the facts whose `?` left it merely possible."""

    rule: str
    reason: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Failed:
    """A cell that did not match for certain, and the value it saw."""

    fact: str
    cell: str
    value: str


@dataclass(frozen=True)
class WhyNot:
    """A rule that would have given a freer outcome; nothing failed where a stricter one overruled it."""

    outcome: Outcome
    rule: str
    failed: tuple[Failed, ...]


@dataclass(frozen=True)
class Decision:
    """The facts as seen ("true", "0.83", "low", "?"), the outcome, and what led to it."""

    facts: Mapping[str, str]
    outcome: Outcome
    rules: tuple[Deciding, ...]
    obligations: Obligations
