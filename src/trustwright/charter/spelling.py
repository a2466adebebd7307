"""How does a text read, whatever it is spelled with? Words that are looked for, found in disguise.

In disguise: compatibility forms, characters nobody sees, look-alikes of other scripts, marks over letters,
letters apart ("d o s e", "d-o-s-e"), a word cut by hyphens, asterisks or the like.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

# Letters that look like Latin ones (UTS #39, the everyday part): Cyrillic, Greek, Armenian.
LOOKALIKES = dict(
    zip(
        "аеорсухіјѕԁһӏқԛԝАВЕЗКМНОРСТУХІЈЅԌԚԜοναικρυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոց",
        "aeopcyxijsdhlkqwABE3KMHOPCTYXIJSGQWovaikpuxABEZHIKMNOPTYXouhng",
        strict=True,
    )
)
# Latin in a costume that compatibility forms leave on: small capitals, dotless i, letters in black.
_COSTUMES = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢı", "abcdefghijklmnopqrstuvwyzi", strict=True)) | {
    chr(first + n): chr(97 + n) for first in (0x1F150, 0x1F170) for n in range(26)
}
_SEEN_AS = str.maketrans(_COSTUMES)
_FOLDED = str.maketrans(LOOKALIKES)
# Default-ignorable letters and marks, and the empty braille cell: category Cf has the others.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")  # fmt: skip
_MARKED = re.compile("(?<=[a-zA-Z])[\u0300-\u036f]+")
_LATIN = re.compile("[a-zA-Z]")
_ELSEWHERE = re.compile(f"(?![{''.join(LOOKALIKES)}])[\u0370-\u058f]")
_CUT = re.compile(r"(?<=[^\W_])[-\u00b7\u2010-\u2015*_~|'\u2019]+(?:[ \t]*\n[ \t]*)?(?=[^\W_])")
_APART = re.compile(r"(?<!\w)\w(?:[^\w\n]{1,3}\w(?!\w)){2,}")
_WORD = re.compile(r"\w+")
_SHORT = 4  # Letters apart are run together where words end; a short one is found only by itself.


class Words:
    """Whole words and phrases, in any disguise; a `*` stands for any ending."""

    def __init__(self, words: Sequence[str]) -> None:
        told = [*dict.fromkeys(form for word in words for form in _forms(word))]
        whole = [rf"(?<![^\W_]){_pattern(word)}(?![^\W_])" for word in told]
        tight = [re.escape(re.sub(r"[\s*-]", "", word)) for word in told]
        apart = [word if len(word) > _SHORT else rf"\A{word}\Z" for word in tight if word]
        self._whole, self._apart = (re.compile("|".join(x) or "(?!)") for x in (whole, apart))

    def within(self, text: str) -> bool:
        """Whether one of them stands in the text."""
        forms = (
            {_plain(text)} if text.isascii() else {_plain(text), _plain(text, gap=" "), _seen(text)}
        )
        return any(
            self._whole.search(form)
            or self._whole.search(_CUT.sub("", form))
            or any(self._apart.search(run) for run in _apart(form))
            for form in forms
        )


def _forms(word: str) -> Iterator[str]:
    yield _plain(word)
    if _ELSEWHERE.search(word):  # Latin letters may stand in a word of another script, too.
        yield _plain(word.translate(_FOLDED))


def _pattern(word: str) -> str:
    return re.sub(r"(?:\\[ -])+", r"[\\s-]*", re.escape(word).replace(r"\*", r"\w*"))


def _apart(text: str) -> Iterator[str]:
    for run in _APART.finditer(text):
        yield "".join(c for c in run[0] if c.isalnum())


def _plain(text: str, gap: str = "") -> str:
    """Case-folded, without costume, and with `gap` for what nobody sees."""
    if text.isascii():
        return text.lower()
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub(gap, text)).translate(_SEEN_AS)
    seen = "".join(gap if unicodedata.category(c) == "Cf" else c for c in seen)
    return _MARKED.sub("", seen).casefold()


def _seen(text: str) -> str:
    """Look-alikes read as Latin, but in a text of their own script."""
    if text.isascii():
        return text.lower()
    own = bool(_ELSEWHERE.search(_WORD.sub(lambda m: "" if _LATIN.search(m[0]) else m[0], text)))
    clean = unicodedata.normalize("NFKC", text)

    def folded(m: re.Match[str]) -> str:
        return m[0] if own and not _LATIN.search(m[0]) else m[0].translate(_FOLDED)

    return _plain(_WORD.sub(folded, clean))
