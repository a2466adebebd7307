"""Finds rows whose key is in another table too, with somebody else's name to it.

The first column is the key, the others what should not have changed.

**Why.** Keys given out anew are the worst mix-up there is: the letter is right, and the reader somebody
else.

**Misses.** Keys that are only in one of the two. Who married or moved is found too: allow for a few.

**Remedy.** Find out which system gave the keys out anew, before anything is joined by them.

**Source.** Own.
"""

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Changed

id = "changed-key"
version = "1"
title = "A key means who it meant"
severity = Severity.BLOCK
remedy = "Find out what gave the keys out anew, before anything is joined by them."
takes = frozenset(Kind) - {Kind.OTHER}


class Params(Parameters):
    table: str = Field(description="the table before, as it is named with `--against`")


def ask(params: Params, over: Over) -> Ask | Undecided:
    other = over.tables.get(params.table)
    if other is None:
        sentence = f"The table `{params.table}` isn't there to compare with."
        return Undecided("missing-table", sentence, f"Name it: `--against {params.table}=FILE`.")
    if len(over.columns) < 2:
        return Undecided(
            "bad-params", "A key and something else are compared.", "Name both columns."
        )
    for name in over.columns:
        if other.get(name) is not over.kinds[name]:
            sentence = f"`{name}` isn't in `{params.table}`, or holds something else there."
            return Undecided("missing-column", sentence, "Name columns that both tables have.")
    key, *now = over.columns
    names = " or ".join(f"`{name}`" for name in now)
    return Ask(Changed(key, tuple(now), params.table), f"{names} of a `{key}` is another now")


examples = (
    Example(
        columns=("id", "name"),
        params={"table": "before"},
        against={"before": (("id", "name"), (("1", "Ada"), ("2", "Ben"), ("4", None)))},
        bad=(("2", "Carla"), ("4", "Dora")),
        good=(("1", "Ada"), ("3", "Emil"), (None, "Ben")),
    ),
)
