"""Finds "we don't know" in disguise: 999, -1, "unknown", 1900-01-01 where a value should be.

With `codes` it counts those. Without, it looks for the usual ones: a word ("n/a", "unknown", a blank) is
always found; a number only if it is there three times or more and stands alone, with hardly any other
value as far out; a day only if it is far more frequent than the days around it. A value the field map
agrees on is no code.

**Why.** The average age rises by the 999s, and "Dear unknown" goes out.

**Misses.** A code nobody thought of, a code among values just like it, and codes in a column of mixed kinds.

**Remedy.** Leave the value out where the table is made, or agree on the code in the field map.

**Source.** ODCS v3.2, quality metric `missingValues`; Qahtan et al., FAHES: A Robust Disguised Missing
Values Detector, KDD 2018.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import (
    And,
    Compare,
    Empty,
    Expression,
    In,
    Matches,
    Not,
    Or,
    Value,
)
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Rows, Tally
from trustwright.signals.typed import typed

id = "missing-code"
version = "1"
title = "A value, not a code for none"
severity = Severity.WARN
remedy = "Leave the value out where the table is made, or agree on the code in the field map."
takes = frozenset({Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.MOMENT})

WORDS = (
    *("unknown", "unbekannt", "inconnu", "desconocido", "undefined", "undisclosed", "missing"),
    *("none", "null", "nil", "nan", "n/a", "#n/a", "n.a.", "not available", "not applicable"),
    *(
        "not specified",
        "not provided",
        "unspecified",
        "keine angabe",
        "k.a.",
        "tbd",
        "dummy",
        "empty",
    ),
    *("xxx", "-", "--", "?", "??", "."),
)
WORD = rf"(?i)^\s*(?:{'|'.join(map(re.escape, WORDS))})?\s*$"
SHORT, TWO_LETTERS = "(?i)^na$", "^[A-Z][A-Z]$"
NUMBERS = (-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999)
DAYS = ((1, 1, 1), (1899, 12, 30), (1900, 1, 1), (1970, 1, 1), (2999, 12, 31), (9999, 12, 31))
ALONE, LEAST = 10, 3
AROUND = 30
Spike = tuple[str, Expression, Expression]


class Params(Parameters):
    codes: tuple[Value | None, ...] | None = Field(
        None, description="what stands for no value; the usual ones, if left out"
    )


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    kind, says = over.kinds[column], f"`{column}` is a code for no value"
    if params.codes is not None:
        codes = typed([c for c in params.codes if c is not None], column, kind)
        if isinstance(codes, Undecided):
            return codes
        return Ask(Rows(In(column, frozenset(codes))), says)
    agreed = typed(over.mapped(column).values or (), column, kind)
    known: Expression = In(column, frozenset(() if isinstance(agreed, Undecided) else agreed))
    if kind is Kind.TEXT:
        return Ask(_words(column, known), says)
    if kind in (Kind.INTEGER, Kind.NUMBER):
        every = In(column, frozenset(NUMBERS))
        # A column of -1, 0 and 1 has no code: there has to be something else, further out.
        others: Expression = And((Compare(column, ">=", 2), Not(every)))
        return Ask(_spikes([*_numbers(column, every)], known, others, ALONE), says)
    spikes = [*_days(column, kind)]
    others = Not(Or((Empty(column), *(code for _, code, _ in spikes))))
    return Ask(_spikes(spikes, known, others, ALONE / (2 * AROUND)), says)


def _words(column: str, known: Expression) -> Tally:
    """ "NA" is a code, unless most values are two letters: then it is Namibia, or North America."""
    parts: tuple[tuple[str, Expression], ...] = (
        ("a word or a blank for no value", And((Matches(column, WORD), Not(known)))),
        ("NA", And((Matches(column, SHORT), Not(known)))),
        ("two letters", Matches(column, TWO_LETTERS)),
    )
    return Tally(parts, lambda n: [0, 1] if 2 * n[3] < n[0] else [0])


def _numbers(column: str, every: Expression) -> Iterator[Spike]:
    """Each code with the other values at least half as far out."""
    for code in NUMBERS:
        far = Compare(column, "<=" if code < 0 else ">=", code / 2)
        yield str(code), Compare(column, "==", code), And((far, Not(every)))


def _days(column: str, kind: Kind) -> Iterator[Spike]:
    """Each code with the days around it, of which there are `2 * AROUND`."""
    for day in DAYS:
        code = datetime(*day, tzinfo=UTC)
        first = code - timedelta(AROUND) if day > (1, 2, 1) else code
        last = code + timedelta(AROUND) if day < (9999, 1, 1) else code
        on, low, high = (d if kind is Kind.MOMENT else d.date() for d in (code, first, last))
        here = Compare(column, "==", on)
        around = And((Compare(column, ">=", low), Compare(column, "<=", high), Not(here)))
        yield f"{on:%Y-%m-%d}", here, around


def _spikes(spikes: list[Spike], known: Expression, others: Expression, alone: float) -> Tally:
    """Of each code `alone` times as many as of what would excuse it, and something else beside them all."""
    codes = [(name, And((code, Not(known)))) for name, code, _ in spikes]
    excuses = [(f"beside {name}", excuse) for name, _, excuse in spikes]

    def choose(counts: tuple[int, ...]) -> list[int]:
        found, beside = counts[1 : 1 + len(codes)], counts[1 + len(codes) : -1]
        pairs = enumerate(zip(found, beside, strict=True))
        return [at for at, (k, n) in pairs if counts[-1] and k >= LEAST and k >= alone * n]

    return Tally((*codes, *excuses, ("others", others)), choose)


examples = (
    Example(
        columns=("name",),
        bad=(("unknown",), ("N/A",), ("",), (" - ",), ("na",)),
        good=(("Ada",), (None,), ("Unknown Soldier Ltd",), ("Ben",), ("Eva",), ("Max",)),
    ),
    Example(columns=("region",), bad=(), good=(("NA",), ("EU",), ("AP",), ("NA",))),
    Example(
        columns=("days",),
        bad=((999,), (999,), (999,)),
        good=((3,), (6,), (-1,), (27,), (0,), (None,)),
    ),
    Example(columns=("trend",), bad=(), good=((-1,), (-1,), (-1,), (0,), (1,), (1,))),
    Example(
        columns=("born",),
        bad=((date(1900, 1, 1),), (date(1900, 1, 1),), (date(1900, 1, 1),)),
        good=((date(1970, 1, 1),), (date(1988, 5, 17),), (None,)),
    ),
    Example(columns=("code",), params={"codes": [0, 8]}, bad=((0,), (8,)), good=((1,), (None,))),
)
