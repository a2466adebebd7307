"""How long until the command line says something? Cold: a new process each time, files in the cache.

Run: python -m benchmarks.start [--json] [--times 9]
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figures import Figure, percentile, printed, seconds

TEXT = b"Your parcel is on its way. We will call you back by Friday."
PROGRAM = str(Path(sys.executable).with_name("trustwright"))


def starts(*command: str) -> Callable[[], None]:
    def run() -> None:
        done = subprocess.run(command, input=TEXT, capture_output=True, check=False)
        assert done.returncode in (0, 1), done.stderr

    return run


def measure(asked: argparse.Namespace) -> Iterator[Figure]:
    for what, command, wanted in (
        ("the floor: Python itself", (sys.executable, "-c", "pass"), None),
        ("`trustwright --help`", (PROGRAM, "--help"), 0.6),
        ("`trustwright check` of one text", (PROGRAM, "check", "-"), 1.0),
    ):
        took = seconds(asked.times, starts(*command))
        note = f"slowest of {asked.times}: {took[-1]:.2f} s"
        yield Figure(what, percentile(took, 50), " s", wanted, True, note=note)


if __name__ == "__main__":
    printed(__doc__, measure, "times=9")
