"""Finds rows that refer to something that isn't there: orphans.

Values that are empty refer to nothing and aren't counted.

**Why.** A customer of an account nobody knows gets an offer nobody can keep.

**Misses.** A reference to the wrong row. On files the values are compared by their 64-bit hashes: an
orphan is missed if its hash is by chance that of a value that is there, which at ten million rows
against ten million happens once in 180,000 tables. What is found is always an orphan.

**Remedy.** Load the other table again, or correct the reference.

**Source.** ODCS v3.2, `relationships`.
"""

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Reference

id = "reference"
version = "1"
title = "What it refers to is there"
severity = Severity.BLOCK
remedy = "Load the other table again, or correct the reference."
takes = frozenset(Kind) - {Kind.OTHER}


class Params(Parameters):
    table: str = Field(description="the other table, as it is named with `--against`")
    of: tuple[str, ...] | None = Field(None, description="its columns, if named otherwise")


def ask(params: Params, over: Over) -> Ask | Undecided:
    other = over.tables.get(params.table)
    if other is None:
        return Undecided(
            "missing-table",
            f"The table `{params.table}` isn't there to compare with.",
            f"Name it: `--against {params.table}=FILE`.",
        )
    of = params.of or over.columns
    if gone := [name for name in of if name not in other]:
        return Undecided(
            "missing-column", f"`{params.table}` has no column `{gone[0]}`.", "Correct the map."
        )
    for mine, theirs in zip(over.columns, of, strict=True):
        if over.kinds[mine] is not other[theirs]:
            return Undecided(
                "wrong-kind",
                f"`{mine}` holds {over.kinds[mine]}, and `{theirs}` of `{params.table}` {other[theirs]}.",
                "Give both the same type.",
            )
    return Ask(
        Reference(over.columns, params.table, of),
        f"{over.named} refers to nothing in `{params.table}`",
    )


examples = (
    Example(
        columns=("account",),
        params={"table": "accounts", "of": ["id"]},
        against={"accounts": (("id",), (("A1",), ("A2",)))},
        bad=(("A3",),),
        good=(("A1",), ("A2",), ("A2",), (None,)),
    ),
)
