"""The console goes on when the data doesn't: every page opens, and the hold says why and who lifts it."""

from pathlib import Path

import pytest

from tests.console.caller import House
from tests.signals.test_alarms import SOURCE, backfills, opened, records
from tests.signals.weeks import week

PAGES = ["", "/duties", "/holds", "/ledger", "/people", "/charter"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> House:
    folder: Path = tmp_path_factory.mktemp("home")
    home = House(opened(folder))
    backfills(home.company, *range(12))
    records(home.company, week(12, de=970))
    home.company.system().proposes(SOURCE, source=SOURCE, confidence=1.0)
    return home


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_while_an_alarm_stands(home: House, page: str) -> None:
    for person in ("ada", "fay"):
        assert home.person(person).get(f"/console{page}").status_code == 200


def test_the_hold_says_what_moved_and_only_who_answers_may_lift_it(home: House) -> None:
    shown = home.person("fay").get("/console/holds").text
    assert "people: language &#39;de&#39; where country is AT fell from 59.1 % to 48.5 %" in shown
    assert "/lift" in shown
    assert "/lift" not in home.person("eve").get("/console/holds").text
