"""Numbers that aren't shares: a jump is one that the series itself hasn't seen."""

import numpy as np
import pytest

from trustwright.stats.numbers import watch

DAY, RNG = 48, np.random.default_rng(5)
T = np.arange(30 * DAY)
WAVE = 100 + 40 * np.sin(2 * np.pi * T / DAY) + RNG.normal(0, 2, len(T))


@pytest.mark.parametrize(
    "values",
    [
        np.full(600, 45.0),
        np.where(T % DAY < 18, 80.0, 20.0),
        100 + 40 * np.sin(2 * np.pi * T / DAY),
    ],
    ids=["flat", "square wave", "sine"],
)
def test_a_series_that_repeats_itself_is_silent(values: np.ndarray) -> None:
    assert not watch(values, DAY).alarm.any()


def test_noise_is_nearly_silent_and_a_jump_is_found_where_it_is() -> None:
    jumped = WAVE.copy()
    jumped[1000:1010] += 30
    alarms = np.flatnonzero(watch(jumped, DAY).alarm)
    assert 1000 in alarms
    assert len([t for t in alarms if not 1000 <= t < 1010 + 1]) <= 3


def test_a_dip_at_the_usual_level_of_another_hour_is_found() -> None:
    dip = WAVE.copy()
    dip[20 * DAY + 10 : 20 * DAY + 14] = 100
    assert watch(dip, DAY).alarm[20 * DAY + 10 : 20 * DAY + 14].any()


def test_before_a_cycle_of_errors_is_known_nothing_is_decided() -> None:
    seen = watch(np.array([1.0, 2, 1, 2, 900]), 7)
    assert np.isnan(seen.reach).all()
    assert not seen.alarm.any()


def test_gaps_are_neither_judged_nor_learned_from() -> None:
    gaps = WAVE.copy()
    gaps[500:520] = np.nan
    seen = watch(gaps, DAY)
    assert not seen.alarm[500:520].any()
    assert seen.alarm.sum() <= 5


@pytest.mark.parametrize(("values", "cycle"), [([[1.0]], 1), ([1.0], 0)])
def test_what_is_no_series_is_refused(values: list[float], cycle: int) -> None:
    with pytest.raises(ValueError, match="one series"):
        watch(values, cycle)
