"""Can we prove it, and against whom? The log, its last checkpoint, and how far trust must reach."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Link, Notice, Page


@dataclass(frozen=True)
class Rung:
    name: str
    words: str
    exposes: str


LADDER = (
    Rung("L0", "Log only", "accidental damage and clumsy edits; not a restored backup."),
    Rung("L1", "Checkpoints anchored elsewhere", "a log that was cut off or rolled back."),
    Rung(
        "L2",
        "A witness in another department or at the auditor",
        "a rewrite by whoever runs this server.",
    ),
    Rung("L3", "Public witnesses", "a rewrite by the whole organization."),
)


@dataclass(frozen=True)
class LoggedFact:
    index: int
    at: str
    kind: str
    actor: str
    stream: Link | None


@dataclass(frozen=True, kw_only=True)
class Ledger(Page):
    """`verified` is the last full verification; `rung` indexes `LADDER`; `anchor` says what it saw."""

    template: ClassVar[str] = "ledger.html"
    here: ClassVar[str] = "ledger"
    size: int
    origin: str
    log_key: str
    checkpoint: str
    verified: Notice
    rung: int
    anchor: str
    recent: tuple[LoggedFact, ...]
    downloads: tuple[Link, ...]

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return LADDER
