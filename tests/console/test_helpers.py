"""Marks, diff and clock: pure rules as tables, and the promises that hold for any text."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from trustwright.entrypoints.console.clock import clock
from trustwright.entrypoints.console.diff import changes
from trustwright.entrypoints.console.marks import Span, Stretch, runs, stretches

from .sample import EDITED, NOW, ORIGINAL

TEXT = some.text(alphabet=some.sampled_from("ab .!\n\u200b\u202e\u0430é1"), max_size=60)


def joined(parts: tuple[Stretch, ...]) -> str:
    return "".join(run.text for part in parts for run in part.runs)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("plain\ttext\n", []),
        ("café, naïve, Łódź, Привет, ελληνικά", []),
        ("a\u200bb", ["ZWSP"]),
        ("\u202eevil\u202c", ["RLO", "PDF"]),
        ("no\u00a0break", ["NBSP"]),
        ("p\u0430ypal", ["Cyrillic"]),
        ("\u0440\u0430ypal", ["Cyrillic", "Cyrillic"]),
        ("Прив\u0065т", ["Latin"]),
        ("𝗯𝗼𝗹𝗱", ["Mathematical"] * 4),
        ("\ue000", ["U+E000"]),
        ("\U000e0041", ["U+E0041"]),
        ("x\u3164y", ["U+3164"]),
        ("x\r", ["U+000D"]),
        ("👩\u200d🚂 ❤\ufe0f 1\ufe0f", []),
        ("می\u200cخواهم", []),
        ("a\u200dc x\ufe0f", ["ZWJ", "U+FE0F"]),
    ],
)
def test_what_a_reader_would_miss_is_signed(text: str, signs: list[str]) -> None:
    assert [run.sign for run in runs(text) if run.sign] == signs


@given(TEXT, some.lists(some.tuples(some.integers(-2, 62), some.integers(-2, 62)), max_size=4))
def test_marking_never_changes_a_character(text: str, places: list[tuple[int, int]]) -> None:
    spans = [Span(a, b, n, "warn") for n, (a, b) in enumerate(places, 1)]
    assert joined(stretches(text, spans)) == text


def test_overlapping_findings_share_their_words_and_the_worst_one_colors_them() -> None:
    parts = stretches("one two three", [Span(0, 7, 1, "warn"), Span(4, 13, 2, "block")])
    assert [(joined((p,)), p.severity, p.numbers, p.starts, p.ends) for p in parts] == [
        ("one ", "warn", (1,), (1,), ()),
        ("two", "block", (2, 1), (2,), (1,)),
        (" three", "block", (2,), (), (2,)),
    ]


@given(TEXT, TEXT)
def test_a_diff_reads_as_both_texts(before: str, after: str) -> None:
    found = changes(before, after)
    assert "".join(text for kind, text in found if kind != "new") == before
    assert "".join(text for kind, text in found if kind != "gone") == after


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("Same.", "Same.", []),
        ("One. Two is here.", "One.", [("gone", " Two is here.")]),
        ("It ran until 1963.", "It ran until 1958.", [("gone", "1963"), ("new", "1958")]),
        (
            "The depot opens at nine on Monday.",
            "The depot closes at ten on Monday.",
            [("gone", "opens at nine"), ("new", "closes at ten")],
        ),
        ("Cats purr.", "Trains leave at ten.", [("gone", "Cats purr."), ("new", "Trains leave at ten.")]),
    ],
)  # fmt: skip
def test_an_edit_reads_in_phrases_not_confetti(
    before: str, after: str, changed: list[tuple[str, str]]
) -> None:
    assert [change for change in changes(before, after) if change[0] != "same"] == changed


def test_a_sentence_is_compared_with_the_one_it_became() -> None:
    gone = [text for kind, text in changes(ORIGINAL, EDITED) if kind == "gone"]
    assert gone == [
        "It was the fastest train in the world and ran until 1963. ",
        "will arrive within 24 hours",
    ]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (42 * 60, "in 0:42"), (59, "in 0:00"), (-12 * 60, "-0:12"), (115 * 60, "in 1:55"),
        (47 * 3600, "in 47:00"), (80 * 3600, "in 3 d"), (-50 * 3600, "-2 d"),
    ],
)  # fmt: skip
def test_the_clock_in_words(seconds: int, words: str) -> None:
    found = clock(NOW + timedelta(seconds=seconds), NOW)
    assert (found.words, found.late) == (words, seconds < 0)
