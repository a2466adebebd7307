"""Finds rows whose key, or whose combination of values, some other row has too.

All rows that share a value are counted, not only the second one: nobody can say which is right.

**Why.** Two rows with one id are two letters to one person, or one person's consent read for another.

**Misses.** The same person under two ids: `near-duplicate` looks for them. Rows with an empty value
in the columns aren't compared; `not-null` finds those.

**Remedy.** Merge the rows, or give each its own key.

**Source.** ODCS v3.2, `unique`.
"""

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over
from trustwright.signals.rule import Parameters as Params
from trustwright.signals.table import Kind
from trustwright.signals.test import Unique

id = "unique"
version = "1"
title = "Each value once"
severity = Severity.BLOCK
remedy = "Merge the rows that share a value, or give each its own."
takes = frozenset(Kind) - {Kind.OTHER}


def ask(params: Params, over: Over) -> Ask:
    return Ask(Unique(over.columns), f"{over.named} is there more than once")


examples = (
    Example(columns=("id",), bad=(("C1",), ("C1",)), good=(("C2",), (None,), (None,))),
    Example(
        columns=("id", "day"), bad=(("a", 1), ("a", 1)), good=(("a", 2), ("b", 1), ("a", None))
    ),
)
