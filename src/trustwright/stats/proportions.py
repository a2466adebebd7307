"""k of n: a share that can be added to next week's, and says how sure it is."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class Proportion:
    """k successes in n trials, 0 <= k <= n; otherwise `ValueError`."""

    k: int = 0
    n: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.k <= self.n:
            raise ValueError(f"{self.k} of {self.n} is not a proportion")

    def __add__(self, other: "Proportion") -> "Proportion":
        return Proportion(self.k + other.k, self.n + other.n)

    @property
    def share(self) -> float | None:
        """k / n; None where nothing was counted."""
        return self.k / self.n if self.n else None

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Wilson's score interval (J. Am. Stat. Assoc. 22, 1927); None where nothing was counted."""
        if not self.n:
            return None
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        p, shrink = self.k / self.n, 1 + z * z / self.n
        middle = (p + z * z / (2 * self.n)) / shrink
        half = z * sqrt(p * (1 - p) / self.n + (z / (2 * self.n)) ** 2) / shrink
        # At the ends the exact bound is 0 or 1; rounding errors may not push k / n outside.
        low = 0.0 if self.k == 0 else max(0.0, middle - half)
        return low, 1.0 if self.k == self.n else min(1.0, middle + half)

    def __str__(self) -> str:
        """`0.83 (25 of 30; 0.66 to 0.93)`."""
        bounds = self.interval()
        if bounds is None:
            return "not counted (0 of 0)"
        low, high = bounds
        return f"{self.share:.2f} ({self.k} of {self.n}; {low:.2f} to {high:.2f})"
