"""Who owes what by when?"""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.clock import Clock
from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Load:
    """One person's open duties. `escalates` names who is asked next."""

    name: str
    waiting: int
    late: int
    next: Clock | None
    next_case: str
    escalates: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Duties(Page):
    template: ClassVar[str] = "duties.html"
    here: ClassVar[str] = "duties"
    loads: tuple[Load, ...]
