"""Finds rows that look like the same person under another key.

Names, addresses and whatever columns are given are compared as text without case, accents and order of
words. Only rows that share a block are compared: a value, or the first letters of two words.

**Why.** One person twice is two letters, and a consent withdrawn under one key holds for both.

**Misses.** Much: who shares no block is never compared, and nothing here implies that all were found.
People who share a name and a birthday are found too. With more rows than `limit` it isn't run.

**Measured.** FEBRL 3 (5,000 synthetic records of 2,000 people, ten columns): precision 1.00 (2,965 of
2,965 rows; 1.00 to 1.00), recall 0.71 (2,965 of 4,165; 0.70 to 0.73). Chicago's list of early
childhood sites (3,337 real rows; name, address, zip, phone): precision 0.99 (2,146 of 2,158; 0.99 to
1.00), recall 0.73 (2,146 of 2,921; 0.72 to 0.75). `benchmarks/real_tables.py`.

**Remedy.** Have somebody look at the pairs; merge what is one person.

**Source.** Christen, Data Matching, 2012, for blocking; RapidFuzz for the similarity of texts.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from pydantic import Field
from rapidfuzz import fuzz

from trustwright.checks.model import Severity
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind
from trustwright.signals.test import Cells, Similar

id = "near-duplicate"
version = "1"
title = "Nobody twice"
severity = Severity.WARN
remedy = "Have somebody look at the pairs, and merge what is one person."
takes = frozenset(Kind) - {Kind.OTHER}
LARGEST = 100
"""A block with more rows than this is a common name, not a person."""


class Params(Parameters):
    similarity: int = Field(90, description="how alike, of 100", ge=50, le=100)
    limit: int = Field(200_000, description="the most rows that are compared", ge=2, le=2_000_000)


def ask(params: Params, over: Over) -> Ask:
    def pairs(rows: list[Cells]) -> dict[int, int]:
        return alike(rows, params.similarity)

    says = f"by {over.named} they look like another row"
    return Ask(Similar(over.columns, params.limit, pairs), says)


def alike(rows: list[Cells], similarity: int) -> dict[int, int]:
    """Positions with that of the row most like it, where there is one as similar as that."""
    words = [tuple(_words(row)) for row in rows]
    texts = [" ".join(sorted(tokens)) for tokens in words]
    best: dict[int, tuple[float, int]] = {}
    for one, other in _pairs(rows, words):
        score = fuzz.ratio(texts[one], texts[other], score_cutoff=similarity)
        if score:
            for mine, its in ((one, other), (other, one)):
                best[mine] = max(best.get(mine, (0.0, its)), (score, its))
    return {at: its for at, (_, its) in sorted(best.items())}


def _words(row: Cells) -> Iterator[str]:
    for cell in row:
        plain = unicodedata.normalize("NFKD", str(cell if cell is not None else ""))
        bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
        yield from re.findall(r"\w+", bare)


def _pairs(rows: list[Cells], words: list[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Every pair that shares a block, once or more."""
    blocks: defaultdict[object, list[int]] = defaultdict(list)
    for at, (row, tokens) in enumerate(zip(rows, words, strict=True)):
        for block in {*_values(row), *combinations(sorted(t[:3] for t in tokens), 2)}:
            blocks[block].append(at)
    for sharing in blocks.values():
        if len(sharing) <= LARGEST:
            yield from combinations(sharing, 2)


def _values(row: Cells) -> Iterator[tuple[int, str]]:
    for at, cell in enumerate(row):
        if cell is not None and len(str(cell)) > 3:
            yield at, str(cell).casefold()


examples = (
    Example(
        columns=("name", "born"),
        bad=(("Ada Lovelace", "1815-12-10"), ("LOVELACE Áda", "1815-12-10")),
        good=(("Grace Hopper", "1906-12-09"), ("Ada Byron", "1852-11-27")),
    ),
)
