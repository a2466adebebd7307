"""Has a watched field moved? A history of snapshots in, findings about its last one out.

Needs the extra `stats`, so it is imported when something is judged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np

from trustwright.charter.fieldmap.model import Watch
from trustwright.signals.snapshot import Series, Snapshot
from trustwright.stats import bands, numbers
from trustwright.stats.bands import FALSE, LEVEL, Floats, Ints, Limits

Verdict = Literal["alarm", "quiet", "not-run"]
Told = Mapping[date, Literal["false", "level", "fault"]]
ANSWERS = {"false": FALSE, "level": LEVEL, "fault": 0}
DRAWN = 6  # values of a field at once
LONGEST_GAP = 400  # days without a snapshot that are filled in


@dataclass(frozen=True)
class Moved:
    """One value: its share (or number) now and as expected, how far periods usually move, the owner's
    limit, and how far it might be without an alarm."""

    value: str
    now: float
    expected: float
    usual: float
    limit: float
    reach: float


@dataclass(frozen=True)
class Finding:
    """What is said of a field in one segment. `moved` has the gravest first; `pooled`: over how many
    periods it was found; `reason`: why it was not run, or what else is the matter."""

    field: str
    segment: str
    verdict: Verdict
    n: int
    by: str
    moved: tuple[Moved, ...] = ()
    pooled: int = 1
    reason: str = ""
    number: bool = False

    def sentence(self) -> str:
        """Read aloud."""
        where = f" where {self.segment.replace('=', ' is ')}" if self.segment else ""
        if not self.moved:
            return f"{self.field}{where}: {self.reason or 'as usual'}"
        m = self.moved[0]
        name = self.field if self.number else f"{self.field} {m.value!r}"
        verb = "fell" if m.now < m.expected else "rose"
        over = f" over {self.pooled} {self.by}s" if self.pooled > 1 else ""
        if self.number:
            span = f"errors up to {m.reach:,.4g} are usual"
            return f"{name}{where} {verb} from {m.expected:,.4g} to {m.now:,.4g}; {span}."
        fine = max(abs(m.now - m.expected), m.limit) < 0.002
        percent, points = (".3f", ".3f") if fine else (".1f", ".1f")
        return (
            f"{name}{where} {verb} from {100 * m.expected:{percent}} % to {100 * m.now:{percent}} %"
            f"{over}; {self.by}s usually move ±{100 * m.usual:{points}}; "
            f"your limit is {100 * m.limit:{points}}."
        )


def limits(watch: Watch) -> Limits:
    """The band's limits from an owner's watch."""
    rates = watch.kind in ("rate", "stock")
    return Limits(
        floor=watch.floor or Limits.floor,
        alpha=watch.alpha,
        history=watch.history,
        # Four clean snapshots of a stock are three differences.
        least=Limits.least - (watch.kind == "stock"),
        rate=rates and watch.floor is None,
        daily=watch.by == "day",
    )


@dataclass(frozen=True)
class Grid:
    """A field's history: counts (S, T, K) and rows (S, T) by segment, period and value."""

    periods: tuple[date, ...]
    segments: tuple[str, ...]
    values: tuple[str, ...]
    counts: Floats
    n: Floats
    said: Ints


def judge(watch: Watch, history: Sequence[Snapshot], told: Told) -> tuple[Finding, ...]:
    """About the last of `history` (by period, oldest first): a finding for each segment."""
    now = {series.segment: series for series in history[-1].of(watch.field)}
    undecided = [s.undecided for s in now.values() if s.undecided]
    if undecided or not now:
        reason = undecided[0] if undecided else f"The snapshot has no {watch.field}."
        return (Finding(watch.field, "", "not-run", history[-1].rows, watch.by, reason=reason),)
    if watch.kind == "number":
        return tuple(_number(watch, history, segment) for segment in now)
    grid = gridded(watch, history, told)
    if (grid.counts > grid.n[..., None]).any():
        reason = (
            f"{watch.field} adds up to more than its rows, so it is no share: watch it as number."
        )
        return (Finding(watch.field, "", "not-run", history[-1].rows, watch.by, reason=reason),)
    return tuple(_findings(watch, grid))


def gridded(watch: Watch, history: Sequence[Snapshot], told: Told) -> Grid:
    """The counts of a field; days without a snapshot are there and empty; a stock by its differences."""
    found = {snapshot.period: snapshot for snapshot in history}
    periods = _filled([*found]) if watch.by == "day" else tuple(found)
    cells = {(s.segment, p): s for p in found for s in found[p].of(watch.field) if not s.undecided}
    segments = tuple(sorted({segment for segment, _ in cells}))
    values = _values(watch, [*cells.values()])
    counts = np.zeros((len(segments), len(periods), len(values)))
    n = np.zeros(counts.shape[:2])
    for (segment, period), series in cells.items():
        at = segments.index(segment), periods.index(period)
        n[at] = series.n
        counts[at] = [series.sum or 0] if watch.kind == "stock" else _of(series, values)
    said = np.array([ANSWERS[told[p]] if p in told else 0 for p in periods])
    grid = Grid(periods, segments, values, counts, n, said)
    return _differences(grid) if watch.kind == "stock" else grid


def _of(series: Series, values: Sequence[str]) -> list[int]:
    return [series.counts.get(value, 0) for value in values]


def _values(watch: Watch, cells: Sequence[Series]) -> tuple[str, ...]:
    """All values ever seen; of a rate all but the usual one, which says the same."""
    if watch.kind == "stock":
        return ("new",)
    totals: dict[str, int] = {}
    for series in cells:
        for value, n in series.counts.items():
            totals[value] = totals.get(value, 0) + n
    names = sorted(totals)
    if watch.kind == "rate" and len(names) > 1:
        names.remove(max(names, key=lambda name: totals[name]))
    return tuple(names)


def _filled(periods: list[date]) -> tuple[date, ...]:
    days = (periods[-1] - periods[0]).days
    if days > LONGEST_GAP + len(periods):
        return tuple(periods)
    return tuple(periods[0] + timedelta(days=i) for i in range(days + 1))


def _differences(grid: Grid) -> Grid:
    """New in each period, of those who weren't in it yet. A gap on either side is a gap."""
    stock, n = grid.counts[..., 0], grid.n
    known = (n[:, 1:] > 0) & (n[:, :-1] > 0)
    at_risk = np.where(known, np.maximum(n[:, 1:] - stock[:, :-1], 0), 0)
    new = np.where(known, np.diff(stock, axis=1), 0)
    empty = np.zeros((len(n), 1))
    new, at_risk = np.hstack([empty, new]), np.hstack([empty, at_risk])
    return replace(grid, counts=new[..., None], n=at_risk)


def _findings(watch: Watch, grid: Grid) -> Iterator[Finding]:
    """The whole table's, then those of its segments, which are walked together."""
    for whole in (True, False):
        rows = [at for at, segment in enumerate(grid.segments) if (segment == "") is whole]
        if not rows:
            continue
        own = judged_by(watch, grid, grid.segments[rows[0]])
        said = np.broadcast_to(grid.said, (len(rows), len(grid.said)))
        *_, last = bands.walk(grid.counts[rows], grid.n[rows], own, said)
        yield from (finding(watch, grid, at, last, i) for i, at in enumerate(rows))


def judged_by(watch: Watch, grid: Grid, segment: str) -> Limits:
    """The whole table has the watch's alpha; its segments share another (Sidak)."""
    own, parts = limits(watch), len(grid.segments) - 1
    return own if not segment else replace(own, alpha=1 - (1 - own.alpha) ** (1 / max(parts, 1)))


def finding(watch: Watch, grid: Grid, at: int, last: bands.Step, i: int) -> Finding:
    """What the last period of one series says; it is the i-th of those walked."""
    segment, n = grid.segments[at], int(grid.n[at, -1])
    if not n and grid.n[at].any():
        return Finding(watch.field, segment, "alarm", 0, watch.by, reason=_gone(grid, at))
    if not last.decided[i]:
        few = f"fewer than {Limits.least} clean {watch.by}s are known, so nothing is decided."
        return Finding(watch.field, segment, "not-run", n, watch.by, reason=few)
    if not last.alarm[i]:
        return Finding(watch.field, segment, "quiet", n, watch.by)
    moved = tuple(_moved(grid, at, last, i))
    return Finding(watch.field, segment, "alarm", n, watch.by, moved, int(last.pooled[i]))


def alarmed(
    watch: Watch, history: Sequence[Snapshot], told: Told
) -> Iterator[tuple[str, tuple[date, ...]]]:
    """By segment, the periods that would have alarmed (numbers aside)."""
    if watch.kind == "number" or not any(
        s.counts or s.sum for h in history for s in h.of(watch.field)
    ):
        return
    grid = gridded(watch, history, told)
    for at, segment in enumerate(grid.segments):
        part = slice(at, at + 1)
        own = judged_by(watch, grid, segment)
        found = bands.score(grid.counts[part], grid.n[part], own, grid.said[None]).alarm[0]
        yield segment, tuple(p for p, on in zip(grid.periods, found, strict=True) if on)


def _gone(grid: Grid, at: int) -> str:
    before = int(grid.n[at][grid.n[at] > 0][-1])
    return f"no row is left; there were {before:,}."


def _moved(grid: Grid, at: int, last: bands.Step, i: int) -> Iterator[Moved]:
    """The values that alarmed, the gravest first."""
    band, shares = last.band, grid.counts[at, -1] / grid.n[at, -1]
    reach = band.reach()[i]
    excess = np.abs(shares - band.expected[i]) / reach
    for k in sorted(np.flatnonzero(last.moved[i]), key=lambda k: -excess[k]):
        numbers = (shares[k], band.expected[i, k], band.usual[i, k], band.floor[i, k], reach[k])
        yield Moved(grid.values[k], *map(float, numbers))


def _number(watch: Watch, history: Sequence[Snapshot], segment: str) -> Finding:
    """The mean of a number, by the watcher of numbers."""
    cells = [next((s for s in h.of(watch.field) if s.segment == segment), None) for h in history]
    means = [s.sum / s.n if s and s.n and s.sum is not None else np.nan for s in cells]
    seen = numbers.watch(means, 7 if watch.by == "day" else 1)
    n = cells[-1].n if cells[-1] else 0
    expected, reach = float(seen.expected[-1]), float(seen.reach[-1])
    if not np.isfinite(reach) or not np.isfinite(means[-1]):
        few = f"too few {watch.by}s are known, so nothing is decided."
        return Finding(watch.field, segment, "not-run", n, watch.by, reason=few, number=True)
    floor = (watch.floor or 0) * abs(expected)
    if not seen.alarm[-1] or abs(means[-1] - expected) < floor:
        return Finding(watch.field, segment, "quiet", n, watch.by, number=True)
    moved = Moved("", float(means[-1]), expected, reach / numbers.TIMES, floor, reach)
    return Finding(watch.field, segment, "alarm", n, watch.by, (moved,), number=True)


@dataclass(frozen=True)
class Point:
    """One period of a value's history, to be drawn. `low` and `high` are None where nothing is decided."""

    period: date
    share: float | None
    low: float | None
    high: float | None
    alarm: bool


def path(
    watch: Watch, history: Sequence[Snapshot], told: Told, segment: str, value: str
) -> list[Point]:
    """A value's shares with their band, period by period."""
    return paths(watch, history, told, segment, (value,))[value]


def paths(
    watch: Watch,
    history: Sequence[Snapshot],
    told: Told,
    segment: str,
    values: Sequence[str] = (),
) -> dict[str, list[Point]]:
    """`path` of several values; without any the largest of the segment, the largest first."""
    grid = gridded(watch, history, told)
    at = grid.segments.index(segment)
    own, part = judged_by(watch, grid, segment), slice(at, at + 1)
    steps = bands.walk(grid.counts[part], grid.n[part], own, grid.said[None])
    rows = list(zip(grid.periods, steps, grid.counts[at], grid.n[at], strict=True))
    drawn = values or _largest(grid, at)
    return {
        value: [_point(p, step, counts[k], n, k) for p, step, counts, n in rows]
        for value in drawn
        for k in [grid.values.index(value)]
    }


def _largest(grid: Grid, at: int) -> list[str]:
    sizes = grid.counts[at].sum(axis=0)
    return [grid.values[k] for k in np.argsort(-sizes, kind="stable")[:DRAWN] if sizes[k]]


def _point(period: date, step: bands.Step, count: float, n: float, k: int) -> Point:
    share = count / n if n else None
    if not step.decided[0]:
        return Point(period, share, None, None, False)
    middle, reach = float(step.band.expected[0, k]), float(step.band.reach()[0, k])
    return Point(period, share, middle - reach, middle + reach, bool(step.moved[0, k]))
