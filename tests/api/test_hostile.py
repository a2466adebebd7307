"""A hostile client on a real socket: slow, huge, malformed, lying; answered in a sentence, and others go on."""

import json
import re
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.client.served import api_key, served
from trustwright.entrypoints.guard import HEADERS, MAX_BODY, MOST, Buckets, TooMany
from trustwright.ledger import proving
from trustwright.testing.company import Company

SUBMIT = "/v1/proposals.submit"
LIST = "/v1/proposals.list"
GOOD: dict[str, Any] = {
    "system": "copilot",
    "workflow": "replies",
    "parts": [{"name": "body", "text": "Good morning."}],
}


@dataclass(frozen=True)
class Server:
    """A company's server, from outside. `speak` and `patience` are its limits in seconds."""

    company: Company
    url: str
    key: str
    speak: float = 1.0
    patience: float = 1.0

    def post(self, path: str, content: bytes = b"{}", **headers: str) -> httpx2.Response:
        sent = {"authorization": f"Bearer {self.key}", **headers}
        return httpx2.post(self.url + path, content=content, headers=sent, timeout=20)

    def connect(self) -> socket.socket:
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)

    def head(self, *lines: str, path: str = LIST) -> bytes:
        auth = f"authorization: Bearer {self.key}"
        return "\r\n".join((f"POST {path} HTTP/1.1", "host: x", auth, *lines, "", "")).encode()

    def says(self, raw: bytes) -> bytes:
        """What comes back for these bytes until the server closes or says nothing for a while."""
        with self.connect() as line:
            line.sendall(raw)
            return read(line)

    def size(self) -> int:
        with self.company.view() as view:
            return proving.size(view)


def read(line: socket.socket, quiet: float = 2.0) -> bytes:
    line.settimeout(quiet)
    told = b""
    try:
        while some := line.recv(65536):
            told += some
    except (TimeoutError, ConnectionResetError):
        pass
    return told


def statuses(told: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d+) ", told)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    company = Company(tmp_path_factory.mktemp("hostile") / "workspace")
    key = api_key(company.app)
    with served(company.app, speak=1.0, patience=1.0) as url:
        yield Server(company, url, key)
    company.close()


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["code"], said["status"]) == (status, code, status), said
    assert answer.headers["content-type"] == "application/problem+json"
    assert HEADERS.items() <= dict(answer.headers).items()
    return said


# The wrong thing, said rightly.


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_another_method_is_told_which_one_there_is(server: Server, method: str) -> None:
    answer = httpx2.request(method, server.url + SUBMIT)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert "access-control-allow-origin" not in answer.headers
    if method != "HEAD":
        problem(answer, 405, "wrong-method")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x",
             "application/json; charset=utf-16", "application/jsonp", "multipart/form-data"],
)  # fmt: skip
def test_what_is_not_json_is_not_read(server: Server, kind: str) -> None:
    before = server.size()
    problem(server.post(SUBMIT, json.dumps(GOOD).encode(), **{"content-type": kind}), 415,
            "wrong-type")  # fmt: skip
    assert server.size() == before


def test_what_is_compressed_is_not_read(server: Server) -> None:
    problem(server.post(LIST, b"\x1f\x8b", **{"content-encoding": "gzip"}), 415, "compressed")


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("*/*", 200), ("application/*;q=0.5", 200), ("text/html", 406),
     ("image/png, text/*", 406), ("", 406)],
)  # fmt: skip
def test_an_answer_is_json_or_isnt_wanted(server: Server, accept: str, status: int) -> None:
    answer = server.post(LIST, accept=accept)
    assert answer.status_code == status
    if status == 406:
        problem(answer, 406, "only-json")


@pytest.mark.parametrize(
    "path", ["/v1/proposals.submit/", "/v1/%70roposals.nothing", "/v1/../v1/x", "//", "/%00",
             "/v1/proposals.countersign", "/\u202e", "/console/%2e%2e/%2e%2e/etc/passwd"],
)  # fmt: skip
def test_no_such_page(server: Server, path: str) -> None:
    problem(server.post(path), 404, "no-such-page")


# Too much.


@pytest.mark.parametrize("told", [True, False], ids=["announced", "chunked"])
def test_a_body_too_large_is_refused_and_not_kept(server: Server, told: bool) -> None:
    much = b" " * (2 * MAX_BODY)
    content = much if told else (much[n : n + 65536] for n in range(0, len(much), 65536))
    answer = httpx2.post(
        server.url + LIST,
        content=content,
        headers={"authorization": f"Bearer {server.key}"},
        timeout=20,
    )
    problem(answer, 413, "body-too-large")
    assert answer.headers["connection"] == "close"


def test_a_body_announced_too_large_is_refused_before_it_comes(server: Server) -> None:
    told = server.says(server.head("content-length: 99999999999"))
    assert statuses(told) == [413]


@pytest.mark.parametrize(
    "lines",
    [
        [f"x-{n}: {n}" for n in range(10_000)],
        ["x: " + "y" * 100_000],
        ["cookie: " + "a=1; " * 9999],
    ],
    ids=["10,000 fields", "one huge field", "10,000 cookies"],
)
def test_huge_headers_are_no_request(server: Server, lines: list[str]) -> None:
    told = server.says(server.head(*lines))
    assert statuses(told) in ([400], [431], [])  # Or it is cut before we are done sending.
    assert b"Traceback" not in told


def test_ten_thousand_keys_and_deep_nesting_are_malformed(server: Server) -> None:
    keys = json.dumps({**GOOD, **{f"k{n}": n for n in range(10_000)}}).encode()
    problem(server.post(SUBMIT, keys), 422, "unknown-field")
    facts = json.dumps({**GOOD, "facts": {f"k{n}": "" for n in range(10_000)}}).encode()
    problem(server.post(SUBMIT, facts), 422, "malformed")
    for deep in (b"[" * 1_000_000, b'{"facts":' * 200_000, b'{"credential":' + b"[" * 900):
        problem(server.post(SUBMIT, deep), 422, "malformed")


@pytest.mark.parametrize("key", ["", "x" * 201, "x" * 5000])
def test_an_idempotency_key_has_a_length(server: Server, key: str) -> None:
    headers = {"idempotency-key": key}
    problem(server.post(SUBMIT, json.dumps(GOOD).encode(), **headers), 422, "key-malformed")


@pytest.mark.parametrize(
    "many", [300, pytest.param(10_000, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_many_idempotency_keys_at_once_are_as_many_requests(server: Server, many: int) -> None:
    """Twice each, at once, in any order: one case per key, and the same answer to both."""
    body = json.dumps(GOOD).encode()
    with httpx2.Client(base_url=server.url, timeout=60) as client, ThreadPoolExecutor(8) as pool:

        def ask(n: int) -> str:
            key = {"authorization": f"Bearer {server.key}", "idempotency-key": f"{many}-{n // 2}"}
            return str(client.post(SUBMIT, content=body, headers=key).json()["case"])

        cases = list(pool.map(ask, range(2 * many)))
    assert cases[::2] == cases[1::2]
    assert len(set(cases)) == many


# Too slow.


def test_a_body_that_dribbles_is_cut_off_and_keeps_nobody_waiting(server: Server) -> None:
    with ExitStack() as open_lines:
        lines = [open_lines.enter_context(server.connect()) for _ in range(200)]
        for line in lines:
            line.sendall(server.head("content-length: 1000"))
        began = time.monotonic()
        assert server.post(LIST).status_code == 200
        assert time.monotonic() - began < 5.0  # far below what a body has time for
        for _ in range(3):
            time.sleep(0.2)
            for line in lines:
                line.sendall(b" ")
        told = [read(line) for line in lines]
        assert {tuple(statuses(each)) for each in told} == {(408,)}
        assert b"too-slow" in told[0]
        assert b"connection: close" in told[0].lower()
        assert time.monotonic() - began < 15


@pytest.mark.parametrize("status", [0, 200, 404], ids=["first", "after an answer", "unread body"])
def test_what_dribbles_outside_of_a_request_ends_the_connection(
    server: Server, status: int
) -> None:
    with server.connect() as line:
        if status:
            path, length = (LIST, 2) if status == 200 else ("/v1/nothing", 9999)
            line.sendall(server.head(f"content-length: {length}", path=path) + b"{}")
            line.settimeout(5)
            assert statuses(line.recv(65536)) == [status]
        began = time.monotonic()
        line.sendall(b"POST / HTTP/1.1\r\n")
        with pytest.raises(OSError, match=r"reset|Broken"):  # noqa: PT012
            while time.monotonic() - began < 10:
                time.sleep(0.1)
                line.sendall(b"x: y\r\n")
        assert 0.5 < time.monotonic() - began < 5


# Lies.


@pytest.mark.parametrize(
    ("lines", "rest"),
    [
        (["content-length: 2", "content-length: 5"], b"{}   "),
        (["content-length: 2", "transfer-encoding: chunked"], b"0\r\n\r\n"),
        (["transfer-encoding: chunked, gzip"], b"0\r\n\r\n"),
        (["transfer-encoding: xchunked"], b"0\r\n\r\n"),
        (["transfer-encoding : chunked"], b"0\r\n\r\n"),
        (["content-length: -1"], b""),
        (["content-length: +2"], b"{}"),
        (["content-length: 0x2"], b"{}"),
        (["transfer-encoding: chunked"], b"zz\r\n{}\r\n0\r\n\r\n"),
        (["transfer-encoding: chunked"], b"-2\r\n{}\r\n0\r\n\r\n"),
        (["transfer-encoding: chunked"], b"2\r\n{}garbage\r\n0\r\n\r\n"),
        (["x\0: y"], b""),
    ],
)
def test_a_length_that_can_be_read_two_ways_smuggles_nothing(
    server: Server, lines: list[str], rest: bytes
) -> None:
    """Behind each stands a second request, which must never be taken for one of its own."""
    before = server.size()
    second = server.head("content-length: 99", path="/console/smuggled")
    told = server.says(server.head(*lines) + rest + second)
    assert b"smuggled" not in told
    assert 404 not in statuses(told)
    assert len(statuses(told)) <= 1
    assert not statuses(told) or statuses(told)[0] in (200, 400, 422) or b"connection" in told
    assert server.size() == before
    assert server.post(LIST).status_code == 200


def test_what_is_not_http_is_told_so_under_the_same_headers(server: Server) -> None:
    for raw in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"HELO\r\n\r\n", b"GET / HTTP/9\r\n\r\n"):
        told = server.says(raw)
        head, _, body = told.partition(b"\r\n\r\n")
        assert statuses(told) == [400]
        assert json.loads(body)["code"] == "not-http"
        for name, value in HEADERS.items():
            assert f"{name}: {value}".encode() in head


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    one = server.head("content-length: 2") + b"{}"
    other = server.head("content-length: 2", path="/v1/nothing") + b"{}"
    last = server.head("content-length: 2", "connection: close") + b"{}"
    assert statuses(server.says(one + other + one + last)) == [200, 404, 200, 200]


def test_a_websocket_is_not_opened(server: Server) -> None:
    ask = (b"GET /console HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
           b"sec-websocket-key: x\r\nsec-websocket-version: 13\r\n\r\n")  # fmt: skip
    assert statuses(server.says(ask)) == [303]


# Too often.


def test_a_bucket_lets_a_burst_through_and_then_its_rate() -> None:
    now = 0.0
    buckets = Buckets(rate=2.0, burst=3.0, now=lambda: now)

    def let_through(name: str, times: int) -> int:
        return sum(not refused(name) for _ in range(times))

    def refused(name: str) -> bool:
        try:
            buckets.demand(name)
        except TooMany:
            return True
        return False

    assert (let_through("a", 10), let_through("b", 2)) == (3, 2)
    now = 1.0
    assert (let_through("a", 10), let_through("b", 10)) == (2, 3)
    now = 100.0
    assert let_through("a", 10) == 3
    for n in range(2 * MOST):
        refused(f"stranger-{n}")
    assert len(buckets._kept) == MOST


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Server]:
    company = Company(tmp_path)
    company.app.settings = replace(company.app.settings, api_rate=1.0, door_rate=3.0)
    with served(company.app) as url:
        yield Server(company, url, api_key(company.app))
    company.close()


def test_a_key_that_asks_too_often_waits_and_the_others_do_not(strict: Server) -> None:
    answers = [strict.post(LIST) for _ in range(5)]
    late = next(answer for answer in answers if answer.status_code != 200)
    assert problem(late, 429, "too-many-requests")["retry_after"] == 1
    assert late.headers["retry-after"] == "1"
    assert replace(strict, key=api_key(strict.company.app)).post(LIST).status_code == 200
    time.sleep(1.1)
    assert strict.post(LIST).status_code == 200


def test_who_guesses_is_slowed_down_and_who_has_a_key_is_not(strict: Server) -> None:
    guesses = [replace(strict, key=f"tw_key-{n}_x").post(LIST).status_code for n in range(5)]
    assert guesses == [401, 401, 401, 429, 429]
    assert strict.post(LIST).status_code == 200
    door = httpx2.get(f"{strict.url}/console/enrol/x.y", headers={"accept": "text/html"})
    assert (door.status_code, "retry-after" in door.headers) == (429, True)
    assert "<h1>You ask more often" in door.text
    begun = httpx2.post(f"{strict.url}/console/passkey/sign-in/begin", json={})
    problem(begun, 429, "too-many-requests")


@pytest.mark.parametrize(("proxies", "shared"), [(None, True), ("127.0.0.1", False)])
def test_a_proxy_is_believed_only_if_named(tmp_path: Path, proxies: str, shared: bool) -> None:
    company = Company(tmp_path)
    company.app.settings = replace(company.app.settings, door_rate=1.0, proxies=proxies)
    with served(company.app) as url:
        asked = Server(company, url, "none")
        told = [
            asked.post(LIST, b"{}", **{"x-forwarded-for": f"203.0.113.{n}"}).status_code
            for n in (1, 2)
        ]
    company.close()
    assert told == ([401, 429] if shared else [401, 401])
