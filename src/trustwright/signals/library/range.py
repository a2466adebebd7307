"""Finds numbers, days and moments below the least or above the greatest that is agreed on.

A number that is none (NaN) or is infinite is out of every range.

**Why.** An age of 212 or a discount of 900 % is a column that slipped, and the letter quotes it.

**Misses.** Wrong values within the range. Empty rows are left to `not-null`.

**Remedy.** Correct the values, or the range in the field map.

**Source.** ODCS v3.2, `logicalTypeOptions` `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`.
"""

from typing import Literal

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import Boundless, Compare, Or
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Rows
from trustwright.signals.typed import Value, typed

id = "range"
version = "1"
title = "Within what is possible"
severity = Severity.BLOCK
remedy = "Correct the values, or the range in the field map."
takes = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.MOMENT})
Operator = Literal["<", "<=", ">", ">="]
WORDS: dict[Operator, str] = {"<": "below", "<=": "not above", ">": "above", ">=": "not below"}


class Params(Parameters):
    minimum: Value | None = Field(None, description="the least allowed")
    maximum: Value | None = Field(None, description="the greatest allowed")
    above: Value | None = Field(None, description="what it must be above")
    below: Value | None = Field(None, description="what it must be below")


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    limits: tuple[tuple[Operator, Value | None], ...] = (
        ("<", params.minimum),
        (">", params.maximum),
        ("<=", params.above),
        (">=", params.below),
    )
    stated = {op: limit for op, limit in limits if limit is not None}
    if not stated:
        return Undecided("bad-params", "No limit is stated.", "Say `minimum` or `maximum`.")
    bounds = typed(tuple(stated.values()), column, over.kinds[column])
    if isinstance(bounds, Undecided):
        return bounds
    outside = tuple(Compare(column, op, to) for op, to in zip(stated, bounds, strict=True))
    boundless = (Boundless(column),) if over.kinds[column] is Kind.NUMBER else ()
    words = " or ".join(f"{WORDS[op]} {limit}" for op, limit in stated.items())
    return Ask(Rows(Or((*outside, *boundless))), f"`{column}` is {words}")


examples = (
    Example(
        columns=("age",),
        params={"minimum": 0, "maximum": 120},
        bad=((-1,), (121,)),
        good=((0,), (120,), (None,)),
    ),
    Example(
        columns=("rate",),
        params={"minimum": 0, "below": 1},
        bad=((1.0,), (float("nan"),), (float("inf"),)),
        good=((0.0,), (0.99,), (None,)),
    ),
)
