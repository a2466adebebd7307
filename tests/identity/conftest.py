from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.identity.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    new = House(tmp_path)
    yield new
    new.ledger.close()
