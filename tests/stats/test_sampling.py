"""How many must be opened: exact, against a count of every possible sample."""

from fractions import Fraction
from itertools import combinations

import pytest

from trustwright.stats.sampling import zero_failure_size

TOLERATED = [Fraction(0), Fraction(5, 1000), Fraction(2, 100), Fraction(5, 100), Fraction(1, 3)]


@pytest.mark.parametrize("tolerated", TOLERATED)
@pytest.mark.parametrize("n", range(1, 11))
def test_the_least_size_that_misses_too_many_faults_in_at_most_one_of_twenty(
    n: int, tolerated: Fraction
) -> None:
    faulty = set(range(int(n * tolerated) + 1))

    def missed(size: int) -> Fraction:
        samples = list(combinations(range(n), size))
        return Fraction(sum(faulty.isdisjoint(s) for s in samples), len(samples))

    size = zero_failure_size(n, tolerated)
    assert missed(size) <= Fraction(5, 100)
    assert size == 0 or missed(size - 1) > Fraction(5, 100)


@pytest.mark.parametrize(
    ("n", "percent", "size"), [(0, 5, 0), (1, 5, 1), (10, 5, 10), (100, 5, 39), (10_000, 5, 59)]
)
def test_small_batches_get_no_discount_and_large_ones_need_about_three_over_the_tolerance(
    n: int, percent: int, size: int
) -> None:
    assert zero_failure_size(n, Fraction(percent, 100)) == size


@pytest.mark.parametrize(("n", "tolerated"), [(-1, 0), (5, -1), (5, 1)])
def test_what_has_no_answer_is_refused(n: int, tolerated: int) -> None:
    with pytest.raises(ValueError, match="tolerated"):
        zero_failure_size(n, Fraction(tolerated))
