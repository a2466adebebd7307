"""Finds caring that nobody feels: a machine saying what only a person can mean.

What is found: condolence and sympathy with somebody's fate ("so sorry for your loss", "my heart
goes out to you"), claimed knowledge of feelings ("I know exactly how you feel"), affection ("I truly
care about you", "we miss you"), and worry or tears ("I was so worried about you").

**Why.** Warmth made by the thousand is a lie about who is there. People forgive a plain answer;
they don't forgive that the one who comforted them was nobody.

**Fine are** courtesy ("thank you", "happy to help"), an apology for what went wrong ("sorry for the
delay"), and care that is somebody's work ("our nurses take care of you").

**Misses.** Words in quotation marks (somebody else's), feelings in other words or between the lines, and
whether a person stands behind the words: then that person's signature answers for them. English only:
other languages are undecided (`not-english`).

**Remedy.** Say what is done, or have somebody who means it write it in their own name.

**Measured** without labels, as how often it fires on text in which there should be next to nothing to find:
0 of 1,828 sentences of mail, 2 of 2,336 ads, 0 of 16,000 headlines, 0 of 62 newsletters, half of them each, not
looked at before. What it misses isn't known: there is no labelled data.

**Source.** Hochschild, The Managed Heart (1983); Regulation (EU) 2024/1689, article 50.
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, plainly_not_english, said
from trustwright.checks.model import Example, Finding, Severity, Subject, Undecided

id = "simulated-caring"
version = "1"
title = "Caring that nobody feels"
severity = Severity.WARN
_REMEDY = "Say what is done, or let somebody who means it write it in their own name."

_WORDS = frozenset(
    str.split(
        "sorry condolences sympathy sympathies heart hearts thoughts prayers feel feeling felt care cares caring "
        "cared love loves miss missed worried worry worrying cried cry tears thinking broke breaks"
    )
)
_VERY = r"(?:(?:so|very|really|truly|deeply|sincerely|genuinely|terribly|incredibly|just|also|all|always|personally)\s){0,2}"
_I = r"(?:i|we|we\sall|our\s(?:whole\s)?team)"
_AM = r"(?:'m|'re|\sam|\sare|\swas|\swere|\sis)"
_FATE = (
    r"(?:loss|passing|bereavement|grief|diagnosis|illness|condition|health|cancer|miscarriage|divorce|separation|"
    r"accident|injury|tragedy|suffering|pain|struggles?|hardship|mother|father|mum|mom|dad|parents?|wife|husband|"
    r"partner|son|daughter|child|baby|brother|sister|friend|family|grandmother|grandfather|dog|cat|pet)"
)
_FEELING = re.compile(
    r"(?<![\w'\"“‘«])(?:"
    rf"(?P<condolence>(?:sorry|saddened|heartbroken)\s(?:to\s(?:hear|learn|read)\s)?(?:about|of|for)\s(?:the\s\w+\sof\s)?your\s(?:\w+\s){{0,2}}{_FATE}\b"
    rf"|(?:my|our)\s(?:\w+\s)?(?:condolences|sympath(?:y|ies))\b|(?:my|our)\shearts?\s(?:goes|go|aches?|breaks?|broke|is\swith|are\swith|bleeds?)\b"
    r"|(?:my|our)\s(?:thoughts|prayers)\s(?:and\s(?:prayers|thoughts)\s)?(?:are|go)\s)"
    rf"|(?P<empathy>{_I}\s{_VERY}(?:know|understand|can\simagine|can\sfeel)\s{_VERY}(?:exactly\s|well\s)?(?:how\s(?:you(?:'re|\sare)?\s(?:must\s(?:be\s)?)?feel|(?:hard|painful|difficult|devastating)\s(?:this|it|that)\s(?:is|must))|what\syou(?:'re|\sare)\sgoing\sthrough)"
    rf"|{_I}\s{_VERY}(?:feel|share)\s(?:for\syou\b|your\s(?:pain|grief|sorrow|frustration|sadness|joy)\b))"
    rf"|(?P<affection>{_I}\s(?:do\s)?{_VERY}(?:care|cared)\s{_VERY}(?:about|for)\s(?:you\b(?!r)|your\s(?:well-?being|happiness|feelings|family|health))"
    rf"|{_I}(?:'ve|\shave)?\s{_VERY}(?:miss(?:ed)?|love|adore|cherish)\syou\b(?!r)|{_I}{_AM}\s{_VERY}(?:here\sfor\syou\s(?:always|no\smatter)|thinking\s(?:of|about)\syou\b(?!r)|proud\sof\syou\b))"
    rf"|(?P<distress>{_I}{_AM}\s{_VERY}(?:worried|anxious|scared|afraid)\s(?:about|for)\syou\b(?!r)|(?:it|this|that|your\s\w+)\s{_VERY}(?:breaks|broke|warms|warmed|touches|touched)\s(?:my|our)\shearts?\b"
    rf"|(?:i|we)\s(?:cried|wept|had\stears)\s(?:when|reading|for\syou)\b|brought\stears\sto\s(?:my|our)\seyes\b)"
    r")"
)
_SAID = {
    "condolence": "is sympathy that nobody feels",
    "empathy": "claims to know a feeling",
    "affection": "is affection that nobody feels",
    "distress": "is emotion that nobody has",
}


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
        elif not _WORDS.isdisjoint(said(text)):
            yield from (_finding(part, text, m) for m in _FEELING.finditer(lower(text)))
    if foreign:
        yield Undecided(id, "not-english")


def _finding(part: str, text: str, m: re.Match[str]) -> Finding:
    code = m.lastgroup or ""
    found = " ".join(text[slice(*m.span())].split())[:80]
    return Finding(id, code, severity, part, *m.span(), f"“{found}” {_SAID[code]}.", _REMEDY)


examples = (
    Example(
        code="condolence",
        bad="I'm so sorry to hear about your loss.",
        good="Sorry to hear that your parcel is late.",
    ),
    Example(
        code="empathy",
        bad="I know exactly how you feel!",
        good="I know how you can return it.",
    ),
    Example(
        code="affection",
        bad="We truly care about you, and we miss you.",
        good="We take care of your order; don't miss your train.",
    ),
    Example(
        code="distress",
        bad="I was so worried about you.",
        good="There is nothing to be worried about.",
    ),
)
