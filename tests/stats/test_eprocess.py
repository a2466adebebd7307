"""A running send: looked at after every batch, stopped for a reason and never by looking often."""

import numpy as np
import pytest

from trustwright.stats.eprocess import PAUSE, STOP, log_evidence, says

TOLERATED, BATCH, LOOKS, SENDS = 0.0045, 1000, 100, 1000


def sends(rate: float, seed: int = 20261122) -> tuple[np.ndarray, np.ndarray]:
    """ln E after each of 100 batches (sends, looks), and how many messages were out by then."""
    k = np.random.default_rng(seed).binomial(BATCH, rate, (SENDS, LOOKS)).cumsum(axis=1)
    n = BATCH * np.arange(1, LOOKS + 1)
    return log_evidence(k, n, TOLERATED), n


@pytest.mark.parametrize(("rate", "most"), [(0.003, 0.0), (0.004, 0.003), (0.0045, 0.05)])
def test_a_send_within_its_tolerance_goes_on_however_often_one_looks(
    rate: float, most: float
) -> None:
    e, _ = sends(rate)
    assert (e >= np.log(PAUSE)).any(axis=1).mean() <= most
    assert (e >= np.log(STOP)).any(axis=1).mean() <= most / 10


@pytest.mark.parametrize(
    ("rate", "limit", "by"),
    [(0.009, PAUSE, 3000), (0.009, STOP, 5000), (0.02, PAUSE, 1000), (0.0211, STOP, 1000)],
)
def test_a_tripled_rate_stops_after_some_thousands_a_sevenfold_one_at_once(
    rate: float, limit: float, by: int
) -> None:
    e, n = sends(rate)
    over = e >= np.log(limit)
    assert over.any(axis=1).all()
    assert np.median(n[over.argmax(axis=1)]) <= by


def test_it_says_what_to_do() -> None:
    table = {(3, 1000): "go on", (13, 1000): "pause", (40, 1000): "stop", (0, 0): "go on"}
    assert {at: says(*at, TOLERATED) for at in table} == table


@pytest.mark.parametrize(("k", "n", "rate"), [(2, 1, 0.01), (-1, 5, 0.01), (1, 5, 0), (1, 5, 0.5)])
def test_what_is_no_count_and_no_rate_is_refused(k: int, n: int, rate: float) -> None:
    with pytest.raises(ValueError, match=r"tolerated rate|k of n"):
        log_evidence(k, n, rate)
