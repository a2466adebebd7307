"""The server is killed under load, again and again: who asks again loses nothing and doubles nothing."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

import httpx2
import pytest

from tests.ledger.cut_off import CONTEXT
from tests.ledger.stores import Site, problems, raise_one
from trustwright.app import Settings
from trustwright.identity import keys
from trustwright.kernel.actors import Person
from trustwright.ledger import proving
from trustwright.ledger.tree import Frontier, leaf_hash
from trustwright.proposals.model import Submitted

ADA = Person("ada")


def serve(settings: Settings, port: int) -> None:
    from trustwright.entrypoints.cli import run

    if settings.database:
        os.environ["TRUSTWRIGHT_DATABASE"] = settings.database
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    run(["serve", "--dir", str(settings.dir), "--port", str(port)])


@dataclass
class Load:
    """Clients that ask until they are answered, and somebody who keeps every checkpoint."""

    site: str
    key: str
    cases: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0
    checkpoints: dict[str, bool] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)

    def client(self, name: str) -> None:
        n = 0
        with httpx2.Client(base_url=self.site, timeout=20) as http:
            while not self.over.is_set():
                n += 1
                self.cases[f"{name}-{n}"] = self.submit(http, f"{name}-{n}")

    def submit(self, http: httpx2.Client, once: str) -> str:
        order = {
            "system": "copilot",
            "workflow": "replies",
            "parts": [{"name": "body", "text": f"Hello {once}."}],
        }
        said = {"authorization": f"Bearer {self.key}", "idempotency-key": once}
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                answer = http.post("/v1/proposals.submit", json=order, headers=said)
            except httpx2.HTTPError:
                self.unanswered += 1
                time.sleep(0.01)
                continue
            if answer.status_code == 200:
                return str(answer.json()["case"])
            assert answer.status_code in (429, 503), answer.text
            time.sleep(0.01)
        raise AssertionError(f"{once} was never answered")

    def keep(self) -> None:
        with httpx2.Client(base_url=self.site, timeout=20) as http:
            while not self.over.wait(0.01):
                try:
                    self.checkpoints[http.get("/log/checkpoint").raise_for_status().text] = True
                except httpx2.HTTPError:
                    continue

    @contextmanager
    def going(self) -> Iterator[None]:
        with ThreadPoolExecutor(5) as pool:
            asked = [pool.submit(self.client, name) for name in "abcd"]
            asked.append(pool.submit(self.keep))
            yield
            self.over.set()
            for one in asked:
                one.result()


def kill_server_under_load(site: Site, rounds: int) -> str:
    """The figures of that many kills."""
    company, dice = site.company, random.Random(7)
    key = company.app.write(ADA, lambda uow: keys.issue(uow, "copilot"))
    settings = company.app.settings
    company.app.close()
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    load = Load(f"http://127.0.0.1:{port}", key)
    server = start(settings, port)
    with load.going():
        for _ in range(rounds):
            answered, until = len(load.cases), time.monotonic() + 60
            while len(load.cases) < answered + 4 and time.monotonic() < until:
                time.sleep(0.005)
            time.sleep(dice.random() * 0.2)
            assert server.is_alive()
            os.kill(server.pid or 0, signal.SIGKILL)
            server.join()
            server = start(settings, port)
        time.sleep(0.3)
        load.over.set()
    server.terminate()
    server.join()
    return judged(site, load, rounds)


def start(settings: Settings, port: int) -> BaseProcess:
    server = CONTEXT.Process(target=serve, args=(settings, port))
    server.start()
    return server


def judged(site: Site, load: Load, rounds: int) -> str:
    company = site.company
    with company.view() as view:
        recorded = [fact.stream for fact in view.of_kind(Submitted)]
        roots, tree = {0: Frontier().root()}, Frontier()
        for index in range(proving.size(view)):
            tree.append(leaf_hash(proving.entry(view, index)))
            roots[tree.size] = tree.root()
    lost = set(load.cases.values()) - set(recorded)
    doubled = len(recorded) - len(set(load.cases.values()))
    for note in load.checkpoints:
        signed = company.app.ledger.signer.verify(note.encode())
        assert roots[signed.size] == signed.root
    assert (lost, doubled) == (set(), 0)
    assert len(set(load.cases.values())) == len(load.cases)
    assert problems(company) == ()
    with company.view() as view:
        assert company.app.ledger.examine(view) == ()
    assert company.app.ledger.write(ADA, raise_one).result()
    return (
        f"{rounds} kills, {len(load.cases)} acknowledged, 0 lost, 0 doubled, "
        f"{load.unanswered} asked again, {len(load.checkpoints)} checkpoints checked"
    )


def test_a_server_killed_under_load_loses_and_doubles_nothing(site: Site) -> None:
    print(kill_server_under_load(site, rounds=2))


@pytest.mark.soak
def test_a_server_killed_a_hundred_times_under_load(site: Site) -> None:
    print(kill_server_under_load(site, rounds=100))
