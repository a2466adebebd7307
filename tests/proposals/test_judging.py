"""Was the finding right? What people say of it is each check's record."""

from typing import Any

import pytest

from trustwright.kernel.errors import Problem
from trustwright.testing.company import Company

SOURCE = "The Royal Blue made its last run in 1958."
WRONG = "It made its last run in 1963."


def proposed(company: Company) -> tuple[str, str]:
    """A case, and the key of the one finding in it."""
    case = str(company.system().proposes(WRONG, source=SOURCE).case)
    parts = [{"name": "body", "text": WRONG}]
    (found,) = company.person("ada").asks("look", case, parts=parts).findings
    return case, str(found.key)


def record(company: Company) -> list[Any]:
    return list(company.asks("proposals.judgements", company.person("ada").actor).checks)


def test_each_check_has_k_of_n_and_what_nobody_knows_beside(company: Company) -> None:
    assert record(company) == []
    for said in ("yes", "yes", "no", "unsure"):
        case, key = proposed(company)
        company.person("ada").asks("judge", case, finding=key, right=said)
    (check,) = record(company)
    assert (check.check, check.right, check.n, check.unsure) == ("citation", 2, 3, 1)
    assert check.low < 2 / 3 < check.high


def test_the_last_word_of_each_person_counts(company: Company) -> None:
    case, key = proposed(company)
    for said in ("yes", "no"):
        company.person("ada").asks("judge", case, finding=key, right=said)
    company.person("bo").asks("judge", case, finding=key, right="yes")
    (check,) = record(company)
    assert (check.right, check.n) == (1, 2)


def test_a_finding_that_is_not_there_and_a_reader_who_may_only_read(company: Company) -> None:
    case, key = proposed(company)
    for who, finding, code in (("ada", "x", "no-such-finding"), ("eve", key, "may-only-read")):
        with pytest.raises(Problem) as e:
            company.person(who).asks("judge", case, finding=finding, right="yes")
        assert e.value.code == code


def test_a_refusal_names_one_reason_of_the_list(company: Company) -> None:
    case, _ = proposed(company)
    company.person("ada").asks("refuse", case, reason="The year.", why="wrong")
    last = company.case(case).facts[-1].body
    assert getattr(last, "why", "") == "wrong"
    other, _ = proposed(company)
    with pytest.raises(Problem) as e:
        company.person("ada").asks("refuse", other, reason="No.", why="because")
    assert e.value.status == 422
