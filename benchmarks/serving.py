"""How many proposals a second over HTTP, with all checks, 64 clients at once?

One server process with the settings people get, another process asks it over 64 connections that stay
open; each message is another one of 300 characters under an idempotency key of its own. Both share
this machine's cores.

Run: python -m benchmarks.serving [--json] [--requests 4000]
"""

import argparse
import asyncio
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, percentile, printed, told
from benchmarks.ledger import order
from tests.postgres import NoPostgres, Postgres
from trustwright.identity import keys
from trustwright.kernel.actors import WORKER
from trustwright.testing.company import Company

CLIENTS = 64
SERVE = """
import socket, sys
from pathlib import Path
from trustwright.app import App, Settings
from trustwright.entrypoints.server import server
folder, database, port = sys.argv[1:]
with socket.create_server(("127.0.0.1", int(port)), backlog=1024) as bound:
    app = App(Settings(dir=Path(folder), database=database or None, api_rate=1e6))
    server(app).run(sockets=[bound])
"""


class Client:
    """One connection that stays open: no library, so that what is measured is the server."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.took: list[float] = []

    async def run(self, numbers: Iterator[int]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for n in numbers:
            body = json.dumps(order(n)).encode()
            head = (
                "POST /v1/proposals.submit HTTP/1.1\r\nhost: localhost\r\n"
                f"authorization: Bearer {self.key}\r\nidempotency-key: {self.port}-{n}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            began = time.perf_counter()
            writer.write(head.encode() + body)
            answered = await reader.readuntil(b"\r\n\r\n")
            assert answered.startswith(b"HTTP/1.1 200"), answered
            length = answered.lower().split(b"content-length: ")[1].split(b"\r\n")[0]
            await reader.readexactly(int(length))
            self.took.append(time.perf_counter() - began)
        writer.close()


async def ask(port: int, key: str, first: int, requests: int) -> tuple[float, list[float]]:
    """Requests a second, and how long each took."""
    numbers = iter(range(first, first + requests))
    clients = [Client(port, key) for _ in range(CLIENTS)]
    began = time.perf_counter()
    await asyncio.gather(*(client.run(numbers) for client in clients))
    rate = requests / (time.perf_counter() - began)
    return rate, sorted(t for client in clients for t in client.took)


def served(where: str, folder: Path, database: str | None, requests: int) -> tuple[Figure, Figure]:
    """A company's server under load, after a tenth of it as warm-up."""
    told(f"HTTP over {where}")
    company = Company(folder / "workspace", database=database)
    key = company.app.write(WORKER, lambda uow: keys.issue(uow, "copilot"))
    company.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVE, str(folder / "workspace"), database or "", str(port)]
    running = subprocess.Popen(command)
    try:
        _wait(port)
        asyncio.run(ask(port, key, 0, requests // 10))
        rate, took = asyncio.run(ask(port, key, requests, requests))
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)
    what = f"{where}: submit over HTTP, all checks, {CLIENTS} clients"
    p99 = percentile(took, 99) * 1000
    note = f"p50 {percentile(took, 50) * 1000:.0f} ms, n = {requests:,}"
    wanted = 500 if database else 800
    return Figure(what, rate, "/s", wanted), Figure(
        f"{what}, p99", p99, " ms", 200, True, note=note
    )


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def measure(asked: argparse.Namespace) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        yield from served("SQLite", Path(folder), None, asked.requests)
    with tempfile.TemporaryDirectory() as folder:
        try:
            server = Postgres.install(("max_connections=50",), on_disk=True)
        except NoPostgres as e:
            return told(str(e))
        try:
            server.start()
            yield from served("PostgreSQL", Path(folder), server.database(), asked.requests)
        finally:
            server.remove()


if __name__ == "__main__":
    printed(__doc__, measure, "requests=4000")
