"""Undo until release: a countersignature is taken back by its signer, and by nobody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Problem
from trustwright.ledger import verifier
from trustwright.proposals.evidence import bundle
from trustwright.proposals.model import Status
from trustwright.testing.company import Company, files

COOL = """
  - id: notices-cool
    owner: cy
    reason: Whoever signs may think again.
    review_by: 2030-01-01
    when: {workflow: notices}
    then: {outcome: owner, cooling_off: 600}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path, rights=files()["rights.yaml"] + COOL)
    yield made
    made.close()


def signed(house: Company) -> str:
    case = str(house.system().proposes("Good day!", workflow="notices").case)
    assert house.person("bo").countersigns(case).status == "signed"
    return case


def sweep(house: Company) -> int:
    return int(house.asks("proposals.release_ready", WORKER).cases)


def code(house: Company, person: str, case: str) -> str:
    with pytest.raises(Problem) as e:
        house.person(person).asks("take_back", case)
    return e.value.code


def test_what_was_taken_back_does_not_go_out_and_is_asked_for_again(house: Company) -> None:
    case = signed(house)
    assert house.person("bo").asks("take_back", case).status == "waiting"
    house.wait(minutes=11)
    assert sweep(house) == 0
    of = house.case(case)
    assert of.status is Status.WAITING
    assert of.missing == (("owner",),)
    assert house.person("bo").countersigns(case).status == "signed"


def test_the_countersignature_given_again_is_the_one_an_outsider_checks(house: Company) -> None:
    case, bo = signed(house), house.person("bo")
    bo.asks("take_back", case)
    house.wait(minutes=1)
    bo.countersigns(case)
    house.wait(minutes=9)
    assert sweep(house) == 0
    house.wait(minutes=1)
    assert sweep(house) == 1
    with house.view() as view:
        archive = bundle(view, house.case(case))
    report = verifier.verify(archive, house.app.ledger.signer.vkey)
    assert report["verdict"] == "ok", report
    assert any("took back the countersignature of entry" in line for line in report["story"])


def test_only_its_signer_and_only_until_release(house: Company) -> None:
    case = signed(house)
    assert code(house, "ada", case) == "not-signed"
    house.wait(minutes=11)
    assert sweep(house) == 1
    assert code(house, "bo", case) == "case-closed"


def test_of_two_who_signed_one_takes_back_their_own(house: Company) -> None:
    case = str(house.system().proposes("Good day!", workflow="letters").case)
    house.person("ada").countersigns(case)
    with house.view() as view:
        before = len(view.after(0, 10_000))
    house.person("ada").asks("take_back", case)
    with house.view() as view:
        assert len(view.after(0, 10_000)) == before + 1  # Whoever is asked next still is.
    assert len(house.case(case).voided) == 1
    assert len(house.case(case).missing) == 2
