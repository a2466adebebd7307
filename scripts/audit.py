"""`make audit`: known vulnerabilities of everything the lock names; what wasn't audited is never green."""

import json
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("pip-audit")
OPTIONS = ("--require-hashes", "--disable-pip", "--timeout", "5", "--progress-spinner", "off")
WAYS, PATIENCE = 4, 8.0  # lookups at once; seconds for each of them
MOST = 5  # names in a line


def main() -> int:
    locked = Path(".cache/requirements.txt").read_text("utf-8").strip()
    pinned = [one for one in re.split(r"\n(?=\S)", locked) if "==" in one]
    # One goes ahead: where nothing is known of it, the others needn't be asked.
    first = ask(pinned[:1])
    if told(first) == 3:
        return said([*first, *map(unasked, pinned[1:])])
    with ThreadPoolExecutor(WAYS) as ways:
        rest = ways.map(ask, (pinned[1 + way :: WAYS] for way in range(WAYS)))
        return said([*first, *(one for part in rest for one in part)])


def ask(pinned: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each; of all of them that there was no answer, if there was none."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pinned))
        file.flush()
        command: list[str | Path] = [PROGRAM, "-r", file.name, "-f", "json", *OPTIONS]
        try:
            ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
            found: list[dict[str, Any]] = json.loads(ran.stdout)["dependencies"]
            return found
        except subprocess.TimeoutExpired:
            why = f"no answer in {PATIENCE:g} s"
        except (ValueError, KeyError):
            why = (ran.stderr.strip().splitlines() or ["no answer"])[-1]
    return [unasked(one, why) for one in pinned]


def unasked(pinned: str, why: str = "") -> dict[str, Any]:
    return {"name": pinned.partition("==")[0], "skip_reason": why}


def told(found: list[dict[str, Any]]) -> int:
    """1 for a vulnerability, 3 for what could not be audited, 0 if all was and there is none."""
    if any(one.get("vulns") for one in found):
        return 1
    return 3 if not found or any("vulns" not in one for one in found) else 0


def said(found: list[dict[str, Any]]) -> int:
    """As `told`, and in words."""
    for one in found:
        for advisory in one.get("vulns", ()):
            print(f"{one['name']} {one['version']}: {advisory['id']}")
    missed = [one for one in found if "vulns" not in one]
    if missed:
        names = ", ".join(one["name"] for one in missed[:MOST])
        print(
            f"not audited: {len(missed)} of {len(found)} packages ({names}{', ...' * (len(missed) > MOST)})"
        )
        print(f"   {missed[0]['skip_reason'][:200]}")
    print(f"audited: {len(found) - len(missed)} of {len(found)} packages")
    return told(found)


if __name__ == "__main__":
    sys.exit(main())
