"""What must hold of every table and every situation, tried on random ones.

`by_the_book` says what a table means by reading its document, and a person's reading of the
printed grid says what the surface means; neither shares code with the room.
"""

import copy
import operator
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.rights.decide import decide, outcome, why_not
from trustwright.rights.load import load
from trustwright.rights.model import Outcome
from trustwright.rights.surface import Region, diff, surface

tried = settings(max_examples=60, deadline=None)

Document = dict[str, Any]
Facts = dict[str, Any]

WORKFLOWS = ["replies", "offers"]
NAMED: dict[str, list[Any]] = {
    "workflow": WORKFLOWS,
    "risk": ["low", "medium", "high"],
    "held": [False, True],
    "worst_finding": ["none", "note", "warn", "block"],
    "checks_complete": [True, False],
    "restrained": [False, True],
    "sourced": [True, False],
    "language": ["en", "de", "fr"],
}
NUMBERS: list[Any] = [0, 0.25, 0.5, 0.75, 1]
BETWEEN = [0.1, 0.3, 0.6, 0.9]
ALONE_ONLY: dict[str, list[Any]] = {
    "held": [False],
    "worst_finding": ["none", "note", "warn"],
    "checks_complete": [True],
    "restrained": [False],
}
SAFETY = [name for name in NAMED if name != "language"]
FACTS = {
    "sourced": {"type": "bool", "safety": True},
    "language": {"type": "enum", "values": NAMED["language"]},
    "confidence": {"type": "number", "min": 0, "max": 1},
}
SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
UNREADABLE: list[Any] = [None, "misspelt", 7, -0.1, 2.5, float("nan"), [], "true", ...]


def some(values: list[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True)


def comparisons() -> st.SearchStrategy[Any]:
    tests = [f"{sign} {number}" for sign in SIGNS for number in NUMBERS[1:-1]]
    return some([*tests, *NUMBERS])


@st.composite
def alternatives(draw: st.DrawFn, automates: bool) -> Document:
    cells: Document = {}
    for name, values in NAMED.items():
        must = automates and name in SAFETY
        if must:
            accepted: list[Any] = ALONE_ONLY.get(name, values)
            cells[name] = draw(some(accepted))
        elif draw(st.integers(0, 3)) == 0:
            cells[name] = draw(some([*values, "?"]))
    if not cells or draw(st.booleans()):
        cells["confidence"] = draw(comparisons()) + draw(st.sampled_from([[], [], ["?"]]))
    return cells


@st.composite
def rules(draw: st.DrawFn, outcomes: tuple[str, ...] = ()) -> Document:
    given = draw(st.sampled_from(outcomes or [each.value for each in Outcome]))
    automates = given == "automate"
    return {
        "id": f"r{draw(st.integers(0, 10**9))}",
        "owner": "lena.brandt",
        "reason": "Because.",
        "review_by": "2027-03-01",
        "when": draw(st.lists(alternatives(automates), min_size=1, max_size=2)),
        "then": {
            "outcome": given,
            "roles": [] if automates else draw(st.lists(st.sampled_from(["legal", "brand"]))),
            "label": draw(st.sampled_from([None, "ai-generated", "ai-assisted"])),
            "cooling_off": draw(st.integers(0, 3)),
        },
    }


@st.composite
def documents(draw: st.DrawFn) -> Document:
    alone = draw(st.lists(rules(("automate",)), min_size=1, max_size=2))
    others = draw(st.lists(rules(), max_size=3))
    default = draw(st.sampled_from(["owner", "two_person", "block"]))
    unique = {rule["id"]: rule for rule in [*alone, *others]}
    return {"default": default, "facts": FACTS, "rules": list(unique.values())}


@st.composite
def situations(draw: st.DrawFn, document: Document) -> Facts:
    """Near one of the document's own alternatives, so that rules do match; some of it unreadable."""
    when = draw(st.sampled_from([cells for rule in document["rules"] for cells in rule["when"]]))
    facts = {}
    for name, values in (NAMED | {"confidence": [*NUMBERS, *BETWEEN]}).items():
        meant = [each for each in when.get(name, values) if each in values] or values
        odd = st.sampled_from([*values, *UNREADABLE])
        facts[name] = draw(odd if draw(st.integers(0, 7)) == 0 else st.sampled_from(meant))
    return {name: value for name, value in facts.items() if value is not ...}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Document, Facts]:
    document = draw(documents())
    return document, draw(situations(document))


def known(name: str, facts: Facts) -> Any:
    """The value, or `?`: by the definition, not the code."""
    value: Any = facts.get(name)
    if name == "confidence":
        fits = type(value) in (int, float) and 0 <= value <= 1
    else:
        fits = any(value is each or (type(value) is str and value == each) for each in NAMED[name])
    return value if fits else "?"


def admits(cell: Any, value: Any) -> bool:
    for test in cell if isinstance(cell, list) else [cell]:
        sign, _, number = test.partition(" ") if isinstance(test, str) else ("", "", "")
        if number and value != "?":
            if SIGNS[sign](value, float(number)):
                return True
        elif test == value:
            return True
    return False


def by_the_book(document: Document, facts: Facts) -> str:
    """rights.md in ten lines."""
    could: list[str] = []
    certain = False
    for rule in document["rules"]:
        for when in rule["when"]:
            values = {name: known(name, facts) for name in when}
            missed = [name for name, cell in when.items() if not admits(cell, values[name])]
            if all(values[name] == "?" for name in missed):
                could.append(rule["then"]["outcome"])
            certain = certain or not missed
    ranks = ["automate", "owner", "two_person", "block"]
    if not certain:
        could.append(document["default"])
    return max(could, key=ranks.index)


def covers(region: Region, facts: Facts) -> bool:
    """As a person reads a row of the grid."""
    return all(reads(cell, known(name, facts)) for name, cell in region.items())


def reads(cell: str, value: Any) -> bool:
    return cell == "any" or any(reads_one(part, value) for part in cell.split(", "))


def reads_one(part: str, value: Any) -> bool:
    if isinstance(value, str):
        return part == value
    if isinstance(value, bool):
        return part == str(value).lower()
    if part in ("?", "any number"):
        return part != "?"
    words = part.split()
    if words[0] not in SIGNS:
        return bool(float(words[0]) == value)
    pairs = zip(words[::2], words[1::2], strict=True)
    return all(SIGNS[sign](value, float(number)) for sign, number in pairs)


@tried
@given(cases())
def test_both_ways_of_deciding_go_by_the_book(case: tuple[Document, Facts]) -> None:
    document, facts = case
    table = load(document, WORKFLOWS)
    assert outcome(table, facts).value == by_the_book(document, facts)
    assert decide(table, facts).outcome.value == by_the_book(document, facts)


@tried
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(case: tuple[Document, Facts], dice: Any) -> None:
    document, facts = case
    shuffled = copy.deepcopy(document)
    dice.shuffle(shuffled["rules"])
    for rule in shuffled["rules"]:
        dice.shuffle(rule["when"])
    one, other = load(document, WORKFLOWS), load(shuffled, WORKFLOWS)
    assert decide(one, facts) == decide(other, facts)
    assert surface(one) == surface(other)


@tried
@given(cases(), rules(("owner", "two_person", "block")))
def test_a_rule_that_restricts_never_frees(case: tuple[Document, Facts], more: Document) -> None:
    """It can replace a default, but only where no rule matched for certain; it never automates."""
    document, facts = case
    more["id"] = "one-more"
    before = decide(load(document, WORKFLOWS), facts)
    after = outcome(load(document | {"rules": [*document["rules"], more]}, WORKFLOWS), facts)
    if before.outcome is not Outcome.AUTOMATE:
        assert after is not Outcome.AUTOMATE
    if "default" not in [each.rule for each in before.rules]:
        assert after >= before.outcome


@tried
@given(cases(), st.sampled_from([*NAMED, "confidence"]))
def test_not_knowing_a_fact_never_frees(case: tuple[Document, Facts], name: str) -> None:
    """Where no rule says `?` of it; that is how an author accepts not knowing."""
    document, facts = case
    cells = [when[name] for rule in document["rules"] for when in rule["when"] if name in when]
    for cell in cells:
        cell[:] = [each for each in cell if each != "?"] or cell
    if not any("?" in cell for cell in cells):
        table = load(document, WORKFLOWS)
        assert outcome(table, facts | {name: None}) >= outcome(table, facts)


@tried
@given(cases(), st.sampled_from(SAFETY))
def test_not_knowing_a_safety_fact_never_automates(case: tuple[Document, Facts], name: str) -> None:
    document, facts = case
    table = load(document, WORKFLOWS)
    assert outcome(table, facts | {name: None}) is not Outcome.AUTOMATE


@tried
@given(cases())
def test_why_not_names_each_freer_rule(
    case: tuple[Document, Facts],
) -> None:
    document, facts = case
    table = load(document, WORKFLOWS)
    reached = outcome(table, facts)
    freer = [r["id"] for r in document["rules"] if Outcome(r["then"]["outcome"]) < reached]
    assert sorted(each.rule for each in why_not(table, facts)) == sorted(freer)


@tried
@given(cases())
def test_the_printed_surface_is_exactly_what_goes_alone(case: tuple[Document, Facts]) -> None:
    document, facts = case
    table = load(document, WORKFLOWS)
    rows = [region for region in surface(table).regions if covers(region, facts)]
    assert len(rows) == (outcome(table, facts) is Outcome.AUTOMATE)


@tried
@given(cases(), documents())
def test_the_difference_is_exactly_what_changed(
    case: tuple[Document, Facts], other: Document
) -> None:
    document, facts = case
    old, new = load(document, WORKFLOWS), load(other, WORKFLOWS)
    for before, after in ((old, new), (new, old)):
        told = diff(before, after)
        was, is_ = (outcome(table, facts) is Outcome.AUTOMATE for table in (before, after))
        assert sum(covers(region, facts) for region in told.added) == (is_ and not was)
        assert sum(covers(region, facts) for region in told.removed) == (was and not is_)
