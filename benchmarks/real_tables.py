"""What do inferred and given rules find in real tables? One set of defaults for all of them.

Run: python benchmarks/real_tables.py [--data DIR] [--json]

DIR holds the folders named below; what isn't there is skipped by name. A cell is found if a rule fails
its row and is about its column; a cell is wrong if the clean table has something else there.
"""

import argparse
import gzip
import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from trustwright.charter.fieldmap.model import MappedField, RuleUse, TableMap
from trustwright.charter.fieldmap.reading import read
from trustwright.charter.fieldmap.writing import write
from trustwright.connectors.tables.local import LocalTable
from trustwright.connectors.tables.profiling import profile
from trustwright.connectors.tables.slow import file_for
from trustwright.signals import preflight, proposing
from trustwright.signals.drafting import draft
from trustwright.signals.profile import Profile
from trustwright.stats.proportions import Proportion

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KEYS = {"hospital": "index", "flights": "tuple_id", "beers": "index"}
MEASURE = re.compile(r"^(\d+)(?:\.0)?\s*\D+$")
Cell = tuple[int, str]
Lines = Iterator[tuple[str, str]]


def table(name: str, frame: pl.DataFrame) -> LocalTable:
    return LocalTable(name, frame.lazy, lambda: "as it was")


def texts(path: Path, separator: str = ",") -> pl.DataFrame:
    """Every value as it is written; what is empty is null."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return pl.read_csv(raw, separator=separator, infer_schema_length=0)


def typed(path: Path, separator: str = ",") -> pl.DataFrame:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return pl.read_csv(raw, separator=separator, infer_schema_length=None)


# Cells found, cells wrong


def found(frame: pl.DataFrame, agreed: TableMap, key: str) -> dict[str, set[Cell]]:
    """By rule of the shelf: row of the key and column of every cell that fails."""
    cells: dict[str, set[Cell]] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        told = preflight.check(table("t", frame), agreed, NOW, {}, place)
        for result in told.results:
            if result.undecided:
                raise SystemExit(f"{result.use.id}: {result.undecided.sentence}")
            if result.k:
                rows = pl.read_parquet(file_for(place, result.use.id))[key].cast(pl.Int64)
                column = result.use.columns[-1]
                cells.setdefault(result.use.check, set()).update((row, column) for row in rows)
    return cells


def wrong(dirty: pl.DataFrame, clean: pl.DataFrame, key: str) -> dict[Cell, str]:
    """Every cell that differs, with the kind of its fault."""
    faults = {}
    for name in dirty.columns:
        for row, had, should in zip(dirty[key], dirty[name], clean[name], strict=True):
            if (had or "") != (should or ""):
                faults[int(row), name] = fault(had or "", should or "")
    return faults


def fault(had: str, should: str) -> str:
    if not had:
        return "left empty"
    if not should:
        return "a code for none"
    if should in had or MEASURE.sub(r"\1", had) == should:
        return "written otherwise"
    same = sum(a == b for a, b in zip(had, should, strict=False))
    if len(had) == len(should) and "x" in had and same >= len(had) / 2:
        return "misspelt"
    return "another value"


def scored(what: str, by: dict[str, set[Cell]], faults: dict[Cell, str]) -> Lines:
    every = set().union(*by.values())
    hit = every & faults.keys()
    yield f"{what}: precision", str(Proportion(len(hit), len(every)))
    yield f"{what}: recall", str(Proportion(len(hit), len(faults)))
    if "missing-code" in by:  # Some codes for none stand in the clean table too.
        rest = set().union(*(cells for check, cells in by.items() if check != "missing-code"))
        share = Proportion(len(rest & faults.keys()), len(rest))
        yield f"{what}: precision but for missing-code", str(share)
    kinds = Counter(faults.values())
    caught = Counter(faults[cell] for cell in hit)
    for kind, n in kinds.most_common():
        yield f"{what}: recall, {kind}", str(Proportion(caught[kind], n))
    for check, cells in sorted(by.items()):
        yield (
            f"{what}: precision of {check}",
            str(Proportion(len(cells & faults.keys()), len(cells))),
        )


def dirty(data: Path) -> Lines:
    for name, key in KEYS.items():
        folder = data / "dirty-tables" / name
        bad, good = texts(folder / "dirty.csv"), texts(folder / "clean.csv")
        theirs = good.columns
        good.columns = bad.columns
        faults = wrong(bad, good, key)
        seen = profile(table(name, bad))
        agreed = read(write(draft(seen)), name).tables[0]
        yield from scored(f"{name}, inferred", found(bad, agreed, key), faults)
        given = constrained(folder / "constraints.txt", dict(zip(theirs, bad.columns, strict=True)))
        yield from scored(f"{name}, given", found(bad, given, key), faults)


def constrained(file: Path, names: dict[str, str]) -> TableMap:
    """Denial constraints: rows with EQual columns may not be unequal (IQ) in another."""
    rules = []
    for at, line in enumerate(file.read_text().split()):
        # One of them is written EQ(t1.brewery_id.brewery_id).
        equal = [m.split(".")[-1] for m in re.findall(r"EQ\(t1\.([\w.-]+)", line)]
        (other,) = re.findall(r"IQ\(t1\.([\w-]+)", line)
        columns = tuple(named(name, names) for name in (*equal, other))
        rules.append(RuleUse(id=f"given-{at}", check="depends", columns=columns))
    fields = tuple(MappedField(name=name) for name in names.values())
    return TableMap(name="t", rules=tuple(rules), fields=fields)


def named(name: str, names: dict[str, str]) -> str:
    plain = {re.sub(r"\W|_", "", there).lower(): mine for there, mine in names.items()}
    return plain[re.sub(r"\W|_", "", name).lower()]


# What is named


def mentioned(seen: Profile, check: str) -> str:
    told = [p for p in proposing.propose(seen) if p.check == check]
    return "; ".join(f"{p.columns[-1]}: {p.says}" for p in told) or "nothing"


def hillstrom(data: Path) -> Lines:
    seen = profile(table("hillstrom", typed(data / "hillstrom-email" / "hillstrom.csv.gz")))
    yield "hillstrom: mis-mapped", mentioned(seen, "mapped-sanity")
    yield "hillstrom: key", proposing.key(seen) or "none"


def bank(data: Path) -> Lines:
    path = data / "bank-marketing-additional" / "bank-additional-full.csv.gz"
    seen = profile(table("bank", typed(path, ";")))
    yield "bank: missing codes", mentioned(seen, "missing-code")
    yield "bank: key", proposing.key(seen) or "none"


# The same person twice


def identities(data: Path) -> Lines:
    folder = data / "identity-records"
    febrl = texts(folder / "febrl3.csv")
    febrl.columns = [name.strip() for name in febrl.columns]
    febrl = febrl.with_columns(pl.all().str.strip_chars())
    people = [re.split(r"-(?:org|dup)", id)[0] for id in febrl["rec_id"]]
    yield from twice("febrl3", febrl, febrl.columns[1:], people)
    chicago = texts(folder / "chicago_early_childhood_true_ids.csv")
    yield from twice(
        "chicago", chicago, ["Site name", "Address", "Zip", "Phone"], chicago["True Id"]
    )


def twice(name: str, frame: pl.DataFrame, columns: list[str], people: Iterable[str]) -> Lines:
    """A row is rightly found if somebody else has its person; a pair if both rows are one person's."""
    truth = list(people)
    often = Counter(truth)
    use = RuleUse(id="twice", check="near-duplicate", columns=tuple(columns))
    frame = frame.with_row_index("\x01row")
    agreed = TableMap(name=name, rules=(use,), key="\x01row")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        preflight.check(table(name, frame), agreed, NOW, {}, place)
        rows = pl.read_parquet(file_for(place, "twice"))
    hit = [
        (int(row), int(like)) for row, like in zip(rows["\x01row"], rows["looks like"], strict=True)
    ]
    right = sum(often[truth[row]] > 1 for row, _ in hit)
    yield f"{name}: precision of rows", str(Proportion(right, len(hit)))
    every = sum(count for count in often.values() if count > 1)
    yield f"{name}: recall of rows", str(Proportion(right, every))
    same = sum(truth[row] == truth[like] for row, like in hit)
    yield f"{name}: the row it looks like is the same person's", str(Proportion(same, len(hit)))


REAL: dict[str, Callable[[Path], Lines]] = {
    "dirty-tables": dirty,
    "hillstrom-email": hillstrom,
    "bank-marketing-additional": bank,
    "identity-records": identities,
}


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--data", type=Path, help="the folder with the data sets")
    asked.add_argument("--json", action="store_true")
    args = asked.parse_args()
    lines: list[tuple[str, str]] = []
    for name, measure in REAL.items():
        there = args.data is not None and (args.data / name).is_dir()
        lines += measure(args.data) if there else [(name, "skipped: no such folder in --data")]
    if args.json:
        print(json.dumps(dict(lines), indent=1))
        return
    for what, said in lines:
        print(f"{what}: {said}")


if __name__ == "__main__":
    main()
