"""The commands of docs/operations.md for backup and restore, as they stand there."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from trustwright.testing.company import Company

PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def commands(name: str) -> list[str]:
    page = PAGE.read_text("utf-8")
    found = re.search(rf"<!-- {name}: .*?-->\n```console\n(.*?)```", page, re.DOTALL)
    assert found
    return [line.removeprefix("$ ") for line in found[1].splitlines()]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a folder for backups, and one elsewhere that keeps checkpoints."""
    for name in ("backup", "elsewhere"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TRUSTWRIGHT_ANCHOR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TRUSTWRIGHT_SYSTEM", "copilot")
    Company(tmp_path / "desk").close()
    return tmp_path


def run(trustwright: Terminal, place: Path, lines: list[str]) -> str:
    """What `trustwright` said, and with which exit code each time; the rest is the shell's."""
    told = ""
    for line in lines:
        program, *words = shlex.split(line)
        if program != "trustwright":
            shell = line.replace("/backup", f"{place}/backup")
            subprocess.run(["bash", "-c", shell], cwd=place, check=True)
            continue
        command, _, into = " ".join(words).partition(" >> ")
        answer = trustwright(*shlex.split(command), given=b"Hello.")
        if into:
            with (place / into).open("a") as file:
                file.write(answer.out)
        told += f"{answer.out}{answer.err}exit {answer.code}\n"
    return told


PROPOSE = ["trustwright propose --workflow replies --dir desk"]


def test_a_backup_restored_goes_on(trustwright: Terminal, place: Path) -> None:
    run(trustwright, place, [*PROPOSE, *commands("backup")])
    told = run(trustwright, place, [*commands("restore"), *PROPOSE])
    assert "VERDICT: ok\nexit 0" in told.replace("\n\n", "\n")
    assert "published already" not in told
    assert told.endswith("exit 0\n")


def test_an_older_backup_is_seen_and_the_way_out_of_it_leads_out(
    trustwright: Terminal, place: Path
) -> None:
    run(trustwright, place, [*PROPOSE, *commands("backup"), *PROPOSE])
    told = run(trustwright, place, [*commands("restore"), *PROPOSE])
    assert "VERDICT: invalid" in told
    assert told.count("entries were published already") >= 3
    assert told.endswith("exit 3\n")
    told = run(trustwright, place, [*commands("older"), *PROPOSE])
    assert "published already" not in told.partition("exit 1")[2]
    assert told.endswith("exit 0\n")
    note = (place / "lost-entries.txt").read_text()
    assert note.count("localhost/") >= 4
    assert "VERDICT: invalid" in note
