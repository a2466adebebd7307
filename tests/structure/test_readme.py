"""The README's transcript is run as it stands: each command must print exactly what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

from scripts.source import ROOT

END = "-- end of command --"


def commands() -> list[tuple[str, str]]:
    """(command, what it prints), from every console block after a transcript comment."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"<!-- transcript.*?-->\n```console\n(.*?)```", text, re.DOTALL)
    steps = [step for block in blocks for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    return [(step.split("\n", 1)[0], step.split("\n", 1)[1]) for step in steps]


def test_the_transcript_prints_what_it_says(tmp_path: Path) -> None:
    steps = commands()
    assert len(steps) >= 4
    script = "".join(f"{command}\necho '{END}'\n" for command, _ in steps)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash"],
        input=script,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
    )
    printed = ran.stdout.split(f"{END}\n")
    for (command, says), prints in zip(steps, printed, strict=False):
        assert prints == says, f"$ {command}\n{ran.stderr}"
