"""Words and sentences of English text, and whether it is English at all.

Everything here is linear in the length of the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import filterfalse

WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’&][^\W_]+)*")
_LETTERS = re.compile(r"[^\W\d_]+")
_NO_LETTERS = {n: " " for n in range(128) if not chr(n).isalpha()}
_BEYOND_LATIN = re.compile(r"(?![\u2000-\u20cf])[^\W\x00-\u024f]")
# It begins with a set of characters, for which `re` looks faster than for anything else.
_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*+|(?<!\n)(?<![.!?…]{2})[.!?…]*+[\"'”’)\]]*+(?=\s|$))")
_ABBREVIATION = re.compile(
    r"(?<![^\s(])(?:[A-HJ-Z]|(?:[A-Za-z]\.)+[A-Za-z]|Mr|Mrs|Ms|Dr|Prof|St|Co|Ltd|Inc|vs|ca|etc)$"
)

_ENGLISH = """
a about after all also am an and any are as at be because been before but by can could did do does
each for from get had has have he her here him his how i if in into is it its just let me more most
my no not now of off on one only or our out over please she should so some such than thank thanks
that the their them then there these they this those to too under until up us very was we well were
what when where which while who whose why will with would yes yet you your
"""
# Everyday words of neighboring languages.
_FOREIGN = """
aber als auch auf aus bei bitte das dass dem den der des die durch ein eine einen fur haben ich ihr
ihre ihnen ist mit nach nicht noch nur oder sehr sie sind sich uber und uns von wenn werden wie wir
wird zu zum zur avec aux ces dans elle est et il je la le les leur mais nous ou par pas pour que qui
sa ses sont sur tres une vos votre vous al con como cuando del el en es esta este hay las los mas
muy para pero por porque se sin su sus te usted y che della dei di gli ha ho lo ma nel non per piu
sono suo ti tra tuo voi aan dat deze dit een geen het hij ik je kan maar met naar niet ook om op te
van voor wij zijn ao da dos em eu isso mais na nas nao os ou pela pelo seu sua uma voce jest nie
och att det som pa av
"""
FUNCTION_WORDS = frozenset(_ENGLISH.split())
_ELSEWHERE = frozenset(_FOREIGN.split()) - FUNCTION_WORDS


def fold(text: str) -> str:
    """Without case and diacritics: `Pokémon` and `POKEMON` are one word."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(filterfalse(unicodedata.combining, plain)).casefold()


def words(text: str) -> list[str]:
    """Folded words in order; dotted capitals are one (`U.S.` is `us`)."""
    found = WORD.findall(fold(text))
    return [word.replace(".", "") for word in found] if "." in "".join(found) else found


@lru_cache(maxsize=8)
def said(text: str) -> frozenset[str]:
    """Which words there are, in lower case: read once for all checks, so that each can pass over
    a text without any of the words it looks for.
    """
    lowered = lower(text)
    if lowered.isascii():
        return frozenset(lowered.translate(_NO_LETTERS).split())
    return frozenset(_LETTERS.findall(lowered))


def may_say(text: str, any_of: frozenset[str]) -> bool:
    """False if a pattern that ignores case and needs one of these words can't match.

    Only ASCII is answered for: beyond it `re` takes more letters for the same than `lower` does."""
    return not text.isascii() or not said(text).isdisjoint(any_of)


def lower(text: str) -> str:
    """In lower case, each character where it was; apostrophes straight."""
    lowered = text.lower()
    if len(lowered) != len(text):  # A capital I with a dot becomes two.
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return lowered.replace("’", "'")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Spans between sentence ends. A dot after an initial or an abbreviation ends nothing."""
    start = 0
    for m in _END.finditer(text):
        if m.group() == "." and _ABBREVIATION.search(text, max(start, m.start() - 8), m.start()):
            continue
        yield start, m.end()
        start = m.end()
    if start < len(text):
        yield start, len(text)


@lru_cache(maxsize=8)
def plainly_not_english(text: str) -> bool:
    """Mostly another script, or the small words of another language. Short Latin text is let pass."""
    sample = text[:20_000]
    if not sample.isascii() and _BEYOND_LATIN.search(sample):
        letters = [c for c in sample if c.isalpha()]
        if sum(c < "ɐ" for c in letters) * 2 < len(letters):
            return True
    if len(sample.strip()) < 40:
        return False
    # Three different ones: "La Dame aux Camélias: La Traviata" is a title in an English sentence.
    spoken = said(sample)
    marked = 0 if sample.isascii() else sum(not word.isascii() for word in spoken)
    if len(_ELSEWHERE & spoken) + marked < 3:
        return False
    tokens = words(sample)
    elsewhere = [token for token in tokens if token in _ELSEWHERE]
    return len(set(elsewhere)) > 2 and len(elsewhere) > sum(t in FUNCTION_WORDS for t in tokens)
