"""A field map: the tables agreed on, each field with its owner, and the rules that must hold.

Pure and frozen. On disk it is an Open Data Contract Standard document; here are the values alone.
Names of tables and columns are the table's own, to the letter.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from trustwright.charter.parts import Line, Part, Slug, Text
from trustwright.kernel.errors import Invalid

Name = Annotated[str, Field(min_length=1, max_length=300)]
Value = str | bool | int | float | date
Risk = Literal["high", "medium", "low"]
LogicalType = Literal[
    "string", "integer", "number", "boolean", "date", "timestamp", "time", "object", "array"
]
RuleSeverity = Literal["note", "warn", "block"]


class Most(Part):
    """How many rows may fail: `limit` rows, or percent of them; `below` leaves the limit itself out."""

    limit: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0
    unit: Literal["rows", "percent"] = "rows"
    below: bool = False

    def allows(self, k: int, n: int) -> bool:
        """Whether k failing of n are within it."""
        # Multiplied, not divided: 5 of 100 are exactly 5 percent.
        found, limit = (k, self.limit) if self.unit == "rows" else (100 * k, self.limit * n)
        return found < limit or (found == limit and not self.below)


class Waiver(Part):
    """A failure somebody answers for. `until` is its last good day."""

    by: Slug
    until: date
    reason: Text


class RuleUse(Part):
    """A rule of the shelf, asked of columns. `id` is unique in its table; `params` are the rule's own."""

    id: Name
    check: Slug
    columns: tuple[Name, ...] = ()
    params: Mapping[str, JsonValue] = {}
    severity: RuleSeverity = "block"
    owner: Slug | None = None
    description: Text | None = None
    waiver: Waiver | None = None
    most: Most = Most()


class Watch(Part):
    """A field whose shares or level are compared with its past, whole and by segment.

    `floor` is the smallest shift that matters to the owner: a share (0.01 is one point), or relative
    for a stock or number; None is the method's own. `history` counts clean periods.
    """

    field: Name
    segments: tuple[Name, ...] = ()
    floor: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.01
    history: Annotated[int, Field(ge=4, le=1000)] = 12
    by: Literal["day", "week"] = "week"
    kind: Literal["share", "rate", "stock", "number"] = "share"
    severity: RuleSeverity = "block"


class MappedField(Part):
    """One field: what it is, where it comes from, who answers for it. None is "not stated"."""

    name: Name
    type: LogicalType | None = None
    required: bool = False
    unique: bool = False
    owner: Slug | None = None
    risk: Risk = "low"
    source: Line | None = None
    meaning: Text | None = None
    values: tuple[Value, ...] | None = None
    freshness: timedelta | None = None
    personal: bool = False
    synonyms: tuple[Name, ...] = ()


class TableMap(Part):
    """One table. `key` names its rows; `audience` is what a failure keeps from going out."""

    name: Name
    fields: tuple[MappedField, ...] = ()
    rules: tuple[RuleUse, ...] = ()
    watches: tuple[Watch, ...] = ()
    key: Name | None = None
    audience: Slug | None = None

    def field(self, name: str) -> MappedField | None:
        """The field of that name, to the letter."""
        return next((field for field in self.fields if field.name == name), None)

    def owner(self, use: RuleUse) -> str | None:
        """Who answers for a rule: its owner, or else that of the first owned field it reads."""
        owners = (field.owner for name in use.columns if (field := self.field(name)))
        return use.owner or next((owner for owner in owners if owner), None)


class FieldMap(Part):
    """A document of field maps. `version` is the author's own."""

    id: Name
    name: Line
    version: Line = "1"
    tables: tuple[TableMap, ...] = ()

    def table(self, name: str) -> TableMap | None:
        """The table of that name, to the letter."""
        return next((table for table in self.tables if table.name == name), None)

    def demand(self, name: str) -> TableMap:
        """The table of that name; the only one, whatever it is called. Raises `Invalid`."""
        if found := self.tables[0] if len(self.tables) == 1 else self.table(name):
            return found
        known = ", ".join(table.name for table in self.tables) or "none"
        raise Invalid(
            "no-such-table-in-map",
            f"The map has no table {name!r}; it has {known}.",
            "Name the file as the table is named in the map.",
        )
