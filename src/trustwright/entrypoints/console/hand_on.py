"""Who knows better? The duty moves to one named person, with a question."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Colleague:
    id: str
    name: str
    roles: str
    is_chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class HandOnForm(Page):
    template: ClassVar[str] = "hand_on.html"
    here: ClassVar[str] = "queue"
    id: str
    title: str
    colleagues: tuple[Colleague, ...]
    question: str = ""
    problem: str = ""
