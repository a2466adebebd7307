"""Finds rows in which a column that must be filled is empty.

**Why.** A message to a customer without an address, a language or a consent goes wrong in silence.

**Misses.** Empty in disguise: a blank text, "unknown", 1900-01-01. `disguised-missing` finds those.

**Remedy.** Fill the column where the table is made, or leave the row out of the send.

**Source.** ODCS v3.2, `required`.
"""

from trustwright.checks.model import Severity
from trustwright.signals.expression import Empty, Or
from trustwright.signals.rule import Ask, Example, Over
from trustwright.signals.rule import Parameters as Params
from trustwright.signals.table import Kind
from trustwright.signals.test import Rows

id = "not-null"
version = "1"
title = "Filled where it must be"
severity = Severity.BLOCK
remedy = "Fill it where the table is made, or leave these rows out."
takes: frozenset[Kind] = frozenset()


def ask(params: Params, over: Over) -> Ask:
    return Ask(Rows(Or(tuple(map(Empty, over.columns)))), f"{over.named} is empty")


examples = (Example(columns=("email",), bad=((None,),), good=(("ada@example.com",), ("",))),)
