"""What does this text really contain? Findings over their spans, hidden characters made visible.

The characters themselves are never changed: what is shown is what gets hashed. A mark is CSS,
round the raw character. Missed: a whole word in a foreign script that looks like a Latin one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

Severity = Literal["note", "backed", "warn", "block"]
RANK: Mapping[Severity, int] = {"note": 0, "backed": 1, "warn": 2, "block": 3}

NAMES = {
    "\u00a0": "NBSP", "\u00ad": "SHY", "\u034f": "CGJ", "\u061c": "ALM", "\u180e": "MVS",
    "\u200b": "ZWSP", "\u200c": "ZWNJ", "\u200d": "ZWJ", "\u200e": "LRM", "\u200f": "RLM",
    "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u202f": "NNBSP", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI",
    "\u2069": "PDI", "\ufeff": "BOM", "\x7f": "DEL", "\x1b": "ESC",
}  # fmt: skip
# Letters and symbols that print nothing: fillers of Hangul, the empty Braille pattern.
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Zs", "Zl", "Zp"})
JOINERS = frozenset("\u200c\u200d")
MIXABLE = frozenset({"LATIN", "CYRILLIC", "GREEK"})
STYLED = frozenset({"MATHEMATICAL", "FULLWIDTH"})


@dataclass(frozen=True)
class Span:
    """Where a finding is: half-open, in code points."""

    start: int
    end: int
    number: int
    severity: Severity


@dataclass(frozen=True)
class Run:
    """Characters shown one way; `sign` names a character that would not be seen for what it is."""

    text: str
    sign: str = ""


@dataclass(frozen=True)
class Stretch:
    """Runs under the same findings. `numbers`: worst first; `starts`, `ends`: which begin, end here."""

    runs: tuple[Run, ...]
    severity: Severity | None = None
    numbers: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def stretches(text: str, spans: Iterable[Span] = ()) -> tuple[Stretch, ...]:
    """The text cut where what covers it changes. Joined, its runs are `text` again."""
    inside = [s for s in spans if 0 <= s.start < s.end <= len(text)]
    cuts = sorted({0, len(text)} | {s.start for s in inside} | {s.end for s in inside})
    signs = _signs(text)
    return tuple(_stretch(text, signs, inside, start, end) for start, end in pairwise(cuts))


def runs(text: str) -> tuple[Run, ...]:
    """The whole text, its hidden characters signed."""
    return tuple(_runs(text, _signs(text), 0, len(text)))


def _stretch(text: str, signs: dict[int, str], spans: list[Span], start: int, end: int) -> Stretch:
    over = [s for s in spans if s.start <= start and end <= s.end]
    over.sort(key=lambda s: (-RANK[s.severity], s.number))
    return Stretch(
        runs=tuple(_runs(text, signs, start, end)),
        severity=over[0].severity if over else None,
        numbers=tuple(s.number for s in over if s.number),
        starts=tuple(s.number for s in over if s.number and s.start == start),
        ends=tuple(s.number for s in over if s.number and s.end == end),
    )


def _runs(text: str, signs: dict[int, str], start: int, end: int) -> Iterator[Run]:
    at = start
    for i in (i for i in sorted(signs) if start <= i < end):
        if at < i:
            yield Run(text[at:i])
        yield Run(text[i], signs[i])
        at = i + 1
    if at < end:
        yield Run(text[at:end])


def _signs(text: str) -> dict[int, str]:
    """Index -> name, of every character a reader would miss or mistake."""
    if text.isascii() and text.isprintable():
        return {}
    hidden = {i: sign for i in range(len(text)) if (sign := _hidden(text, i))}
    return hidden | dict(_foreign(text))


def _hidden(text: str, i: int) -> str:
    char = text[i]
    if char in "\n\t " or (char.isascii() and char.isprintable()) or _ordinary(text, i):
        return ""
    unseen = unicodedata.category(char) in UNSEEN or char in BLANK or _is_selector(char)
    return NAMES.get(char, f"U+{ord(char):04X}") if unseen or char in NAMES else ""


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _ordinary(text: str, i: int) -> bool:
    """A joiner or selector where writing needs one: inside an emoji, in Arabic or Indic words."""
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    if text[i] in "\ufe0e\ufe0f":
        return _is_symbol(before) or before in set("0123456789#*")
    if text[i] not in JOINERS or not (before and after):
        return False
    letters = all(c.isalpha() or unicodedata.category(c) in {"Mn", "Mc"} for c in before + after)
    emoji = (_is_symbol(before) or before == "\ufe0f") and _is_symbol(after)
    return emoji or (letters and not {_script(before), _script(after)} & MIXABLE)


def _is_symbol(char: str) -> bool:
    return bool(char) and unicodedata.category(char) in {"So", "Sk"}


def _foreign(text: str) -> Iterator[tuple[int, str]]:
    """Letters of another script than the rest of their word; letters that only style others."""
    for word in re.finditer(r"\w+", text):
        if word[0].isascii():
            continue
        scripts = [(i, _script(char)) for i, char in enumerate(word[0], word.start())]
        count = Counter(script for _, script in scripts if script in MIXABLE)
        home = max(count, key=lambda script: (count[script], script == "LATIN"), default="")
        for i, script in scripts:
            if script in STYLED or (script in MIXABLE and script != home):
                yield i, script.capitalize()


def _script(char: str) -> str:
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""
