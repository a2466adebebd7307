"""When is it due, if only working hours count? Pure; safe when clocks change.

A wall-clock time that a change of clocks leaves out is the moment of the change; one that occurs twice
begins with the first and ends with the second. So what counts is what could be worked, and only once.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from trustwright.charter.calendars import Calendar

MINUTE = timedelta(minutes=1)
HORIZON = timedelta(days=3660)
"""Nothing is due later than so long after its beginning, however few hours are worked."""


def add_working(calendar: Calendar | None, start: datetime, time: timedelta) -> datetime:
    """The moment (UTC) when so much working time has passed since `start`.

    Without a calendar every hour counts.
    """
    reached, left = start.astimezone(UTC), time
    if calendar is None:
        return reached + left
    for begin, end in stretches(calendar, reached):
        begin = max(begin, reached)
        if begin + left <= end:
            return begin + left
        left -= max(end - begin, timedelta(0))
        reached = max(end, reached)
    return start.astimezone(UTC) + HORIZON


def at_work(calendar: Calendar | None, now: datetime) -> bool:
    """Whether somebody works at a moment; without a calendar, always."""
    if calendar is None:
        return True
    for begin, end in stretches(calendar, now):
        if begin <= now < end:
            return True
        if begin > now + timedelta(days=1):
            break
    return False


def stretches(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """When work begins and ends (UTC), by beginning; those may overlap. From the day before `start`."""
    zone = ZoneInfo(calendar.time_zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    last = day + HORIZON
    while day < last:
        for begin, end in () if calendar.is_off(day) else calendar.week[day.weekday()]:
            yield wall(day, begin, zone), wall(day, end, zone, fold=1)
        day += timedelta(days=1)


def wall(day: date, minutes: int, zone: ZoneInfo, fold: int = 0) -> datetime:
    """The moment (UTC) when clocks there show so many minutes after a day's midnight."""
    local = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return local.replace(fold=fold).astimezone(UTC)
    while (at - MINUTE).astimezone(zone).utcoffset() == at.astimezone(zone).utcoffset():
        at -= MINUTE
    return at
