"""Finds country codes that aren't in ISO 3166-1.

**Why.** "UK" is no country to a system that knows GB: no postage, no law, no language.

**Misses.** A right code for the wrong country. Codes for private use (XK) aren't in the standard and are
found. Empty rows are left to `not-null`.

**Remedy.** Write the code of ISO 3166-1 in capitals; GB, not UK.

**Source.** ISO 3166-1, as the package `iso3166` carries it.
"""

from typing import Literal

from iso3166 import countries
from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import And, Empty, In, Not
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind
from trustwright.signals.test import Rows

id = "country"
version = "1"
title = "A country's code"
severity = Severity.BLOCK
remedy = "Write the code of ISO 3166-1 in capitals; GB, not UK."
takes = frozenset({Kind.TEXT})
PRIVATE = "XK"


class Params(Parameters):
    form: Literal["alpha2", "alpha3", "numeric"] = Field("alpha2", description="which code")


def ask(params: Params, over: Over) -> Ask:
    (column,) = over.columns
    codes = frozenset(getattr(c, params.form) for c in countries if c.alpha2 != PRIVATE)
    bad = And((Not(Empty(column)), Not(In(column, codes))))
    return Ask(Rows(bad), f"`{column}` is no country's code")


examples = (
    Example(
        columns=("country",), bad=(("UK",), ("de",), ("XX",)), good=(("GB",), ("DE",), (None,))
    ),
    Example(
        columns=("country",), params={"form": "alpha3"}, bad=(("DE",),), good=(("DEU",), ("GBR",))
    ),
)
