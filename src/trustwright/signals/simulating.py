"""What would a watch cost its owner, and find? Their own shares, rows and wandering, drawn many times."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trustwright.charter.fieldmap.model import Watch
from trustwright.signals.snapshot import Snapshot
from trustwright.signals.watching import gridded, limits
from trustwright.stats.bands import FALSE, Floats, Limits, score, walk

COMPANIES, LIVED, KNOWN, MONTH = 400, 30, 12, 4
STEPS = (0.5, 1.0, 1.5, 2.0, 3.0)  # times the owner's limit


@dataclass(frozen=True)
class World:
    """Usual shares, how far each wanders (one standard deviation), and rows in a period. `implied`:
    the first share is what no watched value has."""

    shares: tuple[float, ...]
    wander: tuple[float, ...]
    rows: int
    implied: bool = False


@dataclass(frozen=True)
class Cost:
    """`false`: alarms in a period where nothing happened. `found`: of a shift that stays, how often it
    is found in its first period, and by its fourth."""

    false: float
    found: tuple[tuple[float, float, float], ...]


def world_of(watch: Watch, history: Sequence[Snapshot]) -> World:
    """What an owner's own history looks like; the whole table, its alarms left out."""
    grid = gridded(watch, history, {})
    whole = grid.counts[:1], grid.n[:1]
    *_, last = walk(*whole, limits(watch))
    shares = np.clip(last.band.expected[0], 0, 1)
    rest = max(0.0, 1 - float(shares.sum()))  # What a rate or a stock leaves out.
    wander = tuple(map(float, last.band.usual[0]))
    rows = int(np.median(grid.n[0][grid.n[0] > 0]))
    return World((rest, *map(float, shares)), (0.0, *wander), rows, True)


def simulate(world: World, own: Limits, seed: int = 1) -> Cost:
    """Alarms with nothing there, and with shares moved from the largest value to the second."""
    rng = np.random.default_rng(seed)
    known = KNOWN if not own.daily else 12 * 7
    usual = _drawn(rng, world, known + LIVED)
    lived = _scored(rng, world, usual, own, 0)[:, known:]
    big = np.argsort(world.shares)[::-1][:2]
    floor = _floor(world, own, int(big[1]))
    found = []
    for step in STEPS:
        moved = _drawn(rng, world, known + MONTH)
        moved[:, known:, big[1]] += step * floor
        moved[:, known:, big[0]] = np.maximum(moved[:, known:, big[0]] - step * floor, 0)
        alarm = _scored(rng, world, moved, own, known)[:, known:]
        found.append((step * floor, float(alarm[:, 0].mean()), float(alarm.any(axis=1).mean())))
    return Cost(float(lived.mean()), tuple(found))


def _floor(world: World, own: Limits, at: int) -> float:
    share = world.shares[at]
    return 0.25 * share if own.rate and share < 0.04 else own.floor


def _drawn(rng: np.random.Generator, world: World, periods: int) -> Floats:
    shape = (COMPANIES, periods, len(world.shares))
    drawn = np.maximum(np.array(world.shares) + rng.normal(0, 1, shape) * np.array(world.wander), 0)
    found: Floats = drawn / drawn.sum(axis=-1, keepdims=True)
    return found


def _scored(
    rng: np.random.Generator, world: World, shares: Floats, own: Limits, clean: int
) -> Floats:
    counts = rng.multinomial(world.rows, shares / shares.sum(axis=-1, keepdims=True))
    if world.implied:
        counts = counts[..., 1:]
    rows = np.full(shares.shape[:2], world.rows)
    said = (np.arange(shares.shape[1]) < clean) * FALSE
    found: Floats = score(counts, rows, own, said).alarm.astype(float)
    return found
