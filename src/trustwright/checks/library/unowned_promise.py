"""Finds promises to a customer that nobody has taken on.

What is found: "we will refund", "I'll call you back", "you will receive it within 24 hours", "your
order will be sent tomorrow", "we promise", "our team is going to fix this".

**Why.** A promise in a message binds the organization. If nobody owns it, nobody keeps it.

**Cleared by** a registered promise whose quotation covers the words found, with an owner and a
due date that isn't past.

**Misses.** Promises without a word of promising ("consider it done", "a technician comes on
Monday"), those in the passive without the customer ("the fault will be fixed"), and whether the
date in the text is the due date. English only: other languages are undecided (`not-english`).

**Remedy.** Name who keeps it and by when, or say what is already true instead.

**Measured** on every second sentence of mail labelled as a request, proposal or commitment, or none
(Parakweet, mostly Enron); no rule was written with it. Promises are the smallest part of that label, so the
recall is of something else; and what the check finds in advertising ("you will receive") is labelled
none, though it is a promise. No data with a label of promises to customers is known to us.

| sentences | precision | recall | base rate |
|---|---|---|---|
| request, proposal or commitment | 0.44 (52 of 119; 0.35 to 0.53) | 0.06 (52 of 859; 0.05 to 0.08) | 0.47 (859 of 1828; 0.45 to 0.49) |

**Source.** Commissive acts after Searle, Expression and Meaning (1979).
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, plainly_not_english, said
from trustwright.checks.model import Example, Finding, Promise, Severity, Span, Subject, Undecided

id = "unowned-promise"
version = "1"
title = "A promise that nobody owns"
severity = Severity.WARN

_WILL = r"(?:\s?'ll|\s(?:will|shall)|\s?(?:'m|'re|\s(?:am|are|is))\s(?:going\sto|about\sto))"
_ADVERB = r"(?:\s(?:also|then|certainly|definitely|gladly|personally|always|never|not|now|of course|of\scourse|happily|immediately|soon))?"
# What one says one will do without owing it to anybody.
_IDLE = (
    r"(?!\s(?:see|say|admit|assume|miss|wonder|hope|guess|bet|need|want|like|love|think|have\sto|"
    r"be\s(?:honest|happy|glad|pleased|delighted|closed|open|sure|frank)|not\sbe\sable|"
    r"be\s(?:unable|back\sonline))\b)"
)
_PROMISE = re.compile(
    r"(?<![\w'])(?:"
    rf"(?:i|we|(?:our|my|the)\s(?:\w+\s)?(?:team|colleagues?|agents?|manager|staff|department|support|technicians?|engineers?|drivers?)"
    rf"|(?:somebody|someone|one\sof\sus|a\scolleague|an?\s(?:agent|technician|engineer)))(?:{_WILL}{_ADVERB}{_IDLE}\s\w+"
    r"|\s(?:hereby\s)?(?:promise|pledge|undertake|commit|guarantee)\b)"
    r"|you(?:\s?'ll|\s(?:will|shall|can\sexpect\sto)|\sare\sgoing\sto)\s(?:\w+ly\s|also\s|soon\s)?"
    r"(?:receive|get|hear\s(?:back\s)?from|be\s(?:refunded|reimbursed|contacted|credited|compensated|informed|notified|paid|called))\b"
    r"|you\scan\sexpect\s(?:an?|the|your|our)\b"
    r"|your\s\w+(?:\s\w+)?(?:\s?'ll|\swill|\sis\sgoing\sto)\s(?:be\s(?:sent|delivered|shipped|dispatched|processed|refunded|issued|"
    r"credited|replaced|repaired|fixed|resolved|returned|paid|transferred|waived|upgraded|ready)|arrive|reach\syou)\b"
    r"|you\shave\s(?:my|our)\sword\b"
    r")"
)
_WORDS = frozenset(
    str.split("will shall ll going about promise pledge undertake commit guarantee expect word")
)
_CLAUSE_END = re.compile(r"[.!?;\n]")


def look(subject: Subject) -> Iterator[Finding | Undecided]:
    foreign = False
    for part, text in subject.parts:
        if plainly_not_english(text):
            foreign = True
            continue
        if _WORDS.isdisjoint(said(text)):
            continue
        taken_on = [(span, p) for p in subject.promises for span in _places(p.quote, text)]
        for m in _PROMISE.finditer(lower(text)):
            finding = _judged(part, text, m.span(), taken_on, subject)
            if finding:
                yield finding
    if foreign:
        yield Undecided(id, "not-english")


def _places(quote: str, text: str) -> Iterator[Span]:
    """Where the quotation stands; white space and case don't matter. One word quotes nothing."""
    spoken = quote.split()[:200]
    if len(spoken) > 1:
        pattern = r"\s+".join(map(re.escape, spoken))
        for m in re.finditer(pattern, text, re.IGNORECASE):
            yield m.span()


def _judged(
    part: str, text: str, core: Span, taken_on: list[tuple[Span, Promise]], subject: Subject
) -> Finding | None:
    end = _CLAUSE_END.search(text, core[1], core[1] + 200)
    span = (core[0], end.start() if end else min(len(text), core[1] + 200))
    said = " ".join(text[slice(*span)].split())[:100]
    owned = [p for (a, b), p in taken_on if a < core[1] and core[0] < b and p.owner.strip()]
    if any(p.due >= subject.today for p in owned):
        return None
    if owned:
        late = max(p.due for p in owned)
        message = f"“{said}” was due on {late} and is promised again."
        return Finding(
            id,
            "promise-overdue",
            severity,
            part,
            *span,
            message,
            "Agree a new due date with its owner.",
        )
    message = f"“{said}” is a promise without an owner and a due date."
    remedy = "Name who keeps it and by when, or say what is already true."
    return Finding(id, "no-owner", severity, part, *span, message, remedy)


examples = (
    Example(
        code="no-owner",
        bad="Sorry about that! We will refund the full amount.",
        good="Sorry about that! We refunded the full amount today.",
    ),
    Example(
        code="no-owner",
        bad="I'll call you back tomorrow.",
        good="I'll be honest, that was our mistake.",
    ),
    Example(
        code="no-owner",
        bad="You will receive an answer within 24 hours.",
        good="You asked for an answer.",
    ),
)
