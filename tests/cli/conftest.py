import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from trustwright.entrypoints.cli import run
from trustwright.testing.company import Company


@dataclass(frozen=True)
class Told:
    """What a command came to: exit code, data, and what was said beside it."""

    code: int
    out: str
    err: str


Terminal = Callable[..., Told]


@pytest.fixture
def trustwright(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Terminal:
    """Run a command in an empty folder; `given` is its standard input."""
    monkeypatch.chdir(tmp_path)

    def command(*args: object, given: bytes = b"") -> Told:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        code = run([str(word) for word in args])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Told(code, out, err)

    return command


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """A company whose workspace the commands find, asking as its copilot."""
    made = Company(tmp_path / "workspace")
    monkeypatch.setenv("TRUSTWRIGHT_DIR", str(tmp_path / "workspace"))
    monkeypatch.setenv("TRUSTWRIGHT_SYSTEM", "copilot")
    yield made
    made.close()
