"""Finds numbers, dates, names and quotations that none of the cited sources contains.

**Why.** A source beside an answer looks like proof. It is proof only of what it says; what a
model adds to it is most often a number, a date or a name.

**Compared.** Numbers in digits or words, with their unit (%, money) and honest rounding ("over 8
million" is said by 8,537,673); dates in any usual spelling; names without regard to case,
diacritics, middle names, plural or national adjective; quotations of three words or more. If a
text has none of these, the report says that nothing was checkable: that is not the same as right.

**Misses.** Whether what is said *about* a name or number is true; statements without a number,
date, name or quotation; a name that only starts a sentence, or is written in lower case; two
names of the source put together wrongly; anything calculated from the source (sums, ages,
"ten years later"). "One", "first" and "second" aren't compared. Names in a greeting are the
recipient's, not claims. English only: other languages are undecided (`not-english`).

**Remedy.** Correct the text, cite the source that says it, or leave it out.

**Measured** on 600 replies of three models with the passage each was given and an expert's label
(FaithDial's data audit; Dziri et al., TACL 2022). Positive is a label with "hallucination", predicted
is a finding, checkable is a reply with something to compare. The rules were written looking at every
second reply; no rule was made or changed for the other half ("held out"). What it finds is nearly
always right; most of what is wrong it can't see: it has no number, date, name or quotation.

| replies | precision | recall | base rate | checkable |
|---|---|---|---|---|
| all | 0.93 (57 of 61; 0.84 to 0.97) | 0.15 (57 of 372; 0.12 to 0.19) | 0.62 (372 of 600; 0.58 to 0.66) | 0.41 (249 of 600; 0.38 to 0.45) |
| held out | 0.91 (32 of 35; 0.78 to 0.97) | 0.17 (32 of 192; 0.12 to 0.23) | 0.64 (192 of 300; 0.58 to 0.69) | 0.40 (119 of 300; 0.34 to 0.45) |
| GPT-2 | 0.94 (29 of 31; 0.79 to 0.98) | 0.18 (29 of 163; 0.13 to 0.24) | 0.81 (163 of 200; 0.76 to 0.86) | 0.40 (80 of 200; 0.33 to 0.47) |
| CTRL | 0.86 (6 of 7; 0.49 to 0.97) | 0.08 (6 of 72; 0.04 to 0.17) | 0.36 (72 of 200; 0.30 to 0.43) | 0.47 (94 of 200; 0.40 to 0.54) |
| DoHA | 0.96 (22 of 23; 0.79 to 0.99) | 0.16 (22 of 137; 0.11 to 0.23) | 0.69 (137 of 200; 0.62 to 0.75) | 0.38 (75 of 200; 0.31 to 0.44) |

**Source.** BEGIN (Dziri et al., TACL 2022): what the evidence does not support counts as a
hallucination, true or not.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from trustwright.checks.english import (
    FUNCTION_WORDS,
    WORD,
    fold,
    may_say,
    plainly_not_english,
    sentences,
    words,
)
from trustwright.checks.model import (
    Compared,
    Example,
    Finding,
    Severity,
    Span,
    Subject,
    Undecided,
)
from trustwright.checks.quantities import DIGIT, Day, Number, days, numbers
from trustwright.checks.sources import Sources, bare, noun_after

id = "citation"
version = "1"
title = "Says what its sources don't"
severity = Severity.WARN
_REMEDY = "Correct it, cite the source that says it, or leave it out."

_QUOTE = re.compile(r'"([^"\n]{8,400})"|“([^“”\n]{8,400})”|«([^«»\n]{8,400})»')
# Numbers of list items, and phone or order numbers: they count nothing.
_NO_COUNT = re.compile(
    r"^[^\S\n]{0,20}\d{1,2}[.)]\s|\+?(?<!\d)\d{1,15}(?:[ ./-]\d{1,15}){3,}", re.MULTILINE
)
_GREETING = re.compile(
    r"^[^\S\n]{0,20}(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|thanks|thank you)\b[^,.!?\n]{0,80}",
    re.IGNORECASE | re.MULTILINE,
)
_GREETS = frozenset(["dear", "hi", "hello", "hey", "good", "thanks", "thank"])
_CLOSING = re.compile(
    r"(?:regards|sincerely|wishes|cheers|yours)\s?,?\s{0,4}\n[\s\S]{0,120}\Z", re.IGNORECASE
)
# Capitalized in English without naming anything a source would have to contain.
_NO_NAMES = FUNCTION_WORDS | frozenset(
    str.split(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
        "july august september october november december mr mrs ms miss dr prof sir madam ok okay tv pc "
        "diy faq faqs pdf url am pm bc ad ps fyi btw asap lol omg imo tbh god internet web"
    )
)


class Name(NamedTuple):
    start: int
    end: int
    tokens: tuple[str, ...]


# A text with more to compare isn't an answer with its sources; the rest is undecided.
_ENOUGH = 5_000


def look(subject: Subject) -> Iterator[Finding | Undecided | Compared]:
    """Compare each part with all sources together; without sources there is nothing to say."""
    if not subject.sources:
        return
    sources = Sources(subject.sources, subject.recipient)
    undecided = set()
    for part, text in subject.parts:
        if plainly_not_english(text):
            undecided.add("not-english")
            continue
        compared = list(islice(_compared(part, text, sources), _ENOUGH))
        yield Compared(id, len(compared))
        yield from (finding for finding in compared if finding)
        if len(compared) == _ENOUGH:
            undecided.add("too-many")
    yield from (Undecided(id, reason) for reason in sorted(undecided))


def _compared(part: str, text: str, sources: Sources) -> Iterator[Finding | None]:
    """A finding, or None for what a source says, for each statement. What was found isn't read twice."""
    taken = bytearray(len(text))
    for m in _NO_COUNT.finditer(text) if DIGIT.search(text) else ():
        _take(taken, m.span())
    for reader in (_quotes, _days, _numbers, _names):
        for span, finding in reader(part, text, sources, taken):
            yield finding
            if finding:
                _take(taken, span)


def _take(taken: bytearray, span: Span) -> None:
    taken[span[0] : span[1]] = b"\1" * (span[1] - span[0])


Read = Iterator[tuple[Span, Finding | None]]


def _quotes(part: str, text: str, sources: Sources, taken: bytearray) -> Read:
    for m in _QUOTE.finditer(text):
        quote = m[1] or m[2] or m[3]
        if len(words(quote)) < 3:
            continue
        pieces = [words(piece) for piece in re.split(r"\.\.\.|…|\[[^\]]{0,80}\]", quote)]
        said = all(sources.has_words(piece) for piece in pieces if piece)
        yield m.span(), None if said else _finding("quote-not-in-source", part, text, m.span())


def _days(part: str, text: str, sources: Sources, taken: bytearray) -> Read:
    for day in days(text):
        span = (day.start, day.end)
        if not any(taken[day.start : day.end]):
            said = any(reading in sources.dated for reading in day.readings)
            near = None if said else _near_day(day, sources)
            yield span, None if said else _finding("date", part, text, span, near)
            _take(taken, span)


def _near_day(day: Day, sources: Sources) -> tuple[str, int, int] | None:
    for where, theirs in sources.days[:500]:
        if any(a[0] == b[0] or a[1:] == b[1:] for a in day.readings for b in theirs.readings):
            return where, theirs.start, theirs.end
    return None


def _numbers(part: str, text: str, sources: Sources, taken: bytearray) -> Read:
    for number in numbers(text):
        if any(taken[number.start : number.end]) or _no_claim(number, text):
            continue
        span = (number.start, number.end)
        said = sources.counted.say(number)
        near = None if said else sources.after.get(noun_after(text, number.end))
        place = (near[0], near[1].start, near[1].end) if near else None
        yield span, None if said else _finding("number", part, text, span, place)


_COUNTS_A_LIST = re.compile(r"\s(?:of|more|things?|other|others)\b", re.IGNORECASE)


def _no_claim(number: Number, text: str) -> bool:
    """ "One", "first" and "second" mean too much else; "two of them" counts what was just named."""
    if not number.spelt or number.unit:
        return False
    return number.value < 3 or (number.value < 10 and bool(_COUNTS_A_LIST.match(text, number.end)))


def _names(part: str, text: str, sources: Sources, taken: bytearray) -> Read:
    if may_say(text, _GREETS):
        for m in _GREETING.finditer(text):
            _take(taken, m.span())
    if "\n" in text and (closing := _CLOSING.search(text)):
        _take(taken, closing.span())
    for name in _named(text):
        if any(taken[name.start : name.end]):
            continue
        missing = [token for token in name.tokens if not sources.has_name(token)]
        said = not missing or "".join(fold(t)[0] for t in name.tokens) in sources.tokens
        span = (name.start, name.end)
        near = None if said else sources.place(name.tokens)
        yield span, None if said else _finding("name", part, text, span, near)


def _named(text: str) -> Iterator[Name]:
    """Runs of capitalized words inside a sentence. Its first word is capital anyway and isn't one."""
    for start, end in sentences(text):
        tokens = list(WORD.finditer(text, start, end))
        capital = [m for m in tokens if m[0][0].isupper()]
        if not capital or (len(tokens) > 5 and not any(_lower(m[0]) for m in tokens)):
            continue  # a headline or shouting: capitals mean nothing
        run: list[re.Match[str]] = []
        for m in capital:
            if not _is_name(m, text, start):
                continue
            if run and text[run[-1].end() : m.start()] not in (" ", "-", " - ", ". ", " . "):
                yield _name(run)
                run = []
            run.append(m)
        if run:
            yield _name(run)


def _lower(word: str) -> bool:
    return word[0].islower() and word not in FUNCTION_WORDS


def _name(run: list[re.Match[str]]) -> Name:
    return Name(run[0].start(), run[-1].end(), tuple(m.group() for m in run))


def _is_name(m: re.Match[str], text: str, start: int) -> bool:
    word = m.group()
    if len(word) == 1 or bare(word).split("'")[0] in _NO_NAMES or word[:2] in ("I'", "I’"):
        return False
    before = text[max(start, m.start() - 8) : m.start()].rstrip(" ")[-1:]
    return bool(before) and before not in ":;\"“«'‘([{-–—*•/\t"


_SENTENCES = {
    "date": "No cited source has the date {what}.",
    "number": "No cited source has the number {what}.",
    "name": "No cited source names {what}.",
    "quote": "No cited source says {what} in these words.",
}


def _finding(
    kind: str, part: str, text: str, span: Span, near: tuple[str, int, int] | None = None
) -> Finding:
    kind = kind.removesuffix("-not-in-source")
    said = text[span[0] : span[1]].strip('"“”«» ')
    shown = said if len(said) <= 80 else said[:79] + "…"
    code = f"{kind}-differs" if near else f"{kind}-not-in-source"
    message = _SENTENCES[kind].format(what=f"“{shown}”")
    return Finding(id, code, severity, part, *span, message, _REMEDY, near)


examples = (
    Example(
        code="number-differs",
        bad="Peyton Manning played 17 seasons in the NFL.",
        good="Peyton Manning played eighteen seasons in the NFL.",
        sources=(
            "Manning is a quarterback who played 18 seasons in the National Football League.",
        ),
    ),
    Example(
        code="date-differs",
        bad="The city was founded on October 28, 1682.",
        good="The city was founded on 27 October 1682.",
        sources=("Its history begins on October 27, 1682, when the city was founded.",),
    ),
    Example(
        code="name-not-in-source",
        bad="The series was created by Joan Allen.",
        good="The series was created by Roddenberry, an American.",
        sources=("Star Trek is an American series created by Gene Roddenberry.",),
    ),
    Example(
        code="quote-not-in-source",
        bad="The warranty says “repairs are free for ever”.",
        good="The warranty says “repairs are free … two years”.",
        sources=("Under the warranty repairs are free for the first two years.",),
    ),
)
