"""How fast is the ledger, beside the floor of this machine in the same run?

The floor is raw sqlite3: one row of 600 bytes, one commit, `synchronous=FULL`. These machines are
noisy, so the ratios are what counts. `--json` for machines, Markdown otherwise.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from trustwright.kernel.actors import WORKER, Machine
from trustwright.ledger import proving
from trustwright.ledger.facts import Read
from trustwright.ledger.work import UnitOfWork
from trustwright.testing.company import Company

REPLY = "The Royal Blue ran from New York City to Washington from 1890 on."
ORDER = {
    "system": "copilot",
    "workflow": "replies",
    "parts": [{"name": "body", "text": REPLY}],
    "sources": [{"id": "s", "text": REPLY}],
}


def rate(times: int, run: Callable[[], object]) -> float:
    """How often a second."""
    began = time.perf_counter()
    for _ in range(times):
        run()
    return times / (time.perf_counter() - began)


def floor(folder: Path) -> float:
    """Commits a second of raw sqlite3."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, entry BLOB)")
    measured = rate(500, lambda: connection.execute("INSERT INTO t (entry) VALUES (zeroblob(600))"))
    connection.close()
    return measured


def one_fact(uow: UnitOfWork) -> None:
    uow.append(uow.begin("read"), Read(case="case-0"))


def many(company: Company, times: int) -> None:
    """As many clients as there are operations wait at the same time."""
    for future in [company.app.ledger.write(WORKER, one_fact) for _ in range(times)]:
        future.result()


def submissions(company: Company, times: int) -> list[float]:
    """Seconds each: checks, decision, four facts and duties, one commit."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        company.app.call("proposals.submit", Machine("copilot"), ORDER)
        took.append(time.perf_counter() - began)
    return took


def measure(folder: Path, database: str | None) -> dict[str, float]:
    """Every figure, in one run."""
    company = Company(folder / "workspace", database=database)
    figures = {"floor: raw sqlite3, commits/s": floor(folder)}
    write = company.app.ledger.write
    figures["one fact, 1 client, operations/s"] = rate(
        500, lambda: write(WORKER, one_fact).result()
    )
    figures["one fact, waiting in line, operations/s"] = rate(5, lambda: many(company, 2000)) * 2000
    took = submissions(company, 300)
    figures["submit embedded with checks, 1 client, p50 ms"] = statistics.median(took) * 1000
    with company.view() as view:
        size = proving.size(view)
        figures["full verification, entries/s"] = size * rate(
            1, lambda: company.app.ledger.verify(view)
        )
        figures["inclusion proof, p50 ms"] = 1000 / rate(
            200, lambda: proving.prove(view, size // 2)
        )
    figures["rebuild of read models, facts/s"] = size * rate(1, company.app.ledger.rebuild)
    company.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--database", metavar="URL", help="an empty PostgreSQL database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), asked.database)
    if asked.json:
        print(json.dumps(figures, indent=2))
        return
    print("| what | measured |\n| --- | ---: |")
    for name, value in figures.items():
        print(f"| {name} | {value:,.2f} |" if value < 10 else f"| {name} | {value:,.0f} |")


if __name__ == "__main__":
    main()
