"""How has it gone? A line with its band as one small SVG, drawn on the server at the width it is shown.

Colors are the console's own (`.chart` in console.css), so it follows light and dark; an alarm is a
shape as well as a color. Whatever is written into it is escaped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

LEFT, RIGHT, TOP, BOTTOM = 52, 12, 10, 22
GRID = Markup('<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/>')
ROW = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')


@dataclass(frozen=True)
class Mark:
    """One period. `value` None: nothing was counted; `low` and `high` None: nothing was decided."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    alarm: bool = False


@dataclass(frozen=True)
class _Frame:
    """Where a number and a period stand, in pixels."""

    width: int
    height: int
    periods: int
    least: float
    most: float

    def x(self, at: int) -> float:
        room = self.width - LEFT - RIGHT
        return LEFT + (room * at / (self.periods - 1) if self.periods > 1 else room / 2)

    def y(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least)
        return self.height - BOTTOM - (self.height - TOP - BOTTOM) * share


def line(id: str, title: str, marks: Sequence[Mark], width: int = 680, height: int = 180) -> Markup:
    """Shares (0 to 1) as percent. `id` is unique on the page, `width` and `height` are pixels."""
    frame = _frame(marks, width, height)
    if frame is None:
        return Markup('<p class="meta">{}</p>').format("No period was counted yet.")
    parts = [*_bands(frame, marks), *_lines(frame, marks), *_alarms(frame, marks)]
    return Markup(
        '<svg class="chart" role="img" xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" '
        'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}</desc>{axes}{parts}</svg>'
    ).format(
        w=width,
        h=height,
        id=id,
        title=title,
        desc=told(marks),
        axes=Markup("").join(_axes(frame, marks)),
        parts=Markup("").join(parts),
    )


def told(marks: Sequence[Mark]) -> str:
    """What the picture shows, for whoever doesn't see it."""
    known = [mark for mark in marks if mark.value is not None]
    if not known:
        return "Nothing was counted."
    last, alarms = known[-1], [mark.label for mark in marks if mark.alarm]
    band = (
        f", expected {_percent(last.low)} to {_percent(last.high)}"
        if last.low is not None and last.high is not None
        else ""
    )
    said = f"Alarms: {', '.join(alarms)}." if alarms else "No alarm."
    return f"{len(known)} periods. {last.label}: {_percent(last.value or 0)}{band}. {said}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _frame(marks: Sequence[Mark], width: int, height: int) -> _Frame | None:
    numbers = [n for m in marks for n in (m.value, m.low, m.high) if n is not None]
    if not any(mark.value is not None for mark in marks):
        return None
    least, most = max(min(numbers), 0.0), max(numbers)
    room = (most - least) * 0.08 or 0.01
    return _Frame(width, height, len(marks), max(least - room, 0.0), most + room)


def _axes(frame: _Frame, marks: Sequence[Mark]) -> Iterator[Markup]:
    middle = (frame.least + frame.most) / 2
    for value in (frame.least, middle, frame.most):
        y = round(frame.y(value), 1)
        yield GRID.format(LEFT, frame.width - RIGHT, y, y)
        yield ROW.format(LEFT - 6, y + 4, "end", _percent(value))
    below = frame.height - 6
    yield ROW.format(LEFT, below, "start", marks[0].label)
    if len(marks) > 1:
        yield ROW.format(frame.width - RIGHT, below, "end", marks[-1].label)


def _runs(marks: Sequence[Mark], attribute: str) -> Iterator[list[tuple[int, Mark]]]:
    """Stretches of periods in which something is known: a gap is a gap."""
    known = groupby(enumerate(marks), key=lambda pair: getattr(pair[1], attribute) is not None)
    yield from (list(run) for there, run in known if there)


def _bands(frame: _Frame, marks: Sequence[Mark]) -> Iterator[Markup]:
    for run in _runs(marks, "high"):
        above = [(frame.x(at), frame.y(min(mark.high or 0.0, frame.most))) for at, mark in run]
        below = [(frame.x(at), frame.y(max(mark.low or 0.0, frame.least))) for at, mark in run]
        yield Markup('<polygon class="band" points="{}"/>').format(_points(above + below[::-1]))


def _lines(frame: _Frame, marks: Sequence[Mark]) -> Iterator[Markup]:
    for run in _runs(marks, "value"):
        points = [(frame.x(at), frame.y(mark.value or 0.0)) for at, mark in run]
        if len(points) == 1:
            (x, y) = points[0]
            yield Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2.5"/>').format(x, y)
        else:
            yield Markup('<polyline class="line" points="{}"/>').format(_points(points))


def _alarms(frame: _Frame, marks: Sequence[Mark]) -> Iterator[Markup]:
    """A diamond, with its period and share when pointed at."""
    for at, mark in enumerate(marks):
        if mark.alarm and mark.value is not None:
            x, y = frame.x(at), frame.y(mark.value)
            diamond = _points([(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)])
            said = escape(f"{mark.label}: {_percent(mark.value)}, an alarm")
            yield Markup('<polygon class="alarm" points="{}"><title>{}</title></polygon>').format(
                diamond, said
            )


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
