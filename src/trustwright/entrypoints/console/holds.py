"""What may not go out now, and who said so? A person lets go again."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Scope:
    id: str
    words: str
    is_chosen: bool = False


@dataclass(frozen=True)
class Hold:
    """`stops`: how many cases would go out but for it."""

    id: str
    scope: str
    reason: str
    by: str
    at: str
    stops: int
    may_lift: bool


@dataclass(frozen=True, kw_only=True)
class Holds(Page):
    template: ClassVar[str] = "holds.html"
    here: ClassVar[str] = "holds"
    holds: tuple[Hold, ...]
    scopes: tuple[Scope, ...]
    reason: str = ""
    problem: str = ""
