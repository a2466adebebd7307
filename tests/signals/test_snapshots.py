"""What is kept of a table: few and short values, no person's, and the days its rows belong to."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from trustwright.charter.fieldmap.model import MappedField, TableMap, Watch
from trustwright.kernel.errors import Invalid, Refused
from trustwright.signals.judging import demand_adding_up
from trustwright.signals.model import Report
from trustwright.signals.past import asked, past
from trustwright.signals.snapshot import MOST_VALUES, NOTHING, REST, Series, Snapshot, taken
from trustwright.signals.table import Measured, Total

NOW = datetime(2026, 11, 25, tzinfo=UTC)
COLUMNS = ("language", "country", "spent", "day")


def mapped(*watches: Watch, personal: str = "") -> TableMap:
    fields = tuple(MappedField(name=name, personal=name == personal) for name in COLUMNS)
    return TableMap(name="people", fields=fields, watches=watches)


def kept(watch: Watch, personal: str = "", **measured: Any) -> tuple[Series, ...]:
    report = Report("people", "f", NOW, 9, (), **measured)
    return taken(report, mapped(watch, personal=personal), COLUMNS, NOW.date()).series


def languages(counts: dict[object, int]) -> Series:
    cells = {("language",): {(value,): n for value, n in counts.items()}}
    (series,) = kept(Watch(field="language"), distributions=cells)
    return series


def test_values_are_kept_as_they_are_and_none_is_one_of_them() -> None:
    assert languages({"de": 5, None: 2, "": 1, True: 1}).counts == {"de": 5, NOTHING: 3, "True": 1}


def test_many_values_and_long_ones_are_kept_together() -> None:
    counts = languages({f"v{n:03}": 500 - n for n in range(300)}).counts
    assert len(counts) == MOST_VALUES
    assert sum(counts.values()) == sum(500 - n for n in range(300))
    assert languages({"de": 5, "x" * 65: 4}).counts == {"de": 5, REST: 4}


def test_a_text_is_no_category_and_a_person_is_none_either() -> None:
    assert "too many values" in languages({str(n): 1 for n in range(1001)}).undecided
    (series,) = kept(Watch(field="language"), personal="language", distributions={})
    assert (series.undecided, series.counts) == ("language is personal, so it isn't kept.", {})
    (series,) = kept(Watch(field="language", segments=("country",)), personal="country")
    assert series.undecided == "country is personal, so it isn't kept."


def test_a_field_that_isn_t_there_is_said_so() -> None:
    (series,) = kept(Watch(field="langauge"))
    assert series.undecided == "The table has no column langauge."


def test_each_segment_has_a_series_of_its_own() -> None:
    cells = {
        ("language",): {("de",): 9},
        ("language", "country"): {("de", "AT"): 4, ("de", None): 5},
    }
    series = kept(Watch(field="language", segments=("country",)), distributions=cells)
    assert [(s.segment, s.n) for s in series] == [
        ("", 9),
        (f"country={NOTHING}", 5),
        ("country=AT", 4),
    ]


def test_counts_that_don_t_add_up_are_refused() -> None:
    off = Series(field="language", n=4, counts={"de": 5})
    assert not off.adds_up
    with pytest.raises(Refused, match="add up"):
        demand_adding_up(Snapshot(table="t", period=MONDAY, fingerprint="f", rows=5, series=(off,)))


MONDAY = date(2026, 11, 2)
MOMENTS = [date(2026, 11, 2), datetime(2026, 11, 4, 9, tzinfo=UTC), "2026-11-08T23:00:00", None]


def of_days(watch: Watch, **measured: Any) -> list[Snapshot]:
    return past(mapped(watch), "day", Measured(9, {}, **measured), "f")


def test_days_of_any_form_make_weeks_and_rows_without_one_belong_to_none() -> None:
    cells = {("language", "day"): {("de", moment): 2 for moment in MOMENTS}}
    (week,) = of_days(Watch(field="language"), distributions=cells)
    assert (week.period, week.series[0].counts) == (MONDAY, {"de": 6})
    days = of_days(Watch(field="language", by="day"), distributions=cells)
    assert [day.period.day for day in days] == [2, 4, 8]


def test_a_stock_is_its_last_day_and_numbers_are_added_up() -> None:
    totals = {("spent", "day"): {(m,): Total(10, 10.0 * at, 0) for at, m in enumerate(MOMENTS[:3])}}
    (stock,) = of_days(Watch(field="spent", kind="stock"), totals=totals)
    (number,) = of_days(Watch(field="spent", kind="number"), totals=totals)
    assert (stock.series[0].n, stock.series[0].sum) == (10, 20.0)
    assert (number.series[0].n, number.series[0].sum) == (30, 30.0)


@pytest.mark.parametrize(
    ("watch", "measured", "code"),
    [
        (Watch(field="day"), {}, "day-is-watched"),
        (Watch(field="language"), {}, "too-many-moments"),
        (Watch(field="language"), {("language", "day"): {("de", "soon"): 1}}, "not-a-day"),
    ],
    ids=["day watched", "too many", "no day"],
)
def test_what_is_no_past_is_refused(watch: Watch, measured: Any, code: str) -> None:
    def looks() -> None:
        asked(mapped(watch), "day")
        of_days(watch, distributions=measured)

    with pytest.raises(Invalid) as told:
        looks()
    assert told.value.code == code
