"""What was agreed, what may AI do alone, and what would a proposed charter change?"""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.case import Part, Slot
from trustwright.entrypoints.console.page import Grid, Link, Page, Signing


@dataclass(frozen=True)
class CharterProblem:
    """`place` is `file:line`."""

    place: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Replay:
    """What a proposed charter would have decided. `moves` are counts; the cases are those to open."""

    sentence: str
    moves: Grid
    newly_alone: tuple[Link, ...]
    no_longer_alone: tuple[Link, ...]


@dataclass(frozen=True)
class Proposed:
    """A charter somebody put up for adoption. `parts` are exactly what is countersigned.

    Cells of `changes` carry what they were; one grid for the surface, one for each thing changed.
    """

    digest: str
    by: str
    at: str
    problems: tuple[CharterProblem, ...]
    changes: tuple[Grid, ...]
    parts: tuple[Part, ...]
    slots: tuple[Slot, ...]
    replay: Replay | None = None
    signing: Signing | None = None
    cannot: str = ""


@dataclass(frozen=True, kw_only=True)
class Charter(Page):
    """`grids`: surface first, then decision rights, workflows, AI systems, people, restraints..."""

    template: ClassVar[str] = "charter.html"
    here: ClassVar[str] = "charter"
    digest: str
    standing: str
    grids: tuple[Grid, ...]
    proposed: Proposed | None = None
