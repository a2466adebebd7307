"""The pages in Chromium: for everybody, by keyboard, under the CSP; and countersigning for real."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]

from trustwright.entrypoints.console.case import Part
from trustwright.entrypoints.console.edit import EditForm, Field
from trustwright.entrypoints.console.marks import Span, stretches

from .sample import CASE, EDITED, NASTY, PAGES, PROPOSED
from .server import Site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

COLORFUL = {
    *{page.template: name for name, page in PAGES.items()}.values(),
    *(
        "case",
        "case-void",
        "case-released",
        "case-stopped",
        "queue",
        "charter-proposed",
        "people-once",
    ),
}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((1440, 960), (390, 844))
SIGNS = {"case": CASE.id, "decision": "release", "role": "legal", "channel": "e-mail"}
TRICKY = (
    NASTY,
    "\nstarts with a line end",
    "\n\n",
    "",
    " \t trailing \t ",
    'quotes " \\ / \b \x1f \x7f \u2028',
    "e\u0301 is not \u00e9; \ufeff; \U0001f469\u200d\U0001f682; \ufffe",
    "</textarea></div><!-- & &amp; &nbsp;",
)
READ_BACK = """[...document.querySelectorAll("[data-part]")]
    .map((part) => [part.dataset.part, part.textContent])"""


@pytest.fixture
def tab(context: "BrowserContext") -> Iterator["Tab"]:
    """A fresh tab with a virtual authenticator. Whatever the console complains about fails the test."""
    tab = context.new_page()
    tab.set_viewport_size({"width": 1440, "height": 960})
    said: list[str] = []
    tab.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: said.append(str(error)))
    devtools = context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield tab
    assert said == []


def enrol(tab: "Tab", site: Site) -> None:
    tab.goto(f"{site.origin}/enrol")
    tab.get_by_role("button", name="Create my passkey").click()
    tab.wait_for_url("**/queue")
    site.done.clear()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(tab: "Tab", site: Site, name: str) -> None:
    tab.goto(f"{site.origin}/{name}")
    tab.evaluate(AXE_SCRIPT)
    for (width, height), theme in product(SIZES, THEMES):
        tab.set_viewport_size({"width": width, "height": height})
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        # Colors hang on template and theme alone, and measuring them is four fifths of the time.
        colors = name in COLORFUL and (theme == "light") == (width > 860)
        rules = {"color-contrast": {"enabled": colors}}
        run = "(rules) => axe.run({rules, resultTypes: ['violations'], preload: false})"
        found = tab.evaluate(run, rules)["violations"]
        assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == [], (width, theme)


def test_the_keyboard_is_enough(tab: "Tab", site: Site) -> None:
    tab.goto(f"{site.origin}/queue")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("k")
    assert "Complaint" in tab.evaluate("document.activeElement.textContent")
    tab.goto(f"{site.origin}/case")
    tab.keyboard.press("?")
    assert tab.get_by_role("dialog", name="Keys").is_visible()
    tab.keyboard.press("e")
    tab.keyboard.press("Escape")
    assert tab.url.endswith("/case")
    for key, path in {"e": "edit", "s": "hand-on", "r": "refuse"}.items():
        site.pages[f"console/cases/{CASE.id}/{path}"] = PAGES[path]
        site.pages[f"console/cases/{CASE.id}"] = CASE
        tab.keyboard.press(key)
        tab.wait_for_url(f"**/{path}")
        tab.locator("textarea").last.press("j")
        tab.keyboard.press("Escape")
        tab.wait_for_url(f"**/{CASE.id}")


def test_the_bar_is_always_in_sight(tab: "Tab", site: Site) -> None:
    for width, height in (*SIZES, (1000, 700)):
        tab.set_viewport_size({"width": width, "height": height})
        tab.goto(f"{site.origin}/case-void")
        for y in (0, 400, 9999):
            tab.evaluate(f"scrollTo({{top: {y}, behavior: 'instant'}})")
            box = tab.get_by_role("link", name="Refuse").bounding_box()
            assert box
            assert 0 <= box["y"] <= height - box["height"]


def test_a_finding_and_its_span_find_each_other(tab: "Tab", site: Site) -> None:
    tab.goto(f"{site.origin}/case")
    tab.hover("#finding-3")
    assert tab.locator(".mark.lit").inner_text() == "will arrive within 24 hours"
    tab.hover(".mark.warn")
    assert tab.locator(".finding.lit").get_attribute("id") == "finding-2"
    tab.click(".excerpt >> nth=2")
    assert tab.url.endswith("#at-3")


def test_a_form_gives_back_exactly_the_text_it_showed(tab: "Tab", site: Site) -> None:
    form = PAGES["edit-hostile"]
    assert isinstance(form, EditForm)
    fields = tuple(Field(f"part {n}", text) for n, text in enumerate(TRICKY))
    site.pages["edit-tricky"] = replace(form, fields=fields)
    tab.goto(f"{site.origin}/edit-tricky")
    tab.get_by_role("button", name="Check and save").click()
    tab.get_by_role("heading", name="To review").wait_for()
    sent = parse_qs(site.posted[-1][1].decode(), keep_blank_values=True)
    assert sent["name"] == [field.name for field in fields]
    assert [text.replace("\r\n", "\n") for text in sent["text"]] == [*TRICKY]
    assert sent["csrf"] == ["csrf-7Yk2"]


def test_what_is_read_back_from_the_page_is_the_text(tab: "Tab", site: Site) -> None:
    parts = tuple(
        Part(
            f'part "{n}"',
            stretches(
                text, [Span(0, 3, 2 * n + 1, "block"), Span(1, len(text), 2 * n + 2, "note")]
            ),
        )
        for n, text in enumerate(TRICKY)
    )
    tab.goto(site.show("tricky", replace(CASE, parts=parts), parts))
    assert (
        tab.evaluate(READ_BACK)
        == site.parts
        == [[p.name, t] for p, t in zip(parts, TRICKY, strict=True)]
    )


def test_a_person_enrols_signs_in_and_countersigns_what_they_saw(tab: "Tab", site: Site) -> None:
    enrol(tab, site)
    tab.goto(f"{site.origin}/sign-in")
    tab.get_by_role("button", name="Use my passkey").click()
    tab.wait_for_url("**/queue")
    nasty = (Part("subject", stretches(NASTY)), Part("body", stretches(EDITED)))
    tab.goto(site.show("to-sign", replace(CASE, parts=nasty), nasty))
    site.statement = SIGNS
    tab.keyboard.press("a")
    tab.wait_for_url("**/queue")
    assert site.done == ["sign-in", f"cases/{CASE.id}/countersign"]


@pytest.mark.parametrize(
    ("spoil", "statement"),
    [
        ("document.querySelector('[data-part=body]').append('!')", SIGNS),
        ("document.querySelector('[data-part=subject]').remove()", SIGNS),
        ("document.querySelector('.mark').textContent = 'slowest train'", SIGNS),
        ("", SIGNS | {"role": "owner"}),
        ("", SIGNS | {"case": "case-other"}),
    ],
)
def test_a_page_that_shows_something_else_does_not_sign(
    tab: "Tab", site: Site, spoil: str, statement: dict[str, str]
) -> None:
    enrol(tab, site)
    tab.goto(site.show("to-sign", CASE, CASE.parts))
    site.statement = statement
    tab.evaluate(spoil)
    tab.keyboard.press("a")
    tab.get_by_text("What this page shows isn't what would be signed.").wait_for()
    assert site.done == []


def test_a_hidden_part_is_not_signed(tab: "Tab", site: Site) -> None:
    enrol(tab, site)
    tab.goto(site.show("to-sign", CASE, CASE.parts))
    site.statement = SIGNS
    tab.evaluate("document.querySelector('[data-part=subject]').hidden = true")
    tab.get_by_role("button", name="Countersign").click()
    tab.get_by_text("This page doesn't show the whole text.").wait_for()
    assert site.done == []


def test_a_proposed_charter_is_countersigned_over_its_exact_text(tab: "Tab", site: Site) -> None:
    enrol(tab, site)
    assert PROPOSED.proposed
    site.statement = {"decision": "adopt", "role": "legal"}
    tab.goto(site.show("to-adopt", PROPOSED, PROPOSED.proposed.parts))
    tab.keyboard.press("a")
    tab.wait_for_url("**/queue")
    assert site.done == ["charter/countersign"]


def test_without_a_passkey_the_page_says_so(tab: "Tab", site: Site) -> None:
    tab.goto(f"{site.origin}/sign-in")
    tab.get_by_role("button", name="Use my passkey").click()
    tab.get_by_text("No passkey was used").wait_for()
    assert tab.get_by_role("button", name="Use my passkey").is_enabled()
