"""How long is there still? Words for a due moment; console.js keeps them ticking."""

from dataclasses import dataclass
from datetime import datetime

HOUR = 60
DAY = 24 * HOUR


@dataclass(frozen=True)
class Clock:
    """`due` is ISO 8601 in UTC, for machines; `exact` the same for people."""

    words: str
    late: bool
    due: str
    exact: str


def clock(due: datetime, now: datetime) -> Clock:
    """`in 0:42`, `-0:12`, `in 3 d`. Both moments carry a time zone."""
    seconds = (due - now).total_seconds()
    late = seconds < 0
    minutes = int(abs(seconds) // 60)
    span = f"{minutes // DAY} d" if minutes >= 2 * DAY else f"{minutes // HOUR}:{minutes % HOUR:02}"
    return Clock(("-" if late else "in ") + span, late, stamp(due), exactly(due))


def stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def exactly(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC"
