"""What do the sources say? Read once, asked often: numbers, dates, names, words in a row."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from itertools import takewhile

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
        plain = {word.removesuffix("'s") for said in self.said for word in said}
        return frozenset(plain | {w[:-1] if w[-1:] == "s" else w + "s" for w in plain})

    @cached_property
    def ordered(self) -> list[str]:
        return sorted(self.tokens)

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
        if len(plain) < 5:
            return False
        at = bisect_left(self.ordered, plain[:4])
        alike = takewhile(lambda other: other[:4] == plain[:4], self.ordered[at : at + 50])
        return any(_kin(plain, other) for other in alike)

    def place(self, name: Iterable[str]) -> tuple[str, int, int] | None:
        """Where the first word of a name that the sources write in capitals stands in them."""
        known = [plain for token in name if (plain := bare(token)) in self.tokens]
        return next((self.places[plain] for plain in known if plain in self.places), None)

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


def noun_after(text: str, end: int) -> str:
    m = WORD.match(text, end + 1)
    return fold(m.group()).removesuffix("s") if m and m.group()[0].isalpha() else ""
