"""How is it usually written? The common form of texts, and words that look like another's misspelling."""

import re
from collections import Counter
from collections.abc import Mapping

from rapidfuzz.distance.Levenshtein import distance

RUN = re.compile(r"(9+|a+|A+)")
CLASSES = {"9": "[0-9]", "a": "[a-z]", "A": "[A-Z]"}
SPECIAL = re.compile(r"[\\^$.|?*+()\[\]{}/]")
FORMS = 3
OFTEN = 5
SHORT = 3  # Of three letters, one is too much of a difference to tell codes from mistakes.
DIGITS = re.compile(r"\d")


def form(shapes: Mapping[str, int], seen: int, rare: float) -> tuple[str, int] | None:
    """A pattern that all but the rare have, and how many don't; None if there is none with a digit.

    To the letter where one shape is enough, else up to three with runs of any length.
    """
    if not shapes:
        return None
    loose = Counter[str]()
    for shape, count in shapes.items():
        loose[_loose(shape)] += count
    shape, count = max(shapes.items(), key=lambda each: (each[1], each[0]))
    # Numbers of several lengths have no form of their own, though most may be as long.
    if count >= (1 - rare) * seen and loose[_loose(shape)] <= 1.01 * count:
        return (_pattern([shape], exact=True), seen - count) if "9" in shape else None
    top = loose.most_common(FORMS)
    kept = sum(count for _, count in top)
    if kept < (1 - rare) * seen or not all("9" in shape for shape, _ in top):
        return None
    return _pattern([shape for shape, _ in top], exact=False), seen - kept


def shape(text: str) -> str:
    """A text with a for its small letters, A for the large ones and 9 for its digits."""
    return "".join(_class(letter) for letter in text)


def _class(letter: str) -> str:
    return (
        "9"
        if letter.isnumeric()
        else "A"
        if letter.isupper()
        else "a"
        if letter.isalpha()
        else letter
    )


def _loose(shape: str) -> str:
    return RUN.sub(lambda run: run[0][0], shape)


def literal(text: str) -> str:
    """The pattern of that text alone."""
    return SPECIAL.sub(r"\\\g<0>", text)


def _pattern(shapes: list[str], exact: bool) -> str:
    parts = ["".join(_part(piece, exact) for piece in RUN.split(s) if piece) for s in shapes]
    return f"^({'|'.join(parts)})$" if len(parts) > 1 else f"^{parts[0]}$"


def _part(piece: str, exact: bool) -> str:
    if not RUN.fullmatch(piece):
        return literal(piece)
    times = (f"{{{len(piece)}}}" if len(piece) > 1 else "") if exact else "+"
    return CLASSES[piece[0]] + times


def misspelt(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare texts and the frequent one each looks like: the same digits, at most a fifth of its
    letters different, and some word in it that hardly any other text has."""
    words = Counter[str]()
    for text, count in counts.items():
        words.update(dict.fromkeys(text.split(), count))
    return {
        text: like
        for text, count in counts.items()
        if len(text) > SHORT
        and any(words[word] < (OFTEN + 1) * count for word in text.split())
        and (like := _like(text, count, counts)) is not None
    }


def _like(text: str, count: int, counts: Mapping[str, int]) -> str | None:
    digits = DIGITS.findall(text)
    near = [
        (apart, other)
        for other, times in counts.items()
        if times >= OFTEN * count
        and (apart := distance(text, other, score_cutoff=len(other) // 5 or 1)) <= len(other) // 5
        and DIGITS.findall(other) == digits
        and _word_by_word(text, other)
    ]
    return min(near)[1] if near else None


def _word_by_word(text: str, other: str) -> bool:
    """Whether no word is wholly another: "dark ale" is no misspelt "pale ale"."""
    words, others = text.split(), other.split()
    if len(words) != len(others):
        return True
    pairs = zip(words, others, strict=True)
    return all(2 * distance(word, there) <= max(len(word), len(there)) for word, there in pairs)
