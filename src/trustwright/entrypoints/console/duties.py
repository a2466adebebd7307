"""Who owes what by when? Everybody and every workflow at a glance, and one page for each person."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.clock import Clock
from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Load:
    """What one person owes, or is owed in one workflow. `oldest`: the age of the oldest case.

    `away` says until when somebody is; `next` is None where nothing is owed.
    """

    name: str
    href: str
    waiting: int = 0
    late: int = 0
    oldest: str = ""
    next: Clock | None = None
    away: str = ""


@dataclass(frozen=True, kw_only=True)
class Duties(Page):
    """`mine` links to the viewer's own page."""

    template: ClassVar[str] = "duties.html"
    here: ClassVar[str] = "duties"
    people: tuple[Load, ...]
    workflows: tuple[Load, ...]
    mine: str
    waiting: int = 0
    late: int = 0


@dataclass(frozen=True)
class Item:
    """One duty. `href` is empty where the viewer may not read what it is about; `keep`: they may say
    it is kept."""

    id: str
    what: str
    title: str
    about: str
    clock: Clock
    age: str
    then: str
    href: str = ""
    keep: bool = False


@dataclass(frozen=True)
class Away:
    """An absence that isn't over."""

    id: str
    words: str
    is_now: bool
    may_end: bool


@dataclass(frozen=True)
class AwayForm:
    """`colleagues` and `workflows` to choose from, as (value, words); the rest is what was typed."""

    colleagues: tuple[tuple[str, str], ...]
    workflows: tuple[tuple[str, str], ...]
    first: str = ""
    last: str = ""
    to: str = ""
    workflow: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Person(Page):
    """`hours`: when they work; `instead`: who stands in for them, and for whom they do."""

    template: ClassVar[str] = "person.html"
    here: ClassVar[str] = "duties"
    id: str
    name: str
    roles: str
    hours: str
    instead: str
    items: tuple[Item, ...]
    total: int
    late: int
    absences: tuple[Away, ...] = ()
    form: AwayForm | None = None
