"""May this table be used? Every rule ends in one verdict, and what wasn't run is never a pass."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest
from pydantic import JsonValue

from tests.signals.tables import NOW, asked, report, result, table
from trustwright.charter.fieldmap.model import MappedField, Most, RuleUse, TableMap, Waiver, Watch
from trustwright.checks.model import Severity
from trustwright.connectors.tables.local import LocalTable
from trustwright.signals.model import Verdict
from trustwright.signals.preflight import check

PEOPLE: dict[str, list[Any]] = {
    "id": ["a", "b", "c", "d"],
    "status": ["active", "gone", None, "gone"],
}
STATUS: dict[str, JsonValue] = {"values": ["active"]}


def test_what_fails_is_counted_and_shown_with_its_key() -> None:
    agreed = asked("values", "status", params=STATUS).model_copy(update={"key": "id"})
    found = result(PEOPLE, agreed)
    assert (found.verdict, found.k, found.n) == (Verdict.FAIL, 2, 4)
    assert [(sample.key, sample.values) for sample in found.samples] == [
        ("b", {"status": "gone"}),
        ("d", {"status": "gone"}),
    ]


def test_a_table_without_a_key_shows_the_number_of_the_row() -> None:
    found = result(PEOPLE, asked("not-null", "status"))
    assert [sample.key for sample in found.samples] == [3]


def test_a_personal_column_leaves_in_no_sample() -> None:
    agreed = asked("values", "status", params=STATUS)
    field = MappedField(name="status", personal=True)
    found = result(PEOPLE, agreed.model_copy(update={"key": "id", "fields": (field,)}))
    assert [(s.key, s.values) for s in found.samples] == [("b", {}), ("d", {})]


@pytest.mark.parametrize(
    ("most", "verdict"),
    [
        (Most(), Verdict.FAIL),
        (Most(limit=2), Verdict.PASS),
        (Most(limit=50, unit="percent"), Verdict.PASS),
        (Most(limit=50, unit="percent", below=True), Verdict.FAIL),
    ],
)
def test_as_many_may_fail_as_was_agreed(most: Most, verdict: Verdict) -> None:
    assert result(PEOPLE, asked("values", "status", params=STATUS, most=most)).verdict is verdict


@pytest.mark.parametrize(
    ("until", "verdict"),
    [(date(2026, 11, 22), Verdict.ACCEPTED), (date(2026, 11, 21), Verdict.FAIL)],
)
def test_a_failure_is_accepted_by_name_and_until_a_day(until: date, verdict: Verdict) -> None:
    waiver = Waiver(by="lena", until=until, reason="The migration ends then.")
    assert (
        result(PEOPLE, asked("values", "status", params=STATUS, waiver=waiver)).verdict is verdict
    )


@pytest.mark.parametrize(
    ("agreed", "reason"),
    [
        (asked("no-such-rule", "status"), "unknown-rule"),
        (asked("values", "status", params={"value": ["x"]}), "bad-params"),
        (asked("values", "status"), "bad-params"),
        (asked("range", "status", params={"minimum": 1}), "wrong-kind"),
        (asked("reference", "status", params={"table": "states"}), "missing-table"),
        (asked("elsewhere", "status"), "elsewhere"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_could_not_be_decided_says_why_and_what_to_do(agreed: TableMap, reason: str) -> None:
    found = result(PEOPLE, agreed)
    assert (found.verdict, found.undecided and found.undecided.reason) == (Verdict.NOT_RUN, reason)
    assert found.undecided
    assert found.undecided.remedy
    assert not report(PEOPLE, agreed).complete


def test_a_column_that_is_gone_is_a_finding_with_the_name_it_may_have_now() -> None:
    fields = (MappedField(name="id"), MappedField(name="state", synonyms=("status",), owner="lena"))
    uses = (RuleUse(id="it", check="values", columns=("state",), params=STATUS),)
    gone, it = report(PEOPLE, TableMap(name="people", fields=fields, rules=uses)).results
    assert (gone.verdict, gone.k, gone.n, gone.unit, gone.owner) == (
        Verdict.FAIL,
        1,
        2,
        "field",
        "lena",
    )
    assert "`status`" in gone.says
    assert it.undecided
    assert it.undecided.reason == "missing-column"


def test_a_map_of_another_table_runs_nothing() -> None:
    found = result({"x": [1]}, asked("not-null", "id"))
    assert found.undecided
    assert found.undecided.reason == "another-table"


def test_an_empty_table_passes_nothing() -> None:
    found = result({"id": []}, asked("not-null", "id"))
    assert found.undecided
    assert found.undecided.reason == "empty-table"


def test_a_column_of_nothing_but_nulls_is_empty_not_sound() -> None:
    found = result({"n": [None, None]}, asked("range", "n", params={"minimum": 0}))
    assert found.undecided
    assert found.undecided.reason == "empty-column"
    assert result({"n": [None, None]}, asked("not-null", "n")).k == 2


def test_a_table_that_changes_while_it_is_read_decides_nothing() -> None:
    marks: Iterator[int] = count()
    moving = LocalTable("people", table("people", PEOPLE).scan, lambda: str(next(marks)))
    (found,) = check(moving, asked("not-null", "status"), NOW).results
    assert found.undecided
    assert (found.verdict, found.undecided.reason) == (Verdict.NOT_RUN, "changed-while-read")


def test_nothing_asked_is_nothing_decided() -> None:
    empty = report(PEOPLE, TableMap(name="people", fields=(MappedField(name="id"),)))
    assert not empty.complete


def test_watched_fields_come_with_their_distributions() -> None:
    watches = (
        Watch(field="status", segments=("region",)),
        Watch(field="spent", kind="number", segments=("region",)),
    )
    data: dict[str, list[Any]] = {
        "status": ["a", "b", None, "a"],
        "region": ["x", "x", "y", "y"],
        "spent": [1, 2, None, 4],
    }
    found = report(data, TableMap(name="people", watches=watches))
    assert found.distributions["status",] == {("a",): 2, ("b",): 1, (None,): 1}
    assert found.distributions["status", "region"][None, "y"] == 1
    total = found.totals["spent", "region"]["x",]
    assert (total.n, total.sum, total.squares) == (2, 3.0, 5.0)


def test_severity_is_as_agreed_and_note_never_fails_a_run() -> None:
    found = report(PEOPLE, asked("not-null", "status", severity="note"))
    assert found.having(Verdict.FAIL)
    assert not found.failed(Severity.WARN)
