from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.stores import Site, site_in
from tests.postgres import Postgres
from trustwright.testing.company import Company


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[Site]:
    yield from site_in(tmp_path, None)


@pytest.fixture
def in_postgres(tmp_path: Path, postgres: Postgres) -> Iterator[Site]:
    yield from site_in(tmp_path / "elsewhere", postgres)


@pytest.fixture(params=["in_file", "in_postgres"])
def site(request: pytest.FixtureRequest) -> Site:
    """The contract is one: whatever takes this runs on both stores."""
    found: Site = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def company(site: Site) -> Company:
    return site.company
