"""Stands for a rule that was agreed on and that isn't for us to run: it never passes.

SQL for a database, a rule of another engine, a sentence only people can check: the field map has
them, so the report has them too, as not run. Leaving them out would look like passing them.

**Why.** A rule that is silently left out is believed to hold.

**Misses.** Everything: it doesn't look.

**Remedy.** Run it where it belongs, and waive it here by name and date, or say it in a rule of the
shelf.

**Source.** ODCS v3.2, `quality` of type `text`, `sql` and `custom`.
"""

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.rule import Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided

id = "elsewhere"
version = "1"
title = "A rule for somebody else to run"
severity = Severity.BLOCK
remedy = "Run it where it belongs, or say it in a rule of the shelf."
takes: frozenset[Kind] = frozenset()
examples: tuple[Example, ...] = ()


class Params(Parameters):
    why: str = Field("It is for somebody else to run.", description="why it isn't for us")


def ask(params: Params, over: Over) -> Undecided:
    return Undecided("elsewhere", params.why, remedy)
