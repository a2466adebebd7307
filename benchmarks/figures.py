"""How a measurement is written down: as a row of the README's table, and as JSON."""

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`wanted`: at least, or where `most`, at most. `floor`: what the same run got without us."""

    what: str
    measured: float
    unit: str
    wanted: float | None = None
    most: bool = False
    floor: float | None = None
    note: str = ""

    @property
    def missed(self) -> bool:
        if self.wanted is None:
            return False
        return self.measured > self.wanted if self.most else self.measured < self.wanted

    def row(self) -> str:
        """`| what | wanted | measured |`"""
        wanted = "stated" if self.wanted is None else self._said(self.wanted)
        beside = [f"{self.measured / self.floor:.2f} of the floor"] if self.floor else []
        also = "; ".join([*beside, *([self.note] if self.note else [])])
        measured = self._said(self.measured) + (f" ({also})" if also else "")
        return f"| {self.what} | {wanted} | {'**missed**: ' if self.missed else ''}{measured} |"

    def _said(self, value: float) -> str:
        return f"{value:,.0f}{self.unit}" if value >= 100 else f"{value:.3g}{self.unit}"


def printed(doc: str, run: Callable[[argparse.Namespace], Iterable[Figure]], *options: str) -> None:
    """Run a benchmark from the command line; each option takes a number."""
    parser = argparse.ArgumentParser(description=doc)
    parser.add_argument("--json", action="store_true")
    for option in options:
        name, _, default = option.partition("=")
        parser.add_argument(f"--{name}", type=int, default=int(default))
    asked = parser.parse_args()
    found = list(run(asked))
    if asked.json:
        told = [asdict(figure) | {"missed": figure.missed} for figure in found]
        print(json.dumps({"machine": machine(), "figures": told}, indent=2))
        return
    print(f"On {machine()}.\n\n| what | wanted | measured |\n| --- | --- | --- |")
    print("\n".join(figure.row() for figure in found))


def machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"load {load:.1f} before it ended"
    )


def told(words: str) -> None:
    """What is going on, for whoever waits."""
    print(f"... {words}", file=sys.stderr, flush=True)


def rate(times: int, run: Callable[[], object]) -> float:
    """How often a second."""
    began = time.perf_counter()
    for _ in range(times):
        run()
    return times / (time.perf_counter() - began)


def in_turn(rounds: int, times: int, *runs: Callable[[], object]) -> list[float]:
    """The median rate of each, measured in turn: a noisy neighbor then meets all of them."""
    found = [[rate(times, run) for run in runs] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def in_flight(clients: int, times: int, ask: Callable[[], Future[Any]]) -> float:
    """How often a second, if each of so many clients asks again once it is answered."""
    waiting: deque[Future[Any]] = deque()
    began = time.perf_counter()
    for _ in range(times):
        if len(waiting) == clients:
            waiting.popleft().result()
        waiting.append(ask())
    for future in waiting:
        future.result()
    return times / (time.perf_counter() - began)


def seconds(times: int, run: Callable[[], object]) -> list[float]:
    """How long each took, shortest first."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        took.append(time.perf_counter() - began)
    return sorted(took)


def percentile(taken: Sequence[float], p: int) -> float:
    """Of sorted values."""
    return taken[min(len(taken) - 1, len(taken) * p // 100)]
