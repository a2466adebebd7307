"""Making a workspace, agreeing on a charter, and asking whether all is well."""

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.postgres import Postgres
from trustwright.charter.reading import read
from trustwright.demo.run import charter_files
from trustwright.entrypoints.cli import serving
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER
from trustwright.ledger import tiles
from trustwright.ledger.sqlite import FILE
from trustwright.ledger.tree import Frontier, leaf_hash
from trustwright.testing.company import Company
from trustwright.testing.company import files as company_files


def test_a_workspace_is_made_checked_and_put_forward(trustwright: Terminal) -> None:
    made = trustwright("init", "here", "--company", "Birch: & Sons")
    assert (made.code, made.out) == (0, "")
    assert "here/charter/people.yaml is written." in made.err.splitlines()
    assert "trustwright charter adopt --dir here" in made.err
    for named in (["here"], ["here/charter"], ["--dir", "here"]):
        checked = trustwright("charter", "check", *named)
        assert (checked.code, checked.out) == (0, "")
        assert "here/charter/systems.yaml:5: warning: assistant may not submit" in checked.err
        assert "here/charter/rights.yaml:4: note: Only the default, owner, decides" in checked.err
    nothing = trustwright("charter", "show", "--dir", "here")
    assert (nothing.code, "No charter is in force" in nothing.err) == (1, True)
    for named in (["--dir", "here"], ["here"], ["here/charter"]):
        adopted = trustwright("charter", "adopt", *named)
        assert adopted.out == "http://localhost:8787/console/charter\n"
        assert "`trustwright serve --dir here`" in adopted.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("localhost:9000", "isn't the address of a site"),
        ("https://desk.example/inside", "isn't the address of a site"),
        ("http://localhost:99999", "isn't the address of a site"),
        ("http://127.0.0.1:8787", "lets a passkey belong to one"),
    ],
)
def test_an_address_that_passkeys_cant_belong_to_makes_nothing(
    trustwright: Terminal, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("TRUSTWRIGHT_URL", url)
    for command in (["init", "here"], ["demo", "--dir", "here", "--no-serve"]):
        told = trustwright(*command)
        assert (told.code, words in told.err, Path("here").exists()) == (2, True, False)


def test_links_are_at_the_workspaces_own_address(
    trustwright: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTWRIGHT_URL", "http://localhost:9000")
    trustwright("init", "here")
    monkeypatch.delenv("TRUSTWRIGHT_URL")
    link = trustwright("countersign", "case-1", "--dir", "here").out
    assert link == "http://localhost:9000/console/cases/case-1\n"
    assert "TRUSTWRIGHT_URL" not in trustwright("doctor", "--dir", "here").out


def test_nothing_is_overwritten(trustwright: Terminal) -> None:
    trustwright("init", "here")
    key = trustwright("log", "key", "--dir", "here").out
    Path("here/charter/people.yaml").write_text("mine")
    again = trustwright("init", "here")
    assert again.code == 0
    assert "here is a workspace already. It is kept as it is." in again.err
    assert Path("here/charter/people.yaml").read_text() == "mine"
    assert trustwright("log", "key", "--dir", "here").out == key


def test_a_charters_problems_have_a_place(trustwright: Terminal) -> None:
    trustwright("init", "here")
    workflows = Path("here/charter/workflows.yaml")
    workflows.write_text(workflows.read_text().replace("owner: example-one", "owner: nobody"))
    told = trustwright("charter", "check", "here/charter")
    assert told.code == 2
    place, _, sentence = told.out.splitlines()[0].partition(": ")
    assert place.startswith("here/charter/workflows.yaml:")
    assert "'nobody'" in sentence
    assert trustwright("charter", "adopt", "here/charter", "--dir", "here").code == 2
    workflows.write_bytes(b"workflows: []\n# \xff")
    told = trustwright("charter", "check", "here/charter")
    assert (told.code, "workflows.yaml:2: byte" in told.err) == (2, True)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["init", "/proc/here"], "can't be used just now"),
        (["charter", "check", "nowhere"], "There is no charter in nowhere."),
        (["doctor", "--dir", "nowhere"], "There is no workspace in nowhere."),
        (["verify", "nowhere.zip"], "nowhere.zip can't be read"),
        (["serve", "--dir", "nowhere"], "There is no workspace in nowhere."),
        (["demo", "--dir", "/proc/here", "--no-serve"], "can't be used just now"),
        (["init", "/proc/version"], "/proc/version is no folder."),
    ],
)
def test_a_folder_that_wont_do_gets_a_sentence(
    trustwright: Terminal, args: list[str], words: str
) -> None:
    told = trustwright(*args)
    assert (told.code, words in told.err) == (3 if "now" in words.split() else 2, True), told


def test_the_demo_leaves_a_real_workspace_alone(trustwright: Terminal) -> None:
    trustwright("init", "here")
    key = trustwright("log", "key", "--dir", "here").out
    told = trustwright("demo", "--dir", "here", "--no-serve")
    assert (told.code, told.out, "not a demonstration" in told.err) == (1, "", True)
    assert trustwright("log", "key", "--dir", "here").out == key


def test_the_demo_wants_a_folder_of_its_own(trustwright: Terminal) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("Dear Ann")
    told = trustwright("demo", "--dir", "mine", "--no-serve")
    assert (told.code, "holds something else" in told.err) == (1, True)
    assert [path.name for path in Path("mine").iterdir()] == ["letter.txt"]


def test_a_file_that_cant_be_written_gets_a_sentence(
    trustwright: Terminal, company: Company
) -> None:
    case = company.system().proposes("Good morning.").case
    told = trustwright("evidence", case, "-o", "/proc/here.zip")
    assert (told.code, "/proc/here.zip can't be written" in told.err) == (2, True)


def test_the_whole_log_is_verified(trustwright: Terminal, company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    told = trustwright("verify")
    assert (told.code, told.out.splitlines()[-1]) == (0, "VERDICT: ok")
    with sqlite3.connect(company.app.settings.dir / FILE) as database:
        database.execute("DROP TRIGGER facts_never_change")
        database.execute(
            "UPDATE facts SET entry = replace(entry, 'chat', 'chap') WHERE stream = ?", (case,)
        )
    database.close()
    told = trustwright("verify", "--format", "json")
    report = json.loads(told.out)
    assert (told.code, report["verdict"]) == (1, "invalid")
    assert any("was changed" in problem for problem in report["problems"])


def test_a_log_restored_from_an_older_copy_is_seen(
    trustwright: Terminal, company: Company, tmp_path: Path
) -> None:
    company.close()
    folder = tmp_path / "workspace"
    shutil.copy(folder / "trustwright.db", "older.db")
    assert trustwright("propose", "--workflow", "replies", given=b"Hello.").code == 0
    shutil.copy("older.db", folder / "trustwright.db")
    told = trustwright("verify")
    assert (told.code, "were published already" in told.out) == (1, True)
    told = trustwright("doctor")
    assert (told.code, "were published already" in told.out) == (1, True)
    told = trustwright("propose", "--workflow", "replies", given=b"Hello.")
    assert (told.code, "restored from an older backup" in told.err) == (3, True)


def test_the_exported_log_holds_together(trustwright: Terminal, company: Company) -> None:
    company.system().proposes("Good morning.")
    assert trustwright("log", "export", "copy").code == 0
    size = company.app.ledger.signer.verify(Path("copy/checkpoint").read_bytes()).size
    entries = tiles.decode_entries(Path("copy", tiles.tile_path("entries", 0, size)).read_bytes())
    tree = Frontier()
    for entry in entries:
        tree.append(leaf_hash(entry))
    signed = company.app.ledger.signer.verify(Path("copy/checkpoint").read_bytes())
    assert (tree.size, tree.root()) == (signed.size, signed.root)


def test_lists_are_folded_anew(trustwright: Terminal, company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    with sqlite3.connect(company.app.settings.dir / FILE) as database:
        database.execute("DELETE FROM cases")
    database.close()
    assert trustwright("list").out == ""
    assert trustwright("rebuild").code == 0
    assert case in trustwright("list").out


def test_the_charter_in_force_is_shown(trustwright: Terminal, company: Company) -> None:
    told = trustwright("charter", "show").out
    assert "| replies | low |" in told
    assert "No rule speaks of these situations; the default, owner, decides:" in told
    shown = json.loads(trustwright("charter", "show", "--format", "json").out)
    assert shown["basis"] == "demo"
    assert (
        "| sourced-alone | replies | low |" in trustwright("charter", "show", "--format", "md").out
    )
    (head, *rows) = trustwright("charter", "show", "--format", "csv").out.splitlines()
    assert (head.split(",")[:2], len(rows)) == (["rule", "workflow"], 5)
    told = trustwright("charter", "show", "--format", "sql").out
    assert told.startswith("CASE\nWHEN ")


def test_a_charter_is_replayed_before_it_is_put_forward(
    trustwright: Terminal, company: Company
) -> None:
    case = company.system().proposes("Good morning.").case
    folder = Path("workspace/charter")
    folder.mkdir()
    for name, text in company.files.items():
        (folder / name).write_text(text.replace("checkable: true", "sourced: [true, false]"))
    told = trustwright("charter", "replay")
    assert told.out.endswith(
        "; 0 decided as before.\n"
        f"1 would newly have gone out alone, the newest 1:\n  {case}\n"
        "0 would no longer have gone out alone.\n1 from owner to automate.\n"
    )
    found = json.loads(trustwright("charter", "replay", "--all", "--format", "json").out)
    assert found["newly_alone_cases"] == [case]
    assert trustwright("charter", "replay", "--last", "0").code == 2


def test_somebody_whose_colleagues_cannot_invite_is_let_in_and_it_is_on_record(
    trustwright: Terminal, company: Company
) -> None:
    company.person("ada")
    told = trustwright("recover", "bo")
    assert told.code == 0
    token = told.out.strip().removeprefix("http://localhost:8787/console/enrol/")
    assert "For Bo Lind alone" in told.err
    with company.view() as view:
        bo = passkeys.link(view, token)
        assert (bo.person_id, bo.sponsors) == ("bo", frozenset({view.pseudonym(WORKER)}))
        last = view.facts(f"person-{bo.person.removeprefix('p:')}")[-1]
    assert (last.kind, last.actor) == ("identity.invited", "m:trustwright")
    assert trustwright("recover", "nobody").code == 2


@pytest.mark.parametrize(("files", "first"), [("demo", "jana-okafor"), ("tests", "ada")])
def test_the_first_link_is_for_whom_the_demonstration_waits(files: str, first: str) -> None:
    made = charter_files() if files == "demo" else company_files()
    assert serving._first(read(made), demo=True) == first
    assert serving._first(read(made), demo=False) == read(made).people[0].id


def test_the_doctor_sees_what_wants_doing(
    trustwright: Terminal, company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = trustwright("doctor")
    assert told.code == 1
    for words in (
        "workspace is a demo workspace of http://localhost:8787",
        "note  Access to these files is full trust",
        "note  Trust level L0",
        "note  No worker is alive",
        "warn  Nobody has a passkey.",
        "warn  shadow may not submit",
    ):
        assert words in told.out
    (tmp_path / "workspace/keys/log.key").chmod(0o644)
    monkeypatch.setenv("TRUSTWRIGHT_ANCHOR", str(tmp_path / "nowhere"))
    monkeypatch.setenv("TRUSTWRIGHT_URL", "http://localhost:1")
    monkeypatch.setenv("TRUSTWRIGHT_WEBHOOK_URL", "http://localhost:2")
    company.person("ada")
    told = trustwright("doctor", "--format", "json")
    warned = " ".join(sign["sentence"] for sign in json.loads(told.out) if sign["level"] == "warn")
    for words in (
        "Others can read",
        "isn't a folder",
        "TRUSTWRIGHT_URL says http://localhost:1",
        "The webhook's secret isn't",
    ):
        assert words in warned
    assert "Nobody has a passkey" not in told.out


def test_the_doctor_sees_a_clock_that_was_set_back(trustwright: Terminal, company: Company) -> None:
    company.now = max(company.now, datetime.now(UTC)) + timedelta(hours=1)
    company.system().proposes("Good morning.")
    assert "behind the log's last entry" in trustwright("doctor").out


def test_a_workspace_without_a_charter_is_not_well(trustwright: Terminal) -> None:
    trustwright("init", "here")
    told = trustwright("doctor", "--dir", "here")
    assert (told.code, "warn  No charter is in force" in told.out) == (1, True)


def test_a_workspace_moves_to_postgresql(
    trustwright: Terminal, company: Company, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    case = company.system().proposes("Good morning.").case
    checkpoint = json.loads(trustwright("verify", "--format", "json").out)["checkpoint"]
    company.close()
    assert trustwright("move").code == 2
    url = postgres.database()
    moved = trustwright("move", "--to", url)
    assert (moved.code, moved.out) == (0, checkpoint)
    assert "Set TRUSTWRIGHT_DATABASE" in moved.err
    lost = trustwright("list")
    assert (lost.code, "TRUSTWRIGHT_DATABASE" in lost.err) == (2, True)
    monkeypatch.setenv("TRUSTWRIGHT_DATABASE", url)
    assert case in trustwright("list").out
    told = trustwright("doctor").out
    assert "ok    Its facts are in postgresql://trustwright@/company_" in told
    assert "warn  PostgreSQL runs with fsync off" in told
    assert trustwright("rebuild").code == 0
    assert trustwright("propose", "--workflow", "replies", given=b"Hello.").code == 0
    assert trustwright("verify").out.splitlines()[-1] == "VERDICT: ok"
    again = trustwright("move", "--to", url)
    assert (again.code, "There is no workspace" in again.err) == (2, True)


def test_new_keys_for_an_old_workspace(trustwright: Terminal, company: Company) -> None:
    case = company.system().proposes("Good morning.").case
    company.close()
    old = trustwright("log", "key").out
    rotated = trustwright("keys", "rotate-log")
    assert (rotated.code, rotated.out) == (0, trustwright("log", "key").out)
    assert rotated.out != old
    vault = trustwright("keys", "rotate-vault")
    assert (vault.code, vault.out) == (0, "")
    assert "lie under a new master key" in vault.err
    assert case in trustwright("list").out
    assert trustwright("verify").out.splitlines()[-1] == "VERDICT: ok"
