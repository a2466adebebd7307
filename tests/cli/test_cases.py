"""The verbs of an AI system on the command line, on a workspace's folder and over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.cli.conftest import Terminal
from tests.client.served import api_key, served
from trustwright.app import OPERATIONS
from trustwright.entrypoints.console.routes import mount
from trustwright.kernel.operations import for_machines
from trustwright.testing.company import Company

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."


@pytest.fixture(params=["folder", "HTTP"])
def way(
    request: pytest.FixtureRequest, company: Company, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Both ways to ask: the workspace's folder, and a server with an API key."""
    if request.param == "folder":
        yield company.app.settings.url
        return
    with served(company.app) as url:
        monkeypatch.setenv("TRUSTWRIGHT_SERVER", url)
        monkeypatch.setenv("TRUSTWRIGHT_API_KEY", api_key(company.app))
        monkeypatch.setenv("TRUSTWRIGHT_DIR", "nowhere")
        yield url


def proposes(trustwright: Terminal, *args: str, given: str = RIGHT) -> str:
    told = trustwright(
        "propose", "--workflow", "replies", "--format", "json", *args, given=given.encode()
    )
    assert told.code == 0, told.err
    return str(json.loads(told.out)["case"])


@pytest.mark.usefixtures("way")
def test_a_text_goes_from_proposal_to_delivery(trustwright: Terminal) -> None:
    Path("source.txt").write_text(SOURCE)
    case = proposes(trustwright, "--source", "timetable=source.txt", "--confidence", "0.9")
    told = trustwright("status", case)
    assert told.out.splitlines()[0] == f"{case}: released (outcome: automate)"
    assert f"`trustwright take {case}`" in told.err
    assert json.loads(trustwright("take", case, "--key", "1").out)["parts"][0]["text"] == RIGHT
    assert trustwright("take", case, "--key", "1").code == 0
    again = trustwright("take", case, "--key", "2")
    assert (again.code, "taken already" in again.err) == (1, True)
    assert "delivered (outcome" in trustwright("delivered", case).out
    assert trustwright("status", case, "--wait").code == 0
    assert [line.split()[0] for line in trustwright("list").out.splitlines()] == [case]
    assert json.loads(trustwright("list", "--status", "waiting", "--format", "json").out) == []


def test_a_waiting_case_says_where_people_decide(
    trustwright: Terminal, way: str, company: Company
) -> None:
    case = proposes(trustwright, "--part", "subject=Hi", "--subject", "customer 17")
    told = trustwright("status", case)
    assert "  waits for: owner" in told.out.splitlines()
    assert f"{way}/console/cases/{case}" in told.err
    assert trustwright("status", case, "--wait", "--timeout", "0").code == 3
    company.person("ada").asks("refuse", case, reason="Not now.")
    assert trustwright("status", case, "--wait").code == 1


@pytest.mark.usefixtures("way")
def test_a_case_can_be_withdrawn_and_proved(trustwright: Terminal, company: Company) -> None:
    case = proposes(trustwright)
    assert "withdrawn (outcome" in trustwright("withdraw", case, "--reason", "Too late.").out
    told = trustwright("evidence", case)
    assert told.out == f"{case}.zip\n"
    key = company.app.ledger.signer.vkey
    verdict = trustwright("verify", f"{case}.zip", "--key", key)
    assert (verdict.code, "not-released" in verdict.out) == (2, True)
    damaged = bytearray(Path(f"{case}.zip").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    Path("damaged.zip").write_bytes(damaged)
    assert trustwright("verify", "damaged.zip", "--key", key).code == 1


WRONG: dict[str, tuple[list[str], int, str]] = {
    "unknown workflow": (["propose", "--workflow", "nowhere"], 2, "no workflow 'nowhere'"),
    "unknown system": (
        ["propose", "--workflow", "replies", "--system", "ghost"],
        2,
        "no AI system 'ghost'",
    ),
    "unregistered system": (
        ["propose", "--workflow", "replies", "--system", "shadow"],
        1,
        "shadow may not submit: its entry in the charter lacks owner",
    ),
    "confidence that isn't a number": (
        ["propose", "--workflow", "replies", "--confidence", "nan"],
        2,
        "confidence: input should be a finite number.",
    ),
    "confidence out of range": (
        ["propose", "--workflow", "replies", "--confidence", "1.01"],
        2,
        "confidence: input should be less than or equal to 1.",
    ),
    "confidence that is a word": (
        ["propose", "--workflow", "replies", "--confidence", "high"],
        2,
        "'--confidence'",
    ),
    "a part without a name": (
        ["propose", "--workflow", "replies", "--part", "=x"],
        2,
        "'=x' isn't NAME=TEXT.",
    ),
    "a source that isn't there": (
        ["propose", "--workflow", "replies", "--source", "a=nowhere.txt"],
        2,
        "nowhere.txt can't be read",
    ),
    "an empty part": (
        ["propose", "--workflow", "replies", "--part", "body= "],
        2,
        "The text is empty.",
    ),
    "a part named after somebody": (
        ["propose", "--workflow", "replies", "--part", "Anna Weber=Hello"],
        2,
        "A part can't be called 'Anna Weber'. Take a-z",
    ),
    "no workflow": (["propose"], 2, "Missing option '--workflow'."),
    "unknown case": (["status", "case-000000000000"], 2, "no case 'case-000000000000' for you"),
    "unknown status": (["list", "--status", "lost"], 2, "'lost' isn't a status."),
    "unknown operation": (
        ["call", "proposals.fly"],
        2,
        "No operation 'proposals.fly' can be asked for here.",
    ),
    "an operation for people": (["call", "proposals.refuse"], 2, "People do that in the console."),
    "JSON that isn't": (["call", "proposals.status", "{"], 2, "invalid JSON"),
    "a field nobody knows": (
        ["call", "proposals.status", '{"case": "x", "y": 1}'],
        2,
        "y: there is no such field.",
    ),
    "no workspace": (["status", "case-1", "--dir", "nowhere"], 2, "no workspace in nowhere"),
    "unknown command": (["fly"], 2, "There is no command 'fly'."),
    "unknown option": (["status", "--fly"], 2, "No such option: --fly"),
}


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("row", WRONG)
def test_what_is_asked_wrongly_gets_a_sentence(trustwright: Terminal, row: str) -> None:
    args, code, words = WRONG[row]
    told = trustwright(*args, given=b"Good morning.")
    assert (told.code, told.out, words in told.err) == (code, "", True), told
    assert len(told.err.splitlines()) == 1


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"Hi \xff", "stdin:1: byte 3 isn't UTF-8."),
        (b"one\r\ntwo", "parts.body holds a carriage return."),
        (b"a\0b", "parts.body holds a NUL character."),
        (b"x" * 300_000, "parts.0.text: string should have at most"),
    ],
)
def test_a_hostile_text_is_refused(trustwright: Terminal, given: bytes, words: str) -> None:
    told = trustwright("propose", "--workflow", "replies", given=given)
    assert (told.code, words in told.err) == (2, True), told


def test_somebody_has_to_ask(
    trustwright: Terminal, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = company.system().proposes("Good morning.").case
    monkeypatch.delenv("TRUSTWRIGHT_SYSTEM")
    told = trustwright("withdraw", case)
    assert (told.code, "Add --system ID" in told.err) == (2, True)
    assert trustwright("status", case).code == 0


@pytest.mark.usefixtures("company")
def test_the_table_is_the_command_line(trustwright: Terminal) -> None:
    offered = {line.split()[0] for line in trustwright("call").out.splitlines()}
    assert offered == set(for_machines(OPERATIONS))
    told = trustwright("call", "proposals.list", "-", given=b'{"limit": 1}')
    assert json.loads(told.out) == {"cases": [], "next": None}


def test_every_verb_for_people_leads_to_a_page_of_the_console(
    trustwright: Terminal, company: Company
) -> None:
    web = FastAPI()
    mount(web, company.app)
    people = [verb for verb in OPERATIONS.values() if verb.people_only]
    lines = trustwright("console").out.splitlines()
    assert {line.split("  ")[-1].strip() for line in lines} == {verb.help for verb in people}
    for line in lines:
        verb = line.split()[0]
        link = trustwright(verb, "case-1").out.strip()
        path = link.removeprefix(company.app.settings.url)
        scope = {"type": "http", "method": "GET", "path": path, "headers": []}
        assert any(route.matches(scope)[0].value == 2 for route in web.routes), link
