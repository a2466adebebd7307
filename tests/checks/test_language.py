"""Which language is it? Most is settled without lingua, and what isn't is said."""

import sys
from datetime import date

import pytest

from trustwright.checks import Subject, run
from trustwright.checks.languages import agrees, primary, script

DAY = date(2026, 1, 15)
ENGLISH = "Your parcel is on its way and it will be with you on Monday."
GERMAN = "Ihr Paket ist auf dem Weg und wird am Montag bei Ihnen sein."
UNSETTLED = "Pakke sendes mandag; kontakt kundeservice vedrørende levering."


def judged(text: str, language: str | None, *more: str) -> tuple[list[str], list[str]]:
    parts = tuple((f"part{n}", text) for n, text in enumerate((text, *more)))
    report = run(Subject(parts, today=DAY, language=language), only=["language"])
    return [f.part for f in report.findings], [u.reason for u in report.undecided]


@pytest.mark.parametrize(
    ("text", "language", "found", "undecided"),
    [
        (ENGLISH, "en-GB", [], []),
        (ENGLISH, None, [], []),
        (ENGLISH, "de", ["part0"], []),
        (GERMAN, "DE-at", [], []),
        (GERMAN, "fr", ["part0"], []),
        (GERMAN, "ja", ["part0"], []),
        ("Ваш заказ уже в пути и будет у вас в понедельник, если всё хорошо.", "ru", [], []),
        ("Ваш заказ уже в пути и будет у вас в понедельник, если всё хорошо.", "en", ["part0"], []),
        ("お荷物は月曜日に届きます。", "ja", [], []),
        ("Guten Tag!", "en", [], ["too-short"]),
        ("  ", "en", [], []),
    ],
)
def test_script_and_small_words(
    text: str, language: str | None, found: list[str], undecided: list[str]
) -> None:
    assert judged(text, language) == (found, undecided)


def test_a_short_part_beside_a_long_one_is_let_pass() -> None:
    assert judged("Hi!", "en", ENGLISH) == ([], [])
    assert judged("Hi!", "en", GERMAN) == (["part1"], [])


def test_without_lingua_what_it_would_settle_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lingua", None)
    assert judged(UNSETTLED, "da") == ([], ["not-installed"])
    assert judged(ENGLISH, "sw") == ([], ["not-installed"])


def test_lingua_settles_the_rest() -> None:
    pytest.importorskip("lingua", reason="lingua is in the extra `languages`")
    assert agrees(UNSETTLED, "da") is None
    assert judged(UNSETTLED, "de") == (["part0"], [])
    assert judged(ENGLISH, "sw") == (["part0"], [])
    assert judged(ENGLISH, "tlh") == ([], ["unknown-language"])


@pytest.mark.parametrize(
    ("text", "of"),
    [("Hi", "Latn"), ("", "Latn"), ("日本の本", "Kana"), ("中文", "Hani"), ("한국 OK", "Hang")],
)
def test_scripts(text: str, of: str) -> None:
    assert script(text) == of


def test_regions_and_old_codes_make_no_difference() -> None:
    assert [primary(tag) for tag in ("pt-BR", "NO", "iw", "de")] == ["pt", "nb", "he", "de"]
