"""What a field map says: who answers for a rule, and how many rows may fail."""

import pytest

from trustwright.charter.fieldmap.model import MappedField, Most, RuleUse, TableMap

CUSTOMERS = TableMap(
    name="customers",
    fields=(
        MappedField(name="country"),
        MappedField(name="language", owner="lena"),
        MappedField(name="region", owner="rolf"),
    ),
)


@pytest.mark.parametrize(
    ("most", "k", "n", "allowed"),
    [
        (Most(), 0, 10, True),
        (Most(), 1, 10, False),
        (Most(limit=3), 3, 10, True),
        (Most(limit=3, below=True), 3, 10, False),
        (Most(limit=5, unit="percent"), 5, 100, True),
        (Most(limit=5, unit="percent"), 6, 100, False),
        (Most(limit=5, unit="percent", below=True), 5, 100, False),
        (Most(limit=5, unit="percent"), 0, 0, True),
    ],
)
def test_as_many_rows_may_fail_as_was_agreed(most: Most, k: int, n: int, allowed: bool) -> None:
    assert most.allows(k, n) is allowed


@pytest.mark.parametrize(
    ("use", "owner"),
    [
        (RuleUse(id="a", check="values", columns=("region",)), "rolf"),
        (RuleUse(id="a", check="values", columns=("region",), owner="gita"), "gita"),
        (RuleUse(id="a", check="agreement", columns=("country", "language", "region")), "lena"),
        (RuleUse(id="a", check="values", columns=("country",)), None),
        (RuleUse(id="a", check="values", columns=("unmapped",)), None),
    ],
)
def test_a_rule_is_answered_for_by_its_owner_or_by_that_of_its_first_owned_field(
    use: RuleUse, owner: str | None
) -> None:
    assert CUSTOMERS.owner(use) == owner
