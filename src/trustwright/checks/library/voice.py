"""Finds phrases the charter says we don't use, those it has another word for, and those that lack.

The rules are the charter's (`voice.yaml`), in the form of Vale's `existence`, `substitution` and
`occurrence`; without rules nothing is looked for. The code of a finding is the rule's id; its level says
how grave it is: suggestion is a note, warning a warn, error a block.

**Why.** A company is known by how it speaks. Rules in a style guide are read once; these are read for
every message.

**Misses.** What no rule names, tone, and phrases broken by markup. Tokens match whole words unless
`nonword: true`, and case counts unless `ignorecase: true`, as in Vale. A minimum is counted over the whole
message, a maximum over each part or sentence. Any language.

**Remedy.** Use the words the rule names, or ask who owns the charter to change the rule.

**Source.** The charter; https://vale.sh/docs/topics/styles for the form.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from trustwright.charter.voice import VoiceRule, bounded
from trustwright.checks.english import sentences
from trustwright.checks.model import Example, Finding, Severity, Span, Subject

id = "voice"
version = "1"
title = "Not how we speak"
severity = Severity.WARN

LEVELS = {"suggestion": Severity.NOTE, "warning": Severity.WARN, "error": Severity.BLOCK}
_REMEDY = "Say it otherwise, or have the rule changed."


def look(subject: Subject) -> Iterator[Finding]:
    for rule in subject.voice:
        if rule.extends == "occurrence":
            yield from _occurrence(rule, subject)
        else:
            for part, text in subject.parts:
                for m in _pattern(rule).finditer(text):
                    yield from _found(rule, part, m)


@lru_cache(maxsize=1024)
def _pattern(rule: VoiceRule) -> re.Pattern[str]:
    """All patterns of a rule; the number of the group is the place in the rule."""
    listed = [rule.token] if rule.token else [*rule.tokens, *(said for said, _ in rule.swap)]
    either = "|".join(f"({bounded(pattern)})" for pattern in listed if pattern)
    edged = either if rule.nonword or rule.token else rf"(?<!\w)(?:{either})(?!\w)"
    return re.compile(edged, re.IGNORECASE if rule.ignorecase else 0)


def _found(rule: VoiceRule, part: str, m: re.Match[str]) -> Iterator[Finding]:
    said = m.group()
    if not said or said in rule.exceptions:
        return
    if rule.extends == "existence":
        yield _finding(rule, part, m.span(), (said,), "We don't say “%s”.", _REMEDY)
        return
    instead = rule.swap[(m.lastindex or 1) - 1][1]
    if said != instead:
        words = (instead, said)
        yield _finding(rule, part, m.span(), words, "We say “%s”, not “%s”.", f"Write “{instead}”.")


def _occurrence(rule: VoiceRule, subject: Subject) -> Iterator[Finding]:
    pattern, most = _pattern(rule), rule.max
    if rule.min and subject.parts:
        texts = (text for _, text in subject.parts)
        if sum(1 for text in texts for _ in pattern.finditer(text)) < rule.min:
            part, text = max(subject.parts, key=lambda named: len(named[1]))
            remedy = "Say it, or have the rule changed."
            yield _finding(rule, part, (0, len(text)), (), "What has to be said isn't.", remedy)
    for part, text in subject.parts if most is not None else ():
        spans = sentences(text) if rule.scope == "sentence" else [(0, len(text))]
        for start, end in spans:
            more = islice(pattern.finditer(text, start, end), most, None)
            if m := next(more, None):
                yield _finding(rule, part, m.span(), (), "It is there too often.", _REMEDY)


def _finding(
    rule: VoiceRule, part: str, span: Span, words: tuple[str, ...], otherwise: str, remedy: str
) -> Finding:
    message = rule.message or otherwise
    for word in words:
        message = message.replace("%s", word[:80], 1)
    return Finding(id, rule.id, LEVELS[rule.level], part, *span, message, remedy)


examples = (
    Example(
        code="no-hype",
        bad="Our revolutionary card reader is here.",
        good="Our new card reader is here.",
        voice=(
            VoiceRule(
                id="no-hype", extends="existence", tokens=("revolutionary", r"game-chang\w+")
            ),
        ),
    ),
    Example(
        code="our-words",
        bad="We utilize e-mail for this.",
        good="We use email for this.",
        voice=(
            VoiceRule(
                id="our-words",
                extends="substitution",
                ignorecase=True,
                swap=(("utilize", "use"), ("e-mail", "email")),
            ),
        ),
    ),
    Example(
        code="one-shout",
        bad="Sale! Now! Everything must go.",
        good="Sale! Everything must go.",
        voice=(
            VoiceRule.model_validate(
                {"id": "one-shout", "extends": "occurrence", "token": "!", "max": 1}
            ),
        ),
    ),
    Example(
        code="risk-warning",
        bad="Invest today.",
        good="Invest today. Your capital is at risk.",
        voice=(
            VoiceRule.model_validate(
                {
                    "id": "risk-warning",
                    "extends": "occurrence",
                    "token": "[Yy]our capital is at risk",
                    "min": 1,
                    "level": "error",
                }
            ),
        ),
    ),
)
