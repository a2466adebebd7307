"""Did a number jump? For series of numbers that aren't shares: amounts, counts of rows, latencies.

Four plain forecasts compete, each a median of the past; the one that erred least lately is compared
with what came. What is unusual is told by the series itself: an alarm is an error larger than
`TIMES` the 99 % quantile of its own errors in the last 14 cycles. No shape of noise is assumed, so a
series of spikes is judged by its spikes. (Split conformal prediction with a margin: Vovk et al.,
Algorithmic Learning in a Random World, 2005; the margin stands in for errors not being exchangeable.)
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

TIMES, QUANTILE = 1.5, 0.99
CYCLES = 14  # looked back on for the errors
COMPARED = 3  # cycles over which forecasts compete
LEAST = 8  # errors before anything is decided
SMALLEST = 0.001  # of the level: a smaller error is no jump, even in a series that never moved


@dataclass(frozen=True)
class Watched:
    """One series of T numbers: what was expected, how far off is still usual (NaN: not decided), and
    which alarm."""

    expected: Floats
    reach: Floats
    alarm: npt.NDArray[np.bool_]


def watch(values: npt.ArrayLike, cycle: int) -> Watched:
    """Judge each number by those before it. `cycle`: how many make a round (a day's, or 7 for days).

    `values` (T,); NaN where there is none, which is neither judged nor learned from.
    """
    v = np.asarray(values, float)
    if v.ndim != 1 or cycle < 1:
        raise ValueError("one series of numbers, and at least one number in a cycle")
    forecasts = np.array(
        [
            _last(v, max(cycle // 24, 1)),
            _last(v, cycle),
            _same_phase(v, cycle, 7),
            _same_phase(v, 7 * cycle, 4),
        ]
    )
    errors = np.abs(v - forecasts)
    typical = np.array([_mean_before(e, COMPARED * cycle, min(cycle, LEAST)) for e in errors])
    best = typical.argmin(axis=0), np.arange(len(v))
    known = np.isfinite(typical[best])
    expected, error = (
        np.where(known, forecasts[best], np.nan),
        np.where(known, errors[best], np.nan),
    )
    reach = np.maximum(_reach(error, cycle), SMALLEST * np.abs(_last(v, cycle)))
    return Watched(expected, reach, error > reach)


def _last(v: Floats, size: int) -> Floats:
    """Median of the `size` numbers before each."""
    out = np.full(len(v), np.nan)
    if len(v) > size:
        out[size:] = _median(np.lib.stride_tricks.sliding_window_view(v, size)[:-1])
    return out


def _same_phase(v: Floats, cycle: int, most: int) -> Floats:
    """Median of the numbers one, two ... `most` cycles before each, from the second cycle on."""
    lags = np.full((len(v), most), np.nan)
    for j in range(1, most + 1):
        lags[j * cycle :, j - 1] = v[: max(len(v) - j * cycle, 0)]
    out = _median(lags)
    out[: (2 if most > 4 else 1) * cycle] = np.nan
    return out


def _median(rows: Floats) -> Floats:
    """Of each row, without its NaN; NaN where there is nothing else."""
    ordered, n = np.sort(rows, axis=1), np.sum(~np.isnan(rows), axis=1)
    at = np.arange(len(rows))
    low, high = np.maximum(n - 1, 0) // 2, np.minimum(n // 2, rows.shape[1] - 1)
    found: Floats = np.where(n > 0, (ordered[at, low] + ordered[at, high]) / 2, np.nan)
    return found


def _mean_before(errors: Floats, size: int, least: int) -> Floats:
    """Mean of the last `size` errors before each; infinite where fewer than `least` are known."""
    known = np.concatenate([[0], np.cumsum(~np.isnan(errors))])
    total = np.concatenate([[0], np.cumsum(np.nan_to_num(errors))])
    until = np.arange(len(errors))
    since = np.maximum(until - size, 0)
    n = known[until] - known[since]
    found: Floats = np.where(n >= least, (total[until] - total[since]) / np.maximum(n, 1), np.inf)
    return found


def _reach(errors: Floats, cycle: int) -> Floats:
    """`TIMES` the quantile of the errors of the last cycles, renewed 24 times a cycle."""
    out, step = np.full(len(errors), np.nan), max(cycle // 24, 1)
    for t in range(0, len(errors), step):
        past = errors[max(t - CYCLES * cycle, 0) : t]
        past = past[~np.isnan(past)]
        if len(past) >= max(cycle, LEAST):
            out[t : t + step] = TIMES * np.quantile(past, QUANTILE)
    return out
