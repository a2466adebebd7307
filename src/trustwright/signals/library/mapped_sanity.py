"""Finds a field that holds something else than its name says: a `zip_code` of "Urban" and "Rural".

What a field of such a name looks like is known for e-mail addresses, telephone numbers, postal codes,
countries, languages, dates, ages, web addresses and names of people; `expect` says it for a field
of another name. The rule fails if more rows look otherwise than so.

**Why.** A mis-mapped column is right in every row by its own rules, and wrong in all of them.

**Misses.** Two columns of the same kind that were mixed up, and fields whose name says nothing.

**Remedy.** Map the field to the column it was meant for.

**Source.** Own; Hillstrom's e-mail data set has such a `zip_code`.
"""

import re

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import And, Empty, Expression, Matches, Not
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Tally

id = "mapped-sanity"
version = "1"
title = "What its name says"
severity = Severity.WARN
remedy = "Map the field to the column it was meant for."
takes = frozenset({Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.MOMENT, Kind.BOOLEAN})

# What it is called, by words of its name; what it looks like as text, and which kinds it may have.
LOOKS: dict[str, tuple[str, str, frozenset[Kind]]] = {
    "email": (r"e.?mail|mail.?address", r"@.+\.", frozenset()),
    "phone": (r"phone|mobile|telefon|msisdn", r"(?:[0-9][^0-9]*){6}", frozenset({Kind.INTEGER})),
    "postal code": (
        r"zip|postal|postcode|plz",
        r"^[A-Za-z -]{0,4}[0-9][A-Za-z0-9 *-]{1,9}$",
        frozenset({Kind.INTEGER}),
    ),
    "country": (r"country|land$|nation", r"^[^0-9@]{2,60}$", frozenset()),
    "language": (
        r"lang|locale|sprache",
        r"^[A-Za-z]{2,3}(?:[_-].*)?$|^[A-Za-z ]{4,30}$",
        frozenset(),
    ),
    "date": (
        r"date|birthday|_at$|_on$|timestamp",
        r"[0-9].*[0-9].*[0-9].*[0-9]",
        frozenset({Kind.DATE, Kind.MOMENT, Kind.INTEGER}),
    ),
    "age": (r"^age$|_age$|^alter$", r"^[0-9]{1,3}$", frozenset({Kind.INTEGER, Kind.NUMBER})),
    "web address": (r"url|website|homepage", r"\.[A-Za-z]{2,}|^https?:", frozenset()),
    "name": (r"(?:first|last|sur|given|family|full).?name", r"^[^0-9@]{1,80}$", frozenset()),
}


SAID = re.compile(
    r"consent|opt.?(?:in|out)|allow|agreed|permission|subscri|verified|valid|^(?:ok|is|has|may)_"
)
"""What was said or found out about an address: `email_consent` isn't one."""
REACHED = frozenset({"email", "phone", "postal code", "web address"})


class Params(Parameters):
    expect: str | None = Field(None, description="what it should be, if its name doesn't say")


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    what = params.expect or named(column, over.mapped(column).synonyms)
    if what not in LOOKS:
        sentence = f"It isn't known what a `{column}` looks like."
        return Undecided("bad-params", sentence, f"Say expect: {', '.join(sorted(LOOKS))}.")
    _, pattern, kinds = LOOKS[what]
    kind, filled = over.kinds[column], Not(Empty(column))
    like = Matches(column, pattern) if kind is Kind.TEXT else filled if kind in kinds else None
    parts: tuple[tuple[str, Expression], ...] = (
        ("otherwise", And((filled, Not(like))) if like else filled),
        ("so", like or And((filled, Empty(column)))),
    )
    test = Tally(parts, lambda counts: [0] if counts[1] > counts[2] else [])
    return Ask(test, f"`{column}` doesn't look like a {what}: it seems to hold something else")


def named(column: str, synonyms: tuple[str, ...] = ()) -> str | None:
    """What a column of this name should look like; a key of `LOOKS`."""
    words = [re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in (column, *synonyms)]
    found = (what for what, (names, _, _) in LOOKS.items() for w in words if re.search(names, w))
    first = next(found, None)
    return None if first in REACHED and SAID.search(words[0]) else first


examples = (
    Example(columns=("zip_code",), bad=(("Urban",), ("Rural",)), good=((None,),)),
    Example(columns=("zip_code",), bad=(), good=(("10115",), ("SW1A 1AA",), ("Urban",))),
    Example(columns=("birthday",), bad=((True,), (False,)), good=()),
    Example(
        columns=("contact",), params={"expect": "email"}, bad=(("0171 2345",),), good=((None,),)
    ),
)
