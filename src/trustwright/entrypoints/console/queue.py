"""What waits, and what is due first? The list stands alone and beside every case."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.clock import Clock
from trustwright.entrypoints.console.marks import Severity
from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Entry:
    """One case. `worst`: its severest kind of finding, `findings`: how many of that kind.

    `query`: the filter its link keeps.
    """

    id: str
    title: str
    about: str
    outcome: str
    clock: Clock | None
    worst: Severity | None = None
    findings: int = 0
    tags: tuple[str, ...] = ()
    is_open: bool = False
    query: str = ""


@dataclass(frozen=True)
class Choice:
    """One filter as a link. Choosing it again (`is_on`) leads back. `n` may be "1,000+"."""

    words: str
    href: str
    n: str
    is_on: bool = False


@dataclass(frozen=True)
class Facet:
    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Queue(Page):
    """`total` is before filters, `shown` after; `more` links to the next entries, if any.

    `elsewhere` counts cases of workflows this person may not read. `together`: the filter, as the form
    sends it that decides like cases together; None where the charter doesn't let them.
    """

    template: ClassVar[str] = "queue.html"
    here: ClassVar[str] = "queue"
    entries: tuple[Entry, ...]
    facets: tuple[Facet, ...]
    shown: str
    total: int
    late: str
    everything: str
    heading: str = "To review"
    order: str = "by due time"
    more: str = ""
    elsewhere: int = 0
    together: tuple[tuple[str, str], ...] | None = None
