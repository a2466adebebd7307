"""Finds a table that is shorter or longer than was agreed.

All rows count as failing then: nobody can say which are missing, or which are too many.

**Why.** Half an export looks like a whole one, row by row.

**Misses.** The right number of wrong rows.

**Remedy.** See why the export ended early, or ran twice.

**Source.** ODCS v3.2, quality metric `rowCount`.
"""

import operator
from collections.abc import Callable
from typing import Any

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import Empty, Not, Or
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Tally

id = "row-count"
version = "1"
title = "As many rows as agreed"
severity = Severity.BLOCK
remedy = "See why the export ended early, or ran twice."
takes: frozenset[Kind] = frozenset()
Between = tuple[float, float]
HOLDS: dict[str, Callable[[int, Any], bool]] = {
    "mustBe": operator.eq,
    "mustNotBe": operator.ne,
    "mustBeGreaterThan": operator.gt,
    "mustBeGreaterOrEqualTo": operator.ge,
    "mustBeLessThan": operator.lt,
    "mustBeLessOrEqualTo": operator.le,
    "mustBeBetween": lambda n, limits: limits[0] <= n <= limits[1],
    "mustNotBeBetween": lambda n, limits: not limits[0] <= n <= limits[1],
}


class Params(Parameters):
    mustBe: float | None = Field(None, description="exactly so many")
    mustNotBe: float | None = Field(None, description="any number but this")
    mustBeGreaterThan: float | None = Field(None, description="more than this")
    mustBeGreaterOrEqualTo: float | None = Field(None, description="at least so many")
    mustBeLessThan: float | None = Field(None, description="fewer than this")
    mustBeLessOrEqualTo: float | None = Field(None, description="at most so many")
    mustBeBetween: Between | None = Field(None, description="from the first to the second")
    mustNotBeBetween: Between | None = Field(None, description="not from the first to the second")

    def allows(self, n: int) -> bool:
        return all(HOLDS[name](n, limit) for name, limit in self.stated.items())

    @property
    def stated(self) -> dict[str, float | Between]:
        return self.model_dump(exclude_none=True)


def ask(params: Params, over: Over) -> Ask | Undecided:
    if not params.stated:
        return Undecided("bad-params", "No number of rows is stated.", "Say `mustBe...`.")
    first = next(iter(over.kinds))
    every = Or((Empty(first), Not(Empty(first))))
    limits = ", ".join(f"{name} {limit}" for name, limit in params.stated.items())
    test = Tally((("all", every),), lambda counts: [] if params.allows(counts[0]) else [0])
    return Ask(test, f"the table is shorter or longer than agreed ({limits})")


examples = (
    Example(
        columns=("id",),
        params={"mustBeGreaterOrEqualTo": 3},
        bad=((1,), (2,)),
        good=(),
    ),
    Example(columns=("id",), params={"mustBeBetween": [1, 2]}, bad=(), good=((1,), (2,))),
)
