"""What surrounds every page: who is looking, where they are, and what everybody must know now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

Tone = Literal["info", "good", "warn", "bad"]


@dataclass(frozen=True)
class Link:
    words: str
    href: str


@dataclass(frozen=True)
class Notice:
    """One sentence above the page: a hold in force, a bootstrap charter, what was just done."""

    tone: Tone
    sentence: str
    remedy: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Frame:
    """`csrf` goes into every form and every fetch. `viewer` is a name; empty: nobody signed in.
    `signals`: the charter has a field map."""

    csrf: str
    viewer: str = ""
    waiting: int = 0
    notices: tuple[Notice, ...] = ()
    signals: bool = False

    @property
    def initials(self) -> str:
        words = self.viewer.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@dataclass(frozen=True, kw_only=True)
class Page:
    """`template` shows it; `here` is the entry of the menu it stands under."""

    template: ClassVar[str]
    here: ClassVar[str] = ""
    frame: Frame


@dataclass(frozen=True)
class Signing:
    """What passkey.js needs to countersign what the page shows.

    It posts to `begin`, hashes the parts the page shows, and demands that the statement repeats
    every `(field, value)` of `must` before it asks for the passkey; then it posts to `finish`.
    """

    begin: str
    finish: str
    sentence: str
    must: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """One cell of a grid; `was` is what stood there before, where that differs."""

    words: str
    was: str | None = None


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    tone: Literal["", "added", "gone"] = ""


@dataclass(frozen=True)
class Grid:
    """A table for people. `empty` is said when there are no rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "None."


def plain(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], **words: str
) -> Grid:
    """A grid of words in which nothing changed."""
    return Grid(title, columns, tuple(Row(tuple(map(Cell, row))) for row in rows), **words)
