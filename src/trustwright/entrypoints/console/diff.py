"""What did the edit change? Sentences are aligned first, then words within a pair of sentences.

A plain word diff of prose is confetti: it finds "the" everywhere. Two rules make it readable: a
sentence is compared only with the one it became, and an equal run too short to read between two
changes is swallowed by them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from trustwright.entrypoints.console.marks import Stretch, stretches

Kind = Literal["same", "gone", "new"]
Change = tuple[Kind, str]

SENTENCE = re.compile(r"\s+|\S.*?(?:[.!?…]+(?=\s)|(?=\n)|\Z)[^\S\n]*", re.DOTALL)
WORD = re.compile(r"\w+|\s+|[^\w\s]")
ALIKE = 0.4  # share of common words from which a sentence counts as the same one, edited
READABLE = 3  # words an equal run needs to stand between two changes


@dataclass(frozen=True)
class Piece:
    kind: Kind
    stretches: tuple[Stretch, ...]


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Without what is new it reads `before`, without what is gone `after`."""
    return tuple(Piece(kind, stretches(text)) for kind, text in changes(before, after))


def changes(before: str, after: str) -> list[Change]:
    found: list[Change] = []
    old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [("same", "".join(old[a:b]))]
        else:
            for one, other in _pairs(old[a:b], new[c:d]):
                found += _words(one, other)
    return list(_gathered(found))


def _pairs(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """Each sentence beside the one it became; beside nothing where there is none. Order is kept."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            paired = best[i + 1][j + 1] + _alike(old[i], new[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return list(_walk(old, new, best))


def _walk(old: list[str], new: list[str], best: list[list[float]]) -> Iterator[tuple[str, str]]:
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            yield old[i], ""
            i += 1
        elif best[i][j] == best[i][j + 1]:
            yield "", new[j]
            j += 1
        else:
            yield old[i], new[j]
            i, j = i + 1, j + 1
    yield from ((one, "") for one in old[i:])
    yield from (("", other) for other in new[j:])


def _alike(one: str, other: str) -> float:
    """Dice over words; 0 below `ALIKE`, so that unlike sentences are never paired."""
    a, b = Counter(re.findall(r"\w+", one.lower())), Counter(re.findall(r"\w+", other.lower()))
    share = 2 * (a & b).total() / max(1, a.total() + b.total())
    return share if share >= ALIKE else 0.0


def _words(one: str, other: str) -> Iterator[Change]:
    a, b = WORD.findall(one), WORD.findall(other)
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_opcodes()
    for n, (tag, i, j, k, m) in enumerate(blocks):
        between = 0 < n < len(blocks) - 1
        if tag == "equal" and not (between and _is_short(a[i:j])):
            yield "same", "".join(a[i:j])
        else:
            yield "gone", "".join(a[i:j])
            yield "new", "".join(b[k:m])


def _is_short(words: list[str]) -> bool:
    return sum(word.isalnum() for word in words) < READABLE


def _gathered(found: Iterable[Change]) -> Iterator[Change]:
    """Neighbouring changes as one: all that is gone, then all that is new."""
    for is_same, group in groupby((c for c in found if c[1]), key=lambda c: c[0] == "same"):
        parts = list(group)
        kinds: tuple[Kind, ...] = ("same",) if is_same else ("gone", "new")
        for kind in kinds:
            if text := "".join(words for which, words in parts if which == kind):
                yield kind, text
