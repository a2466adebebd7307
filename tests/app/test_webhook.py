"""A receiver may be slow, hostile or elsewhere; and Slack and Teams are told through a small one."""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.app.certificates import certified
from trustwright.app import OPERATIONS
from trustwright.app.worker import Worker, tell_from
from trustwright.connectors.channels import webhook
from trustwright.connectors.channels.events import Events
from trustwright.connectors.channels.pulse import Pulse
from trustwright.connectors.channels.webhook import Event, Webhook
from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.testing.company import Company

SECRET = "whsec_" + base64.b64encode(b"a secret of at least 24 bytes").decode()
EVENT = Event("7", "io.trustwright.test", "here", "case-1", datetime.now(UTC), {"case": "case-1"})
NOTICES = Path(__file__).parents[2] / "docs" / "notices.md"


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[HTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("content-length", 0))))

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Tests are quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def port(server: HTTPServer) -> int:
    return int(server.server_address[1])


def says(status: int, *headers: tuple[str, str]) -> Callable[[BaseHTTPRequestHandler, bytes], None]:
    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        to.send_response(status)
        for header in headers:
            to.send_header(*header)
        to.end_headers()

    return answer


def test_a_redirection_is_not_followed() -> None:
    reached = []
    with served(lambda to, body: reached.append(body)) as inside:
        away = ("location", f"http://127.0.0.1:{port(inside)}/")
        with served(says(307, away)) as server, pytest.raises(Unavailable) as e:
            Webhook(f"http://127.0.0.1:{port(server)}/", SECRET, True).send(EVENT, EVENT.at)
    assert "307" in str(e.value)
    assert reached == []


def test_one_byte_at_a_time_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", 0.5)

    def dribble(to: BaseHTTPRequestHandler, body: bytes) -> None:
        try:
            to.wfile.write(b"HTTP/1.1 200 OK\r\nx-slow: ")
            for _ in range(30):
                to.wfile.write(b"x")
                time.sleep(0.1)
        except OSError:
            pass

    with served(dribble) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            Webhook(f"http://127.0.0.1:{port(server)}/", SECRET, True).send(EVENT, EVENT.at)
        assert time.monotonic() - began < 2


def test_what_is_answered_beside_the_status_is_not_read() -> None:
    sent = []

    def flood(to: BaseHTTPRequestHandler, body: bytes) -> None:
        says(200, ("content-length", str(10**12)))(to, body)
        try:
            for _ in range(2000):
                to.wfile.write(b"x" * 65536)
                sent.append(1)
        except OSError:
            pass

    with served(flood) as server:
        Webhook(f"http://127.0.0.1:{port(server)}/", SECRET, True).send(EVENT, EVENT.at)
    assert len(sent) < 2000


def test_a_name_that_leads_inside_the_second_time_gets_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT", 0.5)
    found, reached, real = iter(["198.41.0.4"]), [], socket.getaddrinfo

    def rebinds(host: Any, *more: Any, **named: Any) -> Any:
        name = next(found, "127.0.0.1") if host == "rebinding.example" else host
        return real(name, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinds)
    with served(lambda to, body: reached.append(body)) as server:
        hook = Webhook(f"http://rebinding.example:{port(server)}/", SECRET)
        with pytest.raises(Unavailable):
            hook.send(EVENT, EVENT.at)
        with pytest.raises(Invalid) as e:
            hook.send(EVENT, EVENT.at)
    assert e.value.code == "webhook-private"
    assert reached == []


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_what_is_inside_is_known_in_every_spelling(address: str, is_public: bool) -> None:
    assert webhook._is_public(address) is is_public


def test_the_certificate_is_that_of_the_name_though_the_address_is_connected_to(
    tmp_path: Path,
) -> None:
    shows, trusts = certified(tmp_path)
    hosts: list[str] = []

    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        hosts.append(to.headers["host"])
        says(204)(to, body)

    with served(answer) as server:
        server.socket = shows.wrap_socket(server.socket, server_side=True)
        url = f"https://localhost:{port(server)}/"
        Webhook(url, SECRET, True, trusts).send(EVENT, EVENT.at)
        with pytest.raises(Unavailable):
            Webhook(url, SECRET, True).send(EVENT, EVENT.at)
    assert hosts == [f"localhost:{port(server)}"]


def test_duties_are_told_and_told_again_from_a_position(tmp_path: Path) -> None:
    company, events = Company(tmp_path / "w"), []

    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        events.append(json.loads(body))
        says(204)(to, body)

    with served(answer) as server:
        hook = Webhook(f"http://127.0.0.1:{port(server)}/", SECRET, True)
        worker = Worker(company.app, Events(hook, "http://localhost:8787", lambda: company.now))
        case = company.system().proposes("In 1891.").case
        worker.tick()
        opened = events[1]
        assert opened["type"] == "io.trustwright.duty.opened"
        assert opened["data"] == {
            "duty": opened["subject"],
            "what": "countersign",
            "case": case,
            "workflow": "replies",
            "owner": "ada",
            "due": "2026-11-25T09:00:00.000000Z",
            "url": f"http://localhost:8787/console/cases/{case}",
        }
        told = len(events)
        company.app.write(WORKER, lambda uow: tell_from(uow, int(opened["id"])))
        worker.tick()
        assert events[told:] == events[1:told]
    company.close()


def test_a_monitor_outside_hears_of_a_sound_worker_once_a_minute(tmp_path: Path) -> None:
    company, asked = Company(tmp_path / "w"), []

    def answer(to: BaseHTTPRequestHandler, body: bytes) -> None:
        asked.append(to.path)
        says(200)(to, body)

    with served(answer) as server:
        pulse = Pulse(f"http://127.0.0.1:{port(server)}/alive")
        worker = Worker(company.app, pulse=pulse)
        for _ in range(61):
            worker.tick()
        assert asked == ["/alive", "/alive"]
    worker = Worker(company.app, pulse=pulse)
    company.wait(minutes=1)
    worker.tick()  # Nobody there: that is the monitor's to notice, and the worker goes on.
    company.close()


def test_a_worker_whose_rounds_fail_gives_no_sign_of_life(tmp_path: Path) -> None:
    company, signs = Company(tmp_path / "w"), []
    company.system().proposes("In 1891.")
    company.wait(days=40)
    kept = {name: op for name, op in OPERATIONS.items() if name != "proposals.expire"}
    company.app.operations = kept
    Worker(company.app, pulse=lambda: signs.append(1)).tick()
    assert signs == []
    company.close()


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """The receiver as the page has it."""
    (code,) = re.findall(r"```python\n(.*?)```", NOTICES.read_text("utf-8"), re.DOTALL)
    (tmp_path / "receiver.py").write_text(code, "utf-8")
    return tmp_path / "receiver.py"


def test_slack_and_teams_are_told_through_the_receiver_of_the_page(recipe: Path) -> None:
    posted: dict[str, Any] = {}

    def chat(to: BaseHTTPRequestHandler, body: bytes) -> None:
        posted[to.path] = json.loads(body)
        says(200)(to, body)

    with socket.create_server(("127.0.0.1", 0)) as free:
        there = free.getsockname()[1]
    with served(chat) as server:
        at = f"http://127.0.0.1:{port(server)}"
        env = {"SECRET": SECRET, "SLACK": f"{at}/slack", "TEAMS": f"{at}/teams", "PORT": str(there)}
        running = subprocess.Popen([sys.executable, recipe], env={**os.environ, **env})
        try:
            data = {
                "owner": "ada",
                "what": "countersign",
                "workflow": "replies",
                "due": "2026-11-25",
            }
            data["url"] = "http://localhost:8787/console/cases/case-1"
            event = Event("9", "io.trustwright.duty.opened", "x", "duty-1", EVENT.at, data)
            hook = f"http://127.0.0.1:{there}/"
            _until_there(there)
            Webhook(hook, SECRET, True).send(event, datetime.now(UTC))
            forged = "whsec_" + base64.b64encode(b"another secret of 24 bytes and more").decode()
            with pytest.raises(Unavailable) as e:
                Webhook(hook, forged, True).send(event, datetime.now(UTC))
        finally:
            running.terminate()
            running.wait(10)
    assert "401" in str(e.value)
    words = "ada is asked: countersign in replies by 2026-11-25."
    assert posted["/slack"] == {"text": f"{words} <{data['url']}|Open>"}
    card = posted["/teams"]["attachments"][0]["content"]
    assert card["body"][0]["text"] == words
    assert card["actions"][0]["url"] == data["url"]


def _until_there(port: int) -> None:
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the receiver didn't start")
