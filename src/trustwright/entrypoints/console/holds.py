"""What may not go out now, and who said so? A person lets go again."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Hold:
    """`stops`: how many cases would go out but for it. `legal`: nothing in it may be erased.

    `lifters`: who may lift it, in words; `source`: the address of the alarm that raised it.
    """

    id: str
    scope: str
    reason: str
    by: str
    at: str
    stops: int
    may_lift: bool
    lifters: str = ""
    legal: bool = False
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Holds(Page):
    """`scopes` are (value, words), `targets` workflows to suggest; the rest is what was typed."""

    template: ClassVar[str] = "holds.html"
    here: ClassVar[str] = "holds"
    holds: tuple[Hold, ...]
    scopes: tuple[tuple[str, str], ...]
    targets: tuple[str, ...]
    scope: str = ""
    target: str = ""
    reason: str = ""
    problem: str = ""
