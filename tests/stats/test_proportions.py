"""k of n keeps what it knows."""

import pytest

from trustwright.stats.proportions import Proportion


# Wilson's bounds as in Newcombe (Statistics in Medicine 17, 1998), table I, method 3.
@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_wilsons(k: int, n: int, low: float, high: float) -> None:
    assert Proportion(k, n).interval() == pytest.approx((low, high), abs=5e-5)


def test_all_of_them_is_not_certainty() -> None:
    bounds = Proportion(14, 14).interval()
    assert bounds is not None
    assert bounds[1] == 1.0
    assert bounds[0] < 0.8


def test_two_weeks_add_up() -> None:
    assert Proportion(14, 15) + Proportion(11, 15) == Proportion(25, 30)
    assert sum([Proportion(1, 2)] * 3, Proportion()) == Proportion(3, 6)


def test_it_says_how_many() -> None:
    assert str(Proportion(25, 30)) == "0.83 (25 of 30; 0.66 to 0.93)"
    assert str(Proportion()) == "not counted (0 of 0)"


def test_nothing_counted_is_no_share() -> None:
    assert Proportion().share is None
    assert Proportion().interval() is None


@pytest.mark.parametrize(("k", "n"), [(2, 1), (-1, 3)])
def test_more_than_all_is_a_mistake(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        Proportion(k, n)
