"""Who owes what by when?"""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.clock import Clock
from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Load:
    """One person's open duties. `escalates` names who is asked next.

    `next_case` is empty where the viewer may not read it.
    """

    name: str
    waiting: int
    late: int
    next: Clock | None
    next_case: str
    escalates: str
    href: str


@dataclass(frozen=True)
class Promise:
    """A promise that went out, and that the person who looks has to keep."""

    id: str
    quote: str
    case: str
    clock: Clock


@dataclass(frozen=True, kw_only=True)
class Duties(Page):
    template: ClassVar[str] = "duties.html"
    here: ClassVar[str] = "duties"
    loads: tuple[Load, ...]
    promises: tuple[Promise, ...] = ()
