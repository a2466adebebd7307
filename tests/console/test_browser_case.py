"""The main job in a real browser against the real server: from the enrolment link to a checked proof."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from trustwright.app import App, Settings, create
from trustwright.charter import service as charter
from trustwright.entrypoints.server import server
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER, Machine
from trustwright.ledger.verifier import verify
from trustwright.proposals.model import Case, case
from trustwright.testing.company import files

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext
    from playwright.sync_api import Page as Tab

pytestmark = pytest.mark.browser

SOURCE = "The Royal Blue made its last run in 1958."
TEXT = 'It made its last run in 1963.\n\n\tÜber \U0001f469\u200d\U0001f682, e\u0301, <b>&amp;</b> \\ " end '


FILES = files(company=files()["company.yaml"] + "batches: {most: 20, low: 200}\n")


class Served:
    """A demo workspace of the company for tests, served."""

    def __init__(self, app: App) -> None:
        self.app, self.url = app, app.settings.url

    def proposes(self) -> str:
        order = {
            "system": "copilot",
            "workflow": "replies",
            "title": "The Royal Blue",
            "parts": [{"name": "subject", "text": "Your question"}, {"name": "body", "text": TEXT}],
            "sources": [{"id": "source", "text": SOURCE}],
        }
        return str(self.app.call("proposals.submit", Machine("copilot"), order).case)

    def case(self, id: str) -> Case:
        with self.app.ledger.view() as view:
            return case(id, view.facts(id))


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://localhost:{listening.getsockname()[1]}"
        app = create(Settings(dir=folder, url=url), demo=True)
        app.write(WORKER, lambda uow: charter.adopt_for_demo(uow, FILES))
        running = server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not running.started:
                time.sleep(0.01)
            yield Served(app)
        finally:
            running.should_exit = True
            thread.join()
            app.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "workspace") as site:
        yield site


@pytest.fixture
def tab(context: "BrowserContext", site: Served) -> Iterator["Tab"]:
    """Ada's browser: enrolled behind her link, signed out, signed in. It may complain of nothing."""
    tab = context.new_page()
    tab.set_default_timeout(20_000)
    said: list[str] = []
    tab.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    tab.on("pageerror", lambda error: said.append(str(error)))
    devtools = context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    token = site.app.write(WORKER, lambda uow: passkeys.invite(uow, "ada")).token
    tab.goto(f"{site.url}/console/enrol/{token}")
    tab.get_by_role("button", name="Create my passkey").click()
    tab.wait_for_url("**/console")
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="Use my passkey").click()
    tab.wait_for_url("**/console")
    yield tab
    assert said == []


def test_from_the_link_to_a_proof_that_breaks_when_changed(
    tab: "Tab", site: Served, tmp_path: Path
) -> None:
    id = site.proposes()
    tab.reload()
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/cases/{id}")
    tab.keyboard.press("a")
    tab.get_by_text("Released. Countersigned by Ada Birch").wait_for()
    assert site.case(id).status == "released"

    with tab.expect_download() as download:
        tab.get_by_role("link", name="Evidence bundle").click()
    bundle, key = Path(download.value.path()).read_bytes(), site.app.ledger.signer.vkey
    assert download.value.suggested_filename == f"evidence-{id}.zip"
    assert verify(bundle, key)["verdict"] == "ok"
    changed = bundle.replace(b'"role":"owner"', b'"role":"0wner"', 1)
    assert verify(changed, key)["verdict"] == "invalid"

    tab.goto(f"{site.url}/verify/offline")
    tab.get_by_label("The log's key").fill(key)
    for name, data, words in (
        ("as-downloaded.zip", bundle, "The release is proved."),
        ("changed.zip", changed, "invalid"),
    ):
        (tmp_path / name).write_bytes(data)
        tab.get_by_label("Evidence bundle").set_input_files(tmp_path / name)
        tab.locator(".verdict", has_text=words).wait_for()


@pytest.mark.parametrize(
    "spoil",
    [
        "document.querySelector('[data-part=body]').firstChild.textContent += '!'",
        "document.querySelector('[data-must=role]').value = 'second'",
    ],
)
def test_a_page_that_shows_something_else_signs_nothing(
    tab: "Tab", site: Served, spoil: str
) -> None:
    id = site.proposes()
    tab.goto(f"{site.url}/console/cases/{id}")
    tab.evaluate(spoil)
    tab.keyboard.press("a")
    tab.get_by_text("What this page shows isn't what would be signed.").wait_for()
    assert site.case(id).status == "waiting"
    tab.reload()
    tab.keyboard.press("a")
    tab.get_by_text("Released. Countersigned by Ada Birch").wait_for()


def test_an_edit_keeps_every_character(tab: "Tab", site: Served) -> None:
    id = site.proposes()
    tab.goto(f"{site.url}/console/cases/{id}")
    tab.keyboard.press("e")
    tab.wait_for_url("**/edit")
    tab.get_by_label("subject").fill("Your question about the train")
    tab.get_by_label("right as it stands", exact=True).check()
    tab.get_by_label("Why the ticked").fill("Their archive says so.")
    tab.get_by_role("button", name="Check and save").click()
    tab.get_by_text("You edited this text, so somebody else countersigns it.").wait_for()
    shown = tab.evaluate("[...document.querySelectorAll('[data-part]')].map((p) => p.textContent)")
    assert shown == ["Your question about the train", TEXT]


def test_the_checks_look_again_as_typing_pauses(tab: "Tab", site: Served) -> None:
    id = site.proposes()
    tab.goto(f"{site.url}/console/cases/{id}/edit")
    tab.get_by_text("1 finding in this text").wait_for()
    tab.get_by_label("right as it stands", exact=True).check()
    body = tab.get_by_label("body")
    body.fill("On the whole, it made its last run in 1963 and not earlier.")
    tab.locator("span.excerpt", has_text="1963").wait_for()
    assert tab.get_by_label("right as it stands", exact=True).is_checked()
    body.fill("It made its last run in 1958.")
    tab.get_by_text("0 findings in this text").wait_for()
    assert tab.locator(".findings li").count() == 0
    assert site.case(id).content == site.case(id).submitted.content


def test_like_cases_are_opened_by_sample_and_signed_with_one_touch(
    tab: "Tab", site: Served
) -> None:
    ids = [site.proposes() for _ in range(7)]
    tab.reload()
    tab.keyboard.press("j")
    tab.keyboard.press("x")
    assert tab.locator("input[name=case]:checked").count() == 1
    tab.keyboard.press("x")
    tab.get_by_role("button", name="Decide together").click()
    tab.wait_for_url("**/console/batches/*")
    assert tab.get_by_text("drawn", exact=True).count() == 5
    for n in range(1, 6):
        tab.keyboard.press("j")
        tab.wait_for_url("**/cases/*")
        tab.get_by_text(f"{n} of 5 opened").wait_for()
    tab.keyboard.press("j")
    tab.wait_for_url("**/console/batches/*")
    tab.evaluate("document.querySelector('[data-opened]').textContent = 'not opened'")
    tab.evaluate("document.querySelectorAll('[data-opened]')[1].textContent = 'not opened'")
    tab.evaluate("document.querySelectorAll('[data-opened]')[2].textContent = 'not opened'")
    tab.keyboard.press("a")
    tab.get_by_text("What this page shows isn't what would be signed.").wait_for()
    tab.reload()
    tab.keyboard.press("a")
    tab.get_by_text("Countersigned: 7 cases, 5 of them opened.").wait_for()
    assert {site.case(id).status.value for id in ids} == {"released"}
