"""Who must ask before somebody is let in."""

import pytest

from trustwright.identity.model import Enrolled, Invited, confirmations_needed, sponsorship
from trustwright.ledger.facts import Body


def asked(*by: str) -> list[Body]:
    return [Invited(person="p:eve", by=one, needs=2) for one in by]


ENROLLED = Enrolled(person="p:eve", name="", credential="", cose="", synced=False, sponsors=())


@pytest.mark.parametrize(("enrolled", "needed"), [(0, 0), (1, 1), (2, 2), (3, 2), (100, 2)])
def test_at_most_two_of_those_enrolled_must_ask(enrolled: int, needed: int) -> None:
    assert confirmations_needed(enrolled) == needed


@pytest.mark.parametrize(
    ("history", "enrolled", "missing"),
    [
        ([], set(), 0),
        ([], {"p:ann"}, 1),
        (asked("p:ann"), {"p:ann"}, 0),
        (asked("p:ann"), {"p:ann", "p:ben"}, 1),
        (asked("p:ann", "p:ann"), {"p:ann", "p:ben"}, 1),
        (asked("p:ann", "p:ben"), {"p:ann", "p:ben", "p:cid"}, 0),
        (asked("m:trustwright"), {"p:ann"}, 1),
        (asked("p:ann", "p:ben"), {"p:ben", "p:cid"}, 1),
        ([*asked("p:ann", "p:ben"), ENROLLED], {"p:ann", "p:ben", "p:eve"}, 2),
        (asked("p:ann", "p:eve"), {"p:ann", "p:ben", "p:eve"}, 1),
        (asked("p:eve"), {"p:eve"}, 0),
    ],
    ids=[
        "the very first",
        "nobody asked",
        "the only one asked",
        "one of two asked",
        "the same one asked twice",
        "two of three asked",
        "the machine's word doesn't count beside people",
        "one who asked has left",
        "a second key asks for new sponsors",
        "nobody asks for themselves",
        "the only one enrolled needs nobody for a second key",
    ],
)
def test_who_still_has_to_ask(history: list[Body], enrolled: set[str], missing: int) -> None:
    assert sponsorship("p:eve", history, enrolled, enrolled).missing == missing


@pytest.mark.parametrize(
    ("known", "enrolled", "missing"),
    [
        ({"p:ann", "p:ben"}, {"p:ann"}, 1),
        ({"p:ann", "p:ben", "p:cid"}, {"p:ann"}, 1),
        ({"p:ann"}, {"p:ann", "p:ben"}, 0),
        ({"p:ben"}, {"p:ann", "p:ben"}, 1),
    ],
    ids=[
        "a key that was revoked takes nobody out of the count",
        "however many were",
        "who doesn't belong here any more isn't waited for",
        "nor is their word worth anything",
    ],
)
def test_who_counts_belongs_here_whether_they_have_a_key_now_or_not(
    known: set[str], enrolled: set[str], missing: int
) -> None:
    assert sponsorship("p:eve", asked("p:ann"), known, enrolled).missing == missing
