"""A company that watches a table of customers, for the pages about it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tests.signals.test_alarms import backfills, records, workflows
from tests.signals.weeks import MAP, week
from trustwright.charter.fieldmap.reading import read
from trustwright.connectors.tables.opening import opened
from trustwright.signals import preflight, queries, reports
from trustwright.testing.company import Company

from .caller import House

RULES = """\
      - {name: id, logicalType: string, primaryKey: true}
      - name: mail
        logicalType: string
        classification: personal
        required: true
        customProperties: [{property: owner, value: ada, vendor: trustwright}]
      - name: region
        logicalType: string
        enum: [{value: north}, {value: south}]
        customProperties:
          - {property: owner, value: bo, vendor: trustwright}
          - {property: risk, value: low, vendor: trustwright}
      - {name: country"""
MAPPED = MAP.replace("      - {name: country", RULES, 1).replace("SEVERITY", "error")
CHARTER = {
    "fields/crm.odcs": MAPPED,
    "workflows": workflows("[people.language, people.region, people.mail]"),
}
AT = datetime(2026, 11, 23, tzinfo=UTC)
PEOPLE = f"/console/signals/{queries.digest('people')}"
LANGUAGE = f"{PEOPLE}/{queries.digest('language')}"
ROWS = 40


def people(**columns: list[Any]) -> pl.DataFrame:
    """A sound table, but for these columns."""
    sound = {
        "id": [f"c-{n:03}" for n in range(ROWS)],
        "mail": [f"{n}@birch.example" for n in range(ROWS)],
        "language": ["de", "en", "fr", "en"] * (ROWS // 4),
        "country": ["AT", "FR", "FR", "FR"] * (ROWS // 4),
        "region": ["north", "south"] * (ROWS // 2),
        "changed": [AT] * ROWS,
    }
    return pl.DataFrame(sound | columns)


WRONG = people(
    region=["Nord", "south"] * 6 + ["north", "south"] * 14, mail=[None, *["x@birch.example"] * 39]
)


def order(folder: Path, table: pl.DataFrame) -> dict[str, Any]:
    """What a check of the table sends."""
    table.write_parquet(folder / "people.parquet")
    agreed = read(MAPPED, "crm.yaml").tables[0]
    report = preflight.check(opened(str(folder / "people.parquet")), agreed, AT)
    return reports.order(report, agreed).model_dump(mode="json")


def checks(company: Company, folder: Path, table: pl.DataFrame) -> Any:
    return company.asks("signals.report", company.system().actor, **order(folder, table))


def moves(home: House, weeks: int = 12) -> Any:
    """A quiet past, and a week in which German fell."""
    backfills(home.company, *range(weeks))
    return records(home.company, week(weeks, de=970))
