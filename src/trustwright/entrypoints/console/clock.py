"""What time is it for whoever looks? Words for moments; console.js keeps the due ones ticking."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from trustwright.charter.service import known
from trustwright.duties.absences import zone_of
from trustwright.ledger.work import View

HOUR = 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Clock:
    """`due` is ISO 8601 in UTC, for machines; `exact` the same for people."""

    words: str
    late: bool
    due: str
    exact: str


def clock(due: datetime, now: datetime, zone: tzinfo = UTC) -> Clock:
    """`in 0:42`, `-0:12`, `in 3 d`. Both moments carry a time zone."""
    late = due < now
    return Clock(("-" if late else "in ") + span(due, now), late, stamp(due), exactly(due, zone))


def span(one: datetime, other: datetime) -> str:
    """How long between two moments: `0:42`, `3 d`."""
    minutes = int(abs((one - other).total_seconds()) // 60)
    return f"{minutes // DAY} d" if minutes >= 2 * DAY else f"{minutes // HOUR}:{minutes % HOUR:02}"


def zone(view: View) -> tzinfo:
    """The time zone of whoever looks: their calendar's, else the company's."""
    charter = known(view)
    return ZoneInfo(zone_of(charter, view.actor.id)) if charter else UTC


@dataclass(frozen=True)
class Age:
    """How long ago in words; `at` is ISO 8601 in UTC, `exact` the same for people."""

    words: str
    at: str
    exact: str


def age(moment: datetime, now: datetime, zone: tzinfo = UTC) -> Age:
    """`just now`, `42 min ago`, `5 h ago`, `3 d ago`."""
    minutes = int(max((now - moment).total_seconds(), 0) // 60)
    spans = ((2 * DAY, DAY, "d"), (2 * HOUR, HOUR, "h"), (1, 1, "min"))
    found = (f"{minutes // by} {unit} ago" for least, by, unit in spans if minutes >= least)
    return Age(next(found, "just now"), stamp(moment), exactly(moment, zone))


def written(of: date) -> str:
    """A day as it is written here, whatever the time zone."""
    return f"{of.day} {of:%b %Y}"


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def exactly(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y, %H:%M %Z}"


def day(moment: datetime, zone: tzinfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%b %Y}"


def briefly(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The time of a day, and which day if it isn't today."""
    there = moment.astimezone(zone)
    today = there.date() == now.astimezone(zone).date()
    return f"{there:%H:%M}" if today else f"{there.day} {there:%b %H:%M}"
