"""Numbers and dates as they are written in English text, and which of them say the same.

Nothing is calculated: "ten years later" is the number ten, not a year.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from trustwright.checks.english import lower, may_say, said

_UNITS = str.split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_ORDINALS = str.split(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS = str.split("twenty thirty forty fifty sixty seventy eighty ninety")
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SCALES |= {"mn": 10**6, "bn": 10**9, "k": 10**3}
_VALUES = {word: n for names in (_UNITS, _ORDINALS) for n, word in enumerate(names)}
_VALUES |= {word: 10 * n for n, word in enumerate(_TENS, 2)}
_VALUES |= {word[:-1] + "ieth": 10 * n for n, word in enumerate(_TENS, 2)}
_SCALE_WORDS = "hundred|thousand|million|billion|trillion"
_SPELT = "|".join(sorted(_VALUES, key=len, reverse=True)) + "|" + _SCALE_WORDS

_NUMBER = re.compile(
    r"(?<!\w)(?=[\w$€£¥])(?:(?<![.,])(?P<currency>[$€£¥]\s?|(?:USD|EUR|GBP|CHF)\s)?"
    r"(?P<digits>\d{1,3}(?:[,'’\u00a0\u202f]\d{3}){1,4}(?!\d)|\d{1,3}(?:\.\d{3}){2,4}(?!\d)|\d{1,15})"
    r"(?P<fraction>[.,]\d{1,6}(?!\d))?(?!\d)(?P<ordinal>st|nd|rd|th)?(?P<decade>\s?['’]s\b|s\b)?"
    r"(?:\s?-?\s?(?P<scale>" + _SCALE_WORDS + r"|mn|bn)\b|(?P<short>[km])\b)?"
    r"(?P<percent>\s?%|\s?per\s?cent\b|\spercentage points?\b)?"
    r"(?P<money>\s?[€£]|\s(?:USD|EUR|GBP|CHF|dollars?|euros?|pounds?|francs?)\b)?(?!\w)"
    r"|(?P<spelt>(?:" + _SPELT + r")(?:(?:\s?-\s?|\s(?:and\s)?)(?:" + _SPELT + r"))*)\b"
    r"(?P<percent2>\s?%|\s?per\s?cent\b)?)",
    re.IGNORECASE,
)  # fmt: skip
DIGIT = re.compile(r"\d")
# Where a number can begin, but for words: those that a text has are looked for one by one.
_FIRST = re.compile(r"[\d$€£¥]")
_WORDS = frozenset([*_VALUES, *_SCALE_WORDS.split("|"), "usd", "eur", "gbp", "chf"])
_OVER = (" over", " more than", " above", " at least", " no less than")
_UNDER = (" under", " less than", " below", " up to", " at most", " fewer than", " no more than")
_ABOUT = (
    " about",
    " around",
    " roughly",
    " nearly",
    " almost",
    " some",
    " circa",
    "estimated",
    "ximately",
    "~",
    "≈",
)

_MONTHS = str.split(
    "january february march april may june july august september october november december"
)
_MONTH = r"(?:" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in _MONTHS) + r"|sept)\b\.?"
_DATE = re.compile(
    rf"(?<!\w)(?=\w)(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m1>{_MONTH})(?:\s?,?\s?(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH})\s?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s?,?\s?(?P<y2>\d{{4}}))?"
    rf"|(?P<m3>{_MONTH})\s?,?\s?(?P<y3>\d{{4}})"
    r"|(?P<y4>\d{4})-(?P<m4>\d{2})-(?P<d4>\d{2})"
    r"|(?P<a>\d{1,2})[./](?P<b>\d{1,2})[./](?P<y5>\d{4}))(?!\w)",
    re.IGNORECASE,
)


_MONTH_WORDS = frozenset([*_MONTHS, *(month[:3] for month in _MONTHS), "sept"])
_IN_DIGITS = re.compile(r"\d[-./]\d")


class Number(NamedTuple):
    """`unit` is %, money or "" for a bare count. `bound` is "=", or "~", ">" or "<" where the text
    itself says that it is rounded.
    """

    start: int
    end: int
    value: Decimal | int
    unit: str = ""
    bound: str = "="
    decade: bool = False
    spelt: bool = False

    @property
    def step(self) -> Decimal:
        """The worth of its last significant digit: 100,000 for 8.5 million."""
        exponent = Decimal(self.value).normalize().as_tuple().exponent
        return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


class Numbers:
    """The numbers of some sources, and whether they say another: "over 8 million" is said by 8,537,673."""

    def __init__(self, said: Iterable[Number]) -> None:
        self._units: dict[Decimal | int, set[str]] = {}
        self._decades: set[Decimal | int] = set()
        for number in said:
            self._units.setdefault(number.value, set()).add(number.unit)
            if number.decade:
                self._decades.add(number.value % 100)
        self._values = sorted(self._units)

    def say(self, number: Number) -> bool:
        if self._fits(number.value, number.unit) or (
            number.decade and number.value % 100 in self._decades
        ):
            return True
        if number.bound == "=":
            return False
        low = number.value - (number.step if number.bound != ">" else 0)
        high = number.value + (number.step if number.bound != "<" else 0)
        near = self._values[bisect_right(self._values, low) : bisect_left(self._values, high)]
        return any(self._fits(value, number.unit) for value in near)

    def _fits(self, value: Decimal | int, unit: str) -> bool:
        units = self._units.get(value, ())
        return unit in units or (bool(units) and not unit)


Reading = tuple[int | None, int, int | None]


class Day(NamedTuple):
    """A date with what was given of it; `readings` are (year, month, day), two for 3/4/2020."""

    start: int
    end: int
    readings: tuple[Reading, ...]

    def says(self) -> Iterator[Reading]:
        """Everything this date says, also less exactly: its month and year, its month and day."""
        for year, month, day in self.readings:
            yield from ((year, month, day), (None, month, day), (year, month, None))


def days(text: str) -> Iterator[Day]:
    """All dates with at least a month and a day or a year."""
    if not DIGIT.search(text) or not (may_say(text, _MONTH_WORDS) or _IN_DIGITS.search(text)):
        return
    for m in _DATE.finditer(text):
        readings = tuple(r for r in _readings(m.groupdict()) if r[1] <= 12 and (r[2] or 1) <= 31)
        if readings:
            yield Day(m.start(), m.end(), readings)


def _readings(g: dict[str, str | None]) -> Iterator[Reading]:
    if g["a"] and g["b"] and g["y5"]:
        year, first, second = int(g["y5"]), int(g["a"]), int(g["b"])
        yield year, second, first
        yield year, first, second
        return
    month = g["m1"] or g["m2"] or g["m3"] or g["m4"] or ""
    year_text, day = g["y1"] or g["y2"] or g["y3"] or g["y4"], g["d1"] or g["d2"] or g["d4"]
    number = int(month) if month.isdigit() else _month(month)
    yield int(year_text) if year_text else None, number, int(day) if day else None


def _month(name: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month[:3] == _plain(name)[:3])


def _plain(word: str) -> str:
    """In the letters a-z. Whoever ignores case takes long s and dotless i for these too."""
    return word.casefold().replace("ı", "i")


def numbers(text: str) -> Iterator[Number]:
    """All numbers, in digits or in words; runs of more than 15 digits are names, not numbers."""
    for m in _matches(text):
        digits, bound = m["digits"], _bound(text, m.start())
        if digits and len(digits) == m.end() - m.start() and digits.isdecimal():
            yield Number(m.start(), m.end(), int(digits), "", bound or "=")
            continue
        value = _spelt(m["spelt"]) if m["spelt"] else _written(m)
        if value is not None:
            rounded = "~" if m["fraction"] or m["scale"] or m["short"] else "="
            decade, spelt = bool(m["decade"]), bool(m["spelt"])
            yield Number(m.start(), m.end(), value, _unit(m), bound or rounded, decade, spelt)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """As `finditer`, which asks at every character."""
    if not text.isascii():
        yield from _NUMBER.finditer(text)
        return
    end = 0
    for start in _beginnings(text):
        if start >= end and (m := _NUMBER.match(text, start)):
            yield m
            end = m.end()


def _beginnings(text: str) -> list[int]:
    found = [m.start() for m in _FIRST.finditer(text)]
    for word in _WORDS & said(text):
        found += [m.start() for m in re.finditer(word, lower(text))]
    return sorted(found)


def _bound(text: str, start: int) -> str:
    before = " " + text[max(0, start - 16) : start].rstrip().lower()
    if before.endswith(_OVER):
        return ">"
    if before.endswith(_UNDER):
        return "<"
    return "~" if before.endswith(_ABOUT) else ""


def _unit(m: re.Match[str]) -> str:
    if m["percent"] or m["percent2"]:
        return "%"
    return "money" if m["currency"] or m["money"] else ""


def _written(m: re.Match[str]) -> Decimal:
    whole = "".join(c for c in m["digits"] if c.isdecimal())
    fraction = (m["fraction"] or "").replace(",", ".")
    scale = _plain(m["scale"] or m["short"] or "")
    # 5m is five meters, $5m five million.
    million = 10**6 if scale == "m" and m["currency"] else 1
    return Decimal(whole + fraction) * _SCALES.get(scale, million)


def _spelt(phrase: str) -> int | None:
    """`twenty - third` is 23; None for what isn't one number ("two three")."""
    total, current, last = 0, 0, 10**3
    spoken = re.findall(r"[a-z]+", _plain(phrase))
    if len(spoken) > 12:
        return None
    for word in spoken:
        if word == "and":
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            total, current = (
                (total, (current or 1) * 100)
                if scale == 100
                else (total + (current or 1) * scale, 0)
            )
            last = scale
            continue
        value = _VALUES[word]
        if last < 20 or (last < 100 and value > 9):
            return None
        current, last = current + value, value
    return total + current
