"""How does a first field map read? A data contract drawn from a profile, for a person to complete."""

import re
from collections.abc import Iterator
from typing import Any

from trustwright.charter.fieldmap.risk import risk
from trustwright.signals import names
from trustwright.signals.profile import Column, Profile
from trustwright.signals.proposing import FEW, Proposal, key, propose
from trustwright.signals.table import Kind

TYPES = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.MOMENT: "timestamp",
}
METRICS = {
    "not-null": ("nullValues", None, "completeness"),
    "unique": ("duplicateValues", None, "uniqueness"),
    "missing-code": ("missingValues", {"codes": "missingValues"}, "completeness"),
    "values": ("invalidValues", {"values": "validValues"}, "conformity"),
    "format": ("invalidValues", {"pattern": "pattern"}, "conformity"),
}
OPEN = (
    "Owners, sources, freshness and what the fields mean are open: a table can't tell. The rules are "
    "what the rows seem to follow, each with how many break it; keep, change or drop them."
)
Element = dict[str, Any]


def draft(profile: Profile) -> Element:
    """The document: one table, every field, every proposed rule with its evidence."""
    rules: dict[str, list[Proposal]] = {column.name: [] for column in profile.columns}
    together: list[Proposal] = []
    for each in propose(profile):
        (rules[each.columns[0]] if len(each.columns) == 1 else together).append(each)
    named = key(profile)
    table: Element = {"name": profile.table, "physicalName": profile.table}
    table["properties"] = [_property(c, c.name == named, rules[c.name]) for c in profile.columns]
    if together:
        table["quality"] = [_quality(each) for each in together]
    seen = f"{profile.looked:,} of {profile.rows:,} rows" if sampled(profile) else _all(profile)
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": _id(profile.table),
        "name": profile.table,
        "version": "0.1.0",
        "status": "draft",
        "description": {"purpose": f"A first map, drawn from {seen}.", "limitations": OPEN},
        "schema": [table],
    }


def sampled(profile: Profile) -> bool:
    """Whether there are rows nobody looked at."""
    return profile.looked < profile.rows


def _all(profile: Profile) -> str:
    return f"all {profile.rows:,} rows"


def _property(column: Column, named: bool, proposals: list[Proposal]) -> Element:
    found: Element = {"name": column.name}
    custom: list[Element] = []
    if column.kind in TYPES:
        found["logicalType"] = TYPES[column.kind]
    if named:
        found |= {"primaryKey": True, "primaryKeyPosition": 1}
    if names.personal(column.name):
        found["classification"] = "personal"
    if risk(column.name) == "high":
        told = "By its name. A workflow may read it once it has an owner, a source and freshness."
        high = {"property": "risk", "value": "high", "vendor": "trustwright"}
        custom.append(high | {"description": told})
    if named:  # To be the key says both already.
        proposals = [each for each in proposals if each.check not in ("not-null", "unique")]
        seen = f"{column.distinct:,} values in {column.n:,} rows, and none empty"
        custom.append({"property": "evidence", "value": seen, "vendor": "trustwright"})
    rules = [_quality(each) for each in proposals]
    rules += _watch(column)
    more = {"customProperties": custom, "quality": rules}
    return found | {word: each for word, each in more.items() if each}


def _watch(column: Column) -> Iterator[Element]:
    """A high-risk field with few values is watched for sudden shifts."""
    if risk(column.name) == "high" and column.complete and 1 < column.distinct <= FEW:
        yield {
            "id": _id(f"{column.name}-shift"),
            "type": "custom",
            "engine": "trustwright",
            "dimension": "consistency",
            "severity": "error",
            "description": "a sudden shift of its shares holds what reads it",
            "implementation": {"check": "shift", "by": "week", "floor": "1pp"},
        }


def _quality(proposal: Proposal) -> Element:
    """In the standard's words where it has them. What is broken today warns; what isn't, blocks."""
    grave = not proposal.k or proposal.check == "mapped-sanity"
    rule: Element = {"id": _id("-".join((*proposal.columns, proposal.check)))}
    told = {
        "severity": "error" if grave else "warning",
        "description": f"{proposal.says}; {proposal.k:,} of {proposal.n:,} rows broke it when proposed",
    }
    if proposal.check not in METRICS:
        asked: Element = {"check": proposal.check, **proposal.params}
        if len(proposal.columns) > 1:
            asked["columns"] = list(proposal.columns)
        known = {"type": "custom", "engine": "trustwright", "dimension": "consistency"}
        return {**rule, **known, **told, "implementation": asked}
    metric, words, dimension = METRICS[proposal.check]
    rule |= {"type": "library", "metric": metric, "dimension": dimension, **told, "mustBe": 0}
    if words:
        rule["arguments"] = {words[name]: value for name, value in proposal.params.items()}
    return rule


def _id(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", words).strip("-") or "table"
