"""The worker: what nobody asks for is done, once, and what happens is told to the outside."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Receiver

from trustwright.app.worker import Worker
from trustwright.connectors.channels.events import Events
from trustwright.connectors.channels.webhook import Event, Webhook
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.testing.company import Company

SECRET = "whsec_" + base64.b64encode(b"a secret of at least 24 bytes").decode()
SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."


class Outside:
    """A receiver that verifies what it gets and keeps what is said of cases; `answer` is the status it gives back."""

    def __init__(self) -> None:
        self.events: list[dict[str, object]] = []
        self.answer = 204
        outside = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                event = Receiver(SECRET).verify(body, dict(self.headers.items()))
                if outside.answer < 300:
                    assert event["id"] == self.headers["webhook-id"]
                    told = json.loads(body)
                    outside.events += [told] if told["subject"].startswith("case-") else []
                self.send_response(outside.answer)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Tests are quiet."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def outside() -> Iterator[Outside]:
    made = Outside()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace")
    yield made
    made.close()


def worker(company: Company, outside: Outside) -> Worker:
    hook = Webhook(outside.url, SECRET, private=True)
    # The receiver holds the stamp against its own clock.
    return Worker(company.app, Events(hook, "http://localhost:8787", lambda: datetime.now(UTC)))


def types(outside: Outside) -> list[object]:
    return [event["type"] for event in outside.events]


def test_the_outside_is_told_that_a_case_waits_and_how_it_was_decided(
    company: Company, outside: Outside
) -> None:
    case = company.system().proposes("In 1891.", source=SOURCE).case
    at_work = worker(company, outside)
    at_work.tick()
    assert types(outside) == ["io.trustwright.case.routed"]
    told = outside.events[0]
    assert told["specversion"] == "1.0"
    assert told["subject"] == case
    assert told["data"] == {
        "case": case,
        "status": "waiting",
        "system": "copilot",
        "workflow": "replies",
        "url": f"http://localhost:8787/console/cases/{case}",
    }
    company.person("ada").asks("refuse", case, reason="It was 1890.")
    at_work.tick()
    assert types(outside)[1:] == ["io.trustwright.case.refused"]
    at_work.tick()
    assert len(outside.events) == 2
    assert "1890" not in json.dumps(outside.events)


def test_what_could_not_be_told_is_told_later_and_in_order(
    company: Company, outside: Outside
) -> None:
    first = company.system().proposes("In 1891.", source=SOURCE).case
    at_work = worker(company, outside)
    outside.answer = 503
    at_work.tick()
    second = company.system().proposes("In 1892.", source=SOURCE).case
    outside.answer = 204
    for _ in range(4):
        at_work.tick()
    assert [event["subject"] for event in outside.events] == [first, second]


def test_overdue_duties_old_cases_and_lifted_holds_are_dealt_with(
    company: Company, outside: Outside
) -> None:
    ada, at_work = company.person("ada"), worker(company, outside)
    hold = company.asks("holds.raise", ada.actor, scope="all", reason="Wait.").hold
    kept_back = company.system().proposes("In 1891.", source=SOURCE).case
    ada.countersigns(kept_back)
    at_work.tick()
    assert company.case(kept_back).status == "signed"
    company.asks("holds.lift", company.person("cy").actor, hold=hold, reason="Go.")
    waits = company.system().proposes("In 1892.", source=SOURCE).case
    at_work.tick()
    assert company.case(kept_back).status == "released"
    company.wait(days=31)
    at_work.tick()
    assert company.case(waits).status == "expired"


def test_one_worker_at_a_time_and_the_next_takes_over(company: Company, outside: Outside) -> None:
    first, second = worker(company, outside), worker(company, outside)
    first.tick()
    company.system().proposes("In 1891.", source=SOURCE)
    second.tick()
    assert outside.events == []
    company.wait(seconds=30)
    second.tick()
    assert len(outside.events) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "http://localhost:9/x", "http://[::1]:9/"])
def test_a_webhook_is_not_turned_against_the_inside(company: Company, url: str) -> None:
    hook = Events(Webhook(url, SECRET), "http://localhost:8787", lambda: company.now)
    case = company.system().proposes("In 1891.", source=SOURCE).case
    routed = company.case(case).facts[1]
    with pytest.raises(Invalid) as e:
        hook.tell(routed, {"case": case})
    assert e.value.code == "webhook-private"


def test_a_webhook_needs_an_address_and_a_secret() -> None:
    for url, secret, code in (
        ("ftp://x", SECRET, "webhook-url"),
        ("https://example.com", None, "webhook-secret"),
        ("https://example.com", "whsec_c2hvcnQ=", "webhook-secret"),
    ):
        with pytest.raises(Invalid) as e:
            Webhook(url, secret)
        assert e.value.code == code


def test_a_webhook_nobody_answers_is_unavailable() -> None:
    event = Event("1", "io.trustwright.test", "here", "case-1", datetime.now(UTC), {})
    with pytest.raises(Unavailable) as e:
        Webhook("http://127.0.0.1:1/x", SECRET, private=True).send(event, datetime.now(UTC))
    assert e.value.code == "webhook-failed"
