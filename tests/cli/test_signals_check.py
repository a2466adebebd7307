"""`trustwright signals check`: a colleague's note on a table, and never silently fine."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Terminal

MAP = """\
apiVersion: v3.2.0
kind: DataContract
id: people
version: 1.0.0
status: active
schema:
  - name: people
    customProperties:
      - {property: audience, value: spring-letter, vendor: trustwright}
    properties:
      - name: id
        logicalType: string
        primaryKey: true
      - name: status
        logicalType: string
        enum: [{value: active}, {value: closed}]
        customProperties: [{property: owner, value: lena, vendor: trustwright}]
      - name: account
        logicalType: string
        RELATION
"""
RELATION = "relationships: [{to: accounts.number}]"
BAD = {"id": ["a", "b", "c"], "status": ["active", "gone", "closed"], "account": ["1", "2", "3"]}
GOOD = BAD | {"status": ["active", "active", "closed"]}


@pytest.fixture
def files(tmp_path: Path) -> None:
    """Of the command's folder."""
    (tmp_path / "map.yaml").write_text(MAP.replace("RELATION", ""))
    (tmp_path / "related.yaml").write_text(MAP.replace("RELATION", RELATION))
    pl.DataFrame(BAD).write_parquet(tmp_path / "bad.parquet")
    pl.DataFrame(GOOD).write_parquet(tmp_path / "good.parquet")
    pl.DataFrame({"number": ["1", "2", "4"]}).write_parquet(tmp_path / "accounts.parquet")


CASES = {
    "sound": (["good.parquet", "--map", "map.yaml"], 0, "3 rules: 3 passed."),
    "a failure": (["bad.parquet", "--map", "map.yaml"], 1, "Stop: 1 of 3 rows (33 %)"),
    "only notes": (["good.parquet", "--map", "map.yaml", "--fail-on", "note"], 0, "3 passed"),
    "not run": (["good.parquet", "--map", "related.yaml"], 3, "3 passed"),
    "both": (["bad.parquet", "--map", "related.yaml"], 1, "1 failed, 1 not run"),
    "a reference": (
        ["good.parquet", "--map", "related.yaml", "--against", "accounts.parquet"],
        1,
        "`account` refers to nothing in `accounts`",
    ),
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("case", CASES)
def test_the_exit_code_says_whether_the_table_may_be_used(trustwright: Terminal, case: str) -> None:
    args, code, words = CASES[case]
    told = trustwright("signals", "check", *args, "--as-of", "2026-11-22")
    assert (told.code, words in told.out) == (code, True), told


@pytest.mark.usefixtures("files")
def test_the_report_is_a_note_one_can_act_on(trustwright: Terminal) -> None:
    told = trustwright(
        "signals", "check", "bad.parquet", "--map", "map.yaml", "--as-of", "2026-11-22"
    )
    assert told.out == (
        "bad: 3 rows, as of 2026-11-22.\n"
        "3 rules: 1 failed, 2 passed.\n"
        "\n"
        "Stop: 1 of 3 rows (33 %): `status` isn't one of active, closed.\n"
        "  for example id b: status gone\n"
        "  lena answers for it; it keeps spring-letter from going out.\n"
        "  To do: Correct the values, or agree on more of them in the field map.\n"
        "  [status-values, values 1]\n"
    )


@pytest.mark.usefixtures("files")
def test_pipelines_get_it_in_their_own_forms(trustwright: Terminal) -> None:
    def told(form: str) -> str:
        args = ("bad.parquet", "--map", "related.yaml", "--format", form)
        return str(trustwright("signals", "check", *args).out)

    plain = json.loads(told("json"))
    by_id = {result["id"]: result for result in plain["results"]}
    assert plain["verdict"] == "fail"
    assert by_id["status-values"]["samples"] == [{"key": "b", "values": {"status": "gone"}}]
    assert by_id["account-reference"]["not_run"]["reason"] == "missing-table"
    (run,) = json.loads(told("sarif"))["runs"]
    assert [found["ruleId"] for found in run["results"]] == ["values"]
    assert "values" in {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "`accounts` isn't there" in notice["message"]["text"]
    (suite,) = ET.fromstring(told("junit"))
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == (
        "4",
        "1",
        "1",
    )
    assert "isn't one of active, closed" in told("md")


@pytest.mark.usefixtures("files")
def test_every_failing_row_goes_to_a_file_where_one_is_wanted(trustwright: Terminal) -> None:
    trustwright("signals", "check", "bad.parquet", "--map", "map.yaml", "--failing", "out")
    assert pl.read_parquet("out/status-values.parquet").rows() == [("b", "gone", "2")]
    assert [path.name for path in Path("out").iterdir()] == ["status-values.parquet"]


UNREAD = {
    "no table": (["none.parquet", "--map", "map.yaml"], "There is no file none.parquet."),
    "no map": (["good.parquet", "--map", "none.yaml"], "none.yaml can't be read"),
    "no map at all": (["good.parquet", "--map", "text.yaml"], "This is no field map"),
    "a kind unknown": (["text.yaml", "--map", "map.yaml"], "is of no kind that is read here"),
    "cut short": (["cut.parquet", "--map", "map.yaml"], "cut can't be read to its end"),
}


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("case", UNREAD)
def test_what_cannot_be_read_is_said_with_a_remedy(trustwright: Terminal, case: str) -> None:
    Path("text.yaml").write_text("just: text")
    whole = Path("good.parquet").read_bytes()
    Path("cut.parquet").write_bytes(whole[: len(whole) // 2])
    args, words = UNREAD[case]
    told = trustwright("signals", "check", *args)
    assert told.code in (2, 3), told
    assert (words in told.err, told.out) == (True, ""), told


def test_rules_are_listed_and_explained(trustwright: Terminal) -> None:
    assert "not-null" in trustwright("signals", "rules").out
    assert "**Why.**" in trustwright("signals", "rules", "unique").out
    unknown = trustwright("signals", "rules", "none")
    assert (unknown.code, "There is no rule 'none'." in unknown.err) == (2, True)
