"""Finds days and moments that can't be: in the future, before anybody was born, or in another form than the rest.

Where days are kept as text, the form most rows have is taken as the one that is meant; texts in any other
form, and days in the future where the form is ISO 8601, are found.

**Why.** Consent of the year 2031 is no consent. In a column of mixed forms, 03/04 is two days.

**Misses.** A wrong day that could be right; a 30th of February kept as text. Empty rows are left to
`not-null`.

**Remedy.** Correct the clock or the export; write days as ISO 8601 has them, 2026-01-31.

**Source.** ISO 8601.
"""

from datetime import UTC, date, datetime

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import And, Compare, Empty, Expression, Matches, Not, Or
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind
from trustwright.signals.test import Rows, Tally

id = "date"
version = "1"
title = "A day that can be"
severity = Severity.BLOCK
remedy = "Correct the clock or the export; write days as ISO 8601 has them, 2026-01-31."
takes = frozenset({Kind.DATE, Kind.MOMENT, Kind.TEXT})
_DAY, _MONTH = "(?:0[1-9]|[12][0-9]|3[01])", "(?:0[1-9]|1[0-2])"
ISO = rf"^[0-9]{{4}}-{_MONTH}-{_DAY}(?:[T ].*)?$"
FORMS = {
    "written with slashes": "^[0-9]{1,4}/[0-9]{1,2}/[0-9]{1,4}(?: .*)?$",
    "written with dots": r"^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4}(?: .*)?$",
    "written as digits alone": rf"^[0-9]{{4}}{_MONTH}{_DAY}$",
}


class Params(Parameters):
    earliest: date = Field(date(1900, 1, 1), description="nothing is before this day")
    future: bool = Field(False, description="whether days to come are as good as others")


def ask(params: Params, over: Over) -> Ask:
    (column,) = over.columns
    kind = over.kinds[column]
    if kind is Kind.TEXT:
        says = f"`{column}` is no day, or is written otherwise than most"
        return Ask(_forms(column, params, over), says)
    first = datetime(*params.earliest.timetuple()[:3], tzinfo=UTC)
    late = () if params.future else (Compare(column, ">", over.as_of),)
    early = Compare(column, "<", first)
    words = f"before {params.earliest}" + ("" if params.future else " or in the future")
    return Ask(Rows(Or((early, *late))), f"`{column}` is {words}")


def _forms(column: str, params: Params, over: Over) -> Tally:
    iso = Matches(column, ISO)
    late = Compare(column, ">", f"{over.as_of:%Y-%m-%d}~")
    early = Compare(column, "<", f"{params.earliest}")
    never = early if params.future else Or((late, early))
    others: dict[str, Expression] = {n: Matches(column, form) for n, form in FORMS.items()}
    known = Or((Empty(column), iso, *others.values()))
    parts: dict[str, Expression] = {
        "no day": Not(known),
        "impossible or in the future": And((iso, never)),
        "as ISO 8601 has it": And((iso, Not(never))),
        **others,
    }
    return Tally(tuple(parts.items()), _fewer)


def _fewer(counts: tuple[int, ...]) -> list[int]:
    """What is wrong in any case, and every form but the most frequent one."""
    wrong, forms = 2, counts[3:]
    usual = forms.index(max(forms))
    others = [wrong + at for at, n in enumerate(forms) if n and at != usual]
    return [at for at in range(wrong) if counts[1 + at]] + others


examples = (
    Example(
        columns=("born",),
        bad=((date(1066, 1, 1),), (date(2031, 1, 1),)),
        good=((date(1970, 1, 1),), (date(2026, 11, 22),), (None,)),
    ),
    Example(
        columns=("since",),
        bad=(("31/01/2026",), ("1.2.2026",), ("2026-13-01",), ("soon",), ("2031-01-01",)),
        good=(("2026-01-31",), ("2025-02-01 10:00",), ("2026-11-22T08:00:00Z",), (None,)),
    ),
)
