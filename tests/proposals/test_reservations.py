"""Two people never work on one case unseen; and nothing is lost with what scratch says of it."""

from datetime import timedelta
from typing import Any

import pytest

from trustwright.kernel.errors import Problem
from trustwright.proposals import reservations
from trustwright.proposals.reservations import LASTS, reservation
from trustwright.testing.company import Company, Employee

A_LITTLE = timedelta(seconds=1)


def code(act: Any, *given: Any, **order: Any) -> str:
    with pytest.raises(Problem) as e:
        act(*given, **order)
    return e.value.code


def holder(company: Company, case: str) -> str | None:
    with company.view() as view:
        now = reservation(view, case)
        return now.by if now else None


def waiting(company: Company) -> str:
    """A case that the owner, and whoever is asked second, may decide."""
    return str(company.system().proposes("Good day!").case)


def both(company: Company) -> tuple[Employee, Employee]:
    return company.person("ada"), company.person("bo")


def test_whoever_opens_a_case_to_decide_it_has_it_until_they_acted(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("open", case)
    for verb, order in (("refuse", {"reason": "No."}), ("hand_on", {"to": "ada", "question": "?"})):
        assert code(bo.asks, verb, case, **order) == "reserved"
    assert code(bo.edits, case, body="Good evening!") == "reserved"
    assert code(bo.asks, "reserve", case) == "reserved"
    assert company.case(case).open
    ada.countersigns(case)
    assert holder(company, case) is None


def test_it_says_who_works_on_it_and_for_how_long(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("reserve", case)
    with pytest.raises(Problem, match="Ada Birch has been working on this case since just now"):
        bo.asks("reserve", case)
    company.wait(minutes=4)
    with pytest.raises(Problem, match="for 4 min"):
        bo.asks("reserve", case)


def test_it_ends_by_time_and_every_act_makes_it_longer(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("reserve", case)
    company.wait(minutes=9)
    ada.asks("reserve", case)
    company.wait(minutes=9)
    assert code(bo.asks, "reserve", case) == "reserved"
    company.wait(seconds=(LASTS - timedelta(minutes=9) + A_LITTLE).seconds)
    bo.asks("reserve", case)
    assert code(ada.countersigns, case) == "reserved"
    assert holder(company, case) is not None


def test_one_person_has_one_case_and_leaving_frees_it(company: Company) -> None:
    one, other, (ada, bo) = waiting(company), waiting(company), both(company)
    ada.asks("reserve", one)
    ada.asks("reserve", other)
    bo.asks("reserve", one)
    assert company.asks("proposals.leave", ada.actor).case == other
    assert company.asks("proposals.leave", ada.actor).case is None
    assert holder(company, other) is None
    assert holder(company, one) is not None


def test_somebody_late_does_not_free_what_another_has_taken_up(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("reserve", case)
    company.wait(minutes=9)
    company.app.write(
        ada.actor, lambda uow: uow.forget(reservations.CASE, case)
    )  # Scratch is lost.
    bo.asks("reserve", case)
    assert company.asks("proposals.leave", ada.actor).case == case
    assert code(ada.asks, "refuse", case, reason="No.") == "reserved"


def test_without_scratch_everybody_decides_as_before(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("open", case)
    company.app.write(ada.actor, lambda uow: uow.forget(reservations.CASE, case))
    bo.asks("refuse", case, reason="No.")
    assert not company.case(case).open


def test_whoever_only_reads_reserves_nothing(company: Company) -> None:
    case, (ada, bo) = waiting(company), both(company)
    ada.asks("hand_on", case, to="bo", question="Is it right?")
    ada.asks("open", case)
    assert holder(company, case) is None
    bo.asks("open", case)
    assert holder(company, case) is not None
