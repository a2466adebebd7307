"""A check's report is recorded as the charter's own map judges it; what blocks stops the readers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.console.tables import CHARTER, MAPPED, WRONG, checks, order, people
from trustwright.duties import queries as duties
from trustwright.kernel.actors import Machine, Person
from trustwright.kernel.errors import Invalid, NotFound
from trustwright.ledger.store import facts as stored
from trustwright.signals.reports import last_report
from trustwright.testing.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace", True, None, **CHARTER)
    yield made
    made.close()


def reported(company: Company) -> Any:
    return company.asks("signals.reported", company.system().actor, table="people")


def sends(company: Company, sent: dict[str, Any]) -> Any:
    return company.asks("signals.report", company.system().actor, **sent)


def test_a_sound_table_stops_nothing(company: Company, tmp_path: Path) -> None:
    answer = checks(company, tmp_path, people())
    assert (answer.passed, answer.failed, answer.not_run) == (6, 0, 0)
    assert (answer.alarms, answer.held) == ((), ())


def test_what_fails_and_blocks_holds_the_readers_and_asks_the_rules_owner(
    company: Company, tmp_path: Path
) -> None:
    answer = checks(company, tmp_path, WRONG)
    assert (answer.passed, answer.failed) == (4, 2)
    assert answer.held == ("replies",)
    with company.view() as view:
        asked = [d.owner for alarm in answer.alarms for d in duties.open_duties(view, alarm)]
        assert asked == [view.pseudonym(Person(who)) for who in ("ada", "bo")]
    for alarm, owner in zip(answer.alarms, ("ada", "bo"), strict=True):
        said = {"alarm": alarm, "how": "fault", "reason": "Mended."}
        company.asks("signals.answer", company.person(owner).actor, **said)
    with company.view() as view:
        assert not duties.standing_holds(view)
    again = checks(company, tmp_path, WRONG)
    assert not {*again.alarms} & {*answer.alarms}
    assert again.held == ("replies",)


def test_counts_stay_and_examples_only_of_the_last_report(company: Company, tmp_path: Path) -> None:
    first = checks(company, tmp_path, WRONG)
    company.wait(days=1)
    checks(company, tmp_path, people(region=["Nord"] + ["south"] * 39))
    with company.view() as view:
        old = view.facts(first.report)[0].body
        assert sorted(r.k for r in old.results if r.verdict == "fail") == [1, 6]  # type: ignore[attr-defined]
        assert view.open(old.content) is None  # type: ignore[attr-defined]
        last = last_report(view, "people")
    assert last is not None
    assert last.told is not None
    (wrong,) = (j for j in last.told if j.ended.verdict == "fail")
    assert [(e.key, e.values) for e in wrong.ended.examples] == [("c-000", {"region": "Nord"})]


def test_since_is_the_first_of_the_checks_in_a_row(company: Company, tmp_path: Path) -> None:
    days: list[str] = []
    for table in (WRONG, people(), WRONG, WRONG):
        sent = order(tmp_path, table)
        days.append(f"2026-11-{23 + len(days)}T00:00:00Z")
        sends(company, sent | {"as_of": days[-1]})
    since = {r.rule: f"{r.since:%d}" for r in reported(company).results}
    assert since["region-values"] == "25"
    assert since["language-values"] == "23"


def test_what_was_not_reported_was_not_run(company: Company, tmp_path: Path) -> None:
    sent = order(tmp_path, people())
    answer = sends(
        company, sent | {"results": [r for r in sent["results"] if r["rule"] != "region-values"]}
    )
    assert (answer.passed, answer.not_run) == (5, 1)
    assert answer.held == ("replies",)


def test_a_report_cant_say_what_was_not_agreed(company: Company, tmp_path: Path) -> None:
    sent = order(tmp_path, WRONG)
    with pytest.raises(Invalid, match="has no rule 'mine'"):
        sends(company, sent | {"results": [*sent["results"], {"rule": "mine", "verdict": "pass"}]})
    with pytest.raises(NotFound):
        sends(company, sent | {"table": "others"})
    with pytest.raises(NotFound):
        company.asks("signals.report", Machine("nobody"), **sent)
    # A waiver of its own counts as the failure it is.
    for result in sent["results"]:
        result["verdict"] = "accepted" if result["verdict"] == "fail" else result["verdict"]
    assert sends(company, sent).failed == 2


def test_a_waiver_of_the_charter_counts_until_its_day(company: Company, tmp_path: Path) -> None:
    waived = MAPPED.replace(
        "enum: [{value: north}, {value: south}]",
        "quality:\n          - id: region-values\n            type: custom\n            engine: trustwright\n"
        "            implementation: {check: values, values: [north, south]}\n"
        "            customProperties: [{property: waiver, vendor: trustwright, "
        "value: {by: bo, until: '2026-12-01', reason: 'Old names stay'}}]",
    )
    company.adopts("cy", "dee", **{"fields/crm.odcs": waived})
    sent = order(tmp_path, WRONG)
    assert sends(company, sent).accepted == 1
    assert sends(company, sent | {"as_of": "2026-12-02T00:00:00Z"}).accepted == 0


def test_personal_columns_are_dropped_whoever_sends_them(company: Company, tmp_path: Path) -> None:
    sent = order(tmp_path, WRONG)
    for result in sent["results"]:
        if result["rule"] == "mail-not-null":
            result["examples"] = [{"key": "c-000", "values": {"mail": "ada@birch.example"}}]
    sends(company, sent)
    with company.view() as view:
        last = last_report(view, "people")
    assert "birch.example" not in repr(last)


def test_the_log_has_counts_and_no_names(company: Company, tmp_path: Path) -> None:
    checks(company, tmp_path, WRONG)
    with company.view() as view:
        entries = b"".join(
            bytes(e) for (e,) in view.rows(stored.select().with_only_columns(stored.c.entry))
        )
    assert b"check.reported" in entries
    for word in (b"region", b"Nord", b"c-000"):
        assert word not in entries


def test_a_graver_check_is_not_hidden_behind_a_milder_alarm(
    company: Company, tmp_path: Path
) -> None:
    milder = MAPPED.replace(
        "enum: [{value: north}, {value: south}]",
        "quality:\n          - id: region-values\n            type: custom\n            engine: trustwright\n"
        "            severity: warning\n"
        "            implementation: {check: values, values: [north, south]}",
    )
    company.adopts("cy", "dee", **{"fields/crm.odcs": milder})
    mild = checks(company, tmp_path, people(region=["Nord"] * 40))
    assert mild.failed == 1
    assert mild.held == ()
    company.adopts("cy", "dee", **{"fields/crm.odcs": MAPPED})
    grave = checks(company, tmp_path, people(region=["Nord"] * 40))
    assert not {*grave.alarms} & {*mild.alarms}
    assert grave.held == ("replies",)
