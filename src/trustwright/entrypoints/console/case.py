"""May this go out? One case on one page: text, findings, edit, sources, reasons, trail, action."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from trustwright.entrypoints.console.clock import Clock
from trustwright.entrypoints.console.diff import Piece
from trustwright.entrypoints.console.marks import Severity, Stretch
from trustwright.entrypoints.console.page import Link, Notice, Page, Signing, Tone
from trustwright.entrypoints.console.queue import Entry

State = Literal[
    "waiting",
    "stopped",
    "signed",
    "released",
    "taken",
    "delivered",
    "refused",
    "withdrawn",
    "expired",
    "voided",
]

STANDING: dict[State, tuple[Tone, str, str]] = {
    "waiting": ("info", "", ""),
    "stopped": ("bad", "Stopped: these words can't go out.", "Edit them, or refuse the case."),
    "signed": (
        "warn",
        "Decided, and not out yet.",
        "It goes out by itself once nothing stands in its way.",
    ),
    "released": ("good", "Released.", "The sending system may take it."),
    "taken": ("good", "Released, and taken by the sending system.", ""),
    "delivered": ("good", "Released, and delivered.", ""),
    "refused": ("bad", "Refused.", "Nothing went out."),
    "withdrawn": ("info", "Withdrawn by the system that proposed it.", "Nothing went out."),
    "expired": ("warn", "Expired: nobody decided in time.", "The system may propose it again."),
    "voided": ("warn", "Void: its text was erased first.", "Nothing went out."),
}


@dataclass(frozen=True)
class Part:
    name: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Finding:
    """`number` ties it to its span; `part` is empty when it concerns the whole. `key`: an editor
    may accept it under this name. `ask`: whoever reads may say under this name whether it was
    right, and `said` so. `source`: which of the sources, from 1 on, it points into."""

    number: int
    severity: Severity
    check: str
    sentence: str
    remedy: str
    part: str = ""
    excerpt: str = ""
    key: str = ""
    is_accepted: bool = False
    ask: str = ""
    said: str = ""
    source: int = 0


@dataclass(frozen=True)
class PartChange:
    name: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Edit:
    by: str
    at: str
    changes: tuple[PartChange, ...]
    note: str = ""


@dataclass(frozen=True)
class Source:
    name: str
    passage: tuple[Stretch, ...]


@dataclass(frozen=True)
class Evidence:
    """A registered proof of a claim. `is_valid`: on the day of this page."""

    id: str
    claim: str
    proof: str
    owner: str
    valid_until: str
    is_valid: bool


@dataclass(frozen=True)
class Rule:
    id: str
    outcome: str
    reason: str
    owner: str


@dataclass(frozen=True)
class Fact:
    """A typed fact the decision saw; `?` is a value. `decided`: a rule's cell named it."""

    name: str
    value: str
    decided: bool = False


@dataclass(frozen=True)
class Missed:
    """Why a freer outcome did not apply: the cell that failed."""

    outcome: str
    rule: str
    cell: str


@dataclass(frozen=True)
class Why:
    outcome: Literal["automate", "owner", "two_person", "block"]
    rules: tuple[Rule, ...]
    facts: tuple[Fact, ...]
    missed: tuple[Missed, ...]
    charter: Link
    customer: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One countersignature the case needs. `who` signed, or may (`who_may`) while it's open."""

    role: str
    who_may: str
    who: str = ""
    at: str = ""
    void: str = ""


@dataclass(frozen=True)
class Step:
    """A fact of the trail; without `at` it's still to come."""

    words: str
    at: str = ""
    exact: str = ""
    tone: Tone = "info"
    quote: str = ""
    title: str = ""


@dataclass(frozen=True)
class Label:
    """`outside`: the words are shown to whom it is written to, not only to ourselves."""

    words: str
    outside: bool
    source_type: str


@dataclass(frozen=True)
class Actions:
    """What this person may do now; `cannot` says why they can't countersign.

    `query`: the filter of the queue, kept by the way through it. `undo`: they may take their
    countersignature back; `out`: when the text goes out by itself.
    """

    signing: Signing | None = None
    cannot: str = ""
    edit: bool = False
    hand_on: bool = False
    refuse: bool = False
    previous: str = ""
    next: str = ""
    position: str = ""
    query: str = ""
    proofs: tuple[Link, ...] = ()
    undo: bool = False
    judge: bool = False
    owner: Link | None = None
    out: Clock | None = None


@dataclass(frozen=True, kw_only=True)
class Case(Page):
    """`parts` is empty where the text was erased. `notices` say what happened to it (signatures
    void, opened by somebody else...); `because` completes what is said of its state.
    """

    template: ClassVar[str] = "case.html"
    here: ClassVar[str] = "queue"
    id: str
    title: str
    about: str
    state: State
    because: str = ""
    notices: tuple[Notice, ...] = ()
    clock: Clock | None = None
    duty: str = ""
    confidence: str
    entries: tuple[Entry, ...] = ()
    parts: tuple[Part, ...]
    author: str
    findings: tuple[Finding, ...] = ()
    checks: str
    edit: Edit | None = None
    sources: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    why: Why
    slots: tuple[Slot, ...] = ()
    label: Label
    trail: tuple[Step, ...]
    actions: Actions = Actions()

    @property
    def standing(self) -> Notice | None:
        tone, sentence, remedy = STANDING[self.state]
        words = f"{sentence} {self.because}".strip()
        return Notice(tone, words, remedy) if words else None
