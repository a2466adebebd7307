"""Finds rows that are older than was agreed; a row that doesn't say how old it is counts as stale.

With `newest` it looks at the newest row alone: whether anything came at all.

**Why.** A table loaded last night may hold addresses of last year: the newest row says nothing of the
others.

**Misses.** A date that is set anew without looking at what it stands for.

**Remedy.** Load the table again; leave rows out that nobody has confirmed for so long.

**Source.** ODCS v3.2, `slaProperties` `freshness`, which looks at the newest row.
"""

import re
from datetime import date, timedelta

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import Compare, Empty, Not, Or
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Rows, Tally

id = "stale"
version = "1"
title = "No older than agreed"
severity = Severity.BLOCK
remedy = "Load the table again, or leave these rows out."
takes = frozenset({Kind.DATE, Kind.MOMENT})
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_TIME = re.compile(r"(\d{1,9}) ?([smhdw])")


class Params(Parameters):
    within: str | None = Field(
        None, description='"30 d" (or s, m, h, w); the field\'s own freshness, if left out'
    )
    newest: bool = Field(False, description="whether only the newest row has to be so young")


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    within = _time(params.within) if params.within else over.mapped(column).freshness
    if within is None:
        sentence = f"It isn't said how old `{column}` may be."
        return Undecided("bad-params", sentence, 'Write within: "30 d".')
    limit = over.as_of - within
    old = Or((Empty(column), Compare(column, "<", limit)))
    words = f"`{column}` is before {limit:%Y-%m-%d %H:%M}"
    if params.newest:
        parts = (("the newest is too old", old), ("young", Not(old)))
        return Ask(
            Tally(parts, lambda counts: () if counts[2] else (0,)), f"even the newest {words}"
        )
    return Ask(Rows(old), words)


def _time(text: str) -> timedelta | None:
    found = _TIME.fullmatch(text)
    return timedelta(**{UNITS[found[2]]: int(found[1])}) if found else None


examples = (
    Example(
        columns=("updated",),
        params={"within": "30 d"},
        bad=((date(2020, 1, 1),), (None,)),
        good=((date(2026, 11, 21),), (date(2026, 11, 1),)),
    ),
    Example(
        columns=("updated",),
        params={"within": "30 d", "newest": True},
        bad=(),
        good=((date(2020, 1, 1),), (date(2026, 11, 21),)),
    ),
)
