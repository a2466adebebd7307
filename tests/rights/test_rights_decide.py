"""The strictest rule that could match decides, and says why; what isn't known never frees."""

import math
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from trustwright.rights.decide import decide, outcome, why_not
from trustwright.rights.load import load
from trustwright.rights.model import (
    Cell,
    Deciding,
    Failed,
    Obligations,
    Outcome,
    Rule,
    WhyNot,
    built_in,
)
from trustwright.rights.table import Table

AUTOMATE, OWNER, TWO_PERSON, BLOCK = Outcome


def rule(name: str, when: object, outcome: str, **then: object) -> dict[str, object]:
    return {
        "id": name,
        "owner": "lena.brandt",
        "reason": f"The reason for {name}.",
        "review_by": "2027-03-01",
        "when": when,
        "then": {"outcome": outcome, **then},
    }


CALM: dict[str, Any] = {
    "workflow": "replies",
    "risk": "low",
    "held": False,
    "worst_finding": "none",
    "checks_complete": True,
    "restrained": False,
    "confidence": 0.9,
    "language": "en",
}
ALONE = {
    "workflow": "replies",
    "risk": ["low", "medium"],
    "held": False,
    "worst_finding": ["none", "note"],
    "checks_complete": True,
    "restrained": False,
}
TABLE = load(
    {
        "default": "owner",
        "facts": {
            "confidence": {"type": "number", "min": 0, "max": 1},
            "language": {"type": "enum", "values": ["en", "de"]},
        },
        "rules": [
            rule("sure-alone", ALONE | {"confidence": ">= 0.8"}, "automate", label="ai-generated"),
            rule("german", {"language": "de"}, "owner", roles=["legal"], label="ai-assisted"),
            rule("offers", {"workflow": "offers"}, "two_person", roles=["brand"], cooling_off=9),
            rule("stopped", [{"held": True}, {"worst_finding": "block"}], "block"),
        ],
    },
    ["replies", "offers"],
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, AUTOMATE),
        ({"confidence": 0.8}, AUTOMATE),
        ({"confidence": 1}, AUTOMATE),
        ({"confidence": Decimal("0.8")}, AUTOMATE),
        ({"confidence": math.nextafter(0.8, 0)}, OWNER),
        ({"confidence": None}, OWNER),
        ({"confidence": math.nan}, OWNER),
        ({"confidence": Decimal("sNaN")}, OWNER),
        ({"confidence": 1.01}, OWNER),
        ({"confidence": 10**400}, OWNER),
        ({"confidence": "0.9"}, OWNER),
        ({"confidence": True}, OWNER),
        ({"language": "de"}, OWNER),
        ({"language": "dee"}, OWNER),
        ({"language": ["en"]}, OWNER),
        ({"risk": "high"}, OWNER),
        ({"checks_complete": 1}, OWNER),
        ({"restrained": 0}, OWNER),
        ({"workflow": "offers"}, TWO_PERSON),
        ({"workflow": "replys"}, TWO_PERSON),
        ({"held": True}, BLOCK),
        ({"held": 0}, BLOCK),
        ({"worst_finding": "block"}, BLOCK),
        ({"worst_finding": "severe"}, BLOCK),
        ({"workflow": "offers", "worst_finding": "block"}, BLOCK),
    ],
)
def test_the_strictest_that_could_match(facts: dict[str, object], expected: Outcome) -> None:
    assert outcome(TABLE, CALM | facts) is expected
    assert decide(TABLE, CALM | facts).outcome is expected


def test_a_text_that_is_an_enum_counts_as_its_text() -> None:
    class Risk(StrEnum):
        LOW = "low"

    assert decide(TABLE, CALM | {"risk": Risk.LOW}).facts["risk"] == "low"
    assert outcome(TABLE, CALM | {"risk": Risk.LOW}) is AUTOMATE


def test_facts_are_recorded_as_they_were_seen() -> None:
    odd = {"confidence": 1e-7, "language": "xx", "held": 1}
    assert dict(decide(TABLE, odd).facts) == {
        "workflow": "?",
        "risk": "?",
        "held": "?",
        "worst_finding": "?",
        "checks_complete": "?",
        "restrained": "?",
        "confidence": "0.0000001",
        "language": "?",
    }
    calm = decide(TABLE, CALM | {"confidence": 1.0}).facts
    assert (calm["confidence"], calm["held"]) == ("1", "false")
    shown = [decide(TABLE, {"confidence": n}).facts["confidence"] for n in (-0.0, Decimal("0.80"))]
    assert shown == ["0", "0.8"]


def test_an_automated_one_says_which_rule_let_it() -> None:
    decision = decide(TABLE, CALM)
    assert decision.rules == (Deciding("sure-alone", "The reason for sure-alone."),)
    assert decision.obligations == Obligations(label="ai-generated")
    assert why_not(TABLE, CALM) == ()


def test_what_no_rule_is_certain_of_says_the_default_and_the_failed_cell() -> None:
    decision = decide(TABLE, CALM | {"confidence": 0.75})
    assert decision.rules == (Deciding("default", "No rule matches for certain."),)
    failed = Failed("confidence", ">= 0.8", "0.75")
    assert why_not(TABLE, CALM | {"confidence": 0.75}) == (
        WhyNot(AUTOMATE, "sure-alone", (failed,)),
    )


def test_a_rule_that_is_merely_possible_says_what_is_not_known() -> None:
    decision = decide(TABLE, CALM | {"language": None})
    assert decision.rules == (Deciding("german", "The reason for german.", ("language",)),)
    assert why_not(TABLE, CALM | {"language": None}) == (WhyNot(AUTOMATE, "sure-alone", ()),)


def test_the_alternative_that_came_closest_is_the_one_told() -> None:
    decision = decide(TABLE, CALM | {"held": None})
    assert decision.rules[0] == Deciding("stopped", "The reason for stopped.", ("held",))
    assert [each.rule for each in why_not(TABLE, CALM | {"held": None})] == [
        "sure-alone",
        "german",
        "offers",
    ]


def test_obligations_are_the_union_over_all_that_could_match() -> None:
    decision = decide(TABLE, CALM | {"workflow": None, "language": "de"})
    assert decision.outcome is TWO_PERSON
    assert decision.obligations == Obligations(("brand", "legal"), "ai-assisted", 9)


def test_the_label_is_the_strictest_rules_then_the_first_by_name() -> None:
    rules = [
        rule("c", {"risk": "low"}, "owner", label="ai-assisted"),
        rule("b", {"risk": "low"}, "two_person", label="b-label"),
        rule("a", {"risk": "low"}, "two_person", label="c-label"),
    ]
    table = load({"default": "owner", "rules": rules}, [])
    assert decide(table, {"risk": "low"}).obligations.label == "b-label"


@pytest.mark.parametrize(
    "bad",
    [
        {"held": True},
        {"held": None},
        {"held": 0},
        {"worst_finding": "block"},
        {"worst_finding": None},
        {"checks_complete": False},
        {"checks_complete": 1},
        {"restrained": True},
        {},
    ],
)
@pytest.mark.parametrize("default", [AUTOMATE, OWNER, BLOCK])
def test_behind_a_table_that_grants_too_much_stands_a_guard(
    bad: dict[str, object], default: Outcome
) -> None:
    """Such a table doesn't load; this one was made by hand."""
    always = {"workflow": Cell((("=", "replies"),), unknown=True)}
    reckless = Rule("reckless", "x", "x", TABLE.rules[0].review_by, (always,), AUTOMATE)
    table = Table(built_in(("replies",)), (reckless,), default)
    decision = decide(table, CALM | bad)
    assert outcome(table, CALM | bad) is decision.outcome
    if bad:
        assert decision.outcome is max(default, OWNER)
        assert [each.rule for each in decision.rules] == ["never-alone"]
    else:
        assert decision.outcome is AUTOMATE


def test_outcomes_are_ordered_by_strictness() -> None:
    assert sorted([BLOCK, OWNER, TWO_PERSON, AUTOMATE]) == [AUTOMATE, OWNER, TWO_PERSON, BLOCK]
    assert max(OWNER, BLOCK) is BLOCK
    assert [each.value for each in Outcome] == ["automate", "owner", "two_person", "block"]
