"""How does an outsider check what we say? The only page but sign-in that needs no passkey."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Link, Page


@dataclass(frozen=True, kw_only=True)
class Verify(Page):
    template: ClassVar[str] = "verify.html"
    here: ClassVar[str] = "verify"
    origin: str
    log_key: str
    static_page: Link
    script: Link
    rung: str
    demo: bool = False
