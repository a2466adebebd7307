"""Finds claims about the environment that nobody can show: green words, neutrality, less harm.

What is found: generic words ("eco-friendly", "sustainable packaging", "green energy"), neutrality and
compensation ("climate neutral", "net zero", "we offset"), qualities that can be tested ("100 %
recycled", "biodegradable", "plastic free"), and less harm ("reduces emissions", "a smaller footprint").

**Why.** From 27 September 2026 a generic environmental claim without recognised excellent
performance is an unfair practice in the EU in any case, and so is a product called neutral because
of offsetting. A model writes such words because they sound good.

**Proved by** evidence in the registry that is current and says so, or a cited source that does.
Evidence that has run out is named. Whether the proof is good enough is for people and lawyers.

**Misses.** What is implied by leaves, seals and colors, claims in other words ("kind to tomorrow"),
and comparisons without a word of the environment. "Green" alone is a color, "sustainable growth" is
business. English only: other languages are undecided (`not-english`).

**Remedy.** Say the measured fact and register its evidence with owner and last good day, or say less.

**Measured** on sentences of company reports labelled as environmental claims or not by experts
(environmental_claims; Stammbach et al., ACL 2023). The rules were written looking at every second row;
these are the others. The label counts deeds as well ("we planted trees"); the check looks for words of
advertising, so much of what it misses isn't its own.

| sentences | precision | recall | base rate |
|---|---|---|---|
| training file, held out | 0.82 (123 of 150; 0.75 to 0.87) | 0.46 (123 of 268; 0.40 to 0.52) | 0.25 (268 of 1058; 0.23 to 0.28) |
| development file, never looked at | 0.73 (19 of 26; 0.54 to 0.86) | 0.58 (19 of 33; 0.41 to 0.73) | 0.25 (33 of 132; 0.18 to 0.33) |

**Source.** Directive 2005/29/EC, articles 2 and 6 and annex I no. 2a, 4a to 4c, as amended by (EU)
2024/825; its recitals 9 and 12 list the words.
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, plainly_not_english, said
from trustwright.checks.model import Evidence, Example, Finding, Severity, Subject, Undecided
from trustwright.checks.proof import Said, ran_out, unproven

id = "environmental-claim"
version = "1"
title = "An environmental claim without proof"
severity = Severity.WARN
_REMEDY = "Say the measured fact and register its evidence, or say less."

_WORDS = frozenset(
    str.split(
        "eco ecological ecologically ecofriendly environment environmental environmentally environments planet earth nature "
        "natural green greener greenest sustainable sustainably sustainability climate carbon co emission emissions greenhouse "
        "ghg footprint footprints zero recycled recyclable biodegradable compostable renewable renewables plastic biobased "
        "offset offsets offsetting neutral neutrality decarbonise decarbonize decarbonisation decarbonization "
        "decarbonising decarbonizing circular pollution deforestation biodiversity upcycled organic wind solar energy water waste"
    )
)
_GREEN = (
    r"(?:energy|electricity|power|hydrogen|gas|choices?|products?|packaging|delivery|deliveries|shipping|transport|mobility|"
    r"future|living|lifestyle|alternatives?|options?|solutions?|technolog(?:y|ies)|buildings?|logistics|fashion|cleaning|"
    r"finance|bonds?|investments?|economy|travel|credentials|way|cars?|fleets?|fuels?|steel|materials?|design|innovations?)"
)
_HARM = (
    r"(?:(?:carbon|co2|environmental|ecological|climate|ghg|greenhouse\sgas|water|energy|waste|plastic|air|fuel|fossil)[\s-])"
    r"{1,2}(?:footprints?|emissions?|impacts?|intensity|consumption|usage|use|waste|pollution|output)\b"
    r"|emissions?\b|pollution\b|deforestation\b|(?:food|production)\swaste\b|fossil\sfuels?\b|single-use\b|greenhouse\sgas(?:es)?\b"
)
_LESS = (
    r"(?:reduc(?:e|es|ed|ing|tions?)|cut(?:s|ting)?|lower(?:s|ed|ing)?|limit(?:s|ed|ing)?|minimi[sz](?:e|es|ed|ing)|decreas(?:e|es|ed|ing)|sav(?:e|es|ed|ing)|avoid(?:s|ed|ing)?"
    r"|eliminat(?:e|es|ed|ing)|halv(?:e|es|ed|ing)|less|fewer|smaller|prevent(?:s|ed|ing)?)"
)
_PATTERNS = {
    "generic": r"eco[\s-]?(?:friendly|conscious|responsible|efficient)\b|environment(?:ally)?[\s-](?:friendly|conscious|responsible|sound|safe|correct|benign)\b"
    r"|(?:climate|planet|earth|nature|carbon)[\s-](?:friendly|positive|conscious)\b|ecological(?:ly)?\s(?:friendly|produced|made|responsible|products?|packaging)\b"
    rf"|green(?:er|est)?\s{_GREEN}\b|go(?:es|ing)?\sgreen(?:er)?\b|(?:good|better|kind(?:er)?|gentle|gentler|safe(?:r)?)\s(?:for|to|on)\s(?:the\s|our\s)?(?:planet|earth|environment|nature|climate)\b"
    r"|(?:protect(?:s|ed|ing)?|sav(?:e|es|ing)|preserv(?:e|es|ing))\s(?:the|our)\s(?:planet|earth|environment|climate|natural\senvironment)\b"
    r"|(?:more\s|fully\s|truly\s)?sustainabl(?:e|y)\s(?:\w+\s)?(?:packag\w+|products?|materials?|sourc\w+|made|produc\w+|fashion|choices?|alternatives?|mobility|energy|farm\w+|agriculture|"
    r"forest\w*|cotton|brands?|collections?|clothing|solutions?|buildings?|transport\w*|travel|future|tomorrow|manufactur\w+|suppl(?:y|iers?)|palm|aviation|fuels?|design)\b|environmental\s(?:sustainability|stewardship)\b",
    "neutral": r"(?:climate|carbon|co2|ghg|emissions?|energy|water|plastic)[\s-](?:neutral(?:ity|ly)?|negative)\b|zero[\s-](?:carbon|emissions?|waste|impact)\b|net[\s-]zero\b"
    r"|(?:carbon|co2|emissions?|climate)[\s-](?:offset(?:s|ting)?|compensat\w+)\b|offset(?:s|ting)?\s(?:\w+\s){0,3}?(?:carbon|co2|emissions?|footprint)\b|decarboni[sz](?:e|es|ed|ing|ation)\b",
    "quality": r"(?:emissions?|carbon|co2|plastic|deforestation|fossil(?:[\s-]fuel)?)[\s-]free\b|low(?:er)?[\s-](?:carbon|emissions?|impact)\b(?!\s(?:economy|society|world|transition|future))|(?:100\s?%|fully|completely|entirely|made\s(?:from|of|with)|from)\s(?:\w+[\s-]){0,2}?(?:recycled|recyclable|biodegradable|compostable|renewable|upcycled)\b"
    r"|(?:biodegradable|compostable|recyclable|bio-?based)\b|recycled\s(?:plastics?|materials?|paper|fib(?:er|re)s?|content|polyester|cotton|packaging|alumini?um|glass)\b"
    r"|(?:100\s?%|using|uses?|with|by|on|from)\s(?:\w+\s)?(?:renewable|clean|solar|wind)\s(?:energy|electricity|power|sources)\b|circular\s(?:economy|design|products?|packaging)\b|energy[\s-](?:efficient|efficiency|saving)\b",
    "less-harm": rf"{_LESS}\s(?:\w+[\s-]){{0,4}}?(?:{_HARM})|(?:{_HARM})\s(?:\w+\s){{0,2}}?(?:reductions?|savings?)\b",
}
_CLAIM = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<{c.replace('-', '_')}>{p})" for c, p in _PATTERNS.items())
    + ")"
)


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
        elif not _WORDS.isdisjoint(said(text)):
            statement = Said(text)
            for m in _CLAIM.finditer(lower(text)):
                yield from _judged(part, m, statement, subject)
    if foreign:
        yield Undecided(id, "not-english")


def _judged(part: str, m: re.Match[str], said: Said, subject: Subject) -> Iterator[Finding]:
    expired = unproven(said, m.span(), subject)
    if expired:
        yield ran_out(id, part, said, m.span(), expired)
    elif expired is not None:
        code = (m.lastgroup or "").replace("_", "-")
        message = f"“{said.shown(m.span())}” is an environmental claim without registered evidence."
        yield Finding(id, code, severity, part, *m.span(), message, _REMEDY)


examples = (
    Example(
        code="generic",
        bad="Our eco-friendly boxes are on the way.",
        good="Our boxes are on the way, in green paper.",
    ),
    Example(
        code="neutral",
        bad="We deliver climate neutral.",
        good="We deliver to all climate zones.",
    ),
    Example(
        code="quality",
        bad="The box is made of 100 % recycled paper.",
        good="The box is made of 80 % recycled paper.",
        evidence=(Evidence("Boxes are made of 80 % recycled paper", "Certificate 17", "Bo"),),
    ),
    Example(
        code="less-harm",
        bad="The new route reduces our CO2 emissions.",
        good="The new route reduces our delays.",
    ),
)
