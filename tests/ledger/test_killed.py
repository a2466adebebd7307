"""Processes die without warning, the database goes away and comes back: nothing lost, nothing twice."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.ledger.stores import Site, problems, raise_one
from trustwright.app import App, Settings
from trustwright.kernel.actors import Machine, Person
from trustwright.kernel.errors import Unavailable
from trustwright.proposals.model import Submitted
from trustwright.testing.company import Company

ADA = Person("ada")
LOAD = """
import sys
from pathlib import Path
from trustwright.app import App, Settings
from trustwright.kernel.actors import Machine
folder, name, database = sys.argv[1:]
app = App(Settings(dir=Path(folder), database=database or None))
op = app.operations["proposals.submit"]
n = 0
while True:
    window = []
    for _ in range(8):
        n += 1
        order = app.parse(op, {"system": "copilot", "workflow": "replies",
                               "parts": [{"name": "body", "text": f"Hello {name} {n}."}]})
        seen = app._gather(op, Machine("copilot"), order)
        window.append(app.start(op, Machine("copilot"), order, seen, f"{name}-{n}"))
    for future in window:
        print(future.result().case, flush=True)
"""


def _load(settings: Settings, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", LOAD, str(settings.dir), name, settings.database or ""]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_under_load(company: Company, rounds: int) -> int:
    """Two processes write; each is killed without warning. How many answers came back."""
    acknowledged: list[str] = []
    for round in range(rounds):
        company.app.close()
        writers = [_load(company.app.settings, f"{n}{round}") for n in "ab"]
        for writer in writers:
            assert writer.stdout
            acknowledged += [writer.stdout.readline().strip() for _ in range(3)]
        time.sleep(0.05 * round)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            assert writer.stdout
            acknowledged += [x.strip() for x in writer.stdout.read().splitlines() if len(x) > 16]
            writer.wait()
            writer.stdout.close()
    with company.view() as view:
        lost = [case for case in acknowledged if not view.facts(case)]
    assert lost == []
    assert len(set(acknowledged)) == len(acknowledged)
    assert problems(company) == ()
    company.app.ledger.write(ADA, raise_one).result()
    return len(acknowledged)


def test_killed_three_times_under_load_nothing_is_lost_and_nothing_doubled(
    company: Company,
) -> None:
    assert kill_under_load(company, rounds=3) > 17


@pytest.mark.soak
def test_killed_a_hundred_times_under_load(company: Company) -> None:
    assert kill_under_load(company, rounds=100) > 600


def submitted(app: App, key: str, until: float) -> tuple[str, int]:
    """The case of this key, asked for until it is answered; how often it was not."""
    order = {
        "system": "copilot",
        "workflow": "replies",
        "parts": [{"name": "body", "text": f"Hello {key}."}],
    }
    for refused in range(10_000):
        try:
            return app.call("proposals.submit", Machine("copilot"), order, key).case, refused
        except Unavailable:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)
    raise AssertionError("unreachable")


def restart_under_load(site: Site, rounds: int) -> None:
    """Four clients ask and ask again while the server stops, in order or as if it crashed."""
    company, server = site.company, site.server
    assert server
    until = time.monotonic() + 60 + 20 * rounds
    going = True

    def client(name: str) -> list[tuple[str, int]]:
        answers: list[tuple[str, int]] = []
        while going:
            answers.append(submitted(company.app, f"{name}-{len(answers)}", until))
        return answers

    with ThreadPoolExecutor(4) as pool:
        clients = [pool.submit(client, name) for name in "abcd"]
        for round in range(rounds):
            time.sleep(0.3)
            server.stop(signal.SIGINT if round % 2 else signal.SIGQUIT)
            time.sleep(0.2)
            server.start()
        time.sleep(0.3)
        going = False
        answers = [answer for asked in clients for answer in asked.result()]
    assert sum(refused for _, refused in answers) >= rounds
    cases = [case for case, _ in answers]
    assert len(set(cases)) == len(cases)
    with company.view() as view:
        recorded = {fact.stream for fact in view.of_kind(Submitted)}
    assert recorded == set(cases)
    assert problems(company) == ()


def test_postgres_restarted_under_load_loses_and_doubles_nothing(in_postgres: Site) -> None:
    restart_under_load(in_postgres, rounds=2)


@pytest.mark.soak
def test_postgres_restarted_twenty_times_under_load(in_postgres: Site) -> None:
    restart_under_load(in_postgres, rounds=20)


def test_a_connection_that_died_while_it_lay_idle_is_replaced(in_postgres: Site) -> None:
    app = in_postgres.company.app
    app.ledger.write(ADA, raise_one).result()
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    in_postgres.edit(kill)
    with in_postgres.company.view() as view:
        assert view.genesis
    in_postgres.edit(kill)
    assert app.ledger.write(ADA, raise_one).result()
