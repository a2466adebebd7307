"""Stocks, rates, numbers and gaps: each is judged as what it is, and said in one sentence."""

from datetime import date, timedelta
from typing import Literal

import pytest

from trustwright.charter.fieldmap.model import Watch
from trustwright.signals.snapshot import Series, Snapshot
from trustwright.signals.watching import Finding, alarmed, judge, path

START = date(2026, 3, 2)


def history(*series: Series, by: Literal["day", "week"] = "week") -> list[Snapshot]:
    step = timedelta(days=1 if by == "day" else 7)
    return [
        Snapshot(table="t", period=START + i * step, fingerprint=str(i), rows=s.n, series=(s,))
        for i, s in enumerate(series)
    ]


def rates(*k: int, n: int = 100_000) -> list[Series]:
    return [Series(field="out", n=n, counts={"yes": each, "no": n - each}) for each in k]


def stocks(*k: float, n: int = 100_000) -> list[Series]:
    return [Series(field="out", n=n, sum=each) for each in k]


def last(watch: Watch, series: list[Series]) -> Finding:
    (finding,) = judge(watch, history(*series, by=watch.by), {})
    return finding


def test_a_small_rate_that_doubles_is_found_and_read_aloud() -> None:
    found = last(Watch(field="out", kind="rate"), rates(*[300, 310, 290] * 4, 700))
    assert found.sentence() == (
        "out 'yes' rose from 0.3 % to 0.7 %; weeks usually move ±0.1; your limit is 0.1."
    )


def test_a_stock_is_judged_by_what_is_new() -> None:
    steady = [2000 + 60 * week for week in range(10)]
    watch = Watch(field="out", kind="stock")
    assert last(watch, stocks(*steady)).verdict == "quiet"
    assert last(watch, stocks(*steady, steady[-1] + 1500)).verdict == "alarm"
    assert last(watch, stocks(100, 101, 102, 103)).verdict == "not-run"
    assert last(watch, stocks(100, 101, 102, 103, 104)).verdict == "quiet"


def test_more_than_there_are_rows_is_no_share() -> None:
    found = last(Watch(field="out", kind="stock"), stocks(5, 6, 7, 8, 900, n=100))
    assert (found.verdict, "watch it as number" in found.reason) == ("not-run", True)


def test_numbers_are_judged_by_their_own_errors() -> None:
    usual = [Series(field="out", n=10, sum=1000 + 10 * (i % 3)) for i in range(20)]
    watch = Watch(field="out", kind="number")
    jumped = last(watch, [*usual, Series(field="out", n=10, sum=1500)])
    assert jumped.sentence().startswith("out rose from 101 to 150; errors up to ")
    assert last(watch, [*usual, Series(field="out", n=10, sum=1010)]).verdict == "quiet"
    assert last(watch, usual[:3]).verdict == "not-run"


def test_a_table_that_lost_its_rows_is_an_alarm() -> None:
    found = last(Watch(field="out"), [*rates(*[300] * 6), Series(field="out")])
    assert (found.verdict, found.reason) == ("alarm", "no row is left; there were 100,000.")


def test_days_without_a_snapshot_are_gaps() -> None:
    days = history(*rates(*[300 + i % 5 for i in range(60)]), by="day")
    del days[40:45]
    points = path(Watch(field="out", by="day"), days, {}, "", "yes")
    assert len(points) == 60
    assert [point.share for point in points[40:45]] == [None] * 5
    assert points[27].low is None
    assert points[-1].low is not None


def test_one_snapshot_and_a_history_that_never_moved() -> None:
    assert last(Watch(field="out"), rates(300)).verdict == "not-run"
    assert last(Watch(field="out"), rates(*[300] * 12)).verdict == "quiet"


@pytest.mark.parametrize(("answer", "again"), [("fault", True), ("level", False)])
def test_what_was_said_of_an_alarm_decides_the_next(
    answer: Literal["fault", "level"], again: bool
) -> None:
    watch, weeks = Watch(field="out"), history(*rates(*[30_000] * 8, *[36_000] * 3))
    (_, periods), *_ = alarmed(watch, weeks, {weeks[8].period: answer})
    assert (weeks[10].period in periods) is again
