"""What do we know of somebody, and must it go? Keys and texts are deleted; the log still verifies."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True, kw_only=True)
class Erase(Page):
    """`done` says what was just erased."""

    template: ClassVar[str] = "erase.html"
    here: ClassVar[str] = "holds"
    subject: str = ""
    problem: str = ""
    done: str = ""
