"""Which tables may be used, what is wrong with the others, and what stands still because of it?"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from markupsafe import Markup

from trustwright.entrypoints.console.clock import Age, Clock
from trustwright.entrypoints.console.page import Grid, Link, Page


@dataclass(frozen=True)
class State:
    words: str
    tone: Literal["", "good", "warn", "bad"] = ""


@dataclass(frozen=True)
class Mapped:
    """One table of the charter's field maps. `stops`: workflows that stand still because of it."""

    name: str
    href: str
    states: tuple[State, ...]
    told: str
    checked: Age | None
    snapshot: str
    owners: str
    stops: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """What an owner is asked. `asked` has the duty until it is done; `chart` may be empty.

    `holds` are workflows that stand still; `who`: who may lift that, in words;
    `may_stay`: it can be right from now on; `said`: the answer.
    """

    id: str
    about: Link
    why: str
    tone: str
    sentences: tuple[str, ...]
    span: str
    rows: int
    segment: str
    last_clean: str
    chart: Markup
    holds: tuple[str, ...]
    who: str
    asked: str
    due: Clock | None
    may_answer: bool
    may_stay: bool = False
    said: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Example:
    key: str
    values: str


@dataclass(frozen=True)
class Rule:
    """How a rule ended. `counted` is k of n in words; `since` the first check of those in a row."""

    id: str
    check: str
    state: State
    counted: str
    says: str
    flaws: tuple[tuple[str, int], ...]
    examples: tuple[Example, ...]
    hidden: bool
    agreed: str
    owner: str
    since: str
    remedy: str
    accepted: str = ""


@dataclass(frozen=True)
class Report:
    """The last check of a table: what is wrong first, then the ids of what passed."""

    sentence: str
    checked: Age
    as_of: str
    wrong: tuple[Rule, ...]
    passed: tuple[str, ...]
    erased: bool = False


@dataclass(frozen=True)
class Watched:
    field: str
    href: str
    how: str
    state: State
    latest: str


@dataclass(frozen=True, kw_only=True)
class Signals(Page):
    """`alarms` are those of running sends: the others stand with their tables."""

    template: ClassVar[str] = "signals.html"
    here: ClassVar[str] = "signals"
    tables: tuple[Mapped, ...]
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TablePage(Page):
    """One table: `alarms` that wait for an answer, the last check, what is watched, and its map."""

    template: ClassVar[str] = "table.html"
    here: ClassVar[str] = "signals"
    name: str
    states: tuple[State, ...]
    about: str
    alarms: tuple[Alarm, ...]
    report: Report | None
    watched: tuple[Watched, ...]
    fields: Grid
    false: str


@dataclass(frozen=True)
class Drawing:
    value: str
    chart: Markup


@dataclass(frozen=True)
class Choice:
    words: str
    href: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class FieldPage(Page):
    """A watched field's history in one segment, its alarms, and how many of them were false."""

    template: ClassVar[str] = "field.html"
    here: ClassVar[str] = "signals"
    table: Link
    name: str
    about: str
    segments: tuple[Choice, ...]
    drawings: tuple[Drawing, ...]
    numbers: Grid | None
    undrawn: str
    open: tuple[Alarm, ...]
    answered: tuple[Alarm, ...]
    false: str
