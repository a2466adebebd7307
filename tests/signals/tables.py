"""Small tables for tests: rows in memory, read as a file's would be."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from trustwright.charter.fieldmap.model import MappedField, RuleUse, TableMap
from trustwright.connectors.tables.local import LocalTable
from trustwright.signals.model import Report, Result
from trustwright.signals.preflight import check
from trustwright.signals.rule import Example, Row

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def frame(columns: Sequence[str], rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=list(columns), orient="row", infer_schema_length=None)


def table(name: str, data: pl.DataFrame | Mapping[str, Sequence[Any]]) -> LocalTable:
    found = data if isinstance(data, pl.DataFrame) else pl.DataFrame(data, strict=False)
    return LocalTable(name, found.lazy, lambda: "as it was")


def asked(check: str, *columns: str, **told: Any) -> TableMap:
    """A map that asks one rule; `params` and everything else of a use are told."""
    use = RuleUse(id="it", check=check, columns=columns, **told)
    return TableMap(name="people", rules=(use,), fields=tuple(MappedField(name=c) for c in columns))


def result(data: pl.DataFrame | Mapping[str, Sequence[Any]], agreed: TableMap) -> Result:
    (only,) = report(data, agreed).results
    return only


def report(
    data: pl.DataFrame | Mapping[str, Sequence[Any]],
    agreed: TableMap,
    **others: Mapping[str, Sequence[Any]],
) -> Report:
    return check(
        table("people", data),
        agreed,
        NOW,
        {name: table(name, rows) for name, rows in others.items()},
    )


def rows(example: Example) -> list[Row]:
    """The bad ones first."""
    return [*example.bad, *example.good]
