"""What is a rule? A module of `library`, or what a third party offers with the same members."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, JsonValue

from trustwright.charter.fieldmap.model import MappedField, Most, TableMap
from trustwright.checks.model import Severity
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Test

Row = tuple[object, ...]


class Parameters(BaseModel):
    """What a rule may be told, as it stands in the field map; nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class Over:
    """What a rule is asked over: columns of the table, what they hold, what is agreed about them.

    `tables` are the others that may be named, with their columns. `as_of` has a time zone.
    """

    columns: tuple[str, ...]
    kinds: Mapping[str, Kind]
    table: TableMap
    as_of: datetime
    tables: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)

    @property
    def named(self) -> str:
        """The columns as they stand in a sentence."""
        return " and ".join(f"`{name}`" for name in self.columns)

    def mapped(self, column: str) -> MappedField:
        """What is agreed about a column; nothing, where the map doesn't have it."""
        return self.table.field(column) or MappedField(name=column)


NONE = Most()


@dataclass(frozen=True)
class Ask:
    """A rule's question. `says` is what a failing row means, as the end of "12 of 900 rows: ...".

    `above`: the rule's own idea of how many may fail; the field map's, if it has one, goes first.
    """

    test: Test
    says: str
    above: Most = NONE


@dataclass(frozen=True)
class Example:
    """A small table: rows of the columns in which the rule finds exactly the `bad` ones.

    `against`: other tables by name, as columns and rows.
    """

    columns: tuple[str, ...]
    bad: tuple[Row, ...]
    good: tuple[Row, ...]
    params: Mapping[str, JsonValue] = field(default_factory=dict)
    of: tuple[str, ...] | None = None
    against: Mapping[str, tuple[tuple[str, ...], tuple[Row, ...]]] = field(default_factory=dict)


@runtime_checkable
class Rule(Protocol):
    """One rule over a table. `takes` are the kinds its columns may have; empty is any.

    The docstring says what it finds, why, what it misses, the remedy and where the rule is from.
    """

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def remedy(self) -> str: ...
    @property
    def takes(self) -> frozenset[Kind]: ...
    @property
    def examples(self) -> tuple[Example, ...]: ...
    @property
    def Params(self) -> type[Parameters]: ...

    def ask(self, params: Any, over: Over) -> Ask | Undecided: ...
