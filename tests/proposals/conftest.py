from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.testing.company import Company


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace")
    yield made
    made.close()
