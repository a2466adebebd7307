"""Finds characters that hide, reorder or imitate: what is read isn't what is there.

What is found: bidirectional controls, tag characters, zero-width and other invisible characters,
control characters, variation selectors that carry data, words that mix look-alike letters of
several scripts, and letters in mathematical styles.

**Why.** They smuggle instructions and addresses past people and filters ("Trojan Source", "ASCII
smuggling"), break searching, and can't be read aloud.

**Fine are** joiners where writing needs them (emoji sequences, Persian, Arabic and Indic words),
emoji and ideographic variation selectors, flags of regions, and left-to-right marks in text that has
right-to-left letters.

**Misses.** Look-alikes within one script (`rn` for `m`), ordinary words of another script, and
pictures of text. Any language.

**Remedy.** Remove the character, or type the word again in one script.

**Source.** Unicode UTS #39 and UTS #51; CVE-2021-42574.
"""

import re
import unicodedata
from collections.abc import Iterator

from trustwright.charter.spelling import LOOKALIKES
from trustwright.checks.model import Example, Finding, Severity, Span, Subject

id = "hidden-characters"
version = "1"
title = "Hidden or deceptive characters"
severity = Severity.BLOCK

_SUSPECT = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{2,6}\U000e007f)"
    "|(?P<bidi>[\u202a-\u202e\u2066-\u2069]+)"
    "|(?P<tags>[\U000e0000-\U000e007f]+)"
    "|(?P<mark>[\u200e\u200f\u061c]+)"
    "|(?P<joiner>[\u200c\u200d]+)"
    "|(?P<selector>[\ufe00-\ufe0f\u180b-\u180d\U000e0100-\U000e01ef]+)"
    "|(?P<invisible>[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]+)"
    "|(?P<control>[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\ud800-\udfff]+)"
    "|(?P<styled>[\U0001d400-\U0001d7ff]+)"
)
# None of them: nearly every message, and it costs little to know.
_ANY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001d400-\U0001d7ff\U0001f3f4\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
# Scripts in which a joiner is spelling: Arabic, Syriac, Thaana ..., Devanagari to Malayalam and Sinhala,
# Khmer, Mongolian.
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u1780-\u17ff\u1800-\u18af]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]")
_PICTURE = re.compile("[#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff]")
_AFTER_PICTURE = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\u20e3]")
_LOOKALIKE = "".join(LOOKALIKES)
_WORD = re.compile(f"[a-zA-Z\u00c0-\u024f{_LOOKALIKE}]+")
_LIKE_LATIN = re.compile(f"[{_LOOKALIKE}]")
_ELSEWHERE = re.compile(f"(?![{_LOOKALIKE}])[\u0370-\u058f]")

_WHAT = {
    "bidi": (Severity.BLOCK, "A bidirectional control makes the text read in another order than it stands."),
    "tags": (Severity.BLOCK, "Invisible tag characters can carry hidden text."),
    "selector-run": (Severity.BLOCK, "Several variation selectors in a row can carry hidden data."),
    "mark": (Severity.NOTE, "A direction mark stands in text without right-to-left letters."),
    "joiner": (Severity.WARN, "A joiner stands where no writing needs it."),
    "selector": (Severity.WARN, "A variation selector stands where it changes nothing."),
    "invisible": (Severity.WARN, "An invisible character stands in the text."),
    "control": (Severity.WARN, "A control character stands in the text."),
    "styled": (Severity.NOTE, "Mathematical letters are used as a font; screen readers can't read them."),
    "mixed-script": (Severity.BLOCK, "Letters of several scripts that look alike are mixed in one word."),
}  # fmt: skip


def look(subject: Subject) -> Iterator[Finding]:
    for part, text in subject.parts:
        for m in _SUSPECT.finditer(text) if _ANY.search(text) else ():
            code = _judged(m, text)
            if code:
                yield _finding(code, part, m.span(), text)
        if _LIKE_LATIN.search(text):
            for m in _WORD.finditer(text):
                if _LIKE_LATIN.search(m.group()) and _deceives(m, text):
                    yield _finding("mixed-script", part, m.span(), text)


def _judged(m: re.Match[str], text: str) -> str | None:
    """The code of what is wrong here; None where writing needs it."""
    kind = m.lastgroup or ""
    before, after = text[m.start() - 1 : m.start()], text[m.end() : m.end() + 1]
    match kind:
        case "flag":
            return None
        case "mark":
            return (
                None
                if _RIGHT_TO_LEFT.search(text, max(0, m.start() - 200), m.end() + 200)
                else kind
            )
        case "joiner":
            return None if len(m.group()) == 1 and _joins(m.group(), before, after) else kind
        case "selector":
            return _selector(m.group(), before)
        case "invisible" if m.group() == "\ufeff" and m.start() == 0:
            return None  # a byte order mark
        case _:
            return kind


def _joins(joiner: str, before: str, after: str) -> bool:
    if _JOINING.match(before):
        return True
    picture = _PICTURE.match(before) or _AFTER_PICTURE.match(before)
    return joiner == "\u200d" and bool(picture) and bool(_PICTURE.match(after))


def _selector(run: str, before: str) -> str | None:
    if len(run) > 1:
        return "selector-run"
    base = {"\ufe0e": _PICTURE, "\ufe0f": _PICTURE}.get(run, _HAN)
    mongolian = "\u180b" <= run <= "\u180d" and "\u1820" <= before <= "\u18aa"
    return None if base.match(before) or mongolian else "selector"


def _deceives(m: re.Match[str], text: str) -> bool:
    """Latin and look-alikes in one word, or a word of look-alikes alone in Latin surroundings."""
    word = m.group()
    edges = text[m.start() - 1 : m.start()] + text[m.end() : m.end() + 1]
    if any(c.isalpha() for c in edges):
        return False  # part of a real word of that script
    if any(c < "ɐ" for c in word):
        return True
    near = text[max(0, m.start() - 60) : m.start()] + text[m.end() : m.end() + 60]
    return len(word) > 2 and not _ELSEWHERE.search(near) and bool(re.search("[a-zA-Z]{3}", near))


def _finding(code: str, part: str, span: Span, text: str) -> Finding:
    level, what = _WHAT[code]
    names = ", ".join(
        f"U+{ord(c):04X} {unicodedata.name(c, '')}".strip() for c in text[span[0] : span[1]][:3]
    )
    remedy = "Type the word again in one script." if code == "mixed-script" else "Remove it."
    return Finding(id, code, level, part, *span, f"{what} ({names})", remedy)


examples = (
    Example(code="bidi", bad="Pay to \u202eabc\u202c now.", good="Pay to abc now."),
    Example(
        code="tags",
        bad="Hello\U000e0068\U000e0069",
        good="Wales \U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
    ),
    Example(code="invisible", bad="Free\u200b offer", good="Free offer"),
    Example(
        code="joiner", bad="pass\u200dword", good="\U0001f469\u200d\U0001f52c and می\u200cخواهم"
    ),
    Example(code="mixed-script", bad="Sign in at p\u0430ypal.", good="Sign in at paypal. Привет!"),
)
