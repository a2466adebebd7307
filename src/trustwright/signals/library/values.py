"""Finds rows whose value isn't one of those agreed on.

**Why.** "Actve" and "ACTIVE" are nobody's segment: rows drop out of a campaign, or into the wrong one.

**Misses.** A wrong value that is allowed. Empty rows are left to `not-null`.

**Remedy.** Correct the values, or agree on more of them in the field map.

**Source.** ODCS v3.2, quality metric `invalidValues` with `validValues`; JSON Schema, `enum`.
"""

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import And, Empty, In, Not
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Rows
from trustwright.signals.typed import Value, typed

id = "values"
version = "1"
title = "One of the values agreed on"
severity = Severity.BLOCK
remedy = "Correct the values, or agree on more of them in the field map."
takes = frozenset(Kind) - {Kind.OTHER}


class Params(Parameters):
    values: tuple[Value, ...] | None = Field(
        None, description="what may stand there; the field's own values, if left out"
    )


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    agreed = params.values or over.mapped(column).values
    if not agreed:
        return Undecided("bad-params", f"No values are agreed on for `{column}`.", "Say which.")
    allowed = typed(agreed, column, over.kinds[column])
    if isinstance(allowed, Undecided):
        return allowed
    listed = ", ".join(str(value) for value in agreed[:6]) + (", ..." if len(agreed) > 6 else "")
    bad = And((Not(Empty(column)), Not(In(column, frozenset(allowed)))))
    return Ask(Rows(bad), f"`{column}` isn't one of {listed}")


examples = (
    Example(
        columns=("status",),
        params={"values": ["active", "closed"]},
        bad=(("ACTIVE",), ("",)),
        good=(("active",), (None,)),
    ),
    Example(columns=("stars",), params={"values": [1, 2, 3]}, bad=((4,),), good=((3,), (None,))),
)
