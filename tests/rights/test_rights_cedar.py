"""Cedar, with a schema, decides every fully known case as the table does.

The policies are written from the document, not from the table. Four outcomes are three questions:
may AI act on its own, with the owner, with two people? The first yes is the outcome.
"""

import random
from collections.abc import Iterator
from typing import Any

import cedarpy
import pytest

from tests.rights.test_rights_properties import ALONE_ONLY, FACTS, NAMED, SAFETY, WORKFLOWS
from trustwright.rights.decide import outcome
from trustwright.rights.load import load

Document = dict[str, Any]

ASKED = ["automate", "owner", "two_person"]
OUTCOMES = [*ASKED, "block"]
PERCENT = [0, 10, 25, 30, 50, 60, 75, 90, 100]
TESTS = [f"{sign} {at}" for sign in ("<", "<=", ">", ">=") for at in (0.25, 0.5, 0.75)]
SCHEMA = cedarpy.Schema.from_str(
    "entity Machine; entity Proposal; action automate, owner, two_person appliesTo { "
    "principal: [Machine], resource: [Proposal], context: { confidence: Long, "
    + ", ".join(f"{k}: {'Bool' if v[0] in (True, False) else 'String'}" for k, v in NAMED.items())
    + " } };"
)
NOTHING = cedarpy.Entities.from_json_str("[]")


def document(dice: random.Random) -> Document:
    rules = [rule(dice, f"r{at}") for at in range(dice.randint(1, 6))]
    return {"default": dice.choice(OUTCOMES[1:]), "facts": FACTS, "rules": rules}


def rule(dice: random.Random, name: str) -> Document:
    then = dice.choice(["automate", *OUTCOMES])
    return {
        "id": name,
        "owner": "lena.brandt",
        "reason": "Because.",
        "review_by": "2027-03-01",
        "when": [cells(dice, then == "automate") for _ in range(dice.randint(1, 2))],
        "then": {"outcome": then},
    }


def cells(dice: random.Random, automates: bool) -> Document:
    drawn: Document = {}
    for name, values in NAMED.items():
        must = automates and name in SAFETY
        if must or dice.random() < 0.25:
            accepted = ALONE_ONLY.get(name, values) if must else [*values, "?"]
            drawn[name] = dice.sample(accepted, dice.randint(1, len(accepted)))
    if not drawn or dice.random() < 0.5:
        drawn["confidence"] = dice.sample([*TESTS, 0.5, 1, "?"], dice.randint(1, 2))
    return drawn


def policies(document: Document) -> Iterator[str]:
    """A rule that matches permits everything as strict as it is or stricter, and forbids the rest.

    Where nothing matches, the default permits.
    """
    everybody = "principal, action{}, resource"
    for rule in document["rules"]:
        condition = " || ".join(f"({matches(when)})" for when in rule["when"])
        yield f"permit ({everybody.format('')}) when {{ {condition} }};"
        for freer in OUTCOMES[: OUTCOMES.index(rule["then"]["outcome"])]:
            action = f' == Action::"{freer}"'
            yield f"forbid ({everybody.format(action)}) when {{ {condition} }};"
    for stricter in ASKED[OUTCOMES.index(document["default"]) :]:
        action = f' == Action::"{stricter}"'
        yield f"permit ({everybody.format(action)});"


def matches(when: Document) -> str:
    """Of known values: a `?` is never there."""
    return " && ".join(
        "(" + (" || ".join(compared(name, each) for each in tests if each != "?") or "false") + ")"
        for name, tests in when.items()
    )


def compared(name: str, value: Any) -> str:
    if name != "confidence":
        literal = str(value).lower() if isinstance(value, bool) else f'"{value}"'
        return f"context.{name} == {literal}"
    sign, number = value.split() if isinstance(value, str) else ("==", value)
    return f"context.confidence {sign} {round(100 * float(number))}"


def situation(dice: random.Random, document: Document) -> Document:
    """Near one of the document's own alternatives, so that rules do match."""
    when = dice.choice([cells for rule in document["rules"] for cells in rule["when"]])
    meant = {n: [v for v in when.get(n, vs) if v != "?"] or vs for n, vs in NAMED.items()}
    drawn = {n: dice.choice(vs if dice.random() < 0.8 else NAMED[n]) for n, vs in meant.items()}
    return {**drawn, "confidence": dice.choice(PERCENT)}


def by_cedar(document: Document, situations: list[Document]) -> list[str]:
    text = "\n".join(policies(document))
    valid = cedarpy.validate_policies(text, SCHEMA)
    assert valid.validation_passed, valid.errors
    who = {"principal": 'Machine::"ai"', "resource": 'Proposal::"it"'}
    requests = [
        {**who, "action": f'Action::"{asked}"', "context": facts}
        for facts in situations
        for asked in ASKED
    ]
    rights = cedarpy.PolicySet.from_str(text)
    answers = cedarpy.is_authorized_batch(requests, rights, NOTHING, SCHEMA)
    assert not any(answer.diagnostics.errors for answer in answers)
    allowed = [answer.allowed for answer in answers]
    return [
        next((asked for asked, may in zip(ASKED, each, strict=True) if may), "block")
        for each in zip(allowed[::3], allowed[1::3], allowed[2::3], strict=True)
    ]


def agrees(seed: int, cases: int) -> set[str]:
    dice = random.Random(seed)
    asked = document(dice)
    table, situations = load(asked, WORKFLOWS), [situation(dice, asked) for _ in range(cases)]
    ours = [
        outcome(table, {**facts, "confidence": facts["confidence"] / 100}).value
        for facts in situations
    ]
    assert by_cedar(asked, situations) == ours, f"seed {seed}"
    return set(ours)


def test_cedar_agrees_on_known_cases() -> None:
    met = [agrees(seed, 100) for seed in range(30)]
    assert set().union(*met) == set(OUTCOMES)


@pytest.mark.soak
def test_cedar_agrees_on_a_hundred_thousand() -> None:
    for seed in range(1_000, 1_500):
        agrees(seed, 200)
