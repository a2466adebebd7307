"""A workspace that an earlier release wrote is opened, proved, and goes on; also in PostgreSQL."""

import base64
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scripts.release import KEPT
from tests.postgres import Postgres
from trustwright import __version__
from trustwright.app import App, Settings
from trustwright.kernel.actors import Machine
from trustwright.ledger import moving, verifier
from trustwright.ledger.sqlite import FILE
from trustwright.proposals.evidence import bundle
from trustwright.proposals.model import case
from trustwright.testing.company import START

RELEASES = {path.stem: path for path in sorted(KEPT.glob("*.json"))}
COPILOT = Machine("copilot")


@pytest.fixture(params=RELEASES)
def kept(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RELEASES[request.param].read_text("utf-8"))
    return found


@pytest.fixture
def settings(kept: dict[str, Any], tmp_path: Path) -> Settings:
    """The workspace, laid out as it was."""
    folder = tmp_path / "workspace"
    (folder / "keys").mkdir(parents=True)
    for name, secret in kept["keys"].items():
        (folder / "keys" / name).write_bytes(bytes.fromhex(secret))
    with closing(sqlite3.connect(folder / FILE)) as database:
        database.executescript("\n".join(kept["dump"]))
    return Settings(dir=folder)


@pytest.fixture(params=["in its file", "moved"])
def app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[App]:
    if request.param == "moved":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database()
        with closing(App(settings)) as old:
            moving.move(old.ledger, url)
        settings = replace(settings, database=url)
    with closing(App(settings, lambda: START + timedelta(hours=1))) as opened:
        yield opened


def test_it_is_proved_and_goes_on(app: App, kept: dict[str, Any]) -> None:
    cases = kept["cases"]
    with app.ledger.view() as view:
        assert app.ledger.verify(view).problems == ()
        assert app.ledger.examine(view) == ()
        told = {name: str(case(id, view.facts(id)).status) for name, id in cases.items()}
        fresh = bundle(view, case(cases["released"], view.facts(cases["released"])))
    assert told == {
        "released": "released",
        "waiting": "waiting",
        "refused": "refused",
        "erased": "voided",
    }
    for archive in (base64.b64decode(kept["bundle"]), fresh):
        assert verifier.verify(archive, kept["log_key"])["verdict"] == "ok"
    taken = app.call("proposals.take", COPILOT, {"case": cases["released"]}, "key")
    assert "this one is released" in str(taken)
    order = {
        "system": "copilot",
        "workflow": "replies",
        "parts": [{"name": "body", "text": "Hello."}],
        "subject": "customer-waiting",
    }
    assert app.call("proposals.submit", COPILOT, order).case
    app.ledger.rebuild()
    with app.ledger.view() as view:
        assert app.ledger.verify(view).problems == ()


def test_this_version_is_kept() -> None:
    assert __version__ in RELEASES, "run `python -m scripts.release`"
