"""A table failed and moved: its pages say what is wrong, and a person says what it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.signals import queries

from .caller import House, house
from .tables import CHARTER, LANGUAGE, PEOPLE, WRONG, checks, moves, people

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "workspace", True, **CHARTER) as home:
        yield home


def test_the_menu_has_signals_only_with_a_field_map(home: House, tmp_path: Path) -> None:
    assert '"/console/signals"' in home.person("eve").get("/console/holds").text
    with house(tmp_path / "other") as other:
        caller = other.person("eve")
        assert '"/console/signals"' not in caller.get("/console/holds").text
        assert "No table is mapped" in caller.get("/console/signals").text


def test_all_tables_say_their_state_and_age(home: House, tmp_path: Path) -> None:
    eve = home.person("eve")
    never = eve.get("/console/signals").text
    assert "never checked" in never
    checks(home.company, tmp_path, people())
    home.company.wait(hours=3)
    assert "3 h ago" in eve.get("/console/signals").text
    checks(home.company, tmp_path, WRONG)
    moves(home)
    page = eve.get("/console/signals").text
    for words in (
        "2 failed, 4 passed",
        ">failed</span>",
        "1 alarm",
        "just now",
        "Fay Elm, Ada Birch",
    ):
        assert words in page
    assert '<span class="chip bad">replies</span>' in page


def test_a_table_says_what_is_wrong_and_who_answers_for_it(home: House, tmp_path: Path) -> None:
    checks(home.company, tmp_path, WRONG)
    page = home.person("ada").get(PEOPLE).text
    for words in (
        "6 of 40 rows (15 %):",
        "<code>region</code> isn&#39;t one of north, south.",
        "<code>c-000</code> region Nord",
        "<dt>Since</dt><dd>23 Nov 2026</dd>",
        "<dt>Owner</dt><dd>Bo Lind</dd>",
        "<dt>To do</dt>",
        "4 passed",
    ):
        assert words in page
    assert page.count("region Nord") == 5
    assert "birch.example</" not in page


def test_examples_open_to_those_who_read_what_is_written(home: House, tmp_path: Path) -> None:
    checks(home.company, tmp_path, WRONG)
    seen = {
        who: "c-000" in home.person(who).get(PEOPLE).text for who in ("ada", "bo", "fay", "eve")
    }
    assert seen == {"ada": True, "bo": True, "fay": True, "eve": True}
    outside = home.person("dee").get(PEOPLE).text
    assert "c-000" not in outside
    assert "6 of 40 rows" in outside


def test_the_field_map_names_owners_and_gaps(home: House) -> None:
    page = home.person("eve").get(PEOPLE).text
    for words in (
        "crm.people",
        "Fay Elm",
        "de, en, fr",
        "string, required, personal",
        "36 h",
        "replies",
    ):
        assert words in page


def test_a_history_is_drawn_with_its_band_by_segment(home: House) -> None:
    moves(home)
    eve = home.person("eve")
    whole = eve.get(LANGUAGE).text
    assert whole.count('class="band"') == 4
    assert "<title" in whole
    assert "language: share of de</title>" in whole
    assert "9.7 %, expected 10.8 % to 12.8 %. Alarms: 30 Nov 2026." in whole
    part = eve.get(f"{LANGUAGE}?segment=country%3DFR").text
    assert 'aria-current="true">country is FR' in part
    assert eve.get(f"{LANGUAGE}?segment=no%3Dsuch").text.count('aria-current="true"') == 2


def test_an_alarm_names_who_may_let_go_and_they_answer_it(home: House) -> None:
    moved = moves(home)
    alarm = moved.alarms[0]
    eve, fay = home.person("eve"), home.person("fay")
    seen = eve.get(LANGUAGE).text
    assert "until Ada Birch, Bo Lind, Fay Elm or a role that adopts charters lets go" in seen
    assert "What was it?" not in seen
    assert "What was it?" in fay.get(LANGUAGE).text
    to = f"/console/signals/alarms/{alarm}"
    assert eve.posts(to, how="false", reason="x").status_code == 409
    answered = fay.posts(to, how="false", reason=HOSTILE)
    assert answered.headers["location"] == LANGUAGE
    after = fay.get(LANGUAGE).text
    assert "False alarms: 1 of 1 answered." in after
    assert "a false alarm: Fay Elm, 23 Nov 2026" in after
    assert HOSTILE not in after
    assert "In force" not in fay.get("/console/holds").text
    assert fay.posts(to, how="false", reason="again").status_code == 404


def test_a_hold_of_an_alarm_leads_to_it_and_so_does_its_duty(home: House) -> None:
    alarm = moves(home).alarms[0]
    to = f"/console/signals/alarms/{alarm}"
    fay = home.person("fay")
    for page in ("/console/holds", "/console/duties/fay"):
        assert f'href="{to}"' in fay.get(page).text
    assert fay.get(to).headers["location"] == f"{LANGUAGE}#{alarm}"
    assert fay.get("/console/signals/alarms/alarm-x").status_code == 404


def test_what_isnt_there_is_said(home: House) -> None:
    eve = home.person("eve")
    assert "No snapshot of it was recorded yet." in eve.get(LANGUAGE).text
    assert "Nobody checked it yet" in eve.get(PEOPLE).text
    for path in (f"{PEOPLE}/{queries.digest('country')}", "/console/signals/none"):
        assert eve.get(path).status_code == 404


def test_a_send_that_was_paused_stands_with_the_tables(home: House) -> None:
    sent = {"send": "spring", "what": "opt-outs", "k": 90, "n": 3000}
    copilot = home.company.system().actor
    home.company.asks("signals.sending", copilot, None, workflow="replies", **sent)
    page = home.person("ada").get("/console/signals").text
    assert "running send" in page
    assert "opt-outs: 90 of 3,000" in page
