"""Finds text that isn't in the language it should be in.

Looked at only where a language is expected (`language`, a BCP 47 tag such as `de` or `pt-BR`); regions
make no difference. First the script and the small words everybody uses; where they don't settle it, the
library lingua, installed with `trustwright[languages]`.

**Why.** A message in the wrong language says that nobody knows whom they write to; and a model answers
in English when nobody looks.

**Not decided** is a text with no part of 40 characters (`too-short`; less is enough where the script
alone tells), one that neither can place (`unsure`), a language lingua doesn't know
(`unknown-language`), and what only lingua could settle where it isn't installed (`not-installed`).

**Misses.** Single sentences of another language inside a part, good and bad style, regions (`pt-PT`
for `pt-BR`), and lists of names, which have no language.

**Remedy.** Write it in the language expected, or correct the record of the one written to.

**Measured** on the sentences of 24 languages lingua is tested with, each once as its own language and once
as another. The small words were taken from every second sentence; these are the others. They are clean
sentences of newspapers and the web: shorter, mixed or misspelt text is harder.

| with | precision | recall of what is decided | decided |
|---|---|---|---|
| lingua | 0.998 (10374 of 10394) | 1.000 (10374 of 10375) | 0.91 (21010 of 23140; 0.90 to 0.91) |
| script and small words alone | 0.999 (7994 of 7999) | 1.000 (7994 of 7994) | 0.72 (16622 of 23140; 0.71 to 0.72) |

Script and small words leave 0.22 (4405 of 20274; 0.21 to 0.22) of the sentences of 40 characters or more to lingua;
of longer messages less.

**Source.** BCP 47 (RFC 5646); lingua by Peter M. Stahl, whose test sentences this was measured with.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from trustwright.checks.languages import ALONE, SMALL, agrees, primary
from trustwright.checks.model import Example, Finding, Severity, Subject, Undecided

id = "language"
version = "1"
title = "Not in the language expected"
severity = Severity.WARN

ENOUGH = 40
# What lingua looks at; the beginning of a text tells its language.
_MOST = 1_000


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    if not subject.language:
        return
    language = primary(subject.language)
    told = [(part, text, judged(text, language)) for part, text in subject.parts if text.strip()]
    for part, text, answer in told:
        if answer == "other":
            message = f"This part isn't in the language expected ({subject.language})."
            remedy = "Write it in that language, or correct the record."
            yield Finding(id, "other-language", severity, part, 0, len(text), message, remedy)
    if told and all(answer == "too-short" for *_, answer in told):
        yield Undecided(id, "too-short")
    reasons = {answer for *_, answer in told} - {"same", "other", "too-short"}
    yield from (Undecided(id, reason) for reason in sorted(reasons))


def judged(text: str, language: str) -> str:
    """`same`, `other`, or why it can't be said. A short text is told by its script at most."""
    agreed = agrees(text, language)
    long = len(text.strip()) >= ENOUGH
    if agreed is not None and (long or (language in ALONE and len(text.strip()) >= 8)):
        return "same" if agreed else "other"
    return _by_lingua(text[:_MOST], language) if long else "too-short"


def _by_lingua(text: str, language: str) -> str:
    try:
        lingua = import_module("lingua")
    except ImportError:
        return "not-installed"
    detector = _detector(lingua, "" if language in (*SMALL, *ALONE) else language)
    if detector is None:
        return "unknown-language"
    # Rust knows no half surrogate pairs.
    found = detector.detect_language_of(text.encode("utf-8", "replace").decode())
    if found is None:
        return "unsure"
    return "same" if found.iso_code_639_1.name.lower() == language else "other"


@cache
def _detector(lingua: Any, another: str) -> Any:
    """Among our languages and perhaps another; built once. None: lingua doesn't know the other."""
    codes = {code.upper() for code in (*SMALL, *ALONE, another)}
    known = {language.iso_code_639_1.name for language in lingua.Language.all()}
    if another and another.upper() not in known:
        return None
    named = [lingua.IsoCode639_1.from_str(code) for code in sorted(codes & known)]
    builder = lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*named)
    return builder.with_minimum_relative_distance(0.05).build()


examples = (
    Example(
        code="other-language",
        bad="Ihr Paket ist auf dem Weg und wird am Montag bei Ihnen sein.",
        good="Your parcel is on its way and it will be with you on Monday.",
        language="en-GB",
    ),
    Example(
        code="other-language",
        bad="Your parcel is on its way and it will be with you on Monday.",
        good="Το δέμα σας είναι καθ' οδόν.",
        language="el",
    ),
)
