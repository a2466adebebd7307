"""The HTTP API against everything hostile a caller may send: a sentence with a remedy, never a trace."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from trustwright.entrypoints.api import create, document, offered
from trustwright.ledger import proving
from trustwright.proposals.checking import parts_of
from trustwright.testing.company import Company

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
GOOD: dict[str, Any] = {
    "system": "copilot",
    "workflow": "replies",
    "parts": [{"name": "body", "text": "The Royal Blue ran from 1890 on."}],
    "sources": [{"id": "s", "text": SOURCE}],
}


class Api:
    """A machine with a key."""

    def __init__(self, company: Company) -> None:
        self.company = company
        ada = company.person("ada")
        self.key = company.asks("people.issue_key", ada.actor, system="copilot").key
        self.web = TestClient(create(company.app), raise_server_exceptions=False)

    def post(self, verb: str, body: object, **headers: str) -> httpx2.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {self.key}", **headers}
        return self.web.post(f"/v1/{verb}", content=raw, headers=sent)

    def size(self) -> int:
        with self.company.view() as view:
            return proving.size(view)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder: Path = tmp_path_factory.mktemp("api") / "workspace"
    company = Company(folder)
    yield Api(company)
    company.close()


def problem(answer: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    said: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, said["code"]) == (status, code), said
    assert said["title"].endswith(".")
    assert "Traceback" not in answer.text
    return said


def test_a_second_process_submits_with_a_key_and_takes_what_was_released(api: Api) -> None:
    answer = api.post("proposals.submit", GOOD, **{"idempotency-key": "1"})
    assert answer.status_code == 200
    assert answer.json()["status"] == "released"
    assert api.post("proposals.submit", GOOD, **{"idempotency-key": "1"}).json() == answer.json()
    taken = api.post("proposals.take", {"case": answer.json()["case"]}).json()
    assert taken["parts"] == GOOD["parts"]
    assert taken["receipt"].startswith("c2sp.org/tlog-proof@v1\n")
    assert api.post("proposals.status", {"case": taken["case"]}).json()["status"] == "taken"


@pytest.mark.parametrize(
    ("change", "status", "code", "path"),
    [
        ({"colour": "red"}, 422, "unknown-field", "colour"),
        ({"parts": [{"name": "body", "text": "x", "html": "y"}]}, 422, "unknown-field",
         "parts.0.html"),
        ({"parts": "hello"}, 422, "malformed", "parts"),
        ({"parts": []}, 422, "malformed", "parts"),
        ({"parts": [{"name": "a", "text": "x"}, {"name": "a", "text": "y"}]}, 422, "parts", None),
        ({"system": None}, 422, "malformed", "system"),
        ({"confidence": 1.5}, 422, "malformed", "confidence"),
        ({"confidence": -0.1}, 422, "malformed", "confidence"),
        ({"confidence": True}, 422, "malformed", "confidence"),
        ({"confidence": "0.9"}, 422, "malformed", "confidence"),
        ({"workflow": "nowhere"}, 404, "unknown-workflow", None),
        ({"workflow": "../../etc/passwd"}, 404, "unknown-workflow", None),
        ({"system": "nobody"}, 404, "unknown-system", None),
        ({"system": "shadow"}, 409, "not-your-system", None),
        ({"parts": [{"name": "body", "text": "a\rb"}]}, 422, "text-not-clean", "parts.body"),
        ({"parts": [{"name": "body", "text": "a\0b"}]}, 422, "text-not-clean", "parts.body"),
        ({"title": "a\0b"}, 422, "text-not-clean", "title"),
        ({"sources": [{"id": "x", "text": "a\rb"}]}, 422, "text-not-clean", "sources.0.text"),
        ({"parts": [{"name": "body", "text": "x" * 300_000}]}, 422, "malformed", "parts.0.text"),
        ({"parts": [{"name": "body", "text": "\\" * 200_000}]}, 422, "content-too-large", None),
        ({"promises": [{"quote": "x", "owner": "zed", "due": "2027-01-01"}]}, 404,
         "unknown-person", None),
        ({"promises": [{"quote": "x", "owner": "ada", "due": "soon"}]}, 422, "malformed",
         "promises.0.due"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_recorded(
    api: Api, change: dict[str, Any], status: int, code: str, path: str | None
) -> None:
    before = api.size()
    said = problem(api.post("proposals.submit", {**GOOD, **change}), status, code)
    assert path is None or said["field"] == path
    assert api.size() == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"[]", "malformed"),
        (b'{"system": "\xff\xfe"}', "malformed"),
        (json.dumps({**GOOD, "confidence": float("nan")}).encode(), "malformed"),
        (json.dumps({**GOOD, "confidence": float("inf")}).encode(), "malformed"),
        (json.dumps({**GOOD, "title": "\ud800"}).encode(), "malformed"),
        (b'{"a":' * 100_000, "malformed"),
    ],
)
def test_bytes_that_are_no_request(api: Api, body: bytes, code: str) -> None:
    before = api.size()
    problem(api.post("proposals.submit", body), 422, code)
    assert api.size() == before


HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE facts; --",
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe",
    "\u200b\u2066hidden\u2069",
    "Z\u0351\u036b\u0343a\u0301lgo" * 50,
    "\U000e0041\U000e0042",
    "\x1b[31mred\x07",
    "ﷺ" * 100,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_text(api: Api, text: str) -> None:
    order = {
        **GOOD,
        "parts": [{"name": "body", "text": text}],
        "title": text[:500],
        "sources": [{"id": text[:200], "title": text[:500], "text": text}],
        "subject": text[:500],
        "recipient": [text[:500]],
        "facts": {text: text[:500]},
        "topics": [text],
        "promises": [{"quote": text, "owner": "ada", "due": "2027-01-01"}],
    }
    answer = api.post("proposals.submit", order)
    assert answer.status_code == 200, answer.text
    case = api.company.case(answer.json()["case"])
    with api.company.view() as view:
        assert parts_of(view, case.content) == (("body", text),)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_part_is_named_by_a_slug(api: Api, text: str) -> None:
    """The log keeps it for ever, and nothing in there may name anybody."""
    order = {**GOOD, "parts": [{"name": text[:64], "text": "Hello"}]}
    problem(api.post("proposals.submit", order), 422, "part-name")


def test_an_unregistered_system_may_not_submit(api: Api) -> None:
    owner = api.company.person("cy")
    key = api.company.asks("people.issue_key", owner.actor, system="shadow").key
    order = {**GOOD, "system": "shadow"}
    answer = api.post("proposals.submit", order, authorization=f"Bearer {key}")
    said = problem(answer, 409, "system-not-registered")
    assert "oversight" in said["title"]


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer x", "Bearer tw_key-0_x", "Basic abc"])
def test_without_a_valid_key_nobody_is_let_in(api: Api, key: str) -> None:
    answer = api.post("proposals.submit", GOOD, authorization=key)
    problem(answer, 401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_key_opens_nothing(api: Api) -> None:
    ada = api.company.person("ada")
    key = api.company.asks("people.issue_key", ada.actor, system="copilot").key
    api.company.asks("people.revoke_key", ada.actor, key=key.split("_")[1])
    problem(api.post("proposals.list", {}, authorization=f"Bearer {key}"), 401, "not-signed-in")


def test_an_ai_system_does_not_propose_its_own_charter(api: Api) -> None:
    problem(api.post("charter.propose", {"files": {}}), 409, "not-your-charter")


def test_the_description_offers_no_verb_for_people(api: Api) -> None:
    told = document()
    assert set(told["paths"]) == {f"/v1/{name}" for name in offered()}
    assert not any(op.people_only for op in offered().values())
    assert told["openapi"] == "3.1.0"
    assert api.web.get("/openapi.json").json() == json.loads(json.dumps(told))
    for path in ("/v1/proposals.countersign", "/v1/subjects.erase", "/v1/nothing"):
        assert api.web.post(path, content=b"{}").status_code == 404


def test_pages_of_cases_have_every_case_once(api: Api) -> None:
    for n in range(5):
        api.post("proposals.submit", {**GOOD, "title": str(n)})
    seen, after = [], None
    while True:
        page = api.post("proposals.list", {"limit": 3, "after": after}).json()
        seen += [line["case"] for line in page["cases"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) >= 5
    problem(api.post("proposals.list", {"status": "lost"}), 422, "unknown-status")
