"""Finds claims that need proof: numbers, ranks, superlatives, comparisons, guarantees.

What is found: percentages and ratios, multipliers ("3x", "twice as fast"), counts of customers,
"No. 1", "the best", "faster than any other", "guaranteed", "risk-free". Green claims have a check of their own.

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

**Measured** on every second row of texts no rule was written with. Neither label is "a claim that needs
proof": in debates it is "worth checking" (ClaimBuster; Arslan et al., ICWSM 2020), and most such
statements have none of these words; of ads (AdAnalyst) it is "commercial", and most ads claim nothing.

| texts | precision | recall | base rate |
|---|---|---|---|
| US debates: worth checking | 0.68 (230 of 338; 0.63 to 0.73) | 0.20 (230 of 1172; 0.17 to 0.22) | 0.27 (1172 of 4339; 0.26 to 0.28) |
| ads: commercial | 0.88 (344 of 392; 0.84 to 0.91) | 0.19 (344 of 1847; 0.17 to 0.20) | 0.79 (1847 of 2336; 0.77 to 0.81) |

**Source.** Directives 2005/29/EC, and 2006/114/EC; FTC policy on substantiation.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from trustwright.checks.english import lower, plainly_not_english, said
from trustwright.checks.model import Evidence, Example, Finding, Severity, Subject, Undecided
from trustwright.checks.proof import Said, ran_out, unproven

id = "unproven-claim"
version = "2"
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
    "percentage": rf"(?<![.,]){_N}\s?(?:%|per\s?cent\b|percentage\spoints\b)(?!\s(?:recycl|biodegradable|compostable|renewable)|\s(?:off|discount|vat|tax|sales\stax|rebate|voucher)\b)"
    r"|(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine)\s?(?:in|out\sof)\s(?:every\s)?(?:ten|10|five|5|three|3|four|4|100)\s(?=\w)(?:\w+\s){0,1}?"
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
}
_COUNTED = ("percentage", "multiplier", "count")


def _claim(codes: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?<!\\w)(?:" + "|".join(f"(?P<{c}>{_PATTERNS[c]})" for c in codes) + ")")


_CLAIM = _claim(reversed(_PATTERNS))
_UNCOUNTED = _claim(code for code in reversed(_PATTERNS) if code not in _COUNTED)
_DIGIT = re.compile(r"\d")
_EST = re.compile(r"est\b")
_COUNTS = frozenset(
    str.split(
        "one two three four five six seven eight nine ten hundred hundreds thousands millions twice half double doubles "
        "triple triples halves twofold threefold fivefold tenfold fold"
    )
)
_WORDS = frozenset(
    str.split(
        "number market industry leading world award top selling seller most second unbeatable unmatched unrivaled unrivalled "
        "unparalleled unsurpassed incomparable than unlike outperform outperforms beats guarantee guarantees guaranteed risk "
        "worry never always completely cannot clinically scientifically"
    )
)
_DENIED = re.compile(r"(?:\b(?:not|no|cannot|without|never)|n't)\s(?:\w+\s)?$")


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
            continue
        statement = Said(text)
        for m in _matches(text):
            finding = _judged(part, m, statement, subject)
            if finding:
                yield finding
    if foreign:
        yield Undecided(id, "not-english")


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Claims, in order; a text without a number, or any word a claim has, isn't searched for them."""
    spoken, lowered = said(text), lower(text)
    if _DIGIT.search(text) or not _COUNTS.isdisjoint(spoken):
        return _CLAIM.finditer(lowered)
    if not _WORDS.isdisjoint(spoken) or _EST.search(lowered):
        return _UNCOUNTED.finditer(lowered)
    return iter(())


def _judged(part: str, m: re.Match[str], text: Said, subject: Subject) -> Finding | None:
    code = m.lastgroup or ""
    if code == "guarantee" and _DENIED.search(m.string, max(0, m.start() - 24), m.start()):
        return None
    expired = unproven(text, m.span(), subject)
    if expired is None:
        return None
    if expired:
        return ran_out(id, part, text, m.span(), expired)
    message = f"“{text.shown(m.span())}” is a claim ({code}) without registered evidence."
    return Finding(id, code, severity, part, *m.span(), message, _REMEDY)


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
        bad="We are the market leader for parcels.",
        good="We have been sending parcels since 1990.",
        evidence=(
            Evidence("We are market leader for parcels", "Study 17", "Bo", date(2025, 12, 31)),
        ),
    ),
)
