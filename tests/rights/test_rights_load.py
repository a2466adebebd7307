"""A table that could do harm doesn't load, and says which rule, which fact, and what to do."""

import copy
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from trustwright.rights.form import Flawed
from trustwright.rights.load import load
from trustwright.rights.model import Cell, Choice, Number, Obligations, Outcome

Document = dict[str, Any]

GOOD: Document = {
    "default": "owner",
    "facts": {
        "confidence": {"type": "number", "min": 0, "max": 1},
        "sourced": {"type": "bool", "safety": True},
        "language": {"type": "enum", "values": ["en", "de"]},
    },
    "rules": [
        {
            "id": "grounded-alone",
            "owner": "lena.brandt",
            "reason": "Replies that rest on a source and pass every check are right often enough.",
            "review_by": date(2027, 3, 1),
            "when": [
                {
                    "workflow": "replies",
                    "risk": ["low", "medium"],
                    "held": False,
                    "worst_finding": ["none", "note"],
                    "checks_complete": True,
                    "restrained": False,
                    "sourced": True,
                    "confidence": [">= 0.8", "?"],
                }
            ],
            "then": {"outcome": "automate", "label": "ai-generated", "cooling_off": 60},
        },
        {
            "id": "legal-reads-offers",
            "owner": "lena.brandt",
            "reason": "Offers bind us.",
            "review_by": "2027-03-01",
            "when": {"workflow": "offers"},
            "then": {"outcome": "two_person", "roles": ["legal", "brand", "legal"]},
        },
    ],
}


def test_a_good_table_is_read_as_written() -> None:
    table = load(GOOD, ["replies", "offers"])
    assert [fact.name for fact in table.facts] == [
        *("workflow", "risk", "held", "worst_finding", "checks_complete", "restrained"),
        *("confidence", "sourced", "language"),
    ]
    assert table.facts[0] == Choice("workflow", ("replies", "offers"), safety=True)
    assert table.facts[6:] == (
        Number("confidence", 0, 1),
        Choice("sourced", (False, True), safety=True),
        Choice("language", ("en", "de")),
    )
    alone, offers = table.rules
    assert table.default is Outcome.OWNER
    assert alone.when[0]["confidence"] == Cell(((">=", 0.8),), unknown=True)
    assert alone.when[0]["confidence"].text == ">= 0.8, ?"
    assert alone.obligations == Obligations((), "ai-generated", 60)
    assert (offers.outcome, offers.review_by) == (Outcome.TWO_PERSON, date(2027, 3, 1))
    assert offers.obligations.roles == ("brand", "legal")


def first(key: str, value: object) -> Callable[[Document], None]:
    """Change one cell of the automating rule; an ellipsis removes it."""

    def change(document: Document) -> None:
        cells = document["rules"][0]["when"][0]
        if value is ...:
            del cells[key]
        else:
            cells[key] = value

    return change


def at(*path: str | int, to: object) -> Callable[[Document], None]:
    """Set what is at the path; an ellipsis removes it."""

    def change(document: Document) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        if to is ...:
            del place[path[-1]]
        else:
            place[path[-1]] = to

    return change


CELL = ("rules", 0, "when", 0)
SAFETY = ["workflow", "risk", "held", "worst_finding", "checks_complete", "restrained", "sourced"]

UNSAFE = [
    *((first(fact, ...), CELL, [repr(fact), "automates"], "Write") for fact in SAFETY),
    *(
        (first(fact, ["?"]), (*CELL, fact), [repr(fact), "unknown"], "Remove `?`")
        for fact in SAFETY
    ),
    (
        first("held", [False, True]),
        (*CELL, "held"),
        ["'held' is true"],
        "`held:` with what may go alone, of false.",
    ),
    (first("checks_complete", False), (*CELL, "checks_complete"), ["is false"], "of true."),
    (first("restrained", True), (*CELL, "restrained"), ["'restrained' is true"], "of false."),
    (
        first("worst_finding", ["none", "block"]),
        (*CELL, "worst_finding"),
        ["'worst_finding' is block"],
        "none, note, warn.",
    ),
    (at("rules", 0, "then", "roles", to=["legal"]), ("rules", 0, "then", "roles"), ["nobody"], ""),
]

UNCLEAR = [
    (first("confidense", 1), (*CELL, "confidense"), ["'confidense'"], "'confidence'"),
    (first("risk", "lo"), (*CELL, "risk"), ["'risk'", "'lo'"], "'low'"),
    (first("workflow", "reply"), (*CELL, "workflow"), ["'reply'"], "'replies'"),
    (first("sourced", 1), (*CELL, "sourced"), ["'sourced'", "1"], "true"),
    (first("sourced", "true"), (*CELL, "sourced"), ["'sourced'", "'true'"], "without quotes"),
    (first("confidence", math.nan), (*CELL, "confidence"), ["nan"], "from 0 to 1"),
    (first("confidence", math.inf), (*CELL, "confidence"), ["inf"], "from 0 to 1"),
    (first("confidence", True), (*CELL, "confidence"), ["True"], "from 0 to 1"),
    (first("confidence", "0.8"), (*CELL, "confidence"), ["'0.8'"], "comparison"),
    (first("confidence", "=> 0.8"), (*CELL, "confidence"), ["'=> 0.8'"], "comparison"),
    (first("confidence", ">= nan"), (*CELL, "confidence"), ["nan"], "from 0 to 1"),
    (first("confidence", ">= 80"), (*CELL, "confidence"), ["'>= 80'"], "from 0 to 1"),
    (first("confidence", "> 1"), (*CELL, "confidence"), ["> 1"], ">= 1"),
    (first("confidence", None), (*CELL, "confidence"), ["'confidence' is empty"], "leave"),
    (first("confidence", []), (*CELL, "confidence"), ["'confidence' is empty"], "leave"),
    (first("language", [["en"]]), (*CELL, "language"), ["'language'"], "Known: de, en"),
    (at("rules", 1, "id", to="grounded-alone"), ("rules", 1, "id"), ["another"], "own"),
    (at("rules", 1, "id", to="default"), ("rules", 1, "id"), ["'default'"], "letters"),
    (at("rules", 1, "when", to=[]), ("rules", 1, "when"), ["no alternative"], "facts"),
    (at("rules", 1, "when", to={}), ("rules", 1, "when"), ["empty"], "`default`"),
    (at("rules", 1, "when", to=[{}]), ("rules", 1, "when", 0), ["empty"], "`default`"),
    (at("rules", 1, "when", to=...), ("rules", 1, "when"), ["`when` is missing"], "facts"),
    (at("rules", 1, "when", to="offers"), ("rules", 1, "when"), ["empty"], "facts"),
    (
        at("rules", 1, "then", "outcome", to="automat"),
        ("rules", 1, "then", "outcome"),
        ["'automat'"],
        "'automate'",
    ),
    (at("rules", 1, "then", "outcome", to=...), ("rules", 1, "then", "outcome"), ["missing"], "W"),
    (
        at("rules", 1, "then", "cooling_off", to=-1),
        ("rules", 1, "then", "cooling_off"),
        ["-1"],
        "seconds",
    ),
    (
        at("rules", 1, "then", "cooling_off", to=True),
        ("rules", 1, "then", "cooling_off"),
        ["True"],
        "seconds",
    ),
    (
        at("rules", 1, "then", "role", to=["legal"]),
        ("rules", 1, "then", "role"),
        ["`role`"],
        "'roles'",
    ),
    (at("rules", 1, "reason", to=""), ("rules", 1, "reason"), ["`reason`"], "sentence"),
    (at("rules", 1, "owner", to=...), ("rules", 1, "owner"), ["`owner` is missing"], "person"),
    (at("rules", 1, "review_by", to="soon"), ("rules", 1, "review_by"), ["'soon'"], "2027"),
    (at("rules", 1, "review_by", to=20270301), ("rules", 1, "review_by"), ["20270301"], "2027"),
    (at("rules", 1, to="block"), ("rules", 1), ["Rule 2", "'block'"], "keys"),
    (at("default", to="automate"), ("default",), ["'automate'"], "block, owner, two_person"),
    (at("default", to="onwer"), ("default",), ["'onwer'"], "'owner'"),
    (at("default", to=...), ("default",), ["`default` is missing"], ""),
    (at("fact", to={}), ("fact",), ["`fact`"], "'facts'"),
    (at("rules", to={}), ("rules",), ["`rules`"], "List"),
    (at("facts", "held", to={"type": "bool"}), ("facts", "held"), ["already"], "Remove"),
    (at("facts", "Big Fact", to={"type": "bool"}), ("facts", "Big Fact"), ["name"], "letters"),
    (at("facts", "new", to={"type": "boole"}), ("facts", "new"), ["'boole'"], "'bool'"),
    (at("facts", "new", to="bool"), ("facts", "new"), ["type"], "bool, enum, number"),
    (
        at("facts", "new", to={"type": "number", "min": 0}),
        ("facts", "new", "max"),
        ["`max` is missing"],
        "number",
    ),
    (
        at("facts", "new", to={"type": "number", "min": 0, "max": math.nan}),
        ("facts", "new", "max"),
        ["nan"],
        "number",
    ),
    (
        at("facts", "new", to={"type": "number", "min": 1, "max": 1}),
        ("facts", "new"),
        ["'new'", "below"],
        "Swap",
    ),
    (
        at("facts", "new", to={"type": "enum", "values": ["en", "?"]}),
        ("facts", "new", "values", 1),
        ["'?'"],
        "words",
    ),
    (
        at("facts", "new", to={"type": "enum", "values": [True]}),
        ("facts", "new", "values", 0),
        ["True"],
        "quote",
    ),
]


@pytest.mark.parametrize(("change", "path", "told", "remedy"), UNSAFE + UNCLEAR)
def test_one_flaw_is_named_once_with_its_remedy(
    change: Callable[[Document], None], path: tuple[str | int, ...], told: list[str], remedy: str
) -> None:
    document = copy.deepcopy(GOOD)
    change(document)
    with pytest.raises(Flawed) as refused:
        load(document, ["replies", "offers"])
    (flaw,) = refused.value.flaws
    assert flaw.path == path
    assert all(word in flaw.sentence for word in told), flaw.sentence
    assert remedy in flaw.remedy, flaw.remedy
    assert flaw.remedy
    if path[:2] == ("rules", 0):
        assert flaw.sentence.startswith("Rule 'grounded-alone': ")


def test_all_flaws_are_told_together() -> None:
    document = copy.deepcopy(GOOD)
    for change in (first("held", ...), first("risk", "lo"), at("rules", 1, "id", to="No Slug")):
        change(document)
    at("facts", "confidence", "min", to="none")(document)
    with pytest.raises(Flawed) as refused:
        load(document, ["replies", "offers"])
    assert [flaw.path for flaw in refused.value.flaws] == [
        ("facts", "confidence", "min"),
        (*CELL, "risk"),
        CELL,
        ("rules", 1, "id"),
    ]


@pytest.mark.parametrize("document", [None, [], "default: owner", {}, {"default": "owner"}, 7])
def test_what_is_no_table_is_refused(document: object) -> None:
    with pytest.raises(Flawed):
        load(document, [])


def test_no_rules_is_a_table_that_leaves_all_to_the_default() -> None:
    assert load({"default": "block", "rules": []}, []).default is Outcome.BLOCK


def test_the_example_of_the_documentation_loads() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rights.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    table = load(yaml.safe_load(example), ["general-knowledge", "offers"])
    assert [rule.id for rule in table.rules] == ["grounded-alone", "offers", "stopped"]
