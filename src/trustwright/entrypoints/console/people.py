"""Who may act here, with which key? People by passkey, AI systems by API key."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Passkey:
    credential: str
    since: str
    words: str


@dataclass(frozen=True)
class Member:
    """Somebody of the charter. `may_invite`: nobody invited them yet and the viewer may."""

    id: str
    name: str
    roles: str
    passkeys: tuple[Passkey, ...] = ()
    may_invite: bool = False
    absent: str = ""


@dataclass(frozen=True)
class Invitation:
    """`missing` others must still confirm; `link` is there once they did."""

    id: str
    name: str
    by: str
    until: str
    missing: int
    may_confirm: bool
    link: str = ""


@dataclass(frozen=True)
class ApiKey:
    id: str
    since: str
    used: str


@dataclass(frozen=True)
class System:
    id: str
    purpose: str
    keys: tuple[ApiKey, ...] = ()
    may_issue: bool = False


@dataclass(frozen=True)
class Once:
    """A secret shown on this page and never again."""

    title: str
    secret: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class People(Page):
    template: ClassVar[str] = "people.html"
    here: ClassVar[str] = "people"
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    systems: tuple[System, ...]
    once: Once | None = None
