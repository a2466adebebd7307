"""The SDK's promise: both ways in offer the same verbs, answer the same, and fail the same."""

import doctest
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest

from tests.client.served import api_key, served
from trustwright import client
from trustwright.client import Caller, Client, Gate
from trustwright.kernel.actors import Machine
from trustwright.kernel.errors import Invalid, NotFound, Problem, Refused, Unavailable
from trustwright.testing.company import Company

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."


def test_a_clean_reply_goes_from_submission_to_delivery(copilot: Caller) -> None:
    standing = copilot.submit(RIGHT, workflow="replies", sources=[SOURCE])
    assert (standing.status, standing.outcome) == ("released", "automate")
    taken = copilot.take(standing.case)
    assert [(part.name, part.text) for part in taken.parts] == [("body", RIGHT)]
    assert taken.receipt.startswith("c2sp.org/tlog-proof@v1")
    assert copilot.delivered(standing.case).status == "delivered"
    assert [line.case for line in copilot.list("delivered")] == [standing.case]


def test_named_parts_and_what_is_said_beside_them_arrive(copilot: Caller, company: Company) -> None:
    case = copilot.submit(
        {"subject": "Your train", "body": RIGHT},
        workflow="replies",
        sources=[{"id": "timetable", "text": SOURCE}],
        title="Trains",
        confidence=0.75,
        subject="customer 17",
        recipient=("Kim",),
    ).case
    submitted = company.case(case).submitted
    assert (submitted.confidence, len(submitted.sources)) == ("0.75", 1)
    assert submitted.subject
    assert [part.name for part in copilot.take(case).parts] == ["subject", "body"]


def test_a_case_is_waited_for_until_a_person_has_decided(copilot: Caller, company: Company) -> None:
    case = copilot.submit("Good morning.", workflow="replies").case
    assert copilot.wait(case, timeout=0).status == "waiting"
    decided = Timer(0.3, company.person("ada").countersigns, [case])
    decided.start()
    assert copilot.wait(case, timeout=20, every=0.05).status == "released"
    decided.join()


def test_a_list_has_as_many_cases_as_there_are(copilot: Caller, company: Company) -> None:
    hello = {"system": "copilot", "workflow": "replies", "parts": [{"name": "body", "text": "Hi."}]}
    orders = dict.fromkeys(map(str, range(53)), hello)
    told = company.app.many("proposals.submit", Machine("copilot"), orders)
    assert sorted(line.case for line in copilot.list()) == sorted(x.case for x in told.values())


def test_evidence_is_a_bundle_of_the_case(copilot: Caller) -> None:
    case = copilot.submit(RIGHT, workflow="replies", sources=[SOURCE]).case
    with zipfile.ZipFile(io.BytesIO(copilot.evidence(case))) as bundle:
        assert json.loads(bundle.read("bundle.json"))["case"] == case


def test_a_withdrawn_case_stays_withdrawn(copilot: Caller) -> None:
    case = copilot.submit("Good morning.", workflow="replies").case
    assert copilot.withdraw(case, "The customer called.").status == "withdrawn"
    with pytest.raises(Refused) as e:
        copilot.withdraw(case)
    assert e.value.code == "case-closed"


def test_the_same_key_asks_once(copilot: Caller) -> None:
    def submit(text: str) -> str:
        return copilot.submit(text, workflow="replies", key="monday").case

    assert submit("Good morning.") == submit("Good morning.")
    with pytest.raises(Invalid) as e:
        submit("Good evening.")
    assert e.value.code == "key-reused"


Ask = Callable[[Caller], object]
WRONG: dict[str, tuple[Ask, type[Problem], str]] = {
    "unknown workflow": (
        lambda ask: ask.submit("Hi.", workflow="nowhere"),
        NotFound,
        "unknown-workflow",
    ),
    "another system": (
        lambda ask: ask.submit("Hi.", workflow="replies", system="shadow"),
        Refused,
        "not-your-system",
    ),
    "unknown system": (
        lambda ask: ask.submit("Hi.", workflow="replies", system="ghost"),
        NotFound,
        "unknown-system",
    ),
    "confidence that isn't a number": (
        lambda ask: ask.submit("Hi.", workflow="replies", confidence=float("nan")),
        Invalid,
        "malformed",
    ),
    "confidence out of range": (
        lambda ask: ask.submit("Hi.", workflow="replies", confidence=1.5),
        Invalid,
        "malformed",
    ),
    "half a surrogate pair": (
        lambda ask: ask.submit("\ud800", workflow="replies"),
        Invalid,
        "malformed",
    ),
    "no text": (lambda ask: ask.submit({}, workflow="replies"), Invalid, "malformed"),
    "too much text": (
        lambda ask: ask.submit("é" * 200_000, workflow="replies"),
        Invalid,
        "content-too-large",
    ),
    "a field nobody knows": (
        lambda ask: ask.call("proposals.status", {"case": "case-1", "colour": "red"}),
        Invalid,
        "unknown-field",
    ),
    "not JSON": (lambda ask: ask.call("proposals.status", b"{"), Invalid, "malformed"),
    "a thing without JSON": (
        lambda ask: ask.call("proposals.status", {"case": object()}),
        Invalid,
        "malformed",
    ),
    "unknown case": (lambda ask: ask.status("case-000000000000"), NotFound, "no-such-case"),
    "unknown status": (lambda ask: list(ask.list("lost")), Invalid, "unknown-status"),
    "unknown verb": (lambda ask: ask.call("proposals.fly", {}), NotFound, "no-such-operation"),
    "the worker's own verb": (
        lambda ask: ask.call("proposals.expire", {}),
        NotFound,
        "no-such-operation",
    ),
    "a verb for people": (
        lambda ask: ask.call("proposals.refuse", {}),
        NotFound,
        "no-such-operation",
    ),
    "an unreleased text": (
        lambda ask: ask.take(ask.submit("Good morning.", workflow="replies").case),
        Refused,
        "not-released",
    ),
}


def test_what_is_asked_wrongly_fails_the_same_by_either_way(copilot: Caller) -> None:
    for wrong, (ask, kind, code) in WRONG.items():
        with pytest.raises(Problem) as e:
            ask(copilot)
        assert (wrong, type(e.value), e.value.code) == (wrong, kind, code)
        assert e.value.sentence.endswith(".")


def test_a_system_nobody_registered_fully_may_not_submit(company: Company) -> None:
    with Gate(company.app.settings.dir, system="shadow") as shadow, pytest.raises(Refused) as e:
        shadow.submit("Hi.", workflow="replies")
    assert e.value.code == "system-not-registered"


def test_a_key_opens_its_own_systems_cases_alone(company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    with served(company.app) as url, Client(url, api_key(company.app, "shadow")) as shadow:
        with pytest.raises(NotFound):
            shadow.status(case)
        assert not list(shadow.list())


def test_a_submission_names_its_system(company: Company) -> None:
    with served(company.app) as url, Client(url, api_key(company.app)) as copilot:
        with pytest.raises(Invalid) as e:
            copilot.submit("Good morning.", workflow="replies")
        assert e.value.code == "no-system"
        assert copilot.submit("Good morning.", workflow="replies", system="copilot").case


def test_a_key_nobody_gave_is_told_so(company: Company) -> None:
    with (
        served(company.app) as url,
        Client(url, "tw_key-1_none") as stranger,
        pytest.raises(Problem) as e,
    ):
        stranger.status("case-1")
    assert (e.value.status, e.value.code) == (401, "not-signed-in")


@pytest.mark.parametrize(
    ("url", "key", "code"),
    [
        ("localhost:8787", "tw_1", "server-address"),
        ("http://", "tw_1", "server-address"),
        ("http://\0", "tw_1", "server-address"),
        ("http://localhost", "", "api-key-malformed"),
        ("http://localhost", "tw_1\r\nhost: evil", "api-key-malformed"),
        ("http://localhost", "tw_ü", "api-key-malformed"),
    ],
)
def test_an_address_or_key_that_cant_be_one_is_refused_at_once(
    url: str, key: str, code: str
) -> None:
    with pytest.raises(Invalid) as e:
        Client(url, key)
    assert e.value.code == code


@contextmanager
def answering(*answers: tuple[int, str, bytes]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers in turn; its address and the idempotency keys it saw."""
    left, keys = list(answers), list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            keys.append(self.headers["idempotency-key"])
            status, kind, body = left.pop(0)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", keys
        server.shutdown()
        thread.join()


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "PAUSES", (0, 0, 0))


LATER = (503, "application/problem+json", b'{"code": "busy", "title": "Not now."}')
PROXY = (502, "text/html", b"<h1>Bad gateway</h1>")
NONE = (200, "application/json", b'{"cases": [], "next": null}')


@pytest.mark.usefixtures("_impatient")
def test_not_now_is_tried_again_with_the_same_key() -> None:
    with answering(LATER, PROXY, NONE) as (url, keys), Client(url, "tw_1") as ask:
        assert not list(ask.list())
    assert len(keys) == 3
    assert len(set(keys)) == 1


@pytest.mark.usefixtures("_impatient")
def test_tries_come_to_an_end() -> None:
    with (
        answering(*[LATER] * 5) as (url, keys),
        Client(url, "tw_1") as ask,
        pytest.raises(Unavailable) as e,
    ):
        ask.status("case-1")
    assert (e.value.code, e.value.sentence, len(keys)) == ("busy", "Not now.", 4)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b"\xff", b'{"case": 1}'])
def test_an_answer_that_isnt_ours_is_never_taken_for_one(body: bytes) -> None:
    with (
        answering(*[(200, "text/html", body)] * 4) as (url, _),
        Client(url, "tw_1") as ask,
        pytest.raises(Unavailable) as e,
    ):
        ask.status("case-1")
    assert e.value.code == "server-unreadable"


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b'{"code": "x"}', b"\xff"])
def test_an_error_that_isnt_ours_is_still_an_error(body: bytes) -> None:
    with (
        answering((418, "text/html", body)) as (url, _),
        Client(url, "tw_1") as ask,
        pytest.raises(Problem) as e,
    ):
        ask.status("case-1")
    assert (e.value.status, e.value.code) == (418, "server-unreadable")


@pytest.mark.usefixtures("_impatient")
def test_a_server_that_is_gone_is_unavailable() -> None:
    with answering() as (url, _):
        pass
    with Client(url, "tw_1") as ask, pytest.raises(Unavailable) as e:
        ask.status("case-1")
    assert e.value.code == "server-unreachable"


def test_no_workspace_no_gate(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as e:
        Gate(tmp_path / "nowhere", system="copilot")
    assert e.value.code == "no-workspace"


def test_the_examples_in_the_documentation_run(company: Company) -> None:
    with served(company.app) as url:
        names = {
            "api_key": api_key(company.app),
            "url": url,
            "workspace": company.app.settings.dir,
            "Client": Client,
            "Gate": Gate,
        }
        examples = doctest.DocTestFinder(recurse=True).find(client, extraglobs=names)
        runner = doctest.DocTestRunner()
        for example in examples:
            runner.run(example)
    assert runner.summarize().attempted == 4
    assert not runner.failures
