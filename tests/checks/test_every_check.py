"""What holds for each check on the shelf: its examples, its page, and that nothing makes it fall over."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.charter.voice import VoiceRule
from trustwright.checks import Check, Evidence, Example, Promise, Source, Subject, run, shelf
from trustwright.checks.shelf import explain

EXAMPLES = [(check.id, example) for check in shelf().values() for example in check.examples]
DAY = date(2026, 1, 1)


@pytest.mark.parametrize(("check", "example"), EXAMPLES, ids=[f"{c}-{e.code}" for c, e in EXAMPLES])
def test_the_bad_example_is_found_and_the_good_one_is_not(check: str, example: Example) -> None:
    bad, good = (run(example.subject(text), only=[check]) for text in (example.bad, example.good))
    assert example.code in {finding.code for finding in bad.findings}
    assert not good.findings
    assert bad.complete
    assert good.complete


@pytest.mark.parametrize("check", shelf().values(), ids=lambda check: check.id)
def test_a_check_says_what_why_what_it_misses_the_remedy_and_the_source(check: Check) -> None:
    for section in ("**Why.**", "**Misses.**", "**Remedy.**", "**Source.**"):
        assert section in (check.__doc__ or "")
    assert check.title in explain(check.id)


HOSTILE = (
    *("a", "1", "1 ", "@", "a@a.", "+1", "0 ", "A ", "A.", ".", "Aa ", '"', '" aa bb cc ', "“a", "\n", "\t\n"),
    *("I will ", "the best ", "9%", "1,", "hundred ", "twenty-", "May ", "4 May ", "Dear\n", "regards,\n"),
    *("DE89 3704 ", "4111 ", "756.", "you will ", "not guaranteed ", "\u200d", "\u202e", "\u0430", "\U0001f469\u200d"),
    *("\ud800", "\ufe0f", "\U0001f3f4\U000e0067", "\U0001d400", "e\u0301", "\u0661", "NFL ", "x in ten x ", "Mr. "),
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE, ids=ascii)
def test_hostile_text_takes_time_in_proportion_and_never_falls_over(unit: str) -> None:
    text = "é" + unit * (2**15 // len(unit)) + "x"
    subject = Subject(
        (("text", text),),
        today=DAY,
        sources=(Source("1", text), Source("2", "")),
        evidence=(Evidence("the best 9% is guaranteed", "here", "Ada"),),
        promises=(Promise(unit * 3, "Ada", DAY),),
        recipient=(text[:1000],),
        written=text,
        channel="push",
        language="de",
        voice=(
            VoiceRule(
                id="r", extends="existence", nonword=True, tokens=(r"\w+a\w*9", "(A|I|é)? x")
            ),
        ),
    )
    before = time.process_time()
    report = run(subject)
    # Quadratic is minutes here; the rest of the room is for busy machines.
    assert time.process_time() - before < 3
    assert "crashed" not in {undecided.reason for undecided in report.undecided}


PIECES = st.sampled_from([example.bad for _, example in EXAMPLES] + list(HOSTILE))
TEXTS = st.lists(st.one_of(st.text(max_size=20), PIECES), max_size=6).map("".join)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_findings_lie_within_the_text_and_its_sources(text: str, source: str) -> None:
    sources = (Source("s", source),)
    subject = Subject((("a", text), ("b", "")), today=DAY, sources=sources, written=text)
    report = run(subject)
    assert "crashed" not in {undecided.reason for undecided in report.undecided}
    for finding in report.findings:
        assert (finding.part in ("a", "written"), finding.check in report.versions) == (True, True)
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.source is None or 0 <= finding.source[1] < finding.source[2] <= len(source)


def test_german_is_undecided_and_not_fine() -> None:
    text = (
        "Wir erstatten Ihnen den Betrag und sind die Besten von allen, das ist mit Sicherheit so."
    )
    sources = (Source("1", "Etwas"),)
    report = run(Subject((("text", text),), today=DAY, sources=sources, written=text))
    english_only = {c.id for c in shelf().values() if "`not-english`" in (c.__doc__ or "")}
    assert len(english_only) >= 3
    reasons = {(undecided.check, undecided.reason) for undecided in report.undecided}
    assert reasons == {(id, "not-english") for id in english_only}
