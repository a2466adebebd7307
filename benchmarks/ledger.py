"""How fast is the ledger, beside the floor of this machine in the same run?

The floor is what the database does alone: raw sqlite3 or psycopg, one row of 600 bytes, one commit,
nothing lost if the power goes. These machines are noisy: what is compared is measured in turn.

A *full* operation is what submitting does after the checks: three facts, three sealed values and
their key, a case, a duty, and the answer kept under an idempotency key.

Run: python -m benchmarks.ledger [--json] [--entries 1000000]
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.figures import (
    Figure,
    in_flight,
    in_turn,
    percentile,
    printed,
    rate,
    seconds,
    told,
)
from tests.ledger.synthetic import owner_case
from tests.postgres import NoPostgres, Postgres
from trustwright.kernel.actors import WORKER, Machine
from trustwright.ledger import proving
from trustwright.ledger.evidence import read_bundle
from trustwright.ledger.facts import Read
from trustwright.ledger.verifier import check_assertion, check_statement
from trustwright.ledger.work import UnitOfWork
from trustwright.testing.company import Company

COPILOT = Machine("copilot")
MESSAGE = (
    "Thank you for writing about order {n}. The parcel left our house on Monday and is with the carrier "
    "now; in most places it takes two working days from there. If it isn't with you by the end of the "
    "week, answer to this message and one of us looks for it at once. You pay nothing for that."
)
KEYS = count()


def order(n: int) -> dict[str, Any]:
    """A message of 300 characters like no other."""
    parts = [{"name": "body", "text": MESSAGE.format(n=n)}]
    return {"system": "copilot", "workflow": "replies", "parts": parts}


def one_fact(uow: UnitOfWork) -> None:
    uow.append(uow.begin("read"), Read(case="case-0"))


def thousand(uow: UnitOfWork) -> None:
    for _ in range(1000):
        one_fact(uow)


class Asking:
    """What clients ask of a company's ledger."""

    def __init__(self, company: Company) -> None:
        self.app = company.app
        self.submit = self.app.operations["proposals.submit"]
        self.parsed = self.app.parse(self.submit, order(0))
        self.gathered = self.app._gather(self.submit, COPILOT, self.parsed)

    def one(self) -> Future[None]:
        return self.app.ledger.write(WORKER, one_fact)

    def full(self) -> Future[Any]:
        key = f"key-{next(KEYS)}"
        return self.app.start(self.submit, COPILOT, self.parsed, self.gathered, key)

    def embedded(self) -> None:
        n = next(KEYS)
        self.app.call("proposals.submit", COPILOT, order(n), f"key-{n}")


def in_sqlite(path: Path) -> Iterator[Callable[[], object]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, entry BLOB)")
        yield lambda: connection.execute("INSERT INTO t (entry) VALUES (zeroblob(600))")


def in_postgres(url: str) -> Iterator[Callable[[], object]]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE t (id serial PRIMARY KEY, entry bytea)")
        row = bytes(600)
        yield lambda: connection.execute("INSERT INTO t (entry) VALUES (%s)", [row])


def operations(
    where: str, company: Company, floor: Callable[[], object], wanted: Mapping[str, float]
) -> Iterator[Figure]:
    """One client, then 64, on either store; warm."""
    told(f"operations in {where}")
    asking = Asking(company)
    for ask in (asking.one, asking.full):
        in_flight(64, 200, ask)
    raw, one, full = in_turn(
        9, 60, floor, lambda: asking.one().result(), lambda: asking.full().result()
    )
    yield Figure(f"{where}: raw, one row a commit (the floor)", raw, "/s")
    yield Figure(f"{where}: one fact, 1 client", one, "/s", wanted["one"], floor=raw)
    yield Figure(f"{where}: full operation, 1 client", full, "/s", wanted["full"], floor=raw)
    many = in_flight(64, 6000, asking.one)
    yield Figure(f"{where}: one fact, 64 clients", many, "/s", wanted.get("one, 64"), floor=raw)
    many = in_flight(64, 2000, asking.full)
    yield Figure(f"{where}: full operation, 64 clients", many, "/s", wanted["full, 64"], floor=raw)
    took = seconds(300, asking.embedded)
    p95 = f"p95 {percentile(took, 95) * 1000:.1f} ms"
    p50 = percentile(took, 50) * 1000
    yield Figure(
        f"{where}: a proposal embedded, all checks, p50", p50, " ms", wanted["ms"], True, note=p95
    )


def folded(company: Company) -> Figure:
    """Read models from nothing. Only facts that read models are folded from are counted."""
    prefixes = [projection.prefix for projection in company.app.ledger.settings.projections]
    with company.view() as view:
        facts = sum(1 for fact in view.after(0, 10**9) if fact.kind.startswith(tuple(prefixes)))
    each = facts * rate(1, company.app.ledger.rebuild)
    return Figure("read models rebuilt, facts/s", each, "/s", 90_000, note=f"n = {facts:,}")


def whole_log(company: Company, entries: int) -> Iterator[Figure]:
    """A long log: written in bulk, verified, and proved from."""
    told(f"a log of {entries:,} entries")
    bulk = lambda: company.app.ledger.write(WORKER, thousand).result()  # noqa: E731
    yield Figure("bulk, 1,000 facts an operation", 1000 * rate(entries // 1000, bulk), "/s", 30_000)
    with company.view() as view:
        size = proving.size(view)
        began = time.perf_counter()
        found = company.app.ledger.verify(view)
        each = (time.perf_counter() - began) / size
        assert found.verified, found.problems
        note = f"{size:,} in {each * size:.1f} s"
        yield Figure("a million entries verified", each * 1e6, " s", 3.5, True, note=note)
        places = (n * 7919 % size for n in count(1))
        took = seconds(500, lambda: proving.prove(view, next(places)))
        note = f"of {size:,} entries, each time another; p95 {percentile(took, 95) * 1000:.2f} ms"
        p50 = percentile(took, 50) * 1000
        yield Figure("an inclusion proof, warm, p50", p50, " ms", 1, True, note=note)


def countersigned() -> Figure:
    """Statement, terms and passkey's signature of one countersignature, as the verifier checks them."""
    bundle = read_bundle(owner_case().bundle())
    (signed,) = bundle.of("proposal.countersigned")
    (release,) = bundle.of("proposal.released")
    decided = bundle.of("proposal.routed")[-1]["body"]

    def check() -> None:
        assert not [*check_statement(bundle, signed, decided, release)]
        assert not [*check_assertion(bundle, signed)]

    return Figure("a countersignature verified offline", in_turn(5, 300, check)[0], "/s", 4000)


def measure(asked: argparse.Namespace) -> Iterator[Figure]:
    """Every figure, in one run."""
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder) / "workspace")
        for floor in in_sqlite(Path(folder) / "floor.db"):
            wanted = {"one": 1200, "full": 600, "one, 64": 12_000, "full, 64": 2500, "ms": 2.5}
            yield from operations("SQLite", company, floor, wanted)
        yield folded(company)
        yield from whole_log(company, asked.entries)
        company.close()
    yield countersigned()
    with tempfile.TemporaryDirectory() as folder:
        yield from _postgres(Path(folder))


def _postgres(folder: Path) -> Iterator[Figure]:
    try:
        server = Postgres.install(("max_connections=50",), on_disk=True)
    except NoPostgres as e:
        return told(str(e))
    try:
        server.start()
        url = server.database()
        company = Company(folder / "workspace", database=url)
        for floor in in_postgres(server.database()):
            wanted = {"one": 350, "full": 200, "full, 64": 1000, "ms": 5}
            yield from operations("PostgreSQL", company, floor, wanted)
        company.close()
    finally:
        server.remove()


if __name__ == "__main__":
    printed(__doc__, measure, "entries=1000000")
