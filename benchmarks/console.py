"""How long does the server take over the queue and a case while 100,000 cases are open?

The cases are recorded as facts, by a thousand an operation; each was routed to somebody, who owes an
answer. The pages are asked for through the whole web application, without a socket; warm.

Run: python -m benchmarks.console [--json] [--cases 100000] [--postgres 1]
"""

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from benchmarks.figures import Figure, percentile, printed, seconds, told
from benchmarks.ledger import order
from tests.console.caller import Caller
from tests.postgres import Postgres
from trustwright.duties.model import Opened
from trustwright.duties.queries import duties_of
from trustwright.entrypoints.server import web
from trustwright.kernel.actors import Machine, Person
from trustwright.ledger.facts import Body
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals.queries import Filter, place
from trustwright.testing.company import Company

COPILOT = Machine("copilot")
ENDS = ("", " We will call you back by Friday.", " Everybody loves it.")
PAGES = {
    "the queue": "/console",
    "the queue, mine": "/console?whose=ada",
    "the queue, one workflow": "/console?workflow=replies",
    "the queue, one check": "/console?finding=unowned-promise",
    "the queue, far down": "/console?start={place}",
}


def many_cases(company: Company, n: int) -> list[str]:
    """So many open cases, as like as their first ones; ids of some."""
    alike = cycle([_example(company, number, text) for number, text in enumerate(ENDS)])

    def thousand(uow: UnitOfWork) -> str:
        people = [uow.pseudonym(Person(id)) for id in ("ada", "ada", "bo")]
        for number in range(1000):
            case, (bodies, owed) = uow.begin("case"), next(alike)
            for body in bodies:
                uow.append(case, body)
            due = uow.now + timedelta(hours=8, seconds=number)
            owner = {"case": case, "owner": people[number % 3], "due": due}
            uow.append(uow.begin("duty"), owed.model_copy(update=owner))
        return case

    found = []
    for _ in range(n // 1000):
        company.wait(minutes=1)
        found.append(company.app.ledger.write(COPILOT, thousand).result())
    return found


def _example(company: Company, number: int, text: str) -> tuple[list[Body], Opened]:
    """What a case and its duty begin with."""
    asked = order(number)
    asked["parts"][0]["text"] += text
    case = company.app.call("proposals.submit", COPILOT, asked).case
    with company.view() as view:
        (duty,) = duties_of(view, case)
        owed = view.facts(duty)[0].body
        assert isinstance(owed, Opened)
        return [fact.body for fact in view.facts(case)][:2], owed


def asked_for(caller: Caller, paths: Iterator[str], times: int) -> list[float]:
    def ask() -> None:
        page = caller.get(next(paths))
        assert page.status_code == 200, page.text[:500]

    ask()
    return seconds(times, ask)


def measure(asked: argparse.Namespace) -> Iterator[Figure]:
    if not asked.postgres:
        yield from _measured(asked.cases, None)
        return
    server = Postgres.install(("max_connections=50",), on_disk=True)
    try:
        server.start()
        yield from _measured(asked.cases, server.database())
    finally:
        server.remove()


def _measured(cases: int, database: str | None) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder) / "workspace", database=database)
        told(f"{cases:,} open cases")
        some = many_cases(company, cases)
        caller = Caller(web(company.app), company.person("ada").device)
        assert caller.signs_in().status_code == 200
        with company.view() as view:
            middle = place(view, Filter(("replies",)), some[len(some) // 2]) or ()
        for what, path in PAGES.items():
            at = path.format(place=quote(" ".join(middle)))
            yield _figure(f"{what} with {cases:,} open cases", asked_for(caller, cycle([at]), 40))
        paths = [f"/console/cases/{case}" for case in some]
        yield _figure(
            "a case opened for the first time",
            asked_for(caller, iter(paths), min(40, len(paths) - 1)),
        )
        last = [f"/console/cases/{some[-1]}"]
        yield _figure("the case that is last in the queue", asked_for(caller, cycle(last), 40))
        yield _figure("a case opened again", asked_for(caller, cycle(paths[:20]), 40))
        company.close()


def _figure(what: str, took: list[float]) -> Figure:
    note = f"p95 {percentile(took, 95) * 1000:.0f} ms, n = {len(took)}"
    return Figure(f"{what}, p50", percentile(took, 50) * 1000, " ms", 50, True, note=note)


if __name__ == "__main__":
    printed(__doc__, measure, "cases=100000", "postgres=0")
