"""The queue: filters as links, numbers that add up, and the way from case to case."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.entrypoints.console import queue_page
from trustwright.entrypoints.console.queue_page import first_words

from .caller import Caller, House, house
from .test_desk_cases import RIGHT, WRONG, page, proposed


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two waiting replies, one stopped, one letter for two people, and one that went out."""
    with house(tmp_path_factory.mktemp("queue") / "workspace") as made:
        for n, (text, more) in enumerate(
            (
                (WRONG, {}),
                (f"{WRONG} ", {}),
                ("Here is your diagnosis.", {}),
                ("Dear Ms Haddad, we agree.", {"workflow": "letters"}),
                (RIGHT, {}),
            )
        ):
            proposed(made, text, title=f"Case {n}", **more)
            made.company.wait(minutes=1)
        yield made


@pytest.fixture(scope="module")
def ada(at: House) -> Caller:
    return at.person("ada")


def titles(caller: Caller, path: str) -> list[str]:
    return re.findall(r'<b dir="auto">(.*?)</b>', caller.get(path).text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 0, 1, 2]),  # The letter is due in four hours, the others in two days.
        ("workflow=letters", [3]),
        ("outcome=block", [2]),
        ("outcome=owner&workflow=replies", [0, 1]),
        ("finding=citation", [0, 1]),
        ("whose=ada", [3, 0, 1, 2]),
        ("whose=bo", []),
        ("status=released", [4]),
        ("status=nonsense", [3, 0, 1, 2]),
        ("workflow=%3Cb%3E", []),
        ("start=2", [3, 0, 1, 2]),
        ("start=%00+a+b", [3, 0, 1, 2]),
        ("start=9999+9+9", []),
        ("start=-1", [3, 0, 1, 2]),
    ],
)
def test_the_address_says_which(ada: Caller, query: str, found: list[int]) -> None:
    assert titles(ada, f"/console?{query}") == [f"Case {n}" for n in found]


def test_every_choice_finds_as_many_as_it_says(ada: Caller) -> None:
    html = ada.get("/console?workflow=replies").text
    choices = re.findall(
        r'<li><a href="([^"]*)"(.*?)>([^<]*) <span class="meta">(\d+)</span>', html
    )
    assert len(choices) > 8
    for href, is_on, words, n in choices:
        if not is_on:
            assert len(titles(ada, href.replace("&amp;", "&"))) == int(n), words


def test_who_reads_less_counts_less(at: House) -> None:
    dee = at.person("dee")
    assert titles(dee, "/console") == ["Case 3"]
    assert "3 more in workflows you don't read." in page(dee, "/console")


def test_late_is_counted_and_asked_for_first(at: House, ada: Caller) -> None:
    now = at.company.now
    at.company.wait(hours=5)
    assert "4 cases, by due time · 1 late" in page(at.person("ada"), "/console")
    at.company.now = now


def test_the_way_through_the_queue_keeps_the_filter(ada: Caller) -> None:
    html = ada.get("/console?workflow=replies").text
    first = re.findall(r'href="/console/cases/([\w-]+)"', html)[0]
    case = ada.get(f"/console/cases/{first}?workflow=replies").text
    assert "1 of 3" in case
    assert 'rel="prev"' not in case
    following = re.search(r'href="(/console/cases/[\w-]+\?workflow=replies)" rel="next"', case)
    assert following
    assert "2 of 3" in ada.get(following[1]).text
    assert titles(ada, following[1]) == ["Case 0", "Case 1", "Case 2"]
    assert f'data-finish="/console/cases/{first}/countersign/finish?workflow=replies"' in case


def test_a_long_queue_has_pages(ada: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_page, "PAGE", 3)
    first = ada.get("/console?whose=ada").text
    assert re.findall(r"Case (\d)", first) == ["3", "0", "1"]
    assert "4 cases" in first
    more = re.search(r'href="(/console\?whose=ada&amp;start=[^"]+)"', first)
    assert more
    last = ada.get(more[1].replace("&amp;", "&")).text
    assert re.findall(r"Case (\d)", last) == ["2"]
    assert ">More<" not in last


def test_more_of_mine_than_are_counted_are_said_to_be_more(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'Mine <span class="meta">4<' in ada.get("/console").text
    monkeypatch.setattr(queue_page, "COUNTED", 3)
    assert 'Mine <span class="meta">3+<' in ada.get("/console").text
    assert "3+ of 4 cases" in page(ada, "/console?whose=ada")
    assert 'to review <span class="meta">3+<' in ada.get("/console?whose=ada").text


def test_far_down_a_case_is_beyond_what_is_counted(
    ada: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = re.findall(r'href="/console/cases/([\w-]+)"', ada.get("/console").text)
    monkeypatch.setattr(queue_page, "COUNTED", 2)
    monkeypatch.setattr(queue_page, "AROUND", (1, 2))
    said = ["1 of 4", "2 of 4", "beyond 2 of 4", "beyond 2 of 4"]
    for case, words in zip(cases, said, strict=True):
        assert words in page(ada, f"/console/cases/{case}")
    assert titles(ada, f"/console/cases/{cases[2]}") == ["Case 0", "Case 1", "Case 2"]
    assert "beyond 2 of 2+" in page(ada, f"/console/cases/{cases[3]}?whose=ada")


def test_before_there_is_anything_the_pages_say_so(tmp_path: Path) -> None:
    with house(tmp_path / "empty") as made:
        ada = made.person("ada")
        assert "Nothing waits for anybody" in page(ada, "/console")
        assert "Nobody owes anything" in page(ada, "/console/duties")
    with house(tmp_path / "young", demo=False) as made:
        made.company.adopts("cy")
        assert "One person alone adopted this charter." in page(made.person("cy"), "/console")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Short", "Short"),
        ("two\n\nlines", "two lines"),
        ("word " * 40, "word " * 15 + "word…"),
        ("x" * 100, "x" * 79 + "…"),
        ("no\u00a0break \u2028", "no\u00a0break \u2028"),
        ("", ""),
    ],
)
def test_first_words(text: str, words: str) -> None:
    assert first_words(text) == words
