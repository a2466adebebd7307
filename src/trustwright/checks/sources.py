"""What do the sources say? Read once, asked often: numbers, dates, names, words in a row."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from trustwright.checks.english import WORD, fold, words
from trustwright.checks.model import Source
from trustwright.checks.quantities import Day, Number, Numbers, Reading, days, numbers

# What the rule of endings (`_kin`) can't know.
_PAIRS = """
us usa, usa us, american us, uk britain, british uk, french france, spanish spain, irish ireland,
swiss switzerland, dutch netherlands, danish denmark, swedish sweden, welsh wales, turkish turkey
"""
_ALIASES = dict(pair.split() for pair in _PAIRS.split(","))
_SUFFIXES = (
    "a e i o y n s an en er ia ic ns al on ans ers ese ian ish ism ist ons man men ians land"
)
_ENDINGS = frozenset(["", "ishman", "ishmen", *_SUFFIXES.split()])


class Sources:
    """All cited sources of a subject, read once."""

    def __init__(self, sources: tuple[Source, ...], known: Iterable[str]) -> None:
        self.sources = sources
        texts = [*(s.text for s in sources), *(s.title for s in sources), *known]
        self.said = [words(text) for text in texts if text]

    @cached_property
    def numbers(self) -> list[tuple[str, Number]]:
        return [(s.id, n) for s in self.sources for n in numbers(s.text)]

    @cached_property
    def counted(self) -> Numbers:
        return Numbers(n for _, n in self.numbers)

    @cached_property
    def days(self) -> list[tuple[str, Day]]:
        return [(s.id, d) for s in self.sources for d in days(s.text)]

    @cached_property
    def dated(self) -> frozenset[Reading]:
        return frozenset(reading for _, day in self.days for reading in day.says())

    @cached_property
    def tokens(self) -> frozenset[str]:
        return frozenset(token for said in self.said for token in _variants(said))

    @cached_property
    def stems(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for token in sorted(self.tokens):
            found.setdefault(token[:4], []).append(token)
        return found

    @cached_property
    def initials(self) -> frozenset[str]:
        """First letters of consecutive words, so that NFL is found in `National Football League`."""
        small = ("of", "the", "and", "for")
        runs = ["".join(word[0] for word in said if word not in small) for said in self.said]
        return frozenset(
            run[i : i + n] for run in runs for n in range(2, 7) for i in range(len(run))
        )

    @cached_property
    def running(self) -> str:
        return "  ".join(" ".join(said) for said in self.said).join("  ")

    @cached_property
    def triples(self) -> frozenset[tuple[str, ...]]:
        return frozenset(
            t for said in self.said for t in zip(said, said[1:], said[2:], strict=False)
        )

    @cached_property
    def after(self) -> dict[str, tuple[str, Number]]:
        """The number before each word: what "18" belongs to in "18 seasons"."""
        texts = {s.id: s.text for s in self.sources}
        return {
            noun: (where, n)
            for where, n in self.numbers
            if (noun := noun_after(texts[where], n.end))
        }

    @cached_property
    def places(self) -> dict[str, tuple[str, int, int]]:
        """Where each capitalized word of the sources stands."""
        return {
            fold(m.group()): (s.id, m.start(), m.end())
            for s in self.sources
            for m in WORD.finditer(s.text)
            if m.group()[0].isupper()
        }

    def has_name(self, token: str) -> bool:
        plain = bare(token)
        names = {plain, _ALIASES.get(plain, plain)}
        if not names.isdisjoint(self.tokens):
            return True
        if token.isupper() and not names.isdisjoint(self.initials):
            return True
        near = self.stems.get(plain[:4], ()) if len(plain) > 4 else ()
        return any(_kin(plain, other) for other in near[:50])

    def has_words(self, said: list[str]) -> bool:
        """In this order. The triples are asked first: searching for each of many would be quadratic."""
        if not all(t in self.triples for t in zip(said, said[1:], said[2:], strict=False)):
            return False
        return f" {' '.join(said)} " in self.running


def _kin(a: str, b: str) -> bool:
    """Mexico and Mexican, Italy and Italian: four letters or more in common, and usual endings."""
    pairs = enumerate(zip(a, b, strict=False))
    shared = next((n for n, (x, y) in pairs if x != y), min(len(a), len(b)))
    return shared >= 4 and a[shared:] in _ENDINGS and b[shared:] in _ENDINGS


def bare(word: str) -> str:
    return fold(word.replace(".", "")).removesuffix("'s")


def _variants(said: list[str]) -> Iterator[str]:
    for word in said:
        plain = word.removesuffix("'s")
        yield plain
        yield plain.removesuffix("s") if plain.endswith("s") else plain + "s"


def noun_after(text: str, end: int) -> str:
    m = WORD.match(text, end + 1)
    return fold(m.group()).removesuffix("s") if m and m.group()[0].isalpha() else ""
