"""Finds offers and prices that the evidence registry doesn't have: discounts, prices, gifts.

What is found: "20 % off", "half price", "buy one get one free", "only €9.99", "from $5 a month", "save
£30", "free delivery", "a free trial", "0 % interest".

**Why.** A price in a message is an offer somebody will insist on. A model makes them up, keeps last
month's, or mixes two; then it is true for whoever read it.

**Proved by** evidence in the registry that is current and says so (the same number, and half of the
other words of its sentence), or a cited source that does. An offer that has ended is named.

**Misses.** Offers without a number or a word of giving ("our summer prices are back"), conditions
left out, amounts in words, and sums that aren't prices ("we refunded €20" is none). "Free" in another
sense ("feel free", "free of sugar") is left out. English only: other languages are undecided
(`not-english`).

**Remedy.** Register the offer with its owner and last good day, or say where prices stand.

**Measured** on Facebook ads labelled commercial or not (AdAnalyst). The rules were written looking at every
second row; these are the others. The label isn't "an offer": most commercial ads make none, so the recall
says how often an ad has one rather than what is missed.

| ads | precision | recall | base rate |
|---|---|---|---|
| commercial, held out | 0.97 (443 of 457; 0.95 to 0.98) | 0.24 (443 of 1847; 0.22 to 0.26) | 0.79 (1847 of 2336; 0.77 to 0.81) |

**Source.** Directives 2005/29/EC, article 6(1)(d) and annex I no. 5, 7 and 20, and 98/6/EC, article 6a.
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, plainly_not_english, said
from trustwright.checks.model import Evidence, Example, Finding, Severity, Subject, Undecided
from trustwright.checks.proof import Said, ran_out, unproven

id = "unproven-offer"
version = "1"
title = "An offer or price nobody registered"
severity = Severity.WARN
_REMEDY = "Register the offer with its owner and last good day, or say where prices stand."

_NUMBER = r"\d{1,3}+(?:[,.]\d{3})*+(?:[.,]\d{1,2})?+(?![.,]?\d)"
_MONEY = (
    rf"(?:(?:[$€£¥]\s?|(?:usd|eur|gbp|chf|us\$)\s?){_NUMBER}(?!\s?(?:million|billion|bn|m|k|thousand|trillion)\b)"
    rf"|(?<![.,\d]){_NUMBER}\s?(?:[€£]|(?:euros?|dollars|pounds|usd|eur|gbp|chf|francs?|cents|p)\b))"
)
_PERCENT = r"(?<![.,\d])\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|per\s?cent\b|percent\b)"
_THING = r"(?:\w+[\s-]){0,2}?"
_GIFT = (
    r"(?:deliver(?:y|ies)|shipping|postage|returns?|trials?|gifts?|samples?|months?|weeks?|days?|spins?|bets?|quotes?|"
    r"installation|upgrades?|consultations?|courses?|tickets?|entry|credits?|sim|accessories|bottle|box|bag|pack|guide|ebook|"
    r"e-book|download|access|membership|subscription|account|set-?up|repairs?|wifi|wi-fi|parking|breakfast|items?|class(?:es)?|lessons?|boost|kit)"
)
_PATTERNS = {
    "discount": rf"{_PERCENT}\s?(?:off\b|discounts?\b|rebate\b|cash-?back\b|cheaper\b|less\b|reduction\b)|(?:save|saving|sale|off|discount\sof|reduced\sby)\s(?:up\sto\s|an?\s(?:extra|additional)\s|of\s|over\s)?(?:{_PERCENT}|{_MONEY})"
    rf"|{_MONEY}\s?(?:off\b|discount\b|cash-?back\b|voucher\b|gift\scard\b|bonus\b|credit\b)|half[\s-]price\b|(?:buy|get)\s(?:one|two|1|2|3)\s?,?\s?(?:and\s)?get\s(?:one|two|1|2|another|the)\b|(?:2|two|3|three)\s(?:for|4)\s(?:1|one|2|two)\b"
    rf"|0\s?%\s(?:interest|apr|finance|commission|fees?)\b",
    "price": rf"(?:only|just|from|now|yours\sfor|all\sfor|as\s(?:little|low)\sas|starting\s(?:at|from)|starts\s(?:at|from)|prices?\s(?:is|are|of|from|start\sat)|(?:it|that|this|which|will|plan|ticket)\scosts?|costs\s(?:only|just)|priced\sat|rrp|worth)\s(?:only\s|just\s)?{_MONEY}"
    rf"|{_MONEY}\s?(?:(?:/\s?|per\s|an?\s)(?:month|mo|year|week|day|night|person|user|item|order|head)|each|monthly|pm|p/m)\b",
    "free": rf"free\s{_THING}{_GIFT}\b|{_GIFT}\s(?:is|are|comes|come)?\s?(?:for\s)?free\b(?!\s(?:of|from))|(?:totally|completely|absolutely|100\s?%)\sfree\b(?!\s(?:of|from))|(?:try|get|join|download|play|watch|start|sign\sup|register)\s(?:\w+\s){{0,2}}?(?:for\s)?free\b(?!\s(?:of|from))"
    rf"|free\sof\scharge\b|at\sno\s(?:extra\s|additional\s)?(?:cost|charge)\b|no\s(?:hidden|extra|additional|booking|change|monthly|annual|set-?up|delivery)\s(?:fees?|charges?)\b|(?:is|are)\son\sus\b",
}
_OFFER = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<{code}>{pattern})" for code, pattern in _PATTERNS.items())
    + ")"
)
_MONEY_SIGN = re.compile("[$€£¥%]")
_WORDS = frozenset(
    str.split(
        "free half buy get two three percent cent euro euros dollars pounds usd eur gbp chf franc francs cents charge cost fee "
        "fees charges us p"
    )
)


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
        elif _MONEY_SIGN.search(text) or not _WORDS.isdisjoint(said(text)):
            statement = Said(text)
            for m in _OFFER.finditer(lower(text)):
                yield from _judged(part, m, statement, subject)
    if foreign:
        yield Undecided(id, "not-english")


def _judged(part: str, m: re.Match[str], text: Said, subject: Subject) -> Iterator[Finding]:
    expired = unproven(text, m.span(), subject)
    if expired:
        yield ran_out(id, part, text, m.span(), expired)
    elif expired is not None:
        message = (
            f"“{text.shown(m.span())}” is an offer ({m.lastgroup}) without registered evidence."
        )
        yield Finding(id, m.lastgroup or "", severity, part, *m.span(), message, _REMEDY)


examples = (
    Example(
        code="discount",
        bad="Today you get 30 % off all shoes.",
        good="Today you get 20 % off all shoes.",
        evidence=(Evidence("20 % off all shoes until 31 January", "Price list 7", "Bo"),),
    ),
    Example(
        code="price",
        bad="The plan is yours for only €9.99 a month.",
        good="We refunded €9.99 to your card.",
    ),
    Example(
        code="free",
        bad="Order now and delivery is free.",
        good="Feel free to order; it is free of sugar.",
    ),
)
