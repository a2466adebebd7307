"""Who may act here, with which key? People by passkey, AI systems by API key."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Passkey:
    credential: str
    since: str
    words: str
    may_revoke: bool = True


@dataclass(frozen=True)
class Member:
    """Somebody of the charter; `me`: the viewer. `ask`: what these may do about their invitation.

    `invitation` says how it stands: who asked, and how many others still must.
    """

    id: str
    name: str
    roles: str
    passkeys: tuple[Passkey, ...] = ()
    invitation: str = ""
    ask: Literal["", "Invite", "Confirm", "New link"] = ""
    absent: str = ""
    me: bool = False


@dataclass(frozen=True)
class ApiKey:
    id: str
    since: str
    used: str


@dataclass(frozen=True)
class System:
    """`issuer`: who makes its keys where the viewer may not."""

    id: str
    purpose: str
    keys: tuple[ApiKey, ...] = ()
    may_issue: bool = False
    issuer: str = ""


@dataclass(frozen=True)
class Once:
    """A secret shown on this page and never again."""

    title: str
    secret: str
    advice: str


@dataclass(frozen=True, kw_only=True)
class People(Page):
    """`reasons`: those a passkey may be revoked for. `once`: a key or an invitation link just made."""

    template: ClassVar[str] = "people.html"
    here: ClassVar[str] = "people"
    members: tuple[Member, ...]
    systems: tuple[System, ...]
    reasons: tuple[str, ...]
    once: Once | None = None
