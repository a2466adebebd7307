"""Why may this not go out? The reason goes to the vault; the system is told that it was refused."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page

WHYS = {
    "wrong": "It says something wrong",
    "unproven": "It claims what we can't prove",
    "tone": "It isn't how we speak",
    "personal-data": "It shows what is nobody else's business",
    "not-needed": "Nothing should be sent at all",
    "other": "Something else",
}


@dataclass(frozen=True, kw_only=True)
class RefuseForm(Page):
    template: ClassVar[str] = "refuse.html"
    here: ClassVar[str] = "queue"
    whys: ClassVar[dict[str, str]] = WHYS
    id: str
    title: str
    why: str = "other"
    reason: str = ""
    problem: str = ""
