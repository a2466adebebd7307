"""Why may this not go out? The reason goes to the vault; the system is told that it was refused."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True, kw_only=True)
class RefuseForm(Page):
    template: ClassVar[str] = "refuse.html"
    here: ClassVar[str] = "queue"
    id: str
    title: str
    reason: str = ""
    problem: str = ""
