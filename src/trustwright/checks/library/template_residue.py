"""Finds what a template or an assistant left behind: the message isn't finished.

What is found: merge fields nobody filled (`{{name}}`, `%FIRST_NAME%`, `*|FNAME|*`, `${name}`, `[Your Name]`,
`[Insert ...]`), a field filled with nothing ("Dear null,"), lorem ipsum, notes to oneself ("TODO:",
"TBD"), and an assistant talking to whoever asked it ("As an AI language model", "Here is a
revised version").

**Why.** Nothing says faster that nobody read it, and it says so to everybody at once.

**Fine is** what stands in backticks: an explanation of a template isn't one. So is "I'm an AI
assistant": that has to be said.

**Misses.** Fields filled with the wrong value (that is a matter of the record), other template
languages, and blanks that only a reader notices ("Hi ,"). Placeholders in any language, the
phrases in English only.

**Remedy.** Fill the field, or take it out; leave only what is for the reader.

**Measured** without labels, as how often it fires on text in which there should be next to nothing to find:
0 of 1,828 sentences of mail, 1 of 2,336 ads, 0 of 16,000 headlines, 0 of 62 newsletters, half of them each, not
looked at before. What it misses isn't known.

**Source.** Merge fields as documented by Handlebars, Mailchimp, Salesforce and Braze.
"""

import re
from collections.abc import Iterator

from trustwright.checks.english import lower, said
from trustwright.checks.model import Example, Finding, Severity, Subject

id = "template-residue"
version = "1"
title = "A message that isn't finished"
severity = Severity.BLOCK

_BLANK = (
    r"(?:insert|your|enter|add|recipient|customer|company|product|first|last|full)\b[\w \t'’./-]{0,60}"
    r"|name|date|link|url|placeholder|email|address|amount|number|title|city|x{2,10}"
)
# Merge fields need a bracket or a percent sign; a look for those is nearly free.
_MARKS = re.compile(r"[{\[<%$|]")
_FIELD = re.compile(
    r"\{\{\{?[^{}\n]{1,80}\}\}|\{%[^%\n]{1,80}%\}|<%[^%\n]{1,80}%>|\$\{[^{}\n]{1,80}\}|\*\|[\w:]{1,40}\|\*"
    r"|(?<![\w%])%%?[A-Za-z][A-Z_a-z]{2,40}%%?(?!\w)|\{[A-Za-z]{0,20}_?(?:name|company|date|link|email|code)\}"
    rf"|[\[<](?i:{_BLANK})[\]>](?!\()"
)
_CODE = re.compile(r"`[^`]{0,2000}`")
_WORDS = frozenset(
    str.split(
        "null undefined none n lorem todo fixme tbd ai model draft version regenerate cutoff knowledge training"
    )
)
_TALK = re.compile(
    r"(?<!\w)(?:(?P<empty>(?:dear|hi|hello|hey)\s(?:null|undefined|none|n/a)\b)"
    r"|(?P<filler>lorem\sipsum\b)|(?P<note>(?:todo|fixme)\s?[:(\]]|tbd\b)"
    r"|(?P<assistant>as\san?\sai(?:\s(?:language\smodel|text\smodel|model)\b|,)|as\sa\s(?:large\s)?language\smodel\b"
    r"|i(?:'m|\sam)\s(?:just\s|only\s)?an?\s(?:ai\s|large\s)?language\smodel\b"
    r"|my\s(?:training\sdata|knowledge\scut-?off|last\s(?:knowledge\s|training\s)?update)\b|regenerate\sresponse\b"
    r"|here(?:'s|\sis|\sare)\s(?:an?|the|your|some)\s(?:\w+\s){0,3}(?:draft|version|rewrite)\b(?=[^.\n]{0,60}:)))"
)
_SAID = {
    "field": (Severity.BLOCK, "is a merge field that nobody filled", "Fill it, or take it out."),
    "empty": (Severity.BLOCK, "was filled with nothing", "Write it without the name."),
    "filler": (Severity.BLOCK, "is filler text", "Write the text."),
    "note": (Severity.WARN, "is a note to oneself", "Do it, or take it out."),
    "assistant": (Severity.WARN, "is an assistant talking to whoever asked it", "Take it out."),
}


def look(subject: Subject) -> Iterator[Finding]:
    for part, text in subject.parts:
        if _MARKS.search(text):
            shown = _CODE.sub(lambda m: " " * len(m.group()), text)
            yield from (_finding("field", part, text, m) for m in _FIELD.finditer(shown))
        if not _WORDS.isdisjoint(said(text)):
            for m in _TALK.finditer(lower(text)):
                yield _finding(m.lastgroup or "", part, text, m)


def _finding(code: str, part: str, text: str, m: re.Match[str]) -> Finding:
    level, what, remedy = _SAID[code]
    found = " ".join(text[slice(*m.span())].split())[:80]
    return Finding(id, code, level, part, *m.span(), f"“{found}” {what}.", remedy)


examples = (
    Example(code="field", bad="Hi {{first_name}}, welcome!", good="Write `{{first_name}}` there."),
    Example(code="field", bad="Kind regards, [Your Name]", good="See [your name](/page) [1]."),
    Example(code="field", bad="Dear %FIRST_NAME%,", good="You save 20% of it, 5% more."),
    Example(code="empty", bad="Dear null, thank you.", good="Hi Nan! The result was null."),
    Example(code="filler", bad="Lorem ipsum dolor sit amet.", good="Dolores sat here."),
    Example(code="note", bad="We open at TBD.", good="Here is a to-do list."),
    Example(
        code="assistant",
        bad="As an AI language model, I have no opinion.",
        good="I'm an AI assistant of the shop; how can I help?",
    ),
)
