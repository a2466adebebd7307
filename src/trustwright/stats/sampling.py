"""How many of N must be looked at, none of them bad, to be sure that few of the others are."""

from fractions import Fraction
from math import comb


def zero_failure_size(n: int, tolerated: Fraction, confidence: Fraction = Fraction(95, 100)) -> int:
    """The least sample, drawn at random without replacement from `n` items and found free of
    faults, after which more than the tolerated share (0 <= share < 1) of faulty items among the n
    is ruled out with that confidence. Exact (hypergeometric), so small n get no discount: of 10
    items and 5 % tolerated, all 10. `ValueError` outside these bounds.
    """
    if n < 0 or not 0 <= tolerated < 1 or not 0 < confidence < 1:
        raise ValueError("n >= 0, 0 <= tolerated < 1 and 0 < confidence < 1")
    faulty = int(n * tolerated) + 1  # The fewest faults that would be too many.
    low, high = 0, n
    while low < high:
        size = (low + high) // 2
        missed = Fraction(comb(n - faulty, size), comb(n, size))
        low, high = (low, size) if missed <= 1 - confidence else (size + 1, high)
    return low
