"""Batches, attacked: others' cases, what changes between drawing and signing, two who sign at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.proposals.test_batches import (
    BATCHES,
    cases,
    draw,
    opens,
    prepares,
    refusal,
    signs,
)
from trustwright.kernel.errors import Problem
from trustwright.proposals.model import Released
from trustwright.testing.company import Company, Employee, files

COMPANY = files()["company.yaml"] + BATCHES


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path, company=COMPANY)
    yield company
    company.close()


def drawn(person: Employee, ids: list[str]) -> str:
    """A batch whose sample is opened."""
    batch = draw(person, ids)
    opens(person, batch.batch, *batch.sample)
    return str(batch.batch)


def ready(person: Employee, batch: str) -> Callable[[], Any]:
    """Signed on the device already; what is left is to send it."""
    prepared = prepares(person, batch)
    given = {"statement": prepared.statement.id, "credential": person.device.get(prepared.options)}
    return partial(person.company.asks, "batches.countersign", person.actor, batch=batch, **given)


def outcome(send: Callable[[], Any]) -> str:
    try:
        return f"released {send().released}"
    except Problem as e:
        return e.code


def releases(company: Company) -> list[str]:
    with company.view() as view:
        return sorted(fact.stream for fact in view.of_kind(Released))


@pytest.mark.parametrize("person", ["fay", "dee"])
def test_nobody_draws_what_they_may_not_read(house: Company, person: str) -> None:
    assert refusal(draw, house.person(person), cases(house, 2)) == "no-such-case"


@pytest.mark.parametrize("other", ["case-x", "batch-x", "duty-x", "", "case-\0", "x" * 100_000])
def test_one_that_is_none_spoils_the_draw(house: Company, other: str) -> None:
    ids = [*cases(house, 2), other]
    assert refusal(draw, house.person("ada"), ids) in ("no-such-case", "value-impossible")


def test_a_case_twice_makes_no_batch(house: Company) -> None:
    assert refusal(draw, house.person("ada"), cases(house, 1) * 2) == "too-few-cases"


def test_a_case_outside_is_not_opened_through_the_batch(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house, 5)
    batch = drawn(ada, ids[:4])
    assert refusal(opens, ada, batch, ids[4]) == "not-in-batch"


def test_a_hold_raised_in_between_keeps_all_of_them(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house, 4)
    batch = drawn(ada, ids)
    hold = {"scope": "workflow", "target": "replies", "reason": "a complaint"}
    house.asks("holds.raise", house.person("bo").actor, None, **hold)
    assert signs(ada, batch).released == 0
    assert releases(house) == []


def erases(house: Company) -> None:
    house.asks("subjects.erase", house.person("dee").actor, subject="customer-1")


def changes(house: Company) -> None:
    house.adopts("cy", "dee", company=COMPANY.replace("low: 48", "low: 47"))


def moves(house: Company) -> None:
    workflows = files()["workflows.yaml"].replace("owner: ada", "owner: bo", 1)
    house.adopts("cy", "dee", workflows=workflows)


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (lambda house: house.wait(days=40), "case-closed"),
        (erases, "case-closed"),
        (changes, "batch-differs"),
        (moves, "batch-differs"),
    ],
    ids=["expires", "is erased", "the charter changes", "another owns it"],
)
def test_what_was_signed_on_the_device_meets_what_is_now(
    house: Company, happens: Callable[[Company], Any], code: str
) -> None:
    ada = house.person("ada")
    ids = [house.system().proposes(f"Hello {i}!", subject="customer-1").case for i in range(4)]
    send = ready(ada, drawn(ada, ids))
    happens(house)
    assert outcome(send) == code
    assert releases(house) == []


@pytest.mark.parametrize("overlap", [6, 3, 1])
def test_two_who_sign_at_once_release_each_case_once(house: Company, overlap: int) -> None:
    ids = cases(house, 12 - overlap)
    ada, bo = house.person("ada"), house.person("bo")
    sends = [ready(ada, drawn(ada, ids[:6])), ready(bo, drawn(bo, ids[-6:]))]
    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(outcome, sends))
    assert told == ["case-closed", "released 6"]
    assert len(releases(house)) == len(set(releases(house))) == 6


def test_a_signature_is_sent_twice_at_once_and_counts_once(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house, 4)
    send = ready(ada, drawn(ada, ids))
    with ThreadPoolExecutor(2) as both:
        told = sorted(both.map(outcome, [send, send]))
    assert told == ["batch-signed", "released 4"]
    assert releases(house) == sorted(ids)
