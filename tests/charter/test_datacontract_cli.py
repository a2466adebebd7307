"""Our maps are contracts for the tool that most people use for them, and its contracts are maps here.

It pins a DuckDB older than ours, so it runs in an environment of its own, which uv makes.
"""

import os
import subprocess
from pathlib import Path

import pytest

from scripts.source import ROOT
from tests.charter.test_reading_fieldmap import GOOD
from tests.signals.tables import table
from trustwright.charter.fieldmap.reading import examine
from trustwright.charter.fieldmap.writing import write
from trustwright.connectors.tables.profiling import profile
from trustwright.signals.drafting import draft

pytestmark = pytest.mark.soak
TOOL = "datacontract-cli==1.2.8"
UV = ROOT / ".cache" / "uv" / "bin" / "uv"


def tool(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    asked = [str(UV), "tool", "run", "--from", TOOL, "datacontract", *map(str, words)]
    home = {**os.environ, "UV_TOOL_DIR": str(folder / "tools")}
    return subprocess.run(asked, capture_output=True, text=True, env=home, cwd=folder, timeout=500)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("contracts")
    if not UV.exists() or tool("--version", folder=place).returncode:
        pytest.skip(f"{TOOL} can't be installed here")
    return place


def inferred() -> str:
    data = {"id": range(40), "language": ["de", "en"] * 20, "zip_code": ["Urban", "unknown"] * 20}
    return write(draft(profile(table("people", data))))


@pytest.mark.parametrize("text", [GOOD, write(examine(GOOD).document or {}), inferred()])
def test_our_maps_lint_there(folder: Path, text: str) -> None:
    (folder / "map.yaml").write_text(text, "utf-8")
    told = tool("lint", "map.yaml", folder=folder)
    assert "Data contract is valid" in told.stdout, told.stdout + told.stderr


def test_its_contracts_are_read_here(folder: Path) -> None:
    tool("init", "first.yaml", folder=folder)
    assert examine((folder / "first.yaml").read_text("utf-8")).map is not None


def test_a_map_comes_back_from_there_as_it_was(folder: Path) -> None:
    (folder / "map.yaml").write_text(GOOD, "utf-8")
    told = tool("export", "odcs", "map.yaml", "--output", "back.yaml", folder=folder)
    assert told.returncode == 0, told.stdout + told.stderr
    assert examine((folder / "back.yaml").read_text("utf-8")).map == examine(GOOD).map
