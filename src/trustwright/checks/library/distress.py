"""Finds distress, hardship, complaint or the wish for a person in what the customer wrote.

It looks at the customer's own words (`written`), not at the answer: danger to life ("I want to end
it all"), hardship (a death, an illness, a lost job, no money for food or rent), complaint ("this is
unacceptable", "I will sue", "third time I write"), and "let me talk to a human".

**Why.** The more it matters to somebody, the less a machine's answer is one. The words that matter
most are the ones a person has to read, at once, whatever the answer says.

**Misses.** Distress without such words, irony, and everything when the sending system doesn't hand
over what was written: then there is nothing to look at, and nothing is said. A word of death in
another sense ("my battery died") is left out where it is plain. English only: other languages are
undecided (`not-english`).

**Remedy.** Hand it to a person; in danger to life, to one who is trained, now.

**Measured** without labels, as how often it fires on text in which there should be next to nothing to find:
0 of 1,828 sentences of mail between colleagues, half of the sentences, not looked at before. What it misses isn't
known: there is no labelled data, and letters of people in distress are nobody's to publish.

**Source.** FCA FG21/1 on vulnerable customers; ISO 10002:2018 on complaints; Regulation (EU)
2024/1689, article 50.
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, plainly_not_english
from trustwright.checks.model import WRITTEN, Example, Finding, Severity, Subject, Undecided

id = "distress"
version = "1"
title = "A customer who needs a person"
severity = Severity.WARN

_KIN = r"(?:mother|father|mum|mom|dad|wife|husband|partner|son|daughter|baby|child|brother|sister|grand\w+|best\sfriend|friend|parents?|fianc[eé]e?)"
_PERSON = r"(?:person|human(?:\sbeing)?|agent|representative|rep|advis[oe]r|manager|supervisor|operator|someone|somebody|member\sof\sstaff|real\sperson|live\s(?:agent|person|chat))"
_PATTERNS = {
    "crisis": r"(?:kill|hurt|harm|cut)(?:ing)?\smyself\b|(?:end|take|ending|taking)\smy\s(?:own\s)?life\b|end\sit\sall\b|suicid(?:e|al)\b|(?:want|wish|going)\s(?:i\swas\s|to\s(?:be\s)?)(?:dead|die)\b"
    r"|don'?t\swant\sto\s(?:live|be\shere)\s?(?:any\s?more|anymore)?\b|no\s(?:reason|point)\s(?:to|in)\sliv(?:e|ing)\b|self[\s-]harm\w*|better\soff\swithout\sme\b|afraid\sfor\smy\slife\b"
    r"|(?:he|she|they|partner|husband|wife|ex)\s(?:hits|beats|threatens|abuses|is\s(?:abusive|violent))\b|domestic\s(?:abuse|violence)\b|overdos(?:e|ed)\b",
    "hardship": rf"(?:my|our)\s(?:late\s)?{_KIN}\s(?:\w+\s){{0,3}}?(?:died|passed\saway|has\sdied|is\sdying|is\sin\s(?:the\s)?hospital|has\scancer)\b|my\slate\s{_KIN}\b|(?:death|funeral|loss)\sof\smy\s{_KIN}"
    r"|(?:i|we)(?:'m|'re|\sam|\sare|'ve|\shave)?\s(?:just\s)?(?:lost|losing)\s(?:my|our)\s(?:job|home|house|income|baby)\b|made\sredundant\b|(?:i'm|i\sam|been)\s(?:unemployed|homeless|bankrupt|bereaved|disabled|terminally\sill|in\shospital|suicidal)\b"
    r"|(?:can'?t|cannot|can\snot|unable\sto|couldn'?t|not\sable\sto)\s(?:even\s)?(?:afford|pay)\s(?:\w+\s){0,3}?(?:bills?|rent|food|mortgage|loan|medicine|medication|heating|to\seat|to\slive)\b|(?:feed|feeding)\smy\s(?:kids|children|family)\b"
    r"|(?:have|has|got|diagnosed\swith)\s(?:terminal\s)?(?:cancer|dementia|depression)\b|(?:i'm|i\sam|feel(?:ing)?|so|really|very)\s(?:depressed|desperate|devastated|hopeless|suicidal|scared|terrified|panicking|stranded)\b"
    r"|(?:panic|anxiety)\sattacks?\b|(?:in|having)\stears\b|can'?t\s(?:cope|take\s(?:it|this)\sany\s?more|go\son)\b|at\smy\swit'?s\send\b|stranded\b|bailiffs?\b|evict(?:ed|ion)\b",
    "complaint": r"(?:formal|official|make\sa|file\sa|filing\sa|lodge\sa|raise\sa|my)\scomplaint\b|complain(?:ing|ed)?\b|(?:absolutely\s|totally\s|completely\s|utterly\s)?(?:unacceptable|disgusting|disgraceful|appalling|outrageous|ridiculous|pathetic)\b|disgusted\b|furious\b"
    r"|(?:worst|terrible|horrible|awful|dreadful)\s(?:customer\s)?(?:service|company|experience|support|bank|shop)\b|(?:fed|sick\sand\stired)\s?(?:up|of)\b|scam(?:med|mers?)?\b|rip(?:ped)?[\s-]off\b|(?:second|third|fourth|fifth|\d(?:nd|rd|th))\stime\s(?:\w+\s){0,4}?(?:writ|call|contact|ask|e-?mail|complain|report|this)\w*"
    r"|(?:small\sclaims|ombudsman|trading\sstandards|consumer\sprotection|data\sprotection\sauthority|regulator)\b|(?:my|our)\s(?:lawyer|solicitor|attorney)\b|legal\saction\b|(?:sue|suing)\s(?:you|the)\b|take\syou\sto\scourt\b|see\syou\sin\scourt\b|misled\b|lied\sto\b|(?:still|yet)\s(?:no|not\shad\sa)\s(?:reply|answer|response)\b|never\s(?:again|use|buy|order|shop)\s(?:\w+\s)?(?:from|with|you|here|again)\b",
    "asks-for-a-person": rf"(?:speak|talk|chat|connect\sme|transfer\sme|put\s(?:me\s)?through|get\s(?:me\s)?(?:hold\sof)?)\s?(?:me\s)?(?:to|with|of)?\s(?:an?\s|the\s|your\s)?(?:actual\s|real\s|live\s|human\s)*{_PERSON}\b|(?:not\sa|no(?:\smore)?)\s(?:bots?|robots?|machines?|chatbots?)\b|(?:real|actual|live)\s(?:person|human|agent)\b|are\syou\s(?:a\s)?(?:bot|robot|human|real)\b|call\sme\sback\b|no\sai\b",
}
_NEED = re.compile(
    r"(?<![\w'])(?:"
    + "|".join(f"(?P<{c.replace('-', '_')}>{p})" for c, p in _PATTERNS.items())
    + ")"
)
_SAID = {
    "crisis": ("may be a danger to life", "Hand it to somebody trained for it, now."),
    "hardship": ("tells of hardship", "Hand it to a person."),
    "complaint": ("is a complaint", "Hand it to whoever answers complaints."),
    "asks-for-a-person": ("asks for a person", "Hand it to a person."),
}


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    text = subject.written
    if not text:
        return
    if plainly_not_english(text):
        yield Undecided(id, "not-english")
        return
    for m in _NEED.finditer(lower(text)):
        code = (m.lastgroup or "").replace("_", "-")
        what, remedy = _SAID[code]
        found = " ".join(text[slice(*m.span())].split())[:80]
        message = f"What the customer wrote {what}: “{found}”."
        yield Finding(id, code, severity, WRITTEN, *m.span(), message, remedy)


examples = (
    Example(
        code="crisis",
        bad="I owe so much that I want to end it all.",
        good="I want to end my contract.",
        written=True,
    ),
    Example(
        code="hardship",
        bad="My husband died in May and I can't pay the rent.",
        good="My battery died and I can't pay with the card.",
        written=True,
    ),
    Example(
        code="complaint",
        bad="This is the third time I write, it is unacceptable.",
        good="For the second time I am a happy customer.",
        written=True,
    ),
    Example(
        code="asks-for-a-person",
        bad="Can I talk to a real person please?",
        good="Can I change the person on the card?",
        written=True,
    ),
)
