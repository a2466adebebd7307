"""Is it really you? Passkey only: sign in, or enrol with a link that works once."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True, kw_only=True)
class SignIn(Page):
    """`elsewhere`: opened under an address no passkey works for; the link that does, `ssh -L` line."""

    template: ClassVar[str] = "sign_in.html"
    site: str
    next: str = "/console"
    elsewhere: str = ""
    tunnel: str = ""


@dataclass(frozen=True, kw_only=True)
class Enrol(Page):
    """`elsewhere`, `tunnel` as in `SignIn`. `until`: when the link lapses."""

    template: ClassVar[str] = "enrol.html"
    token: str
    name: str
    roles: str
    site: str
    until: str
    sponsors: str = ""
    elsewhere: str = ""
    tunnel: str = ""


@dataclass(frozen=True, kw_only=True)
class LinkGone(Page):
    """A link that was used, has lapsed or never was: one page, so that guessing learns nothing."""

    template: ClassVar[str] = "link_gone.html"
