"""What must a table be able to do? The one seam between rules and engines; `connectors.tables` fills it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from trustwright.signals.test import Cells, Test
from trustwright.signals.test import Flaw as Flaw


class Kind(StrEnum):
    """What a column holds. `empty`: nothing but nulls; `other`: lists, objects, bytes."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True)
class Undecided:
    """It could not be decided. `reason` is a stable code; the sentence and remedy are for people."""

    reason: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True)
class Sample:
    """One failing row: its key (or the number of the row, from 1), and the columns at fault."""

    key: object
    values: Mapping[str, object]


@dataclass(frozen=True)
class Outcome:
    """`k` rows fail. Samples are the first by the key's text read backwards: spread over the table, and
    the same from every engine."""

    k: int
    flaws: tuple[tuple[Flaw, int], ...] = ()
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True)
class Total:
    """Of a numeric column: how many numbers, their sum, and the sum of their squares."""

    n: int
    sum: float
    squares: float


Counts = Mapping[Cells, int]
Totals = Mapping[Cells, Total]


@dataclass(frozen=True)
class Plan:
    """What is to be measured in one pass. `hidden` columns never leave in a sample; `distributions` are
    the column sets to count, `totals` (number, *segments) to add up; `failing` is where all failing
    rows go, a Parquet file for each test."""

    tests: Mapping[str, Test]
    key: str | None = None
    hidden: frozenset[str] = frozenset()
    samples: int = 20
    distributions: Sequence[tuple[str, ...]] = ()
    totals: Sequence[tuple[str, ...]] = ()
    failing: Path | None = None

    def shown(self, columns: Sequence[str], row: str) -> tuple[str, ...]:
        """What a sample has: the key first (the row's number, if there is none to show), then what of
        the columns may leave."""
        key = self.key if self.key and self.key not in self.hidden else row
        return (key, *(name for name in columns if name != key and name not in self.hidden))


@dataclass(frozen=True)
class Measured:
    """What came of a plan; a distribution that isn't there had too many combinations."""

    rows: int
    outcomes: Mapping[str, Outcome | Undecided]
    distributions: Mapping[tuple[str, ...], Counts] = field(default_factory=dict)
    totals: Mapping[tuple[str, ...], Totals] = field(default_factory=dict)


class Table(Protocol):
    """A table somewhere. Raises `Unavailable` when it can't be reached or read any more."""

    @property
    def name(self) -> str: ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be guessed to read it, for people."""
        ...

    @property
    def columns(self) -> Mapping[str, Kind]: ...

    def fingerprint(self) -> str:
        """Other than before if the table may have changed."""
        ...

    def measure(self, plan: Plan, others: Mapping[str, "Table"]) -> Measured:
        """Everything the plan asks for; `others` are the tables its tests name."""
        ...
