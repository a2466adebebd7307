"""Finds claims that need proof: numbers, ranks, superlatives, comparisons, guarantees, green words.

What is found: percentages and ratios, multipliers ("3x", "twice as fast"), counts of customers,
"No. 1", "the best", "faster than any other", "guaranteed", "risk-free", "climate neutral".

**Why.** Unfair-advertising law turns the burden of proof around: who claims must be able to show
it. A claim of a model is nobody's claim until somebody can.

**Proved by** evidence in the registry that is current and says so (the same number or word, and
half of the claim's other words), or by a cited source with a sentence that does. Evidence that has
run out is named.

**Misses.** Claims without any such word ("the product experts choose"), false claims that are
proved in the registry, irony, pictures. Discounts ("20 % off") and taxes are offers, not claims.
"At least", "best regards", "most of" and the like are no superlatives. English only: other
languages are undecided (`not-english`).

**Remedy.** Register evidence with its owner and last good day, cite the source, or say less.

**Source.** Directives 2005/29/EC, 2006/114/EC and (EU) 2024/825; FTC policy on substantiation.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache

from trustwright.checks.english import FUNCTION_WORDS, lower, plainly_not_english, sentences, words
from trustwright.checks.model import Evidence, Example, Finding, Severity, Span, Subject, Undecided
from trustwright.checks.quantities import numbers

id = "unproven-claim"
version = "1"
title = "A claim without proof"
severity = Severity.WARN
_REMEDY = "Register evidence that says so, cite the source, or say less."

_N = r"\d[\d,.]{0,14}"
_WHO = (
    r"(?:customers?|clients?|users?|people|businesses|companies|families|members|patients|guests|visitors|"
    r"subscribers|teams|employees|organi[sz]ations|shoppers|countries|reviews?|downloads)"
)
_NOT_EST = (
    r"(?!(?:rest|test|request|interest|guest|west|east|forest|contest|harvest|quest|nest|chest|latest|nearest|"
    r"earliest|honest|modest|digest|protest|manifest|conquest|midwest|priest|pest|vest|inquest|arrest|zest|"
    r"soonest|invest|suggest|northwest|southwest|northeast|southeast|furthest|breakfast)\b)"
)
_BEST = r"best\b(?![\s-](?:regards|wishes|of\sluck|way|ways|time|to|practices?|if|guess|efforts?|interests?|friends?|man|before|option\sfor\syou|possible|of\sall))"
_STRONG = (
    r"(?:fastest|cheapest|largest|biggest|safest|strongest|smartest|lowest|highest|greatest|finest|easiest|cleanest|"
    r"newest|quickest|purest|healthiest)\b"
)
_THE = r"(?:the|our|its|their|world's|country's|europe's|nation's|market's|industry's|ever)"
_MORE = r"(?:better|worse|cheaper|faster|safer|stronger|smarter|quicker|easier|cleaner|bigger|larger|healthier|(?:more|less|fewer)\s\w{3,})"
_PATTERNS = {
    "percentage": rf"(?<![.,]){_N}\s?(?:%|per\s?cent\b|percentage\spoints\b)(?!\s(?:off|discount|vat|tax|sales\stax|rebate|voucher)\b)"
    r"|\w+\s?(?:in|out\sof)\s(?:every\s)?(?:ten|10|five|5|three|3|four|4|100)\s(?=\w)(?:\w+\s){0,1}?"
    + _WHO,
    "multiplier": rf"(?<![.,]){_N}\s?x(?=\s(?:more|faster|better|as|the|higher|cheaper|your|longer)\b)"
    rf"|(?<![.,])(?:{_N}|two|three|four|five|six|ten|hundred)\stimes\s(?:more|faster|better|as|the|higher|cheaper|longer|less)\b"
    r"|(?:twice|half)\s(?:as\s\w+|the\s(?:price|cost|time|speed))\b|(?:doubles?|triples?|halves)\s(?:your|the)\b|(?:two|three|five|ten)-?fold\b",
    "count": rf"(?:over|more\sthan)\s{_N}\s?(?:k|thousand|million|billion|\+)?\s(?:\w+\s)?{_WHO}\b"
    rf"|(?<![.,])(?:\d{{1,3}}(?:,\d{{3}})+|\d{{3,9}}|{_N}\s?(?:k|thousand|million|billion))\+?\s(?:\w+\s)?{_WHO}\b"
    rf"|(?:hundreds|thousands|millions)\sof\s(?:\w+\s)?{_WHO}\b",
    "rank": r"(?:no\.\s?1|#\s?1|number[\s-]one)\b|market[\s-]lead(?:er|ing)\b|industry[\s-]leading\b|the\sleading\s\w+|"
    r"world's\s(?:leading|first|only)\b|award[\s-]winning\b|top[\s-]rated\b|best[\s-]sell(?:er|ing)\b|world[\s-]class\b",
    "superlative": rf"{_THE}\s(?:very\s)?(?:{_BEST}|{_NOT_EST}\w{{2,}}est\b|most\s(?!of\b|recent|likely|common|important\sthing)\w{{4,}})"
    rf"|{_STRONG}|best[\s-](?:in[\s-]class|prices?|quality|value|service)\b|one\sof\sthe\s(?:best|most)\b"
    r"|(?:unbeatable|unmatched|unrivall?ed|unparalleled|unsurpassed|incomparable)\b|second\sto\snone\b",
    "comparative": rf"{_MORE}\s(?:\w+\s)?than\s(?!\d|ever\b|before\b|expected\b|usual\b|planned\b|normal\b|you\b|i\b|we\b|last\b|this\b|that\b|it\b|one\b|two\b)\w+"
    r"|unlike\s(?:any|all|other|most)\s\w+|(?:outperforms?|beats)\s(?:the|all|any|every|other|our)\b",
    "guarantee": r"guarante(?:e|es|ed)\b|(?:risk|worry)[\s-]free\b|without\s(?:any\s)?risk\b|100\s?%\s(?:safe|secure|reliable|satisf\w+)"
    r"|(?:never\sfails?|always\sworks?|completely\ssafe|cannot\sfail)\b|(?:clinically|scientifically)\s(?:proven|tested)\b",
    "environmental": r"(?:climate|carbon|co2)[\s-](?:neutral|positive|negative|free)\b|net[\s-]zero\b|eco[\s-]friendly\b"
    r"|environmentally\sfriendly\b|emission[\s-]free\b|(?:100\s?%|fully|completely)\s(?:recycled|recyclable|natural|organic|biodegradable|sustainable)\b",
}
_CLAIM = re.compile(
    "(?<!\\w)(?:" + "|".join(f"(?P<{code}>{it})" for code, it in reversed(_PATTERNS.items())) + ")"
)
_DENIED = re.compile(r"(?:\b(?:not|no|cannot|without|never)|n't)\s(?:\w+\s)?$")


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
            continue
        said = _Said(text)
        for m in _CLAIM.finditer(lower(text)):
            finding = _judged(part, m, said, subject)
            if finding:
                yield finding
    if foreign:
        yield Undecided(id, "not-english")


class _Said:
    """A text by sentences; one without end is taken in pieces."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _ends(self) -> list[int]:
        return [end for a, b in sentences(self.text) for end in (*range(a + 600, b, 600), b)]

    def around(self, place: int) -> str:
        n = bisect_right(self._ends, place)
        return self.text[self._ends[n - 1] if n else 0 : self._ends[n]]


def _judged(part: str, m: re.Match[str], text: _Said, subject: Subject) -> Finding | None:
    code, claim = m.lastgroup or "", text.text[slice(*m.span())]
    if code == "guarantee" and _DENIED.search(m.string, max(0, m.start() - 24), m.start()):
        return None
    if any(_says(source.text, claim, text, m.start()) for source in subject.sources):
        return None
    fitting = [
        e for e in subject.evidence if _says(f"{e.claim}. {e.proof}", claim, text, m.start())
    ]
    if any(_current(e, subject.today) for e in fitting):
        return None
    return _finding(part, m.span(), code, claim, fitting)


def _current(evidence: Evidence, today: date) -> bool:
    return evidence.valid_until is None or evidence.valid_until >= today


def _finding(part: str, span: Span, code: str, claim: str, expired: list[Evidence]) -> Finding:
    shown = " ".join(claim.split())[:80]
    if expired:
        last = max(expired, key=lambda e: e.valid_until or date.min)
        message = f"The evidence for “{shown}” ran out on {last.valid_until}."
        return Finding(
            id,
            "evidence-expired",
            severity,
            part,
            *span,
            message,
            f"Ask {last.owner} to renew the evidence, or leave the claim out.",
        )
    message = f"“{shown}” is a claim ({code}) without registered evidence."
    return Finding(id, code, severity, part, *span, message, _REMEDY)


def _says(proof: str, claim: str, text: _Said, place: int) -> bool:
    """One sentence of the proof has the claim's numbers and words, and half of what it is about."""
    values, names = _values(claim), _content(claim)
    for counted, said in _read(proof):
        if values <= counted and names <= said:
            about = _content(text.around(place)) - names
            if len(about & said) * 2 >= min(len(about), len(said - names)):
                return True
    return False


@lru_cache(maxsize=64)
def _values(text: str) -> frozenset[object]:
    return frozenset(n.value for n in numbers(text))


@lru_cache(maxsize=64)
def _read(proof: str) -> tuple[tuple[frozenset[object], frozenset[str]], ...]:
    """Values and content words of each sentence."""
    return tuple((_values(proof[a:b]), _content(proof[a:b])) for a, b in sentences(proof))


@lru_cache(maxsize=64)
def _content(text: str) -> frozenset[str]:
    return frozenset(
        word.removesuffix("'s").removesuffix("s")
        for word in words(text)
        if word not in _SMALL and not word[0].isdigit()
    )


_SMALL = FUNCTION_WORDS - {"most", "more", "no", "not"} | {"over", "percent", "per", "cent"}

examples = (
    Example(
        code="percentage",
        bad="97 % of our customers renew their contract.",
        good="93 % of our customers renew their contract.",
        evidence=(
            Evidence("93 % of customers renew their contract", "Survey 2025, n = 1,204", "Ada"),
        ),
    ),
    Example(
        code="superlative",
        bad="It is the fastest card reader in Europe.",
        good="At least it is fast. Best regards!",
    ),
    Example(
        code="comparative",
        bad="It is cheaper than any other plan.",
        good="It is later than planned.",
    ),
    Example(
        code="guarantee",
        bad="Delivery on Friday is guaranteed.",
        good="We can't guarantee delivery on Friday.",
    ),
    Example(
        code="evidence-expired",
        bad="Our parcels are climate neutral.",
        good="Our parcels are made of paper.",
        evidence=(
            Evidence("Our parcels are climate neutral", "Certificate 17", "Bo", date(2025, 12, 31)),
        ),
    ),
)
