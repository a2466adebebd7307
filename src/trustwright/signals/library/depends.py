"""Finds rows in which a field isn't what most rows with the same key say.

The last column depends on the others: one provider has one name, one flight one departure. Where more
than half of the rows with a key agree, every other row fails; where two or more say anything, the empty
ones do.

**Why.** A customer whose country differs from row to row gets the offer of the wrong one.

**Misses.** What differs under a key without a majority; keys in one row alone; a mistake most rows share.

**Remedy.** Correct the rows that differ, at the source; or drop the rule where both may be right.

**Source.** Functional dependencies (Codd, 1971), by majority as in HoloClean's benchmark tables.
"""

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over
from trustwright.signals.rule import Parameters as Params
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Depends

id = "depends"
version = "1"
title = "One value for each key"
severity = Severity.BLOCK
remedy = "Correct the rows that differ from the others with the same key."
takes = frozenset(Kind) - {Kind.OTHER}


def ask(params: Params, over: Over) -> Ask | Undecided:
    *on, column = over.columns
    if not on:
        return Undecided("bad-columns", "It needs a key and what depends on it.", "Name both.")
    keys = " and ".join(f"`{name}`" for name in on)
    says = f"`{column}` isn't what most rows with the same {keys} say"
    return Ask(Depends(tuple(on), column), says)


examples = (
    Example(
        columns=("flight", "departs"),
        bad=(("A1", "9:00"), ("A1", None), ("B2", None)),
        good=(
            ("A1", "7:10"),
            ("A1", "7:10"),
            ("A1", "7:10"),
            ("B2", "8:00"),
            ("B2", "8:05"),
            (None, "1:00"),
            ("C3", None),
            ("D4", "6:00"),
        ),
    ),
)
