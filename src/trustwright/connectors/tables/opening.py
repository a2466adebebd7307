"""Which table is meant? A file by its name and first bytes, or a table of a database by its address.

A database's tables are named behind a `#`: `shop.duckdb#customers`, `postgres://reader@host/shop#crm.people`.
"""

import hashlib
import json
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import polars as pl

from trustwright.connectors.tables.delimited import Written, found_out, in_utf8, ragged
from trustwright.connectors.tables.local import LocalTable, reading
from trustwright.kernel.errors import Invalid, NotFound
from trustwright.signals.table import Table

PARQUET = (".parquet", ".pq")
CSV = (".csv", ".tsv", ".txt")
LINES = (".jsonl", ".ndjson")
DATABASES = {".duckdb": "duckdb", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite"}


def opened(address: str) -> Table:
    """The table at an address. Raises `NotFound`, `Invalid` or `Unavailable`, each with a remedy."""
    place, _, inside = address.partition("#")
    path = Path(place)
    if "://" in place or path.suffix.lower() in DATABASES:
        # Ibis takes most of a second to load, and files don't need it.
        from trustwright.connectors.tables.connecting import connected  # noqa: PLC0415

        kind = DATABASES.get(path.suffix.lower()) if "://" not in place else None
        if kind and not path.is_file():
            raise _missing(place)
        return connected(place, kind, inside, (lambda: _marks([path])) if kind else None)
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [Path(address)]
    if not files or not files[0].is_file():
        raise _missing(address)
    if not any(file.stat().st_size for file in files):
        raise Invalid("empty-file", f"{address} is empty.", "See what was to write it.")
    table = _file(Path(address), files)
    with reading(table):
        assert table.types is not None
    return table


def _missing(address: str) -> NotFound:
    return NotFound("no-such-table", f"There is no file {address}.", "Name a table that is there.")


def _file(path: Path, files: list[Path]) -> LocalTable:
    suffix = files[0].suffix.lower()

    def table(scan: Callable[[], pl.LazyFrame], *notes: str) -> LocalTable:
        return LocalTable(path.stem, scan, lambda: _marks(files), notes)

    if suffix in PARQUET:
        return table(lambda: pl.scan_parquet(files))
    if suffix in LINES:
        return replace(
            table(_kept(lambda _: pl.scan_ndjson(path, infer_schema_length=None))),
            locate=lambda: _unparsed(path),
        )
    if suffix in CSV:
        written = found_out(path)
        parsed = _kept(
            lambda folder: _delimited(in_utf8(path, written.encoding, folder), written, True),
            # Dates in several forms are text, and a rule's to judge.
            lambda folder: _delimited(in_utf8(path, written.encoding, folder), written, False),
        )
        return replace(table(parsed, written.note), locate=lambda: ragged(path, written))
    raise Invalid(
        "unknown-table",
        f"{path} is of no kind that is read here.",
        "Name Parquet, CSV (.csv, .tsv, .txt), JSON lines (.jsonl), DuckDB or SQLite, or an address.",
    )


def _delimited(path: Path, written: Written, dates: bool) -> pl.LazyFrame:
    """All of it decides what a column holds: one word among the numbers, and it is text."""
    return pl.scan_csv(
        path, separator=written.separator, infer_schema_length=None, try_parse_dates=dates
    )


class _Folder:
    """A folder of our own, for as long as somebody reads from it."""

    def __init__(self) -> None:
        self.path = Path(mkdtemp(prefix="trustwright-"))
        weakref.finalize(self, rmtree, self.path, ignore_errors=True)


Parse = Callable[[Path], pl.LazyFrame]


def _kept(parse: Parse, otherwise: Parse | None = None) -> Callable[[], pl.LazyFrame]:
    """Text is parsed once, all of it, into columns on disk; every further reading is of those."""

    @cache
    def columns() -> _Folder:
        folder = _Folder()
        columns = folder.path / "columns.parquet"
        try:
            parse(folder.path).sink_parquet(columns, compression="lz4")
        except pl.exceptions.ComputeError:
            if otherwise is None:
                raise
            otherwise(folder.path).sink_parquet(columns, compression="lz4")
        return folder

    return lambda: pl.scan_parquet(columns().path / "columns.parquet")


def _unparsed(path: Path) -> str:
    """The first line that isn't JSON, as the beginning of a sentence."""
    with path.open("rb") as file:
        for line, text in enumerate(file, 1):
            try:
                json.loads(text or "null")
            except ValueError as e:
                return f"line {line} isn't JSON ({e})"
    return ""


def _marks(files: list[Path]) -> str:
    states = [(file.name, file.stat()) for file in files if file.exists()]
    said = [f"{name}|{s.st_size}|{s.st_mtime_ns}|{s.st_ino}" for name, s in states]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
