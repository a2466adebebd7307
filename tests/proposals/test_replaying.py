"""Before a charter is adopted: what it would have decided of what was recorded."""

from pathlib import Path
from typing import Any

import pytest

from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import Problem
from trustwright.proposals import queries
from trustwright.proposals.replaying import Replayed
from trustwright.testing.company import Company, files

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."
RIGHTS = files()["rights.yaml"]
STRICTER = RIGHTS.replace("checkable: true", 'checkable: true\n      confidence: ">= 0.9"')
LOOSER = RIGHTS.replace("checkable: true", "sourced: [true, false]")


def replays(company: Company, rights: str = RIGHTS, actor: Any = WORKER, **more: Any) -> Replayed:
    changed = {name: more.pop(name) for name in ("restraints", "workflows") if name in more}
    order = {"files": company.files | {"rights.yaml": rights} | changed, **more}
    found: Replayed = company.asks("charter.replay", actor, **order)
    return found


def test_the_same_charter_would_have_decided_the_same(company: Company) -> None:
    company.system().proposes(RIGHT, source=SOURCE)
    company.system().proposes("Good morning.")
    found = replays(company)
    assert (found.n, found.unchanged, found.skipped) == (2, 2, 0)
    assert (found.moves, found.newly_alone_cases, found.no_longer_alone_cases) == ((), (), ())


def test_what_would_go_out_and_what_would_not(company: Company) -> None:
    out = company.system().proposes(RIGHT, source=SOURCE).case
    waits = company.system().proposes("Good morning.").case
    stricter, looser = replays(company, STRICTER), replays(company, LOOSER)
    assert (stricter.no_longer_alone, stricter.no_longer_alone_cases) == (1, (out,))
    assert (stricter.newly_alone, stricter.unchanged) == (0, 1)
    assert (looser.newly_alone, looser.newly_alone_cases) == (1, (waits,))
    assert [(m.then, m.now, m.n) for m in looser.moves] == [("owner", "automate", 1)]
    assert replays(company, LOOSER, last=1).n == 1


def test_what_was_decided_first_counts_and_not_what_people_made_of_it(company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    company.person("ada").edits(case, body="Good evening.")
    assert replays(company, LOOSER).newly_alone_cases == (case,)
    assert replays(company, LOOSER).n == 1


def test_a_workflows_risk_is_the_new_charters(company: Company) -> None:
    case = company.system().proposes(RIGHT, source=SOURCE).case
    workflows = company.files["workflows.yaml"].replace("risk: low", "risk: high", 1)
    company.files["workflows.yaml"] = workflows
    found = replays(company)
    assert found.no_longer_alone_cases == (case,)
    assert [(m.then, m.now) for m in found.moves] == [("automate", "two_person")]


def test_where_restraints_changed_nothing_is_claimed(company: Company) -> None:
    company.system().proposes(RIGHT, source=SOURCE)
    company.files["restraints.yaml"] = (
        "restraints:\n  - {id: trains, reason: R, owner: cy, words: [railway]}\n"
    )
    found = replays(company)
    assert (found.n, found.skipped) == (0, 1)


def test_until_two_agreed_nothing_would_have_gone_alone(tmp_path: Path) -> None:
    company = Company(tmp_path / "workspace", demo=False)
    company.adopts("cy")
    company.system().proposes(RIGHT, source=SOURCE)
    found = replays(company)
    assert (found.n, found.unchanged, found.newly_alone) == (1, 1, 0)
    company.close()


def test_the_proposed_charter_is_what_is_meant_where_none_is_given(company: Company) -> None:
    with pytest.raises(Problem) as none:
        company.asks("charter.replay", WORKER)
    assert none.value.code == "no-proposed-charter"
    case = company.system().proposes(RIGHT, source=SOURCE).case
    company.adopts(rights=STRICTER)
    assert company.asks("charter.replay", WORKER).no_longer_alone_cases == (case,)


def test_others_see_counts_and_an_ai_system_nothing(company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    for person, cases in (("ada", (case,)), ("eve", (case,)), ("fay", ())):
        found = replays(company, LOOSER, company.person(person).actor)
        assert (found.newly_alone, found.newly_alone_cases) == (1, cases)
    with pytest.raises(Problem) as refused:
        replays(company, actor=Machine("copilot"))
    assert refused.value.code == "not-your-charter"


def test_decisions_are_read_page_by_page(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    cases = [company.system().proposes(f"Good morning, {n}.").case for n in range(5)]
    with company.view() as view:
        assert [case for case, _ in queries.first_decisions(view)] == cases[::-1]
    for last, n in ((None, 5), (3, 3), (9, 5)):
        assert replays(company, LOOSER, last=last).newly_alone_cases == tuple(cases[::-1][:n])
