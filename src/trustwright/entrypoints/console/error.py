"""What went wrong, in a sentence, and what to do about it. Never a trace."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Link, Page


@dataclass(frozen=True, kw_only=True)
class Error(Page):
    template: ClassVar[str] = "error.html"
    status: int
    code: str
    sentence: str
    remedy: str = ""
    back: Link | None = None
