"""Which table is meant? A file by its name and first bytes, or a database by its address."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import polars as pl

from trustwright.connectors.tables.local import LocalTable, reading
from trustwright.kernel.errors import Invalid, NotFound
from trustwright.signals.table import Table

PARQUET = (".parquet", ".pq")
CSV = (".csv", ".tsv", ".txt")
LINES = (".jsonl", ".ndjson")


def opened(address: str) -> Table:
    """The table at an address. Raises `NotFound`, `Invalid` or `Unavailable`, each with a remedy."""
    path = Path(address)
    if not path.is_file():
        raise NotFound(
            "no-such-table", f"There is no file {address}.", "Name a table that is there."
        )
    scan = _scan(path)
    table = LocalTable(path.stem, scan, lambda: _marks(path))
    with reading(address):
        assert table.types is not None
    return table


def _scan(path: Path) -> Callable[[], pl.LazyFrame]:
    suffix = path.suffix.lower()
    if suffix in PARQUET:
        return lambda: pl.scan_parquet(path)
    if suffix in LINES:
        return lambda: pl.scan_ndjson(path, infer_schema_length=None)
    if suffix in CSV:
        return lambda: pl.scan_csv(path)
    raise Invalid(
        "unknown-table", f"{path} is of no kind that is read here.", "Name Parquet, CSV or JSONL."
    )


def _marks(path: Path) -> str:
    state = path.stat()
    said = f"{path.name}|{state.st_size}|{state.st_mtime_ns}|{state.st_ino}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]
