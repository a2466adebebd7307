"""What holds for each rule on the shelf: its examples, its page, and that it says so when it can't decide."""

import pytest

from tests.signals.tables import NOW, asked, frame, rows, table
from trustwright.signals.model import Verdict
from trustwright.signals.preflight import check
from trustwright.signals.rule import Example, Rule
from trustwright.signals.shelf import page, shelf

EXAMPLES = [(rule.id, example) for rule in shelf().values() for example in rule.examples]
IDS = [f"{rule}-{n}" for n, (rule, _) in enumerate(EXAMPLES)]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=IDS)
def test_the_bad_rows_are_found_and_the_good_ones_are_not(rule: str, example: Example) -> None:
    others = {name: table(name, frame(*there)) for name, there in example.against.items()}
    agreed = asked(rule, *(example.of or example.columns), params=example.params)
    (result,) = check(
        table("people", frame(example.columns, rows(example))), agreed, NOW, others
    ).results
    assert result.undecided is None
    assert (result.k, result.n) == (len(example.bad), len(rows(example)))
    assert result.verdict is (Verdict.FAIL if example.bad else Verdict.PASS)


@pytest.mark.parametrize("rule", shelf().values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_why_what_it_misses_the_remedy_and_the_source(rule: Rule) -> None:
    for section in ("**Why.**", "**Misses.**", "**Remedy.**", "**Source.**"):
        assert section in (rule.__doc__ or "")
    assert rule.title in page(rule)
    assert rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", shelf().values(), ids=lambda rule: rule.id)
def test_every_parameter_is_explained(rule: Rule) -> None:
    assert all(field.description for field in rule.Params.model_fields.values())
