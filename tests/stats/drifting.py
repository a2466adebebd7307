"""Companies whose shares wander from week to week for no reason, and in some of them something moves."""

from dataclasses import dataclass

import numpy as np

from trustwright.stats.bands import FALSE, Floats, Limits, score

WEEKS = 12


@dataclass(frozen=True)
class Case:
    """Shares, the category that grows at the first one's cost, and how much they wander (sd of the log)."""

    shares: tuple[float, ...]
    wander: float
    to: int = 1


LANGUAGES = (
    *(0.372, 0.118, 0.0855, 0.074, 0.0631, 0.06, 0.0503, 0.0467, 0.0311, 0.0298),
    *(0.0187, 0.0187, 0.0187, 0.0093, 0.0074, 0.0049, 0.0047, 0.0019, 0.0005, 0.0002),
)
CASES = {
    "language": Case(LANGUAGES, 0.01),
    "region": Case((0.505, 0.2, 0.167, 0.128), 0.01),
    "opt-out": Case((0.94, 0.06), 0.05),
}


def usual(case: Case, companies: int, weeks: int, rng: np.random.Generator) -> Floats:
    """Shares (S, T, K) that wander around where they always were."""
    shares = np.array(case.shares) / sum(case.shares)
    drawn = shares * np.exp(rng.normal(0, case.wander, (companies, weeks, len(shares))))
    found: Floats = drawn / drawn.sum(axis=-1, keepdims=True)
    return found


def false_alarms(case: Case, n: int, companies: int, weeks: int, seed: int) -> tuple[float, float]:
    """Alarms a week where nothing happened: in the first four weeks after twelve clean ones, and of
    somebody who has lived with it for `weeks`."""
    rng = np.random.default_rng([seed, n])
    counts = rng.multinomial(n, usual(case, companies, WEEKS + weeks, rng))
    rows = np.full(counts.shape[:2], n)
    clean = (np.arange(WEEKS + weeks) < WEEKS) * FALSE
    first = slice(WEEKS, WEEKS + 4)
    new = score(counts[:, : first.stop], rows[:, : first.stop], Limits(), clean[: first.stop])
    lived = score(counts, rows, Limits())
    return float(new.alarm[:, first].mean()), float(lived.alarm[:, WEEKS:].mean())


def found(case: Case, n: int, shift: float, companies: int, seed: int) -> tuple[float, float]:
    """How often a shift that stays is found in its first week, and by its fourth."""
    rng = np.random.default_rng([seed, n, 1])
    shares = usual(case, companies, WEEKS + 4, rng)
    shares[:, WEEKS:, case.to] += shift
    shares[:, WEEKS:, 0] -= shift
    counts = rng.multinomial(n, shares)
    clean = (np.arange(WEEKS + 4) < WEEKS) * FALSE
    alarm = score(counts, np.full(counts.shape[:2], n), Limits(), clean).alarm[:, WEEKS:]
    return float(alarm[:, 0].mean()), float(alarm.any(axis=1).mean())


YEAR = 365
FAULTS = ((5, 0.02), (1, 0.03), (10, 0.02))  # days and points: a step, a spike, a ramp


def a_year(n: int, rng: np.random.Generator) -> tuple[Floats, list[tuple[int, int]]]:
    """Counts of a daily rate around 12 % with weekdays, growth and wandering; and when it was wrong."""
    day = np.arange(YEAR)
    weekday = np.array([0.0, 0.002, 0.001, -0.001, 0.0, -0.009, 0.007])[day % 7]
    rate = (0.12 + weekday + 0.01 * day / YEAR) * np.exp(rng.normal(0, 0.015, YEAR))
    faults = []
    for (days, points), begin in zip(FAULTS, rng.permutation([90, 180, 270]), strict=True):
        at = int(begin + rng.integers(-10, 10))
        rising = np.arange(1, days + 1) / days if days == 10 else 1.0
        rate[at : at + days] += points * rising
        faults.append((at, at + days))
    return rng.binomial(n, rate).astype(float), faults


def days_found(n: int, series: int, seed: int) -> tuple[int, float]:
    """Faults found, of three a series; and days a year that alarm without one."""
    made = [a_year(n, np.random.default_rng([seed, i])) for i in range(series)]
    counts = np.stack([each for each, _ in made])[..., None]
    alarm = score(counts, np.full(counts.shape[:2], n), Limits(daily=True)).alarm
    hits = false = 0
    for on, (_, faults) in zip(alarm, made, strict=True):
        hits += sum(bool(on[begin:end].any()) for begin, end in faults)
        inside = {t for begin, end in faults for t in range(begin, end + 2)}
        false += len(set(np.flatnonzero(on).tolist()) - inside)
    return hits, false / series
