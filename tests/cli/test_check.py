"""`trustwright check`: useful in a pipeline on day one, and never silently fine."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from trustwright.testing.company import files

CLEAN, CLAIM, HIDDEN = b"See you on Monday.", b"We are the best.", "Pay\u202e now".encode()
GERMAN = "Wir haben heute für alle Kunden geöffnet und freuen uns auf Sie.".encode()
LINES = b'{"text": "See you."}\n\n{"parts": {"subject": "Hi", "body": "We are the best."}}\n'

TABLE: dict[str, tuple[dict[str, bytes], list[str], int, str]] = {
    "clean": ({"a.txt": CLEAN}, ["a.txt"], 0, "1 checked: 0 to stop, 0 to look at, 0 not decided."),
    "a claim": ({"a.txt": CLAIM}, ["a.txt"], 1, "a.txt: text 7-15: warn:"),
    "a claim, forgiven": ({"a.txt": CLAIM}, ["a.txt", "--fail-on", "block"], 0, "1 to look at"),
    "to be stopped": ({"a.txt": HIDDEN}, ["a.txt", "--fail-on", "block"], 1, "1 to stop"),
    "several": ({"a.txt": CLEAN, "b.txt": CLAIM}, ["a.txt", "b.txt"], 1, "b.txt: text"),
    "lines": ({"a.jsonl": LINES}, ["a.jsonl"], 1, "a.jsonl:3: body 7-15: warn:"),
    "lines by flag": ({"a.log": LINES}, ["a.log", "--jsonl"], 1, "a.log:3: body"),
    "one check": ({"a.txt": CLAIM}, ["a.txt", "--only", "personal-data"], 0, "0 to look at"),
    "undecided": ({"a.txt": GERMAN}, ["a.txt"], 3, "not decided: the text is not in English"),
    "undecided, and a finding": (
        {"a.txt": GERMAN, "b.txt": CLAIM},
        ["a.txt", "b.txt"],
        1,
        "1 not decided",
    ),
}


@pytest.mark.parametrize("row", TABLE)
def test_the_exit_code_says_what_was_found(trustwright: Terminal, row: str) -> None:
    files, args, code, words = TABLE[row]
    for name, content in files.items():
        Path(name).write_bytes(content)
    told = trustwright("check", *args)
    assert (told.code, words in told.out) == (code, True), told
    assert ("explain" in told.err) == (code == 1)


UNREAD: dict[str, tuple[dict[str, bytes], list[str], str]] = {
    "not there": ({}, ["a.txt"], "a.txt can't be read (No such file or directory)."),
    "a folder": ({}, ["."], ". can't be read (Is a directory)."),
    "a name that can't be": ({}, ["a\0b"], "can't be read"),
    "not UTF-8": ({"a.txt": b"one\ntwo \xff"}, ["a.txt"], "a.txt:2: byte 8 isn't UTF-8."),
    "lines not UTF-8": ({"a.jsonl": LINES + b'{"text": "\xff"}'}, ["a.jsonl"], "a.jsonl:4: byte"),
    "empty": ({"a.txt": b"\n"}, ["a.txt"], "a.txt is empty."),
    "a line without text": (
        {"a.jsonl": LINES + b'{"parts": {"body": " "}}'},
        ["a.jsonl"],
        "a.jsonl:4: The field of the whole line can't be read: Value error, there is no text in it.",
    ),
    "a workflow of no charter": (
        {"a.txt": CLEAN},
        ["a.txt", "--workflow", "replies"],
        "--charter.",
    ),
    "no charter there": ({"a.txt": CLEAN}, ["a.txt", "--charter", "."], "people.yaml"),
    "a line that isn't JSON": ({"a.jsonl": LINES + b"{"}, ["a.jsonl"], "a.jsonl:4: A line isn't"),
    "a field nobody knows": (
        {"a.jsonl": b'{"text": "Hi", "lang": "en"}'},
        ["a.jsonl"],
        "a.jsonl:1: The field lang isn't known.",
    ),
    "a field that doesn't fit": (
        {"a.jsonl": b'{"text": "Hi", "sources": [{"text": 3}]}'},
        ["a.jsonl"],
        "a.jsonl:1: The field sources[0].text can't be read",
    ),
    "deeper than can be": ({"a.jsonl": b"[" * 200_000}, ["a.jsonl"], "a.jsonl:1: A line isn't"),
    "no such check": ({"a.txt": CLEAN}, ["a.txt", "--only", "spelling"], "no check 'spelling'"),
    "no such severity": ({"a.txt": CLEAN}, ["a.txt", "--fail-on", "bad"], "'--fail-on'"),
    "nothing named": ({}, [], "Missing argument 'PATH'."),
}


@pytest.mark.parametrize("row", UNREAD)
def test_what_cant_be_read_is_said_and_never_passed(trustwright: Terminal, row: str) -> None:
    files, args, words = UNREAD[row]
    for name, content in files.items():
        Path(name).write_bytes(content)
    told = trustwright("check", *args)
    assert (told.code, words in told.err) == (2, True), told


def test_one_bad_line_hides_no_other(trustwright: Terminal) -> None:
    Path("a.jsonl").write_bytes(b"{\n" + LINES + b"[]\n")
    told = trustwright("check", "a.jsonl")
    assert "a.jsonl:4: body" in told.out
    assert [line.split(" ")[0] for line in told.err.splitlines()] == ["a.jsonl:1:", "a.jsonl:5:"]


def test_standard_input_is_a_file_too(trustwright: Terminal) -> None:
    assert "stdin: text 7-15: warn:" in trustwright("check", "-", given=CLAIM).out
    assert "stdin:3: body" in trustwright("check", "-", "--jsonl", given=LINES).out


def test_a_separator_inside_a_string_ends_no_line(trustwright: Terminal) -> None:
    told = trustwright("check", "-", "--jsonl", given='{"text": "one\u2028two"}'.encode())
    assert (told.code != 2, "1 checked:" in told.out) == (True, True), told


def test_json_and_sarif_are_whole_documents(trustwright: Terminal) -> None:
    Path("a.txt").write_bytes(b"Hello.\n" + CLAIM)
    (result,) = json.loads(trustwright("check", "a.txt", "--format", "json").out)
    assert (result["location"], result["worst"], result["complete"]) == ("a.txt", "warn", True)
    sarif = json.loads(trustwright("check", "a.txt", "--format", "sarif").out)
    region = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"]) == (2, 8)


@pytest.mark.parametrize(("format", "begins"), [("jsonl", '{"location"'), ("junit", "<?xml"), ("md", "**1 checked**")])  # fmt: skip
def test_other_forms(trustwright: Terminal, format: str, begins: str) -> None:
    told = trustwright("check", "-", "--format", format, given=CLAIM)
    assert (told.code, told.out.startswith(begins)) == (1, True)


@pytest.mark.parametrize("format", ["text", "json", "jsonl", "sarif", "junit", "md"])
def test_a_charter_brings_its_evidence_its_voice_and_its_channels(
    trustwright: Terminal, format: str
) -> None:
    push = files()["workflows.yaml"].replace("email", "push")
    for name, text in files(evidence=EVIDENCE, voice=VOICE, workflows=push).items():
        Path("charter").mkdir(exist_ok=True)
        Path("charter", name).write_text(text)
    proved, hype = b"We are the market leader for parcels.", b"Our game-changing parcels."
    args = ("check", "-", "--format", format)
    agreed = (*args, "--charter", "charter")
    assert trustwright(*args, given=proved).code == 1
    assert trustwright(*agreed, given=proved).code == 0
    assert trustwright(*args, given=hype).code == 0
    assert "game-changing" in trustwright(*agreed, given=hype).out
    long = b"See you on Monday. " * 9
    assert trustwright(*agreed, "--workflow", "notices", given=long).code == 1
    assert trustwright(*agreed, "--workflow", "replies", given=long).code == 0
    assert trustwright(*agreed, "--workflow", "nowhere", given=long).code == 2


EVIDENCE = """evidence:
  - {id: leader, claim: We are market leader for parcels, proof: Study 17, owner: ada, valid_until: 9999-12-31}
"""
VOICE = "voice:\n  - {id: hype, extends: existence, tokens: [game-changing]}\n"


def test_a_baseline_lets_begin_with_copy_that_exists(trustwright: Terminal) -> None:
    Path("a.txt").write_bytes(CLAIM)
    known = ("--baseline", "known.json")
    assert trustwright("check", "a.txt", *known).code == 2
    assert trustwright("check", "a.txt", "--write-baseline").code == 2
    written = trustwright("check", "a.txt", *known, "--write-baseline")
    assert (written.code, written.out) == (0, "")
    told = trustwright("check", "a.txt", *known)
    assert (told.code, "1 known findings aren't told" in told.err) == (0, True)
    Path("a.txt").write_bytes(CLAIM + b" We are the cheapest.")
    assert trustwright("check", "a.txt", *known).code == 1


def test_no_baseline_is_written_of_what_could_not_all_be_read(trustwright: Terminal) -> None:
    Path("a.txt").write_bytes(CLAIM)
    args = ("a.txt", "b.txt", "--baseline", "known.json", "--write-baseline")
    assert trustwright("check", *args).code == 2
    assert not Path("known.json").exists()


def test_quiet_leaves_data_and_errors(trustwright: Terminal) -> None:
    told = trustwright("check", "-", "a.txt", "--quiet", given=CLAIM)
    assert "stdin: text" in told.out
    assert told.err.splitlines() == [
        "a.txt can't be read (No such file or directory). Name a readable file."
    ]
    assert trustwright("check", "-", "--quiet", given=CLAIM).err == ""


def test_the_shelf_explains_itself(trustwright: Terminal) -> None:
    listed = json.loads(trustwright("checks", "--format", "json").out)
    assert len(trustwright("checks").out.splitlines()) == len(listed) >= 5
    for check in listed:
        assert trustwright("explain", check["id"]).out.startswith(f"# {check['id']}\n")
    told = trustwright("explain", "spelling")
    assert (told.code, "There are: citation" in told.err) == (2, True)
