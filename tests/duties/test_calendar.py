"""Working time as a table: changes of clocks both ways, days off, nights, odd zones."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from trustwright.charter.calendars import Calendar, public_holidays, spans
from trustwright.charter.parts import Part
from trustwright.duties.calendar import HORIZON, add_working

OFFICE = {"time_zone": "Europe/Berlin", "hours": ("Mo-Fr 09:00-17:00",)}
BERLIN = {**OFFICE, "country": "DE", "subdivision": "BE"}
SPLIT = {"time_zone": "Europe/Berlin", "hours": ("Mo-Th 09:00-12:30,13:30-17:00", "Fr 09:00-13:00")}
NIGHT = {"time_zone": "Europe/Berlin", "hours": ("Mo-Su 22:00-06:00",)}
ALWAYS = {"time_zone": "Europe/Berlin", "hours": ("Mo-Su 00:00-24:00",)}
INDIA = {"time_zone": "Asia/Kolkata", "hours": ("Mo-Sa 09:30-18:00",)}
NEPAL = {"time_zone": "Asia/Kathmandu", "hours": ("Su-Fr 10:00-16:00",)}
LORD_HOWE = {"time_zone": "Australia/Lord_Howe", "hours": ("Mo-Su 00:00-24:00",)}
DARK = {"time_zone": "Europe/Berlin", "hours": ("Su 02:00-03:00",)}
TWICE = {"time_zone": "America/New_York", "hours": ("Su 01:00-02:00",)}
SAMOA = {"time_zone": "Pacific/Apia", "hours": ("Mo-Su 09:00-17:00",)}
SUNDAY = {"time_zone": "UTC", "hours": ("Su 23:00-01:00", "Mo 00:00-02:00")}
CLOSED = {**OFFICE, "holidays": (date(2026, 11, 24), date(2026, 11, 25))}


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        # Inside a day, over the evening, over the weekend, from outside of hours.
        (OFFICE, "2026-11-23 10:00", 4, "2026-11-23 14:00"),
        (OFFICE, "2026-11-23 10:00", 7, "2026-11-23 17:00"),
        (OFFICE, "2026-11-23 16:00", 4, "2026-11-24 12:00"),
        (OFFICE, "2026-11-27 16:00", 4, "2026-11-30 12:00"),
        (OFFICE, "2026-11-28 03:00", 1, "2026-11-30 10:00"),
        (OFFICE, "2026-11-23 18:00", 40, "2026-11-30 17:00"),
        (SPLIT, "2026-11-23 12:00", 1, "2026-11-23 14:00"),
        (SPLIT, "2026-11-26 16:00", 6, "2026-11-30 10:00"),
        # Days off: public ones, one of a part of the country, listed ones.
        (BERLIN, "2026-12-24 16:00", 8, "2026-12-28 16:00"),
        (BERLIN, "2027-03-05 16:00", 2, "2027-03-09 10:00"),
        (BERLIN | {"subdivision": "BY"}, "2027-03-05 16:00", 2, "2027-03-08 10:00"),
        (CLOSED, "2026-11-23 16:00", 2, "2026-11-26 10:00"),
        # A night of a day off isn't begun; one that began before goes on.
        (NIGHT | {"holidays": (date(2026, 11, 24),)}, "2026-11-24 05:00", 2, "2026-11-25 23:00"),
        # Clocks go forward: the night is an hour shorter, and so is the day.
        (NIGHT, "2027-03-27 22:00", 7, "2027-03-28 06:00"),
        (NIGHT, "2027-03-27 22:00", 8, "2027-03-28 23:00"),
        (ALWAYS, "2027-03-28 00:00", 24, "2027-03-29 01:00"),
        (DARK, "2027-03-21 02:30", 1, "2027-04-04 02:30"),
        (DARK | {"hours": ("Su 02:30-04:00",)}, "2027-03-28 00:00", 1, "2027-03-28 04:00"),
        (DARK | {"hours": ("Su 01:00-02:30",)}, "2027-03-28 00:00", 1, "2027-03-28 03:00"),
        # Clocks go back: an hour longer.
        (NIGHT, "2026-10-24 22:00", 9, "2026-10-25 06:00"),
        (ALWAYS, "2026-10-25 00:00", 25, "2026-10-26 00:00"),
        (TWICE, "2026-11-01 00:00", 2, "2026-11-01 02:00"),
        # Offsets of a half and of a quarter of an hour; a change of clocks by half an hour.
        (INDIA, "2026-11-21 17:30", 1, "2026-11-23 10:00"),
        (NEPAL, "2026-11-27 15:00", 2, "2026-11-29 11:00"),
        (LORD_HOWE, "2026-10-04 00:00", 24, "2026-10-05 00:30"),
        (LORD_HOWE, "2026-04-05 00:00", 24.5, "2026-04-06 00:00"),
        # A day that never was, and hours that overlap.
        (SAMOA, "2011-12-29 16:00", 2, "2011-12-31 10:00"),
        (SUNDAY, "2026-11-22 22:00", 3, "2026-11-23 02:00"),
    ],
)
def test_only_working_time_counts(
    calendar: dict[str, object], start: str, hours: float, due: str
) -> None:
    known = Calendar(id="here", **calendar)  # type: ignore[arg-type]
    zone = ZoneInfo(known.time_zone)
    begins, ends = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (start, due))
    assert add_working(known, begins, timedelta(hours=hours)).astimezone(zone) == ends


def test_without_a_calendar_every_hour_counts() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=ZoneInfo("Europe/Berlin"))
    assert add_working(None, start, timedelta(hours=72)) - start == timedelta(hours=72)


def test_a_moment_comes_however_little_is_worked() -> None:
    rarely = Calendar(id="rare", time_zone="UTC", hours=("Su 12:00-12:01",))
    start = datetime(2026, 11, 23, tzinfo=ZoneInfo("UTC"))
    assert add_working(rarely, start, timedelta(hours=8760)) == start + HORIZON


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Mo 09:00-17:00", ((0, (540, 1020)),)),
        ("Sa-Mo 22:00-06:00", tuple((day, (1320, 1800)) for day in (5, 6, 0))),
        ("Su 00:00-00:00", ((6, (0, 1440)),)),
    ],
)
def test_hours_are_written_as_openstreetmap_does(line: str, said: object) -> None:
    assert spans(line) == said


@pytest.mark.parametrize(
    "line",
    ["", "Mo", "Mo-Fr", "mo 09:00-17:00", "Mo 9-17", "Mo 09:00-24:30", "Mo 25:00-26:00", "PH off",
     "Mo 09:00-17:00,", "Mo 09:00-17:00; Tu 09:00-17:00"],
)  # fmt: skip
def test_other_hours_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match="should be like"):
        spans(line)


def test_a_week_without_an_hour_is_no_calendar() -> None:
    with pytest.raises(ValidationError, match="has no working hour"):
        Calendar(id="never", time_zone="UTC", hours=())


def test_a_year_nobody_knows_has_the_listed_days_off() -> None:
    assert public_holidays("DE", "BE", 2101) is None
    known = Calendar(id="late", **BERLIN, holidays=(date(2101, 12, 25),))  # type: ignore[arg-type]
    assert known.is_off(date(2101, 12, 25))
    assert not known.is_off(date(2101, 12, 26))
    assert isinstance(known, Part)
