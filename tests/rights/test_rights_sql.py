"""The SQL of a table decides as Python does, tried in SQLite on random tables and rows."""

import random
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rights.test_rights_properties import NAMED, WORKFLOWS, Document, Facts, documents
from trustwright.rights.decide import outcome
from trustwright.rights.load import load
from trustwright.rights.model import Cell, Choice, Number, Outcome, Rule, built_in
from trustwright.rights.sql import expression, literal, quoted
from trustwright.rights.table import Table

COLUMNS = NAMED | {"confidence": [0.0, 0.1, 0.25, 0.5, 0.6, 0.75, 1.0]}
TYPES = {bool: "BOOLEAN", str: "TEXT"}
ODD: dict[type, list[Any]] = {
    bool: [None],
    str: [None, "", "?", "misspelt", "LOW", "low ", "'; DROP TABLE t; --"],
    float: [None, float("nan"), float("inf"), float("-inf"), -0.1, 1.5, -0.0, 0.7499999999999999],
}


def in_sql(table: Table, rows: Sequence[Mapping[str, Any]], **columns: str) -> list[str]:
    """What SQLite makes of the rows; a fact is in its column, or in the one named."""
    named = columns or {fact.name: fact.name for fact in table.facts}
    kinds = {f.name: TYPES[f.kind] if isinstance(f, Choice) else "REAL" for f in table.facts}
    with sqlite3.connect(":memory:") as database:
        fields = ", ".join(f"{quoted(named[name])} {kinds[name]}" for name in named)
        database.execute(f"CREATE TABLE t (at INTEGER PRIMARY KEY, {fields})")
        insert = f"INSERT INTO t VALUES (NULL{', ?' * len(named)})"
        database.executemany(insert, [[row.get(name) for name in named] for row in rows])
        asked = database.execute(f"SELECT {expression(table, columns or None)} FROM t ORDER BY at")
        found = [given for (given,) in asked]
    database.close()
    return found


def in_python(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [outcome(table, row).value for row in rows]


def rows_near(document: Document, seed: int) -> list[Facts]:
    """As columns with types can hold them; some of it missing, out of bounds or unheard of."""
    dice = random.Random(seed)
    alternatives = [cells for rule in document["rules"] for cells in rule["when"]]

    def row() -> Facts:
        when = dice.choice(alternatives)
        return {name: value(name, values, when) for name, values in COLUMNS.items()}

    def value(name: str, values: list[Any], when: Document) -> Any:
        if dice.random() < 0.1:
            return dice.choice(ODD[type(values[0])])
        meant = [each for each in when.get(name, values) if each in values] or values
        return type(values[0])(dice.choice(meant))

    return [row() for _ in range(100)]


@settings(max_examples=60, deadline=None)
@given(documents(), st.integers())
def test_sql_and_python_agree(document: Document, seed: int) -> None:
    table, rows = load(document, WORKFLOWS), rows_near(document, seed)
    assert in_sql(table, rows) == in_python(table, rows)


@settings(max_examples=20, deadline=None)
@given(documents(), st.integers(), st.sets(st.sampled_from(sorted(NAMED)), min_size=1, max_size=4))
def test_a_fact_without_a_column_is_unknown(document: Document, seed: int, gone: set[str]) -> None:
    table, rows = load(document, WORKFLOWS), rows_near(document, seed)
    kept = {f.name: f'my "{f.name}"; --' for f in table.facts if f.name not in gone}
    unknown = [row | dict.fromkeys(gone) for row in rows]
    assert in_sql(table, rows, **kept) == in_python(table, unknown)


@pytest.mark.parametrize("default", list(Outcome))
def test_what_no_table_can_grant_isnt_granted_in_sql_either(default: Outcome) -> None:
    """Such a table doesn't load; this one was made by hand."""
    document = {"default": "owner", "rules": [RULE]}
    (rule,) = load(document, ["replies"]).rules
    always = Rule("x", "x", "x", rule.review_by, ({},), Outcome.AUTOMATE)
    table = Table(built_in(("replies",)), (always,), default)
    calm: dict[str, Any] = {
        "workflow": "replies",
        "held": False,
        "worst_finding": "none",
        "checks_complete": True,
        "restrained": False,
    }
    bad: list[dict[str, Any]] = [
        {"held": True},
        {"held": None},
        {"worst_finding": "block"},
        {"restrained": None},
        {},
    ]
    rows = [calm | each for each in bad]
    assert in_sql(table, rows) == in_python(table, rows)
    assert in_sql(replace(table, rules=()), rows) == in_python(replace(table, rules=()), rows)


RULE = {
    "id": "r",
    "owner": "x",
    "reason": "x",
    "review_by": "2027-03-01",
    "when": {"risk": "low"},
    "then": {"outcome": "owner"},
}


def test_names_and_values_cannot_leave_their_quotes() -> None:
    assert quoted('a"; DROP TABLE t; --') == '"a""; DROP TABLE t; --"'
    assert literal("it's") == "'it''s'"
    assert (literal(True), literal(0.8), literal(1), literal(1e-7)) == (
        "TRUE",
        "0.8e0",
        "1.0e0",
        "1e-07",
    )
    with pytest.raises(ValueError, match="NUL"):
        quoted("a\0b")
    hostile = Choice("who", ("o'brien", "x' OR '1'='1"))
    when = {"who": Cell((("=", "o'brien"),))}
    date = load({"default": "owner", "rules": [RULE]}, []).rules[0].review_by
    rule = Rule("r", "x", "x", date, (when,), Outcome.BLOCK)
    table = Table((hostile, Number("n", 0, 1)), (rule,), Outcome.OWNER)
    rows = [{"who": value} for value in ("o'brien", "x' OR '1'='1", "o", None)]
    assert in_sql(table, rows) == ["block", "owner", "block", "block"] == in_python(table, rows)


def test_it_can_be_read() -> None:
    table = load({"default": "two_person", "rules": [RULE]}, ["replies"])
    assert expression(table).split("\n") == [
        "CASE",
        """WHEN CASE WHEN "risk" = 'low' THEN 1 ELSE 0 END = 0 THEN 'two_person'""",
        """WHEN ("risk" IS NULL OR "risk" NOT IN ('medium', 'high')) THEN 'owner'""",
        """WHEN ("held" = FALSE AND "worst_finding" IN ('none', 'note', 'warn') """
        """AND "checks_complete" = TRUE AND "restrained" = FALSE) THEN 'automate'""",
        "ELSE 'two_person'",
        "END",
    ]
