"""What AI may do alone can be read at a glance, and a change to it can't be overlooked."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from trustwright.rights.decide import outcome
from trustwright.rights.load import load
from trustwright.rights.model import Outcome
from trustwright.rights.surface import Difference, diff, surface
from trustwright.rights.table import Table

Document = dict[str, Any]

ALONE: Document = {
    "workflow": "replies",
    "risk": ["low", "medium"],
    "held": False,
    "worst_finding": ["none", "note"],
    "checks_complete": True,
    "restrained": False,
    "confidence": ">= 0.8",
}


def rule(name: str, then: str, *when: Document) -> Document:
    return {
        "id": name,
        "owner": "lena.brandt",
        "reason": "Because.",
        "review_by": "2027-03-01",
        "when": list(when),
        "then": {"outcome": then},
    }


def table(*rules: Document, maximum: float = 1, workflows: tuple[str, ...] = ("replies",)) -> Table:
    facts = {
        "confidence": {"type": "number", "min": 0, "max": maximum},
        "language": {"type": "enum", "values": ["en", "de", "fr"]},
    }
    return load({"default": "owner", "facts": facts, "rules": list(rules)}, workflows)


HELD = "held | worst_finding | checks_complete | restrained"
CALM = "false | none, note | true | false"


def test_the_grid_shows_what_stricter_rules_leave() -> None:
    unsure = rule("unsure", "owner", {"risk": "medium", "language": ["de", "?"]})
    found = surface(table(rule("alone", "automate", ALONE), unsure))
    assert found.as_markdown() == (
        f"| workflow | risk | {HELD} | confidence | language |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        f"| replies | low | {CALM} | >= 0.8 | any |\n"
        f"| replies | medium | {CALM} | >= 0.8 | en, fr |"
    )


def test_rules_that_touch_become_one_row() -> None:
    apart = [ALONE | {"confidence": cell} for cell in ([0.5, "?"], ">= 0.8", "< 0.8")]
    assert surface(table(rule("alone", "automate", *apart))).regions == (
        {
            "workflow": "replies",
            "risk": "low, medium",
            "held": "false",
            "worst_finding": "none, note",
            "checks_complete": "true",
            "restrained": "false",
            "confidence": "any",
            "language": "any",
        },
    )


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (["< 0.5"], "< 0.5"),
        (["<= 0.5", "?"], "<= 0.5, ?"),
        ([0.5], "0.5"),
        (["> 0.5", 0.25], "0.25, > 0.5"),
        (["< 0.25", "> 0.5"], "< 0.25, > 0.5"),
        (["<= 0.5", "> 0.5"], "any number"),
        ([0], "0"),
        (["?"], "?"),
    ],
)
def test_numbers_are_told_as_cells_are_written(cells: list[Any], shown: str) -> None:
    found = surface(table(rule("alone", "automate", ALONE | {"confidence": cells})))
    assert [region["confidence"] for region in found.regions] == [shown]


def test_a_stricter_rule_cuts_a_number() -> None:
    cut = rule("cut", "block", {"confidence": ["> 0.9", 0.85]})
    found = surface(table(rule("alone", "automate", ALONE), cut))
    (region,) = found.regions
    assert region["confidence"] == ">= 0.8 < 0.85, > 0.85 <= 0.9"


def test_nothing_alone_is_said() -> None:
    assert surface(table()).as_markdown() == "AI may do nothing alone."


def test_a_loosened_threshold_stands_out() -> None:
    old = table(rule("alone", "automate", ALONE))
    new = table(rule("alone", "automate", ALONE | {"confidence": [">= 0.6", "?"]}))
    told = diff(old, new)
    (change,) = told.changed
    assert (change.fact, change.before, change.after) == ("confidence", ">= 0.8", ">= 0.6, ?")
    assert change.region == surface(new).regions[0]
    assert [region["confidence"] for region in told.added] == [">= 0.6 < 0.8, ?"]
    assert told.removed == ()
    assert told.as_markdown() == (
        "Changed:\n\n"
        "| fact | before | after | where |\n"
        "| --- | --- | --- | --- |\n"
        "| confidence | >= 0.8 | >= 0.6, ? | workflow: replies; risk: low, medium; held: false; "
        "worst_finding: none, note; checks_complete: true; restrained: false |\n\n"
        "Newly alone:\n\n"
        f"| workflow | risk | {HELD} | confidence |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n"
        f"| replies | low, medium | {CALM} | >= 0.6 < 0.8, ? |"
    )
    back = diff(new, old)
    assert (back.removed, back.added) == (told.added, ())
    assert "No longer alone:" in back.as_markdown()


def test_rules_written_otherwise_that_mean_the_same_are_no_difference() -> None:
    one = table(rule("alone", "automate", ALONE))
    parts = [ALONE | {"risk": risk} for risk in ("medium", "low")]
    other = table(rule("b", "automate", parts[0]), rule("a", "automate", parts[1]))
    assert diff(one, other) == Difference(tuple(f.name for f in one.facts), (), (), (), True)
    assert diff(one, other).as_markdown() == "What AI may do alone stays the same."


def test_facts_and_bounds_may_change_between_tables() -> None:
    """What the old table can't read is `?` to it."""
    old = table(rule("alone", "automate", ALONE))
    new = table(
        rule("alone", "automate", ALONE | {"workflow": ["replies", "offers"]}),
        maximum=2,
        workflows=("replies", "offers"),
    )
    added = [(region["workflow"], region["confidence"]) for region in diff(old, new).added]
    assert added == [("replies", "> 1"), ("offers", ">= 0.8")]
    assert [(c.fact, c.before, c.after) for c in diff(old, new).changed] == []
    facts = {"confidence": 1.5, "held": False, "risk": "low", "worst_finding": "none"}
    calm = facts | {"workflow": "replies", "checks_complete": True, "restrained": False}
    assert [outcome(each, calm) for each in (old, new)] == [Outcome.OWNER, Outcome.AUTOMATE]


def test_what_no_table_can_grant_is_not_on_the_surface() -> None:
    """Such a table doesn't load; this one was made by hand."""
    honest = table(rule("alone", "automate", ALONE))
    (cells,) = honest.rules[0].when
    reckless = replace(honest.rules[0], when=({"workflow": cells["workflow"]},))
    (region,) = surface(replace(honest, rules=(reckless,))).regions
    assert region["worst_finding"] == "none, note, warn"
    assert [region[fact] for fact in ("held", "restrained")] == ["false", "false"]
    assert (region["checks_complete"], region["risk"]) == ("true", "any")


def test_past_the_budget_it_says_so_and_shows_the_rules_as_written() -> None:
    old = table(rule("alone", "automate", ALONE), rule("cut", "block", {"language": "de"}))
    loose = copy.deepcopy(ALONE) | {"confidence": ">= 0.6"}
    new = table(rule("alone", "automate", loose))
    found, told = surface(old, budget=3), diff(old, new, budget=3)
    assert not found.proven
    assert found.as_markdown().startswith("**Not proven**")
    assert [(r["confidence"], r["language"]) for r in found.regions] == [(">= 0.8", "any")]
    assert not told.proven
    assert told.as_markdown().startswith("**Not proven**")
    assert [(c.fact, c.before, c.after) for c in told.changed] == [
        ("confidence", ">= 0.8", ">= 0.6")
    ]
