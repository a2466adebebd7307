"""Evidence runs out at midnight, and by itself what rests on it is pulled back, or listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.app.worker import Worker
from trustwright.kernel.actors import WORKER
from trustwright.proposals.expiring import resting
from trustwright.testing.company import Company

LEADER = "We are the market leader for parcels."
SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."
EVIDENCE = """evidence:
  - {id: leader, claim: We are market leader for parcels, proof: Study 17, owner: ada, valid_until: 2026-11-25}
  - {id: rooms, claim: We have 40 rooms, proof: The register of 2026., owner: ada, valid_until: 2026-11-25}
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace", evidence=EVIDENCE)
    yield made
    made.close()


def lapses(company: Company, case: str) -> bool:
    routed = company.case(case).routed
    assert routed
    return [x.code for x in routed.findings] == ["evidence-expired"]


def midnight(company: Company, before: int = 0) -> None:
    """The end of the evidence's last day, or so many minutes before; then the worker comes by."""
    company.now = company.now.replace(day=26, hour=0, minute=0)
    company.wait(minutes=-before)
    comes_by(company)


def comes_by(company: Company, times: int = 1) -> None:
    worker = Worker(company.app)
    for _ in range(times):
        worker.tick()
    company.wait(seconds=30)  # The lease is for twenty.


def test_what_waits_and_what_is_signed_is_pulled_back_at_midnight(company: Company) -> None:
    ada, bo, copilot = company.person("ada"), company.person("bo"), company.system()
    waits = copilot.proposes(LEADER).case
    other = copilot.proposes("See you on Monday.").case
    hold = company.asks("holds.raise", ada.actor, scope="workflow", target="letters", reason="?")
    signed = copilot.proposes(LEADER, workflow="letters").case
    for person in (ada, bo):
        person.countersigns(signed)
    midnight(company, before=1)
    assert company.case(signed).status == "signed"
    assert not lapses(company, waits)
    company.asks("holds.lift", ada.actor, hold=hold.hold, reason="All is well.")
    midnight(company)
    assert [company.case(case).status for case in (waits, signed)] == ["waiting", "waiting"]
    assert lapses(company, waits)
    assert lapses(company, signed)
    assert len(company.case(signed).voided) == 2
    known = [len(company.case(case).facts) for case in (waits, signed, other)]
    assert known[2] == 2
    comes_by(company, 3)
    assert [len(company.case(case).facts) for case in (waits, signed, other)] == known


def test_a_signature_given_knowing_that_it_ran_out_stands(company: Company) -> None:
    copilot = company.system()
    case = copilot.proposes(LEADER).case
    midnight(company)
    assert company.person("ada").countersigns(case).status == "released"


def test_what_was_released_stays_so_and_is_listed(company: Company) -> None:
    case = company.system().proposes(f"{RIGHT} {LEADER}", source=SOURCE).case
    assert company.case(case).status == "released"
    company.system().asks("take", case)
    midnight(company)
    assert company.case(case).status == "taken"
    (told,) = company.asks("proposals.outdated", WORKER).cases
    assert (told.case, told.workflow, told.claims) == (case, "replies", 1)
    assert company.asks("proposals.outdated", company.person("ada").actor).cases == (told,)
    assert company.asks("proposals.outdated", company.person("fay").actor).cases == ()
    assert company.asks("proposals.outdated", company.system("shadow").actor).cases == ()
    company.system().asks("delivered", case)
    comes_by(company)
    assert len(company.asks("proposals.outdated", WORKER).cases) == 1


def test_each_case_is_looked_at_once_however_many_wait(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "__defaults__", (2,))
    cases = [company.system().proposes(LEADER).case for _ in range(5)]
    midnight(company)
    assert sum(lapses(company, case) for case in cases) == 2
    comes_by(company, 4)
    assert all(lapses(company, case) for case in cases)
    with company.view() as view:
        assert resting(view) == []
    company.app.ledger.rebuild()
    late = company.system().proposes(LEADER).case
    with company.view() as view:
        assert resting(view) == []
    assert lapses(company, late)


def test_before_the_worker_comes_by_nothing_goes_out_on_it(company: Company) -> None:
    ada = company.person("ada")
    hold = company.asks("holds.raise", ada.actor, scope="workflow", target="replies", reason="?")
    case = company.system().proposes(LEADER).case
    ada.countersigns(case)
    company.asks("holds.lift", ada.actor, hold=hold.hold, reason="All is well.")
    company.wait(days=3)
    assert company.asks("proposals.release_ready", WORKER).cases == 0
    assert company.case(case).status == "waiting"
