"""The page gives the same answer as the program, offline, in a real browser, from a file."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import BrowserContext, Page, expect

from tests.ledger.synthetic import FORGED, GOOD, World, begun, owner_case
from trustwright.ledger.bundle import verify_page
from trustwright.ledger.evidence import pack, unpack
from trustwright.ledger.verifier import verify

pytestmark = pytest.mark.browser
JUDGE = """async ([data, key]) => {
  const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
  return verify(bytes, key);
}"""


@pytest.fixture
def page(context: BrowserContext, tmp_path: Path) -> Iterator[Page]:
    """The page opened from a file, with every request anywhere refused and every complaint kept."""
    context.set_offline(True)
    (tmp_path / "verify.html").write_bytes(verify_page())
    opened, complaints = context.new_page(), []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto((tmp_path / "verify.html").as_uri())
    yield opened
    assert not complaints


def judged(page: Page, archive: bytes, key: str | None) -> tuple[str, list[str]]:
    report = page.evaluate(JUDGE, [base64.b64encode(archive).decode(), key])
    return report["verdict"], sorted(reason["code"] for reason in report["reasons"])


def by_program(archive: bytes, key: str | None) -> tuple[str, list[str]]:
    report = verify(archive, key)
    return report["verdict"], sorted(reason["code"] for reason in report["reasons"])


def test_the_page_agrees_with_the_program_on_everything(page: Page) -> None:
    makers = {**GOOD, **{name: make for name, (make, _) in FORGED.items()}}
    for name, make in makers.items():
        world = make()
        archive, key = world.bundle(), world.signer.vkey
        assert judged(page, archive, key) == by_program(archive, key), name
    assert judged(page, archive, None) == by_program(archive, None)


def test_the_page_agrees_on_damage(page: Page) -> None:
    world = owner_case()
    archive = world.bundle()
    files = unpack(archive)
    damaged = [
        b"",
        archive[:-1],
        archive + b"!",
        b"PK\x03\x04",
        archive.replace(b"owner", b"0wner", 1),
    ]
    for name, data in files.items():
        bent = data.replace(b"5", b"6", 1) if b"5" in data else data + b" "
        damaged.append(pack({**files, name: bent}))
        damaged.append(pack({other: files[other] for other in files if other != name}))
    damaged += [pack({**files, "entries/4.json": raw}) for raw in (b"{", b'{"a":1.0}', b"[" * 9000)]
    for number, bundle in enumerate(damaged):
        answer = judged(page, bundle, world.signer.vkey)
        assert answer == by_program(bundle, world.signer.vkey), number


def choose(page: Page, world: World, tmp_path: Path, key: str = "") -> None:
    (tmp_path / "case.zip").write_bytes(world.bundle())
    page.get_by_label("The log's key").fill(key)
    page.get_by_label("Evidence bundle").set_input_files(tmp_path / "case.zip")


def test_a_person_sees_verdict_reasons_text_and_story(page: Page, tmp_path: Path) -> None:
    world = owner_case()
    choose(page, world, tmp_path)
    expect(page.locator(".verdict")).to_contain_text("incomplete")
    expect(page.get_by_text("log-key-not-given")).to_be_visible()
    page.get_by_label("The log's key").fill(world.signer.vkey)
    expect(page.locator(".verdict")).to_contain_text("The release is proved.")
    expect(page.get_by_text("Your parcel left.")).to_be_visible()
    expect(page.get_by_text("countersigned the text as owner")).to_be_visible()


def test_a_hostile_text_is_text(page: Page, tmp_path: Path) -> None:
    world = begun()
    world.submit(("body", "<img src=x onerror=alert(1)>\u202egnp.exe\u200b"))
    world.route("owner", ["owner"])
    world.release(world.sign("Ann"))
    choose(page, world, tmp_path, world.signer.vkey)
    expect(page.locator(".part")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator(".part img").count() == 0
    marks = [mark.get_attribute("data-mark") for mark in page.locator(".mark").all()]
    assert marks == ["U+202E", "U+200B"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_for_everybody_also_on_a_telephone(
    page: Page, tmp_path: Path, scheme: str
) -> None:
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.set_viewport_size({"width": 390, "height": 844})
    for make in (owner_case, FORGED["editor as signer"][0], FORGED["content erased"][0]):
        world = make()
        choose(page, world, tmp_path, world.signer.vkey)
        expect(page.locator(".verdict")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("Tab")
    assert not Axe().run(page).response["violations"]
