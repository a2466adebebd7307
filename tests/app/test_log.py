"""What a server says to its log: kinds and places, never a secret, a name or anybody's text."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from tests.client.served import api_key
from tests.postgres import say
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER
from trustwright.testing.company import Company, files

PROGRAM = [sys.executable, "-c", "from trustwright.entrypoints.cli import main; main()"]
MARK = "Qx7"  # in everything nobody may read in a log
ONCE = {"idempotency-key": f"{MARK}-once"}
SECRET = "whsec_" + f"{MARK}ecret".ljust(40, "A")
PEOPLE = files()["people.yaml"].replace("Ada Birch", f"Ada {MARK}name").replace("ada@", f"{MARK}@")
# What the console, the worker and the API read: unreadable, then gone, while they run.
BROKEN = (
    (
        f"UPDATE cases SET rules = '{MARK}rules', checks = '{MARK}checks', expires = '0'",
        f"UPDATE scratch SET value = '{MARK}value' WHERE what <> 'lease'",
        f"ALTER TABLE vault RENAME TO {MARK}vault",
    ),
    tuple(f"ALTER TABLE {name} RENAME TO {MARK}{name}" for name in ("duties", "cases", "scratch")),
)


@contextmanager
def served(company: Company, log: Path, **env: str) -> Iterator[str]:
    """A server in a process of its own, as people start it; what it says is in `log`."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    command = [*PROGRAM, "serve", "--dir", str(company.app.settings.dir), "--port", str(port)]
    with log.open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, **env})
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 30
    while time.monotonic() < until:
        try:
            httpx2.get(f"{url}/healthz").raise_for_status()
            break
        except httpx2.HTTPError:
            time.sleep(0.05)
    yield url
    server.send_signal(signal.SIGTERM)
    server.wait(30)


@pytest.mark.parametrize(
    "where", ["in a file", pytest.param("in PostgreSQL", marks=pytest.mark.soak)]
)
def test_nothing_that_is_secret_or_anybodys_is_logged(
    tmp_path: Path, where: str, request: pytest.FixtureRequest
) -> None:
    database = None
    if where == "in PostgreSQL":
        plain = request.getfixturevalue("postgres").database()
        database = plain.replace("trustwright@", f"trustwright:{MARK}password@")
    company = Company(tmp_path / "workspace", database=database, people=PEOPLE)
    company.person("ada")
    key, revoked = api_key(company.app), api_key(company.app)
    company.asks("people.revoke_key", company.person("ada").actor, key=revoked.split("_")[1])
    session = signed_in(company)
    link: str = company.app.write(WORKER, lambda uow: passkeys.recover(uow, "bo"))
    company.close()
    settings, log = company.app.settings, tmp_path / "log"
    env = {
        "TRUSTWRIGHT_WEBHOOK_URL": f"http://{MARK}user:{MARK}pass@127.0.0.1:9/{MARK}hook",
        "TRUSTWRIGHT_WEBHOOK_SECRET": SECRET,
        "TRUSTWRIGHT_WEBHOOK_PRIVATE": "1",
        **({"TRUSTWRIGHT_DATABASE": database} if database else {}),
    }
    with served(company, log, **env) as url:
        ask(url, key, revoked, session, link)
        for statements in BROKEN:
            time.sleep(1.1)  # A round of the worker.
            url_of_it = (database or "").replace("postgresql:", "postgresql+psycopg:")
            say(url_of_it or f"sqlite:///{settings.dir}/trustwright.db", *statements)
            with httpx2.Client(base_url=url, timeout=20) as http:
                submit(http, key, good(), **ONCE)
                look(http, session, link)
        time.sleep(1.1)
    said = log.read_text()
    assert "webhook-failed (ConnectError)" in said
    assert "POST '/v1/proposals.submit' failed." in said
    assert "store-unavailable (" in said
    for secret in (MARK, key, key.split("_", 2)[2], revoked, session, link, SECRET[6:], "Birch"):
        assert secret not in said, said


def signed_in(company: Company) -> str:
    ada = company.person("ada")
    begin = lambda uow: passkeys.start_session(uow, ada.actor, ada.credential)  # noqa: E731
    return str(company.app.write(WORKER, begin).token)


def good() -> bytes:
    """An order with a mark wherever one can be."""
    text = {"name": "body", "text": f"{MARK}text: we refund you {MARK}."}
    order = {
        "system": "copilot", "workflow": "replies", "parts": [text], "subject": f"{MARK}subject",
        "sources": [{"id": f"{MARK}source", "text": f"{MARK} says so."}], "written": f"{MARK}!",
    }  # fmt: skip
    return json.dumps(order).encode()


def submit(http: httpx2.Client, key: str, body: bytes, **more: str) -> None:
    head = {"authorization": f"Bearer {key}", "x-note": MARK, **more}
    http.post(f"/v1/proposals.submit?q={MARK}", content=body, headers=head)


def ask(url: str, key: str, revoked: str, session: str, link: str) -> None:
    """Everything, rightly and wrongly; whatever the answer is."""
    body = good()
    bodies = (
        body, body[:-9], b"\xff" + body, body.replace(b'"system"', b'"%sfield"' % MARK.encode()),
        body.replace(b"replies", MARK.encode()), json.dumps([MARK] * 9).encode(), b"[" * 100_000,
        body.replace(b"refund", b"\\u0000"), body.replace(b"refund", b"\\ud800"),
    )  # fmt: skip
    with httpx2.Client(base_url=url, timeout=20) as http:
        for one in bodies:
            submit(http, key, one)
        for presented in (revoked, f"tw_{MARK}_{MARK}", MARK):
            submit(http, presented, body)
        for one in body, body.replace(b"refund", b"pay"):
            submit(http, key, one, **ONCE)
        head = {"authorization": f"Bearer {key}"}
        http.post("/v1/proposals.status", json={"case": f"case-{MARK}"}, headers=head)
        for token in (session, f"{MARK}cookie"):
            look(http, token, link)
    raw(url, f"GET /{MARK} HTTP/9.9\r\n{MARK}\r\n\r\n", f"{MARK}\0\r\n\r\n")


def look(http: httpx2.Client, token: str, link: str) -> None:
    """The console's pages and forms, as a browser with this session asks for them."""
    head = {
        "cookie": f"tw_session={token}",
        "accept": "text/html",
        "origin": "http://localhost:8787",
    }
    pages = ("", "/duties", "/charter", "/people", "/holds", "/ledger", f"/cases/case-{MARK}")
    for page in (
        *pages,
        f"/enrol/{link}",
        f"/enrol/{MARK}.{MARK}",
        f"/{quote(MARK)}?{MARK}={MARK}",
    ):
        http.get(f"/console{page}", headers=head)
    form = {"csrf": MARK, "reason": MARK, "subject": f"{MARK}subject", "text": MARK}
    for page in ("/holds", "/erase", f"/cases/case-{MARK}/edit", "/people/ada/invite"):
        http.post(f"/console{page}", data=form, headers=head)
    for step in ("begin", "finish"):
        sent = {"token": link, "credential": {"id": MARK}, "statement": MARK}
        http.post(f"/console/passkey/enrol/{step}", json=sent, headers=head)
        http.post(f"/console/passkey/sign-in/{step}", json=sent, headers=head)


def raw(url: str, *said: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    for words in said:
        with socket.create_connection((host, int(port)), timeout=5) as line:
            line.sendall(words.encode())
            line.recv(1000)


def test_no_error_is_logged_with_its_words() -> None:
    written = [path.read_text("utf-8") for path in Path("src").rglob("*.py")]
    assert any("log.error(" in text for text in written)
    assert not any("log.exception(" in text or "exc_info" in text for text in written)
