"""What a table leaves out and which rules are idle, against every situation tried one by one."""

from datetime import date
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.rights.decide import decide
from trustwright.rights.load import load
from trustwright.rights.model import Outcome
from trustwright.rights.table import Table
from trustwright.rights.understanding import GAPS, Dead, Redundant, overdue, understand

Document = dict[str, Any]

ALONE: Document = {
    "workflow": "replies",
    "risk": "low",
    "held": False,
    "worst_finding": ["none", "note"],
    "checks_complete": True,
    "restrained": False,
}


def rule(name: str, then: str, *when: Document, review_by: str = "2027-03-01") -> Document:
    return {
        "id": name,
        "owner": "lena.brandt",
        "reason": "Because.",
        "review_by": review_by,
        "when": list(when),
        "then": {"outcome": then},
    }


FACTS = {
    "sure": {"type": "bool"},
    "language": {"type": "enum", "values": ["en", "de"]},
    "score": {"type": "number", "min": 0, "max": 1},
}


def table(*rules: Document, default: str = "owner") -> Table:
    document = {"default": default, "facts": FACTS, "rules": list(rules)}
    return load(document, ["replies", "offers"])


def test_a_gap_is_shown_with_a_situation_in_it() -> None:
    found = understand(
        table(
            rule("held", "block", {"held": True}),
            rule("calm", "owner", {"held": False, "score": ["< 0.5", "> 0.5"]}),
        )
    )
    (gap,) = found.gaps
    assert gap.where == "held: false; score: 0.5"
    assert (gap.witness["held"], gap.witness["score"]) == ("false", "0.5")
    assert found.as_markdown() == (
        "No rule speaks of these situations; the default, owner, decides:\n\n"
        "| held | score |\n| --- | --- |\n| false | 0.5 |\n\n"
        "Every rule decides somewhere."
    )


def test_no_gap_is_said_too() -> None:
    found = understand(table(rule("all", "owner", {"held": [True, False]})))
    assert (found.gaps, found.dead) == ((), ())
    assert found.as_markdown().startswith("Some rule speaks of every situation")


def test_a_gap_that_cannot_occur_is_none() -> None:
    low = rule("low", "owner", {"risk": "low"})
    high = rule("offers", "two_person", {"workflow": "offers", "risk": "low"})
    together = [{"workflow": "replies", "risk": "low"}, {"workflow": "offers", "risk": "high"}]
    found = understand(table(low, high), together)
    assert [gap.witness["workflow"] for gap in found.gaps] == ["offers"]
    assert found.dead == (Dead("offers", None, ()),)
    assert found.dead[0].sentence == "The rule offers never decides: nothing can match it."


def test_who_overrules_a_rule_is_named_and_nobody_else() -> None:
    found = understand(
        table(
            rule("loose", "owner", {"sure": True}),
            rule("strict", "two_person", {"score": "< 0.5"}),
            rule("stricter", "block", {"score": ">= 0.5"}),
            rule("beside", "block", {"language": "de"}),
            rule("same", "owner", {"sure": [True, False]}),
        )
    )
    loose, same = found.conflicts
    assert loose == Dead("loose", None, ("strict", "stricter"))
    assert loose.sentence == "The rule loose never decides: strict or stricter always overrules it."
    assert same.rule == "same"


def test_an_idle_alternative_of_a_rule_that_decides() -> None:
    found = understand(
        table(
            rule("two", "owner", {"held": True, "sure": True}, {"sure": False}),
            rule("held", "block", {"held": True}),
        )
    )
    assert found.dead == (Dead("two", 1, ("held",)),)
    assert found.dead[0].sentence.startswith("Alternative 1 of the rule two never decides: held ")


def test_a_rule_that_never_decides_alone() -> None:
    found = understand(
        table(
            rule("held", "block", {"held": True}),
            rule("wide", "owner", {"sure": True}, {"score": "> 0.2"}),
            rule("narrow", "owner", {"score": "> 0.5"}),
            rule("freed-by-nothing", "owner", {"language": "de"}),
        )
    )
    assert found.dead == ()
    assert found.redundant == (Redundant("narrow", ("wide",)),)
    assert found.redundant[0].sentence in found.as_markdown()
    assert "narrow never decides alone: wide, as strict, is always with it." in found.as_markdown()


def test_past_the_budget_it_says_what_was_not_proven() -> None:
    rules = [rule(f"r{n}", "owner", ALONE | {"score": f"> 0.{n}"}) for n in range(1, 9)]
    found = understand(table(*rules, rule("cut", "block", {"score": "> 0.05"})), budget=3)
    assert found.unproven == (GAPS, *(f"r{n}" for n in range(1, 9)), "cut")
    told = found.as_markdown()
    assert "**Not proven**: whether a rule speaks of every situation." in told
    assert "**Not proven**: whether these rules ever decide: r1, r2" in told
    assert "Every rule decides" not in told


def test_what_was_to_be_reviewed_is_named_from_the_day_after() -> None:
    late = table(rule("late", "owner", ALONE, review_by="2026-05-01"), rule("ok", "owner", ALONE))
    assert overdue(late, date(2026, 5, 1)) == ()
    assert [each.id for each in overdue(late, date(2026, 5, 2))] == ["late"]


# By trying everything

VALUES: dict[str, list[Any]] = {
    "held": [False, True],
    "worst_finding": ["none", "note", "warn", "block"],
    "sure": [False, True],
    "language": ["en", "de"],
    "score": [0.0, 0.25, 0.5, 0.75, 1.0],
}
REST = {"workflow": "replies", "risk": "low", "checks_complete": True, "restrained": False}
TESTS = ["< 0.5", "<= 0.5", ">= 0.5", "> 0.5", 0.5, "?"]


@cache
def situations() -> list[Document]:
    """Every value or `?` of what the rules below look at; the rest never matters to them."""
    cells = product(*([*each, None] for each in VALUES.values()))
    return [REST | dict(zip(VALUES, each, strict=True)) for each in cells]


@st.composite
def rules(draw: st.DrawFn, name: str) -> Document:
    then = draw(st.sampled_from([each.value for each in Outcome]))
    cells: Document = dict(ALONE) if then == "automate" else {}
    for fact in ("held", "worst_finding") if then != "automate" else ():
        if draw(st.integers(0, 2)) == 0:
            cells[fact] = draw(st.lists(st.sampled_from([*VALUES[fact], "?"]), min_size=1))
    for fact in ("sure", "language"):
        if draw(st.integers(0, 2)) == 0:
            cells[fact] = draw(st.lists(st.sampled_from([*VALUES[fact], "?"]), min_size=1))
    if not cells or draw(st.booleans()):
        cells["score"] = draw(st.lists(st.sampled_from(TESTS), min_size=1, max_size=2))
    return rule(name, then, cells)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    drawn = [draw(rules(f"r{n}")) for n in range(draw(st.integers(1, 5)))]
    return table(*drawn, default=draw(st.sampled_from(["owner", "two_person", "block"])))


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_rule_is_dead_if_it_decides_in_no_situation(rights: Table) -> None:
    dead = {each.rule for each in understand(rights).dead if each.alternative is None}
    decisions = [decide(rights, facts) for facts in situations()]
    deciding = {each.rule for decision in decisions for each in decision.rules}
    assert dead == {each.id for each in rights.rules} - deciding


@settings(max_examples=40, deadline=None)
@given(tables())
def test_a_rule_is_redundant_if_it_never_decides_alone(rights: Table) -> None:
    found = understand(rights)
    idle = {each.rule for each in found.dead if each.alternative is None}
    decisions = [decide(rights, facts).rules for facts in situations()]
    certain = [{d.rule for d in rules if not d.unknown} for rules in decisions]
    alone = {
        rule
        for rules, sure in zip(decisions, certain, strict=True)
        for rule in sure
        if {each.rule for each in rules} == {rule}
    }
    partly = {each.rule for each in found.dead}
    redundant = {each.rule for each in found.redundant}
    assert not redundant & (alone | idle)
    assert {each.id for each in rights.rules} - alone - partly - {"default"} == redundant


@settings(max_examples=40, deadline=None)
@given(tables())
def test_gaps_are_exactly_where_only_the_default_decides(rights: Table) -> None:
    found = understand(rights)
    known = [facts for facts in situations() if None not in facts.values()]
    uncaught = [
        facts
        for facts in known
        if [each.rule for each in decide(rights, facts).rules] == ["default"]
    ]
    for gap in found.gaps:
        assert [each.rule for each in decide(rights, parsed(gap.witness)).rules] == ["default"]
    if not found.more:
        for facts in known:
            rows = [gap for gap in found.gaps if covers(gap.region, facts)]
            assert len(rows) == (facts in uncaught)


def parsed(witness: Any) -> Document:
    words = {"true": True, "false": False}
    return {k: float(v) if k == "score" else words.get(v, v) for k, v in witness.items()}


def covers(region: Any, facts: Document) -> bool:
    """A person's reading of a row."""
    return all(_says(region[name], value) for name, value in facts.items())


def _says(cell: str, value: Any) -> bool:
    if cell in ("any", "any number"):
        return True
    if isinstance(value, float):
        return any(_spans(part.split(), value) for part in cell.split(", "))
    return str(value).lower() in cell.lower().split(", ")


def _spans(words: list[str], value: float) -> bool:
    if len(words) == 1:
        return value == float(words[0])
    signs = {"<": value.__lt__, "<=": value.__le__, ">": value.__gt__, ">=": value.__ge__}
    pairs = zip(words[::2], words[1::2], strict=True)
    return all(signs[sign](float(edge)) for sign, edge in pairs)


@pytest.mark.parametrize("default", ["owner", "block"])
def test_a_table_without_rules_is_one_gap(default: str) -> None:
    found = understand(table(default=default))
    assert [gap.where for gap in found.gaps] == ["everywhere"]
    assert found.dead == ()
