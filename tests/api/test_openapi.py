"""What the description says is what the server does: schemathesis attacks it, with all its checks."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.client.served import api_key, served
from trustwright.entrypoints.api import offered
from trustwright.testing.company import Company

PROGRAM = shutil.which("schemathesis", path=Path(sys.executable).parent)
SHORT = ("--phases", "fuzzing", "--max-examples", "8", "--seed", "1")
LONG = ("--max-examples", "200")


@pytest.mark.parametrize(
    "how", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_the_server_does_what_its_description_says(tmp_path: Path, how: tuple[str, ...]) -> None:
    company = Company(tmp_path / "workspace")
    # It asks faster than any caller, and without a key on purpose: its limits have tests of their own.
    company.app.settings = replace(company.app.settings, api_rate=1e6, door_rate=1e6)
    key = api_key(company.app)
    assert PROGRAM
    with served(company.app) as url:
        ran = subprocess.run(
            [
                *(PROGRAM, "run", f"{url}/openapi.json", *how),
                *("-H", f"Authorization: Bearer {key}", "--generation-database", "none"),
                *("--no-color", "--continue-on-failure"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    company.close()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"Tested: {len(offered())}" in ran.stdout
