from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.served import api_key, served
from trustwright.client import Caller, Client, Gate
from trustwright.testing.company import Company


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    made = Company(tmp_path / "workspace")
    monkeypatch.setenv("TRUSTWRIGHT_DATABASE", made.app.settings.database or "")
    yield made
    made.close()


@pytest.fixture(params=["over HTTP", "embedded"])
def copilot(company: Company, request: pytest.FixtureRequest) -> Iterator[Caller]:
    """An AI system of the company that asks, by either way in."""
    if request.param == "embedded":
        with Gate(company.app.settings.dir, system="copilot") as gate:
            yield gate
        return
    with (
        served(company.app) as url,
        Client(url, api_key(company.app), system="copilot") as client,
    ):
        yield client
