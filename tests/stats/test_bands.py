"""The band: silent where shares only wander, loud where they moved, and sure of nothing without a past."""

import numpy as np
import pytest

from tests.stats.drifting import CASES, days_found, false_alarms, found
from trustwright.stats.bands import FALSE, LEVEL, Limits, Scored, score, walk

N = 20_000


def history(*periods: tuple[float, ...], n: int = N) -> tuple[np.ndarray, np.ndarray]:
    counts = np.rint(np.array(periods) * n)[None]
    return counts, np.full(counts.shape[:2], n)


def judged(
    *periods: tuple[float, ...], n: int = N, floor: float = 0.01, rate: bool = False
) -> Scored:
    return score(*history(*periods, n=n), Limits(floor=floor, rate=rate))


USUAL = [(0.7, 0.18, 0.12), (0.702, 0.179, 0.119), (0.699, 0.18, 0.121), (0.701, 0.181, 0.118)] * 3


def test_a_category_that_falls_beyond_the_limit_is_named() -> None:
    seen = judged(*USUAL, (0.72, 0.182, 0.098))
    assert seen.alarm[0].tolist() == [False] * 12 + [True]
    assert seen.moved[0, -1].tolist() == [True, False, True]


def test_a_shift_smaller_than_the_owners_limit_is_no_alarm_however_sure() -> None:
    small = (0.705, 0.18, 0.115)
    assert not judged(*USUAL, small, n=10_000_000).alarm.any()
    assert judged(*USUAL, small, n=10_000_000, floor=0.003).alarm[0, -1]


def test_fewer_than_four_clean_periods_decide_nothing() -> None:
    seen = judged(*USUAL[:3], (0.1, 0.8, 0.1), (0.7, 0.18, 0.12))
    assert seen.decided[0].tolist() == [False, False, False, False, True]


def test_a_category_never_seen_and_one_that_vanished_alarm_from_the_limit_up() -> None:
    assert judged(*USUAL[:8], (0.7, 0.3, 0.0)).moved[0, -1].tolist() == [False, True, True]
    fresh = [(*shares, 0.0) for shares in USUAL[:8]]
    assert judged(*fresh, (0.69, 0.18, 0.12, 0.01)).moved[0, -1].tolist()[3]
    assert not judged(*fresh, (0.695, 0.18, 0.12, 0.005)).alarm.any()


MOVED = [(0.6, 0.28, 0.12)] * 3


def test_what_alarmed_is_no_history() -> None:
    assert judged(*USUAL, *MOVED, USUAL[0]).alarm[0, -4:].tolist() == [True, True, True, False]


def test_an_alarm_called_false_widens_the_band_and_a_new_level_moves_it() -> None:
    counts, n = history(*USUAL, *MOVED, USUAL[0])
    at = np.arange(16) == 12

    def after(said: int) -> tuple[list[bool], float]:
        steps = list(walk(counts, n, Limits(), at * said))
        return [bool(step.alarm[0]) for step in steps[-3:]], float(steps[-3].band.reach()[0, 0])

    (_, before), (false, wide), (level, moved) = after(0), after(FALSE), after(LEVEL)
    assert level == [False, False, True]
    assert not false[-1]
    assert wide > 5 * before
    assert moved == pytest.approx(before, rel=0.1)


def test_a_missing_period_is_not_decided_and_moves_nothing() -> None:
    counts, n = history(*USUAL[:6], (0.0, 0.0, 0.0), USUAL[6], (0.6, 0.28, 0.12))
    n[0, 6] = 0
    seen = score(counts, n, Limits())
    assert not seen.decided[0, 6]
    assert seen.alarm[0].tolist() == [False] * 8 + [True]


def test_a_constant_history_still_knows_that_things_move_a_little() -> None:
    same = [(0.7, 0.3)] * 12
    assert not judged(*same, (0.7015, 0.2985), n=10**7, floor=0.001).alarm.any()
    steps = list(walk(*history(*same), Limits()))
    assert 0.0004 < steps[-1].band.usual[0, 0] < 0.001


def test_a_small_rate_has_a_limit_of_a_quarter_of_itself() -> None:
    rates = [(0.003,), (0.0031,), (0.0029,), (0.003,)] * 3
    n = 2_000_000
    assert not judged(*rates, (0.0065,), n=n).alarm.any()
    assert judged(*rates, (0.0065,), n=n, rate=True).alarm[0, -1]
    assert not judged(*rates, (0.0036,), n=n, rate=True).alarm.any()


def test_a_small_shift_that_stays_is_found_by_looking_at_its_weeks_together() -> None:
    alone = judged(*USUAL[:12], (0.688, 0.192, 0.12), n=2_000)
    stays = judged(*USUAL[:12], *[(0.684, 0.196, 0.12)] * 4, n=2_000)
    assert not alone.alarm.any()
    assert stays.alarm[0].any()
    assert stays.pooled[0, stays.alarm[0].argmax()] > 1


def test_a_sunday_is_compared_with_sundays() -> None:
    day = np.arange(120)
    share = 0.12 + np.array([0, 0.2, 0.1, -0.1, 0, -0.9, 2.7])[day % 7] / 100
    share[110] += 0.02
    counts, n = np.rint(share * N)[None, :, None], np.full((1, 120), N)
    assert np.flatnonzero(score(counts, n, Limits(daily=True)).alarm).tolist() == [110]
    monday_as_sunday = share.copy()
    monday_as_sunday[112] = share[111]
    counts = np.rint(monday_as_sunday * N)[None, :, None]
    assert 112 in np.flatnonzero(score(counts, n, Limits(daily=True)).alarm)


def test_series_scored_together_or_alone_come_out_the_same() -> None:
    rng = np.random.default_rng(3)
    counts = rng.multinomial(500, (0.5, 0.3, 0.2), (2100, 15))
    n = np.full((2100, 15), 500)
    together = score(counts, n, Limits())
    for s in (0, 2047, 2048, 2099):
        alone = score(counts[s : s + 1], n[s : s + 1], Limits())
        assert np.array_equal(alone.moved[0], together.moved[s])


@pytest.mark.parametrize("name", CASES)
def test_false_alarms_are_rare_and_two_points_are_found(name: str) -> None:
    first, lived = false_alarms(CASES[name], 20_000, 150, 16, seed=1)
    assert first <= 0.02
    assert lived <= 0.025
    week, month = found(CASES[name], 20_000, 0.02, 150, seed=1)
    assert week >= 0.88
    assert month >= 0.97


# (false alarms a week at most, two points found in week 1 and by week 4 at least), with room for the
# simulation's own error of three standard deviations.
WANTED = {
    5_000: (0.021, 0.57, 0.955),
    20_000: (0.017, 0.905, 0.985),
    100_000: (0.012, 0.935, 0.988),
}


@pytest.mark.soak
@pytest.mark.parametrize("n", WANTED)
@pytest.mark.parametrize("name", CASES)
def test_the_table_of_the_documentation_holds(name: str, n: int) -> None:
    most, week, month = WANTED[n]
    first, lived = false_alarms(CASES[name], n, 3000, 40, seed=2)
    in_week, in_month = found(CASES[name], n, 0.02, 3000, seed=2)
    print(f"{name} {n}: {first:.2%} new, {lived:.2%} lived with; {in_week:.1%}, {in_month:.1%}")
    assert first <= most
    assert in_week >= week
    assert in_month >= month


@pytest.mark.soak
@pytest.mark.parametrize(("n", "least", "most"), [(5_000, 84, 1.5), (20_000, 90, 0.8)])
def test_faults_of_days_are_found_between_weekdays(n: int, least: int, most: float) -> None:
    hits, false = days_found(n, 30, seed=3)
    print(f"days {n}: {hits} of 90, {false:.2f} false-alarm days a year")
    assert hits >= least
    assert false <= most
