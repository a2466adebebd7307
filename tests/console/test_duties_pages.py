"""Who owes what, on pages: everybody, one person, an absence stated and ended, and whose clock it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.console.caller import House, house
from tests.console.test_desk_cases import page, proposed
from trustwright.app.worker import Worker
from trustwright.testing.company import files

CALENDARS = "calendars: [{id: india, time_zone: Asia/Kolkata, hours: [Mo-Su 00:00-24:00]}]\n"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[House]:
    with house(
        tmp_path,
        calendars=CALENDARS,
        company=files()["company.yaml"] + "time_zone: Europe/Berlin\n",
        people=files()["people.yaml"].replace(
            "substitute: ada}", "substitute: ada, calendar: india}"
        ),
    ) as made:
        yield made


def test_everybody_and_every_workflow_with_what_is_late(at: House) -> None:
    proposed(at)
    at.company.wait(hours=50)
    shown = page(at.person("cy"), "/console/duties")
    assert "1 open · 1 late" in shown
    assert "Ada Birch 1 1 -2:00 2 d" in shown
    assert "Replies 1 1 -2:00 2 d" in shown


def test_a_person_says_they_are_away_and_is_back(at: House) -> None:
    case, ada, bo = proposed(at), at.person("ada"), at.person("bo")
    form = {"first": "2026-11-23", "last": "2026-11-24", "to": "", "workflow": ""}
    here = "/console/duties/ada"
    wrong = ada.posts(f"{here}/away", **form | {"last": "2026-11-22"})
    assert wrong.status_code == 422
    assert 'value="2026-11-22"' in wrong.text
    assert bo.posts(f"{here}/away", **form).status_code == 409
    assert ada.posts(f"{here}/away", **form).headers["location"] == here
    assert "Away until 25 Nov 2026, 00:00 CET" in page(ada, here)
    Worker(at.company.app).tick()
    assert "Ada Birch is away; asked of Bo Lind" in page(bo, f"/console/cases/{case}")
    assert "away until 25 Nov 2026" in page(bo, "/console/people")
    assert "Ada Birch away until 25 Nov 2026 0 0" in page(bo, "/console/duties")
    assert "Plan an absence" not in page(bo, here)
    end = re.search(r"/console/absences/absence-\w+/end", ada.get(here).text)
    assert end
    assert bo.posts(end[0], person="ada").status_code == 409
    assert ada.posts(end[0], person="ada").headers["location"] == here
    assert "End it" not in page(ada, here)


def test_everybody_away_is_said_on_every_page(at: House) -> None:
    for id in ("ada", "bo", "cy"):
        form = {"first": "2026-11-23", "last": "2026-11-24", "to": "", "workflow": ""}
        assert at.person(id).posts(f"/console/duties/{id}/away", **form).status_code == 303
    assert "Nobody answers for replies, letters, notices" in page(
        at.person("eve"), "/console/holds"
    )


def test_a_page_has_the_clock_of_whoever_looks(at: House) -> None:
    case = proposed(at)
    assert 'title="due 25 Nov 2026, 10:00 CET"' in at.person("ada").get("/console").text
    assert 'title="due 25 Nov 2026, 14:30 IST"' in at.person("bo").get("/console").text
    assert "due 25 Nov 2026, 14:30 IST" in page(at.person("bo"), f"/console/cases/{case}")


def test_what_somebody_may_not_read_has_no_title_and_no_link(at: House) -> None:
    case = proposed(at)
    shown = at.person("fay").get("/console/duties/ada").text
    assert "A case you don&#39;t read" in shown or "A case you don't read" in shown
    assert case not in shown


def test_duties_of_a_workflow_that_is_no_more_are_shown(at: House) -> None:
    case = str(at.company.system().proposes("Hello.", workflow="notices").case)
    left = at.company.files["workflows.yaml"].partition("  - id: notices")[0]
    at.company.adopts("cy", "dee", workflows=left)
    for id in ("cy", "bo", "eve"):
        shown = page(at.person(id), "/console/duties")
        assert "notices (no longer in the charter) 1 0" in shown
        assert at.person(id).get("/console/duties/bo").status_code == 200
    assert at.person("eve").get(f"/console/cases/{case}").status_code == 200


def test_a_hold_says_who_lifts_it(at: House) -> None:
    ada = at.person("ada")
    ada.posts("/console/holds", scope="workflow", target="notices", reason="Wait.")
    ada.posts("/console/holds", scope="all", target="", reason="Wait.")
    shown = ada.get("/console/holds").text
    assert "Lifted by Ada Birch, Bo Lind or a role that adopts charters." in shown
    assert len(re.findall(r"/lift\"", shown)) == 1
