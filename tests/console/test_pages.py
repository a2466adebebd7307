"""Every page as HTML: it renders, it escapes, it asks for nothing the CSP forbids."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from trustwright.entrypoints.console.page import Page
from trustwright.entrypoints.console.render import ASSETS, HERE, render

from .sample import CASE, PAGES

BUDGET = {"console.css": 18_500, "console.js": 3_200, "passkey.js": 5_400, "edit.js": 2_200}


class Outline(HTMLParser):
    """Tags with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_plain_html(name: str) -> None:
    tags = Outline(render(PAGES[name])).tags
    names = [tag for tag, _ in tags]
    assert names.count("h1") == names.count("main") == 1
    assert not [a for _, attrs in tags for a in attrs if a == "style" or a.startswith("on")]
    assert all(attrs.get("src") for tag, attrs in tags if tag == "script")
    assert not {"style", "iframe", "object", "base"} & set(names)
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for tag, attrs in tags:
        href = attrs.get("href") or attrs.get("src") or attrs.get("action") or "/"
        assert href.startswith(("/", "#", "http://localhost:8787/")), (tag, href)


@pytest.mark.parametrize("name", PAGES)
def test_every_form_that_posts_carries_the_csrf_token(name: str) -> None:
    for form in re.findall(r"<form [^>]*method=\"post\".*?</form>", render(PAGES[name]), re.DOTALL):
        assert 'name="csrf" value="csrf-7Yk2"' in form


@pytest.mark.parametrize("name", ["case-hostile", "edit-hostile"])
def test_hostile_text_stays_text(name: str) -> None:
    html = render(PAGES[name])
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b>Mallory" not in html
    assert "{{ 7*7 }}" in html
    assert [attrs for tag, attrs in Outline(html).tags if tag == "img" and "onerror" in attrs] == []


def test_a_template_that_misspells_a_name_is_an_error() -> None:
    class Odd(Page):
        template = "refuse.html"

    with pytest.raises(UndefinedError):
        render(Odd(frame=CASE.frame))


def test_the_standing_of_a_case_is_said_with_what_to_do() -> None:
    assert CASE.standing is None
    stopped = replace(CASE, state="stopped").standing
    assert stopped
    assert stopped.remedy == "Edit them, or refuse the case."


def test_assets_are_few_and_small_and_all_ours() -> None:
    sizes = {path.name: path.stat().st_size for path in ASSETS.iterdir()}
    assert set(sizes) == {*BUDGET, "mark.svg"}
    assert {name for name in BUDGET if sizes[name] > BUDGET[name]} == set()
    assert not re.search(r"https?://|@import|url\(", (ASSETS / "console.css").read_text())


def test_no_template_trusts_a_text() -> None:
    for template in (HERE / "templates").iterdir():
        assert "|safe" not in template.read_text()
        assert "autoescape" not in template.read_text()
