"""A small server that serves the sample pages as the console would."""

from collections.abc import Iterator

import pytest

from .server import Site


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as site:
        yield site
