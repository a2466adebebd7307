"""How fast are alarms scored, and what do they find on real data? One set of defaults for all of it.

Run: python benchmarks/anomalies.py [--data DIR] [--json]

DIR holds the folders named below; what isn't there is skipped by name. Bars: 10,000 series of 3 years
in 20 s; on numbers, more windows and fewer days of false alarms than a rolling median and MAD.
"""

import argparse
import csv
import gzip
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import IO, cast

import numpy as np
import numpy.typing as npt

from trustwright.stats.bands import Limits, score
from trustwright.stats.numbers import watch

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SERIES, WEEKS, BLOCK = 10_000, 156, 1000
RATE = Limits(rate=True, least=3)  # Four clean snapshots of a stock are three differences.
FIELDS = (
    *("contact", "default", "job", "marital", "education", "housing", "loan", "month"),
    *("day_of_week", "poutcome", "y"),
)


def opened(path: Path) -> IO[str]:
    return cast(IO[str], gzip.open(path, "rt") if path.suffix == ".gz" else path.open())


def speed() -> Iterator[tuple[str, str]]:
    """Weekly series of five categories; daily ones of a rate."""
    rng = np.random.default_rng(1)
    for words, days, periods, k in (("weekly", False, WEEKS, 5), ("daily", True, 7 * WEEKS, 1)):
        counts = rng.multinomial(5000, np.full(k + 1, 1 / (k + 1)), (SERIES, periods))[..., :k]
        began, cpu = time.perf_counter(), time.process_time()
        seen = score(counts, np.full((SERIES, periods), 5000), Limits(daily=days))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        share = f"alarms in {seen.alarm.mean():.2%} of periods where nothing happened"
        yield (
            f"{SERIES:,} {words} series of 3 years, {k} categories",
            f"{seconds:.1f} s ({cpu:.1f} s of processor); {share}",
        )


def bank(data: Path) -> Iterator[tuple[str, str]]:
    """Calls in the order they were made, 1,000 at a time: two shifts are known, the rest is counted."""
    with opened(data / "bank-marketing-additional" / "bank-additional-full.csv.gz") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    blocks = [rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK)]
    others = 0
    for field in FIELDS:
        names = sorted({row[field] for row in rows})
        counts = np.array([[sum(r[field] == name for r in b) for name in names] for b in blocks])
        alarm = score(counts[None], counts.sum(axis=1)[None], Limits()).alarm[0]
        others += int(alarm.sum()) if field not in ("contact", "default") else 0
        if known := {"contact": "cellular", "default": "unknown"}.get(field):
            yield f"bank: {field}={known}", _found(alarm, counts, names.index(known))
        else:
            yield f"bank: {field}", f"{alarm.sum()} of {len(blocks)} blocks, {_begun(alarm)} begun"
    yield "bank: alarms of the other nine fields", f"{others} of {9 * len(blocks)} fields x blocks"


def _found(alarm: Flags, counts: npt.NDArray[np.int64], at: int) -> str:
    share = counts[:, at] / counts.sum(axis=1)
    outside = (share < share[:12].min()) | (share > share[:12].max())
    first = int(np.flatnonzero(alarm)[0])
    early = int(alarm[: int(outside.argmax())].sum())
    return (
        f"alarm from block {first + 1} ({share[first - 1]:.1%} to {share[first]:.1%}); leaves the range "
        f"of its first 12 blocks in {outside.argmax() + 1}; false alarms before that: {early}"
    )


def _begun(alarm: Flags) -> int:
    """Runs of alarms: each is one hold, whoever lifts it."""
    return int((alarm & ~np.concatenate([[False], alarm[:-1]])).sum())


def optouts(data: Path) -> Iterator[tuple[str, str]]:
    """Everybody who ever opted out, by group and week: a stock, so its differences are looked at."""
    stock: dict[str, list[tuple[datetime, int, int]]] = {}
    with opened(data / "nhs-optout-england" / "nhs_optout_england.csv") as file:
        for row in csv.DictReader(file):
            k, n = (int(row[name].replace(",", "")) for name in ("Opt-Out Count", "Population"))
            week = datetime.strptime(row["Date"], "%d/%m/%Y")  # noqa: DTZ007
            stock.setdefault(row["Demographic Group"], []).append((week, k, n))
    for group, found in stock.items():
        found.sort()
        held, people = (np.array([row[i] for row in found]) for i in (1, 2))
        if not people.all():
            yield f"opt-outs: {group}", "not run: no population is stated"
            continue
        seen = score(np.diff(held)[None, :, None], (people[1:] - held[:-1])[None], RATE)
        days = [f"{week:%d %b %Y}" for week, _, _ in found[1:]]
        alarms = [day for day, alarm in zip(days, seen.alarm[0], strict=True) if alarm]
        first = days[int(seen.decided[0].argmax())]
        yield f"opt-outs: {group}", f"decided from {first}; {', '.join(alarms) or 'quiet'}"


def numbers(data: Path) -> Iterator[tuple[str, str]]:
    """Labelled series of numbers: windows found, and days with a false alarm."""
    folder = data / "nab-anomalies"
    labels = json.loads((folder / "windows.json").read_text())
    totals: dict[str, list[int]] = {name: [0, 0, 0] for name in DETECTORS}
    for path in sorted(folder.glob("*/*.csv*")):
        name = f"{path.parent.name}/{path.name.removesuffix('.gz')}"
        with opened(path) as file:
            rows = [(_moment(r["timestamp"]), float(r["value"])) for r in csv.DictReader(file)]
        at, values = [moment for moment, _ in rows], np.array([value for _, value in rows])
        windows = [(_moment(a), _moment(b)) for a, b in labels.get(name, [])]
        gaps = sorted(b - a for a, b in pairwise(at))
        day = round(timedelta(days=1) / gaps[len(gaps) // 2])
        words = []
        for which, detector in DETECTORS.items():
            counted = _judged(at, detector(values, day), windows)
            totals[which] = [a + b for a, b in zip(totals[which], counted, strict=True)]
            words.append("{}: {} of {}, {} days".format(which, *counted))
        yield f"numbers: {name}", "; ".join(words)
    for which, (hits, all_, days) in totals.items():
        yield f"numbers: {which}", f"{hits} of {all_} windows, {days} days with a false alarm"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:19])


def rolling(days: int) -> Callable[[Floats, int], Flags]:
    """The baseline: further than 3.5 MAD (scaled to a deviation) from the median of some days."""

    def detect(values: Floats, day: int) -> Flags:
        size = min(days * day, len(values) // 4)
        past = np.lib.stride_tricks.sliding_window_view(values, size)[:-1]
        middle = np.median(past, axis=1)
        mad = 1.4826 * np.median(np.abs(past - middle[:, None]), axis=1)
        alarm = np.zeros(len(values), bool)
        alarm[size:] = np.abs(values[size:] - middle) > 3.5 * np.maximum(mad, 1e-9)
        return alarm

    return detect


DETECTORS: dict[str, Callable[[Floats, int], Flags]] = {
    "watcher": lambda values, day: watch(values, day).alarm,
    "median and MAD of a week": rolling(7),
    "median and MAD of a day": rolling(1),
}


def _judged(
    at: list[datetime], alarm: Flags, windows: list[tuple[datetime, datetime]]
) -> tuple[int, int, int]:
    """Windows found, windows, days with an alarm outside them; the first 15 % (750 at most) are free."""
    start = int(min(0.15 * len(at), 750))
    alarms = [moment for moment, on in zip(at[start:], alarm[start:], strict=True) if on]
    hits = sum(any(a <= moment <= b for moment in alarms) for a, b in windows)
    false = {m.date() for m in alarms if not any(a <= m <= b for a, b in windows)}
    return hits, len(windows), len(false)


REAL = {
    "bank-marketing-additional": bank,
    "nhs-optout-england": optouts,
    "nab-anomalies": numbers,
}


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--data", type=Path, help="the folder with the data sets")
    asked.add_argument("--json", action="store_true")
    args = asked.parse_args()
    lines = [*speed()]
    for name, measure in REAL.items():
        there = args.data is not None and (args.data / name).is_dir()
        lines += measure(args.data) if there else [(name, "skipped: no such folder in --data")]
    if args.json:
        print(json.dumps(dict(lines), indent=1))
        return
    for what, found in lines:
        print(f"{what}: {found}")


if __name__ == "__main__":
    main()
