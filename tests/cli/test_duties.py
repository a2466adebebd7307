"""Who owes what, on the command line; and what the doctor says of it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from trustwright.testing.company import Company


def test_duties_are_listed_with_who_is_away_and_what_is_late(
    trustwright: Terminal, tmp_path: Path
) -> None:
    company = Company(tmp_path / "w")
    case = company.system().proposes("In 1891.").case
    day = {"first": "2026-11-23", "last": "2027-11-22"}
    company.asks("absences.state", company.person("ada").actor, person="ada", **day)
    company.close()
    at = ("--dir", str(tmp_path / "w"))
    # It was asked for in November 2026; by the machine's clock it is late or not.
    told = trustwright("duties", "--format", "json", *at)
    (line,) = json.loads(told.out)
    assert (line["case"], line["owner"], line["then"]) == (case, "ada", ["bo", "cy"])
    assert line["due"] == "2026-11-25T09:00:00Z"
    assert told.code == int(line["late"])
    assert case in trustwright("duties", "--person", "ada", *at).out
    assert trustwright("duties", "--person", "bo", *at).out == ""
    nobody = trustwright("duties", "--person", "nobody", *at)
    assert (nobody.code, "names no person" in nobody.err) == (2, True)


def test_the_doctor_says_what_is_late_and_that_nobody_moves_it(
    trustwright: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustwright.testing.company.START", datetime(2026, 1, 5, tzinfo=UTC))
    company = Company(tmp_path / "w")
    company.system().proposes("In 1891.")
    company.close()
    told = trustwright("doctor", "--dir", str(tmp_path / "w"))
    assert "warn  One duty is late. `trustwright duties` lists them." in told.out
    assert "warn  No worker is alive" in told.out


def test_events_are_sent_again_from_a_position_there_is(
    trustwright: Terminal, tmp_path: Path
) -> None:
    company = Company(tmp_path / "w")
    company.system().proposes("In 1891.")
    company.close()
    at = ("--dir", str(tmp_path / "w"))
    assert trustwright("resend", "1", *at).code == 0
    refused = trustwright("resend", "1000", *at)
    assert (refused.code, "The log has the positions 0 to " in refused.err) == (2, True)
