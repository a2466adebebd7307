"""A table whose languages are the same each week, until they aren't."""

from datetime import date, timedelta

from trustwright.signals.snapshot import Series, Snapshot

FIRST = date(2026, 9, 7)
MAP = """\
apiVersion: v3.2.0
kind: DataContract
id: crm
version: "1"
slaProperties:
  - {property: freshness, value: 1.5, unit: d, element: people.changed}
schema:
  - name: people
    properties:
      - name: language
        logicalType: string
        enum: [{value: de}, {value: en}, {value: fr}]
        transformSourceObjects: [crm.people]
        customProperties: [{property: owner, value: fay, vendor: trustwright}]
        quality:
          - id: moved
            type: custom
            engine: trustwright
            severity: SEVERITY
            implementation: {check: shift, segments: [country]}
      - {name: country, logicalType: string, customProperties: [{property: risk, value: low, vendor: trustwright}]}
      - {name: changed, logicalType: timestamp}
"""


def mapped(severity: str = "error") -> str:
    return MAP.replace("SEVERITY", severity)


def week(number: int, de: int = 1180, rows: int = 10_000, **other: object) -> Snapshot:
    """The table in a week (0 is the first): `de` of its rows are German, all of them in Austria."""
    wobble = (0, 12, -9, 4)[number % 4]
    de += wobble
    austria = {"de": de, "en": 2000 - de}
    whole = {"de": de, "en": 6800 - de, "fr": 3200}
    series = (
        Series(field="language", n=rows, counts=whole),
        Series(field="language", segment="country=AT", n=2000, counts=austria),
        Series(field="language", segment="country=FR", n=8000, counts={"en": 4800, "fr": 3200}),
    )
    said: dict[str, object] = {
        "table": "people",
        "period": FIRST + timedelta(weeks=number),
        "fingerprint": f"week {number} {de}",
        "rows": rows,
        "columns": ("id", "language", "country", "changed"),
        "key": "id",
        "series": series,
    }
    return Snapshot.model_validate(said | other)
