"""A word that is looked for is found in any disguise, and nothing else is."""

import pytest

from trustwright.charter.spelling import Words

FOUND = [
    ("dosage", "The usual dosage is two."),
    ("dosage", "DOSAGE"),
    ("dosage", "_dosage_ and **dosage**"),
    ("dosage", "d o s a g e"),
    ("dosage", "take a d o s a g e now"),
    ("dosage", "d.o.s.a.g.e"),
    ("dosage", "d - o - s - a - g - e"),
    ("dosage", "d_o_s_a_g_e"),
    ("dosage", "do-sage"),
    ("dosage", "do‑sage"),
    ("dosage", "the dos-\nage of it"),
    ("dosage", "dos**age**"),
    ("dosage", "do\u2800sage"),
    ("dosage", "do\u00adsage"),
    ("dosage", "do\u034fsage"),
    ("dosage", "do\ufe0fsage"),
    ("dosage", "do\u3164sage"),
    ("dosage", "do\U000e0101sage"),
    ("dosage", "dоsаge"),  # Cyrillic o and a
    ("dosage", "dοsαge"),  # Greek
    ("dosage", "ᴅᴏsᴀɢᴇ"),
    ("dosage", "𝐝𝐨𝐬𝐚𝐠𝐞"),
    ("dosage", "ⓓⓞⓢⓐⓖⓔ"),
    ("dosage", "🅳🅾🆂🅰🅶🅴"),
    ("dosage", "d\u0336o\u0336s\u0336a\u0336g\u0336e\u0336"),
    ("dose", "d o s e"),
    ("dose", "ԁоѕе"),  # wholly of look-alikes, in no Cyrillic text
    ("diagnos*", "d i a g n o s i s"),
    ("diagnos*", "di-agnoses"),
    ("side effects", "side\n  effects"),
    ("side effects", "side-effects"),
    ("side effects", "side\u2800effects"),
    ("side effects", "s i d e  e f f e c t s"),
    ("side-effects", "side effects"),
    ("доза", "Какая доза нужна?"),
    ("доза", "дoзa"),  # Latin o and a
    ("c++ (new)", "in C++ (new)!"),
]
NOT_FOUND = [
    ("dosage", "dosages and overdosage"),
    ("dose", "an overdose"),
    ("dose", "I do, see?"),
    ("dose", "do set it"),
    ("dose", "a, b, c, d, o, s, e"),  # a short word is found in such a row only by itself
    ("cop", "В комнате сор."),  # Russian for litter
    ("cop", "co. operative"),
    ("pak", "Рак и щука"),
    ("schon", "schön"),
    ("resume", "a résumé"),
    ("side effects", "this side. Effects follow"),
    ("a.c", "abc"),
    ("сор", "a cop"),
]


@pytest.mark.parametrize(("word", "text"), FOUND)
def test_a_disguise_is_seen_through(word: str, text: str) -> None:
    assert Words([word]).within(text)
    assert Words(["another", word]).within(f"Well, {text} it is.")


@pytest.mark.parametrize(("word", "text"), NOT_FOUND)
def test_what_is_another_word_stays_one(word: str, text: str) -> None:
    assert not Words([word]).within(text)


def test_of_no_words_none_is_there() -> None:
    assert not Words([]).within("anything")
