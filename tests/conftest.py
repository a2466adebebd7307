"""What every room's tests share: the browser, and the reason why there is none."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.postgres import NoPostgres, Postgres
from trustwright.testing.company import Company

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", action="store_true", help="every company keeps its facts in PostgreSQL"
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole session; take a `database()` for each test."""
    try:
        server = Postgres.install()
        server.start()
    except NoPostgres as e:
        pytest.skip(str(e))
    yield server
    server.remove()


@pytest.fixture(scope="session", autouse=True)
def _companies(request: pytest.FixtureRequest) -> Iterator[None]:
    """With --postgres, a story that doesn't say where its company's facts are has them there."""
    if not request.config.getoption("--postgres"):
        yield
        return
    server: Postgres = request.getfixturevalue("postgres")
    begin = Company.__init__

    def elsewhere(
        company: Company,
        folder: Path,
        demo: bool = True,
        database: str | None = None,
        **changed: str,
    ) -> None:
        begin(company, folder, demo, database or server.database(), **changed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Company, "__init__", elsewhere)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the browser tests one by one where there is no browser, so that each is named."""
    if CHROMIUM is None:
        skip = pytest.mark.skip(reason="no Chromium here: apt-get install chromium")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(skip)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser. Tests that use it are marked `browser`."""
    assert CHROMIUM, "mark the test with pytest.mark.browser"
    return CHROMIUM


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the whole session; take a `context` for each test."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that remembers nothing of the test before."""
    fresh = browser.new_context()
    yield fresh
    fresh.close()
