"""When does somebody work? A named calendar: time zone, weekly hours, days off.

Hours are written as OpenStreetMap writes `opening_hours`: `Mo-Fr 09:00-12:30,13:00-17:00`. An end that
isn't later than the beginning is on the next day.
"""

import importlib
import re
from datetime import date
from functools import cached_property, lru_cache
from typing import Annotated

from pydantic import AfterValidator, Field

from trustwright.charter.parts import Line, Part, Slug

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY = 24 * 60
_DAYS = "|".join(DAYS)
_HOURS = re.compile(rf"({_DAYS})(?:-({_DAYS}))? (\S+)")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]|24(?=:00)):([0-5]\d)")

Span = tuple[int, int]
"""Minutes after midnight by the wall clock, from and until; beyond 1,440 they are the next day's."""


def spans(line: str) -> tuple[tuple[int, Span], ...]:
    """What a line says: day of the week (Monday is 0) and span. ValueError for another form."""
    found = _HOURS.fullmatch(line)
    times = [_SPAN.fullmatch(text) for text in found[3].split(",")] if found else [None]
    if found is None or None in times:
        raise ValueError("should be like `Mo-Fr 09:00-12:30,13:00-17:00` or `Sa 22:00-06:00`")
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = [(first + n) % 7 for n in range((last - first) % 7 + 1)]
    return tuple((day, _span(each.groups())) for day in days for each in times if each)


def _span(parts: tuple[str, ...]) -> Span:
    begin, end = (60 * int(parts[n]) + int(parts[n + 1]) for n in (0, 2))
    return begin, end if end > begin else end + DAY


def _week(lines: tuple[str, ...]) -> tuple[str, ...]:
    if not [span for line in lines for span in spans(line)]:
        raise ValueError("has no working hour, so nothing would ever be due")
    return lines


class Calendar(Part):
    """`holidays` are added to the public ones of the country (ISO 3166-1) and subdivision (3166-2)."""

    id: Slug
    time_zone: Line
    hours: Annotated[tuple[Line, ...], AfterValidator(_week)]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    subdivision: Line | None = None
    holidays: tuple[date, ...] = ()

    @cached_property
    def week(self) -> tuple[tuple[Span, ...], ...]:
        """The spans of each day of the week, the earliest first."""
        every = [each for line in self.hours for each in spans(line)]
        return tuple(tuple(sorted(span for day, span in every if day == n)) for n in range(7))

    def is_off(self, day: date) -> bool:
        """Whether nobody begins to work on a day, whatever the week says.

        A year of which no public holidays are known has none but those that are listed.
        """
        if day in self.holidays:
            return True
        if self.country is None:
            return False
        return day in (public_holidays(self.country, self.subdivision, day.year) or ())


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date] | None:
    """A year's public holidays; None where they aren't known. LookupError for no such place."""
    # Half a second to import, and only calendars with a country need it.
    library = importlib.import_module("holidays")
    try:
        known = library.country_holidays(country, subdiv=subdivision)
    except NotImplementedError as e:
        raise LookupError(country, subdivision) from e
    if not known.start_year <= year <= known.end_year:
        return None
    days = library.country_holidays(country, subdiv=subdivision, years=year)
    return frozenset(day for day in days if day.year == year)
