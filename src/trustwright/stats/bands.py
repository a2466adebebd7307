"""Did a share move? An over-dispersed predictive band with an effect floor, for many series at once.

Shares wander from week to week for no reason at all, and with a million rows every such step is
"significant". So the band takes both into account: the noise of counting n rows, and how much this
series usually moves between periods (tau2, by the method of moments as for beta-binomial data:
Kleinman, J. Am. Stat. Assoc. 68, 1973; Laney's p'-chart, Quality Engineering 14, 2002). It alarms
only if a shift is beyond what chance explains *and* at least as large as its owner cares about.

Arrays: S series of T periods with K categories. What is watched is a share of n rows; periods that
alarmed are never history for later ones. A period that is odd without being an alarm is held back
until a usual one follows, and tested pooled with those after it: that finds a small shift that stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

PRIOR_PERIODS, PRIOR_STEP = 4, 0.001
"""Never believe in no drift at all: four periods' worth of a tenth of a point."""

SMALL_RATE, RELATIVE = 0.04, 0.25
"""Rates under 4 % have a floor of a quarter of themselves."""

ODD = 1.0  # standard errors from which a period is held back
WEEK, WEEKS, DAYS = 7, 12, 56  # weekday effects from 12 weeks, the level from 8
FALSE, LEVEL = 1, 2  # nothing had happened; or the share is right, and will stay where it is now
HELD = 3  # periods held back at most, so that four are pooled
CHUNK = 2048  # series scored together: larger chunks leave the processor's cache


@dataclass(frozen=True)
class Limits:
    """An owner's limits. `floor`: share of 1; `history`: clean periods looked back on; `least`: fewer
    clean periods than that decide nothing; `rate`: small rates have the relative floor; `daily`:
    periods are days with a weekly pattern (then the history is `DAYS` days, and a week's seven
    looks share `alpha`)."""

    floor: float = 0.01
    alpha: float = 0.01
    history: int = 12
    least: int = 4
    rate: bool = False
    daily: bool = False

    @property
    def window(self) -> int:
        return DAYS if self.daily else self.history

    @property
    def needed(self) -> int:
        """Clean periods before anything is decided."""
        return self.least * (WEEK if self.daily else 1)


@dataclass(frozen=True)
class Band:
    """What was expected of one period, (S, K) each: `se` is the standard error of the difference,
    `dof` its Satterthwaite degrees of freedom (Biometrics Bull. 2, 1946), `usual` how far periods
    move beyond counting noise (one standard deviation), `floor` the least shift that matters."""

    expected: Floats
    se: Floats
    dof: Floats
    usual: Floats
    floor: Floats
    tail: Floats

    def reach(self) -> Floats:
        """How far a share may be from what is expected without an alarm, (S, K)."""
        found: Floats = np.maximum(critical(self.tail, self.dof) * self.se, self.floor)
        return found

    def outside(self, share: Floats) -> Bools:
        """Which categories alarm, (S, K); nothing where nothing was counted."""
        shift = np.abs(share - self.expected)
        # A normal quantile is never above Student's, so few need the dear one.
        found: Bools = (shift >= self.floor) & (shift >= -special.ndtri(self.tail) * self.se)
        at = np.nonzero(found)
        found[at] = shift[at] >= critical(self.tail[at], self.dof[at]) * self.se[at]
        return found


@dataclass(frozen=True)
class Step:
    """One period: `alarm`, `decided` (S,); `moved` (S, K): the categories that alarmed; `pooled` (S,):
    over how many periods; `band`: what was expected."""

    alarm: Bools
    decided: Bools
    moved: Bools
    pooled: Ints
    band: Band


@dataclass(frozen=True)
class Scored:
    """`alarm`, `decided` (S, T); `moved` (S, T, K); `pooled` (S, T): as of a `Step`, over time."""

    alarm: Bools
    decided: Bools
    moved: Bools
    pooled: Ints


def critical(tail: Floats, dof: Floats) -> Floats:
    """Student's two-sided quantile: `tail` is the probability above it."""
    found: Floats = -special.stdtrit(dof, tail)
    return found


def sidak(alpha: float, categories: Floats) -> Floats:
    """Alpha for one of several tests (Sidak, J. Am. Stat. Assoc. 62, 1967), halved for two sides."""
    found: Floats = (1 - (1 - alpha) ** (1 / np.maximum(categories, 1))) / 2
    return found


def walk(
    counts: npt.ArrayLike, n: npt.ArrayLike, limits: Limits, said: npt.ArrayLike = 0
) -> Iterator[Step]:
    """Walk through S series: each period is judged by the clean ones before it.

    `counts` (S, T, K) may be differences (of a stock) and so negative; `n` (S, T), 0 where there is
    no snapshot; `said` (S, T): what a person said to an alarm, `FALSE` or `LEVEL`, else 0.
    """
    k, rows = np.asarray(counts, float), np.asarray(n, float)
    told = np.broadcast_to(np.asarray(said, int), rows.shape)
    series = _Walk(k, rows, limits, told)
    return (series.step(t) for t in range(rows.shape[1]))


def score(
    counts: npt.ArrayLike, n: npt.ArrayLike, limits: Limits, said: npt.ArrayLike = 0
) -> Scored:
    """As `walk`, for any number of series, without the bands."""
    k, rows = np.asarray(counts, float), np.asarray(n, float)
    told = np.broadcast_to(np.asarray(said, int), rows.shape)
    flags = rows.shape, np.shape(k)
    found = Scored(
        *(np.zeros(flags[i], kind) for i, kind in ((0, bool), (0, bool), (1, bool), (0, int)))
    )
    for at in range(0, len(k), CHUNK):
        part = slice(at, at + CHUNK)
        for t, step in enumerate(walk(k[part], rows[part], limits, told[part])):
            found.alarm[part, t], found.decided[part, t] = step.alarm, step.decided
            found.moved[part, t], found.pooled[part, t] = step.moved, step.pooled
    return found


@dataclass
class _Past:
    """Sums over the periods looked back on: of shares `a`, their squares, rows x share (S, K); of
    rows and 1 / rows, and how many periods these are (S,)."""

    a: Floats
    a2: Floats
    na: Floats
    n: Floats
    inverse: Floats
    size: Ints

    def drift(self, variance: Floats) -> Floats:
        """Between-period variance beyond counting noise, with its prior, (S, K)."""
        w = np.maximum(self.size, 2)[:, None]
        between = (self.a2 - self.a * self.a / w) / (w - 1)
        beyond = np.maximum(between - variance * (self.inverse[:, None] / w), 0)
        prior = PRIOR_PERIODS * PRIOR_STEP**2
        found: Floats = (beyond * (w - 1) + prior) / (w - 1 + PRIOR_PERIODS)
        return found

    def and_held(self, shares: Floats, sizes: Floats, waiting: Ints) -> "_Past":
        """With the periods held back, (H, S, K) and (H, S), as well."""
        if not waiting.any():
            return self
        inverse = np.divide(1, sizes, out=np.zeros_like(sizes), where=sizes > 0)
        return _Past(
            self.a + shares.sum(axis=0),
            self.a2 + (shares**2).sum(axis=0),
            self.na + (shares * sizes[..., None]).sum(axis=0),
            self.n + sizes.sum(axis=0),
            self.inverse + inverse.sum(axis=0),
            self.size + waiting,
        )


class _Clean(_Past):
    """The last clean periods of each series, as running sums over a ring."""

    def __init__(self, series: int, categories: int, window: int) -> None:
        a, a2, na = np.zeros((3, series, categories))
        n, inverse = np.zeros((2, series))
        super().__init__(a, a2, na, n, inverse, np.zeros(series, int))
        self.window, self._at = window, np.zeros(series, int)
        self._ring = np.zeros((window, series, categories)), np.zeros((window, series))

    def push(self, which: Bools, share: Floats, n: Floats) -> None:
        """Take a period in, and let go of the oldest."""
        i = np.flatnonzero(which)
        if not i.size:
            return
        shares, sizes = self._ring
        at, new, rows = self._at[i], share[i], n[i]
        old, gone = shares[at, i], sizes[at, i]
        self.a[i] += new - old
        self.a2[i] += new * new - old * old
        self.na[i] += new * rows[:, None] - old * gone[:, None]
        self.n[i] += rows - gone
        self.inverse[i] += 1 / rows - np.divide(1, gone, out=np.zeros_like(gone), where=gone > 0)
        shares[at, i], sizes[at, i] = new, rows
        self._at[i] = (at + 1) % self.window
        self.size[i] = np.minimum(self.size[i] + 1, self.window)

    def move(self, which: Bools, by: Floats) -> None:
        """The level has changed for good: what was learned of its wandering stays true."""
        shares, sizes = self._ring
        for i in np.flatnonzero(which):
            shares[sizes[:, i] > 0, i] += by[i]
            self.a[i], self.a2[i] = shares[:, i].sum(axis=0), (shares[:, i] ** 2).sum(axis=0)
            self.na[i] = (shares[:, i] * sizes[:, i, None]).sum(axis=0)


class _Weekdays:
    """How far each weekday usually is from the week around it; all zero where days don't matter."""

    def __init__(self, series: int, categories: int) -> None:
        self._count = -1
        self._kept = np.zeros((WEEK, WEEKS, series, categories))
        self._seen = [0] * WEEK
        self._days: list[Floats] = []
        self.effect = np.zeros((WEEK, series, categories))

    def learn(self, share: Floats) -> None:
        """The next day, as it was or (where it alarmed or is missing) as it should have been."""
        self._days = [*self._days[-(WEEK - 1) :], share]
        self._count += 1
        if len(self._days) == WEEK:
            day, slot = (self._count - 3) % WEEK, self._seen[(self._count - 3) % WEEK] % WEEKS
            self._kept[day, slot] = self._days[3] - np.mean(self._days, axis=0)
            self._seen[day] += 1
            self.effect[day] = self._kept[day, : min(self._seen[day], WEEKS)].mean(axis=0)

    def weeks(self, day: int) -> int:
        """From how many weeks the effect of a day is known."""
        return min(self._seen[day % WEEK], WEEKS)


class _Walk:
    """One chunk of series, period by period."""

    def __init__(self, counts: Floats, n: Floats, limits: Limits, said: Ints) -> None:
        self.limits, self.n, self.said = limits, n, said
        s, self.periods, k = counts.shape
        self.share = np.divide(
            counts, n[..., None], out=np.zeros_like(counts), where=n[..., None] > 0
        )
        self.clean = _Clean(s, k, limits.window)
        self.weekdays = _Weekdays(s, k)
        self._held = np.zeros((HELD, s, k)), np.zeros((HELD, s))
        self._waiting = np.zeros(s, int)
        self._ever = np.zeros((s, k), bool)

    def step(self, t: int) -> Step:
        """Judge period t, then let it into the history, hold it back or forget it."""
        share, n, there = self.share[:, t], self.n[:, t], self.n[:, t] > 0
        effect = self._effect(t)
        self._ever |= share != 0
        past = self.clean.and_held(*self._held, self._waiting)
        band = self._band(past, n, effect, t)
        decided = there & (past.size >= self.limits.needed)
        moved = band.outside(share) & decided[:, None]
        late = self._pooled(share, n, effect, t) & (decided & ~moved.any(axis=1))[:, None]
        alarm: Bools = np.any(moved | late, axis=1)
        pooled = np.where(late.any(axis=1), 1 + self._waiting, 1)
        told, shift = self.said[:, t], np.abs(share - band.expected)
        differs = ((shift >= ODD * band.se) & (shift >= band.floor / 2)).any(axis=1)
        odd = decided & (told == 0) & differs
        unusual = alarm & (told == 0)
        self.clean.move(alarm & (told == LEVEL), share - band.expected)
        self._keep(share - effect, n, there & ~unusual & ~odd, there & ~unusual & odd, unusual)
        if self.limits.daily:
            self.weekdays.learn(np.where((there & ~unusual)[:, None], share, band.expected))
        return Step(alarm, decided, moved | late, pooled, band)

    def _effect(self, t: int) -> Floats:
        return self.weekdays.effect[t % WEEK] if self.limits.daily else np.zeros(1)

    def _band(self, past: _Past, n: Floats, effect: Floats, t: int) -> Band:
        """The band for one period of n rows."""
        w = np.maximum(past.size, 1)[:, None]
        expected = past.na / np.maximum(past.n, 1)[:, None] + effect
        mu = np.clip(expected, 0, 1)
        variance = mu * (1 - mu)
        tau2 = past.drift(variance)
        extra = 1 / max(self.weekdays.weeks(t), 1) if self.limits.daily else 0.0
        rows = np.maximum(n, 1)[:, None]
        counting = variance * ((1 + extra) / rows + 1 / np.maximum(past.n, 1)[:, None])
        drifting = tau2 * (1 + 1 / w + extra)
        se2 = counting + drifting
        dof = (np.maximum(w - 1, 1) + PRIOR_PERIODS) * (se2 / drifting) ** 2
        alpha = self.limits.alpha / (WEEK if self.limits.daily else 1)
        tail = sidak(alpha, self._ever.sum(axis=1)[:, None] + np.zeros_like(mu))
        floor = np.full_like(mu, self.limits.floor)
        if self.limits.rate:
            floor = np.where(mu < SMALL_RATE, RELATIVE * mu, floor)
        return Band(expected, np.sqrt(se2), dof, np.sqrt(tau2), floor, tail)

    def _pooled(self, share: Floats, n: Floats, effect: Floats, t: int) -> Bools:
        """The same test over what is held back and this period together, (S, K)."""
        shares, sizes = self._held
        if not self._waiting.any():
            return np.zeros(share.shape, bool)
        rows = n + sizes.sum(axis=0)
        sums = (share - effect) * n[:, None] + (shares * sizes[..., None]).sum(axis=0)
        together = sums / np.maximum(rows, 1)[:, None] + effect
        band = self._band(self.clean, rows, effect, t)
        # A second look at the same rows: it has half of alpha, and what it finds must still be there.
        band = replace(band, tail=band.tail / 2)
        now, before = share - band.expected, together - band.expected
        stays = (now * before > 0) & (np.abs(now) >= band.floor / 2)
        alone = replace(self._band(self.clean, n, effect, t), tail=band.tail)
        found: Bools = (band.outside(together) & stays) | alone.outside(share)
        found &= (self._waiting > 0)[:, None]
        return found

    def _keep(self, share: Floats, n: Floats, usual: Bools, wait: Bools, unusual: Bools) -> None:
        """Usual: into the history, with what was held back. Odd: held back. Alarmed: forgotten."""
        shares, sizes = self._held
        full = wait & (self._waiting == HELD)
        for j in range(HELD if self._waiting.any() else 0):
            self.clean.push((usual & (self._waiting > j)) | (full & (j == 0)), shares[j], sizes[j])
        self.clean.push(usual, share, n)
        for held in (shares, sizes):
            held[:-1, full] = held[1:, full]
            held[-1, full] = 0
        self._waiting[full] -= 1
        gone = usual | unusual
        shares[:, gone], sizes[:, gone] = 0, 0
        self._waiting[gone] = 0
        i = np.flatnonzero(wait)
        shares[self._waiting[i], i], sizes[self._waiting[i], i] = share[i], n[i]
        self._waiting[i] += 1
