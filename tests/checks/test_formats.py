"""Reports are told to people, programs and pipelines."""

import json
from datetime import date
from xml.etree import ElementTree

import pytest

from trustwright.checks import Report, Source, Subject, Undecided, baseline, run, shelf
from trustwright.checks.formats import as_json, as_jsonl, as_sarif, as_text
from trustwright.checks.tables import as_junit, as_markdown
from trustwright.kernel.errors import Invalid

TEXT = "Hello!\nIt is the best.\u202e It is the best."
REPORT = run(Subject((("text", TEXT),), today=date(2026, 1, 1), sources=(Source("1", "x"),)))
UNSURE = Report(undecided=(Undecided("citation", "not-english"),), versions={"citation": "1"})
CRASHED = Report(undecided=(Undecided("citation", "crashed"),), versions={"citation": "1"})


def test_text_has_a_line_for_each_finding_and_hides_nothing_from_the_terminal() -> None:
    told = as_text([("a.txt", REPORT), ("b.txt", UNSURE)])
    assert told.isascii() or all(c.isprintable() or c == "\n" for c in told)
    assert "a.txt: text 13-21: warn:" in told
    assert "b.txt: not decided: the text is not in English" in told
    assert "nothing in it could be compared" in told
    assert told.endswith("2 checked: 1 to stop, 0 to look at, 1 not decided.\n")


def test_json_is_the_report() -> None:
    (told,) = json.loads(as_json([("a.txt", REPORT)]))
    assert (told["location"], told["worst"], told["complete"], told["checkable"]) == (
        "a.txt",
        "block",
        True,
        False,
    )
    assert Report.from_json(told) == REPORT


def test_sarif_has_a_rule_for_each_check_and_a_place_for_each_finding() -> None:
    log = json.loads(as_sarif([("dir/a b.txt", REPORT)], {"dir/a b.txt": TEXT}))
    (tool_run,) = log["runs"]
    rules = tool_run["tool"]["driver"]["rules"]
    assert (log["version"], tool_run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [rule["id"] for rule in rules] == list(shelf())
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert {r["ruleId"] for r in tool_run["results"]} == {"unproven-claim", "hidden-characters"}
    place = tool_run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "dir/a%20b.txt"
    assert place["region"] == {
        **{"charOffset": 13, "charLength": 8, "startLine": 2, "startColumn": 7},
        **{"endLine": 2, "endColumn": 15},
    }


def test_the_same_words_twice_are_two_results_and_stay_the_same_further_down() -> None:
    def marks(text: str) -> list[str]:
        report = run(Subject((("text", text),), today=date(2026, 1, 1)))
        (tool_run,) = json.loads(as_sarif([("a", report)]))["runs"]
        return [r["partialFingerprints"]["trustwright/v1"] for r in tool_run["results"]]

    assert len(set(marks(TEXT))) == 3
    assert marks(TEXT) == marks("\n\nNew first line.\n" + TEXT)


def test_a_line_of_json_is_a_line_of_its_file() -> None:
    (tool_run,) = json.loads(as_sarif([("a.jsonl:12", REPORT)]))["runs"]
    place = tool_run["results"][0]["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "a.jsonl"},
        "region": {"startLine": 12},
    }
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "text:13-21"


@pytest.mark.parametrize(
    ("report", "successful", "level"), [(UNSURE, True, "warning"), (CRASHED, False, "error")]
)
def test_what_could_not_be_decided_is_a_notification(
    report: Report, successful: bool, level: str
) -> None:
    (tool_run,) = json.loads(as_sarif([("a", report)]))["runs"]
    (invocation,) = tool_run["invocations"]
    (notice,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is successful
    assert (notice["level"], notice["associatedRule"]["id"]) == (level, "citation")


def test_json_lines_are_reports() -> None:
    lines = as_jsonl([("a.txt", REPORT), ("b.txt", UNSURE)]).splitlines()
    assert [json.loads(line)["location"] for line in lines] == ["a.txt", "b.txt"]
    assert Report.from_json(json.loads(lines[0])) == REPORT


HOSTILE = "\x00\u202e<b>|`@all` &amp; \ud800 ]]> {{x}} [a](http://b) the best \n*9 %*"


def hostile() -> Report:
    return run(Subject((("a|<b>", HOSTILE),), today=date(2026, 1, 1)))


def test_junit_is_xml_with_a_case_for_each_check_whatever_the_text() -> None:
    told = as_junit([('a "<&>.txt', hostile()), ("b.txt", CRASHED)])
    suites = list(ElementTree.fromstring(told))
    assert suites[0].get("name") == 'a "<&>.txt'
    assert [case.get("name") for case in suites[0]] == list(shelf())
    failed = [case.get("name") for case in suites[0] if case.find("failure") is not None]
    assert suites[0].get("failures") == str(len(failed))
    assert set(failed) == {f.check for f in hostile().findings}
    (error,) = suites[1].iter("error")
    assert (error.get("type"), suites[1].get("errors")) == ("crashed", "1")


def test_markdown_is_a_table_on_which_the_text_does_not_act() -> None:
    told = as_markdown([("a.txt", hostile()), ("b.txt", UNSURE)])
    head, _, *rows = told.splitlines()
    assert head == "**2 checked**: 1 to stop, 0 to look at, 1 not decided."
    assert len(rows) == 2 + len(hostile().findings) + 1
    assert all(row.replace("\\|", "").count("|") == 6 for row in rows)
    assert not any(raw in told for raw in ("<b>", "@all", "](", "http://", "\u202e"))
    assert (
        as_markdown([("a", Report())]) == "**1 checked**: 0 to stop, 0 to look at, 0 not decided.\n"
    )


def test_a_baseline_knows_what_was_there_and_not_one_more() -> None:
    def left(text: str) -> tuple[int, int]:
        report = run(Subject((("text", text),), today=date(2026, 1, 1)))
        kept, gone = baseline.new([("a.txt", report)], known)
        return len(kept[0][1].findings), gone

    known = baseline.read(baseline.write([("a.txt", REPORT)]))
    assert known["a.txt"].total() == 3
    assert left("New line.\n" + TEXT) == (0, 0)
    assert left(TEXT + " It is the best.") == (1, 0)
    assert left("It is the best.") == (0, 2)


def test_lines_of_a_file_share_its_baseline() -> None:
    known = baseline.read(baseline.write([("a.jsonl:1", REPORT), ("a.jsonl:2", REPORT)]))
    kept, gone = baseline.new([("a.jsonl:7", REPORT), ("b.jsonl:1", REPORT)], known)
    assert [len(report.findings) for _, report in kept] == [0, 3]
    assert gone == 3


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "x", "known": {}}', '{"format": "trustwright.baseline.v1", "known": {"a": {"b": "c"}}}', "[" * 100_000]
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        baseline.read(text)
