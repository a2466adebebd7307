"""May a running send go on? Evidence against a tolerated rate that may be looked at after every message.

A test read again and again finds something sooner or later. An e-process may be: under any rate
within the tolerance it ever reaches 1 / alpha with probability at most alpha (Ville's inequality;
Ramdas et al., Statistical Science 38, 2023; Robbins, Ann. Math. Stat. 41, 1970). This one is a mixture
of likelihood ratios of some larger rates against the tolerance.
"""

from math import exp
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

Says = Literal["go on", "pause", "stop"]

LARGER = (1.25, 1.5, 2, 3, 5, 10)
"""The rates looked for, as multiples of the tolerance; each half or less."""

PAUSE, STOP = 20.0, 1000.0
"""E from which a send pauses and asks (wrong in 5 of 100 sends at the tolerance at most), or stops."""


def log_evidence(k: npt.ArrayLike, n: npt.ArrayLike, tolerance: float) -> npt.NDArray[np.float64]:
    """Natural logarithm of E after k of n, elementwise; `tolerance` is a rate in (0, 0.5)."""
    if not 0 < tolerance < 0.5:
        raise ValueError("a tolerated rate lies between 0 and 0.5")
    hits, rows = np.asarray(k, float)[..., None], np.asarray(n, float)[..., None]
    if (hits < 0).any() or (hits > rows).any():
        raise ValueError("k of n: 0 <= k <= n")
    rates = np.minimum(np.array(LARGER) * tolerance, 0.5)
    ratios = hits * np.log(rates / tolerance) + (rows - hits) * np.log(
        (1 - rates) / (1 - tolerance)
    )
    found: npt.NDArray[np.float64] = logsumexp(ratios, axis=-1) - np.log(len(LARGER))
    return found


def says(k: int, n: int, tolerance: float) -> Says:
    """What k of n so far mean for a send; ask after every batch, with the numbers since its start."""
    e = exp(min(float(log_evidence(k, n, tolerance)), 100.0))
    return "stop" if e >= STOP else "pause" if e >= PAUSE else "go on"
