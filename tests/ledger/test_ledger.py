"""The ledger under bad luck and bad people, in either database: every change found, nothing lost."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from tests.ledger.stores import Site, problems, raise_one
from trustwright.app import App
from trustwright.duties.queries import open_duties, standing_holds
from trustwright.kernel.actors import Machine, Person
from trustwright.kernel.errors import Invalid, Problem, Unavailable
from trustwright.ledger import proving, store
from trustwright.ledger.facts import Created, Fact
from trustwright.ledger.highwater import SLOT
from trustwright.ledger.note import VerifierKey
from trustwright.ledger.proof import Proof
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals.model import Status
from trustwright.proposals.queries import Filter, before, count, listed, place
from trustwright.testing.company import Company

ADA = Person("ada")


def test_what_an_operation_that_fails_wrote_is_gone(company: Company) -> None:
    def fails(uow: UnitOfWork) -> None:
        raise_one(uow)
        uow.remember("a", "b", "c", uow.now + timedelta(days=1))
        raise Invalid("no", "No.")

    before = company.app.ledger.write(ADA, lambda uow: uow.batch.size).result()
    lost = [company.app.ledger.write(ADA, fails) for _ in range(3)]
    kept = company.app.ledger.write(ADA, raise_one)
    assert [type(f.exception()) for f in lost] == [Invalid] * 3
    with company.view() as view:
        assert proving.size(view) == before + 1
        assert view.facts(kept.result())
        assert view.remembered("a", "b") is None
    assert problems(company) == ()


def test_every_entry_can_be_proved_across_tiles(company: Company) -> None:
    for future in [company.app.ledger.write(ADA, raise_one) for _ in range(600)]:
        future.result()
    key = VerifierKey.parse(company.app.ledger.signer.vkey)
    with company.view() as view:
        for index in (0, 1, 255, 256, 300, 511, 512, proving.size(view) - 1):
            entry = proving.entry(view, index)
            Proof.parse(proving.prove(view, index)).verify(entry, key)
        with pytest.raises(Problem):
            proving.prove(view, proving.size(view))
    assert problems(company) == ()


SWAP = "UPDATE facts SET entry = replace(entry, 'replies', 'letters') WHERE leaf_index = 2"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (SWAP, "Entry 2 was changed"),
        ("DELETE FROM facts WHERE leaf_index = 1", "Entry 1 is missing"),
        ("UPDATE facts SET kind = 'hold.lifted' WHERE leaf_index = 2", "columns that aren't"),
        ("DELETE FROM facts WHERE leaf_index = 3", "The checkpoint speaks of 4 entries"),
        ("UPDATE head SET checkpoint = replace(checkpoint, 'a', 'b')", "can't be believed"),
    ],
)
def test_an_edited_row_is_found_and_named(site: Site, statement: str, said: str) -> None:
    for _ in range(2):
        site.company.app.ledger.write(ADA, raise_one).result()
    site.company.app.close()
    site.edit(*site.unguard, statement)
    found = problems(site.company)
    assert any(said in problem for problem in found), found
    assert any("trigger" in problem for problem in found)


@pytest.mark.parametrize(
    "changed", ["entry = 42", "entry = CAST(entry AS text)", "leaf_hash = 'text'", "leaf_hash = 7"]
)
def test_a_column_of_another_type_is_a_finding(site: Site, changed: str) -> None:
    site.company.app.ledger.write(ADA, raise_one).result()
    site.edit(*site.unguard)
    of_another_type = f"UPDATE facts SET {changed} WHERE leaf_index = 2"
    if site.server:
        with pytest.raises(DBAPIError, match=r"type bytea|cannot cast"):
            site.edit(of_another_type.replace("'text'", "'text'::text"))
        return
    site.edit(of_another_type)
    assert any("Entry 2 was changed" in problem for problem in problems(site.company))


@pytest.mark.parametrize(
    "statement", ["UPDATE facts SET kind = 'x'", "DELETE FROM facts", "TRUNCATE facts"]
)
def test_facts_can_be_neither_edited_nor_deleted_by_accident(site: Site, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"facts never|syntax error"):
        site.edit(statement)
    assert problems(site.company) == ()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE facts DISABLE TRIGGER ALL",
        "CREATE OR REPLACE FUNCTION facts_never_change() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN OLD; END'",
        "DROP FUNCTION facts_never_change CASCADE",
        "CREATE OR REPLACE TRIGGER facts_never_change BEFORE UPDATE ON facts "
        "FOR EACH STATEMENT EXECUTE FUNCTION facts_never_change()",
    ],
)
def test_a_guard_that_was_weakened_is_found(in_postgres: Site, statement: str) -> None:
    in_postgres.edit(statement)
    assert problems(in_postgres.company) == (
        "A trigger that keeps facts from being edited was dropped.",
    )


def test_nothing_is_signed_on_top_of_a_changed_head(site: Site) -> None:
    site.edit("UPDATE head SET size = size, frontier = zeroblob(length(frontier))")
    with pytest.raises(Problem):
        site.company.app.ledger.write(ADA, raise_one).result()


def test_a_database_restored_from_an_older_backup_is_refused(site: Site) -> None:
    app = site.company.app
    app.ledger.write(ADA, raise_one).result()
    site.back_up()
    app.ledger.write(ADA, raise_one).result()
    app.close()
    site.restore()
    with pytest.raises(Unavailable) as e:
        app.ledger.write(ADA, raise_one).result()
    assert e.value.code == "ledger-rolled-back"


def test_a_backup_is_whole(site: Site) -> None:
    app = site.company.app
    hold = app.ledger.write(ADA, raise_one).result()
    site.back_up()
    app.close()
    site.restore()
    assert problems(site.company) == ()
    with site.company.view() as view:
        assert view.facts(hold)
    assert app.ledger.write(ADA, raise_one).result()


def test_another_history_is_refused_however_long_it_has_become(site: Site) -> None:
    app = site.company.app
    app.ledger.write(ADA, raise_one).result()
    site.back_up()
    app.ledger.write(ADA, raise_one).result()
    app.close()
    file = app.settings.dir / "high-water"
    mark = file.read_bytes()
    file.unlink()
    site.restore()
    with closing(App(app.settings)) as forked:
        for _ in range(5):
            forked.write(ADA, raise_one)
    file.write_bytes(mark)
    with closing(App(app.settings)) as again, pytest.raises(Unavailable) as e:
        again.write(ADA, raise_one)
    assert e.value.code == "ledger-forked"


def test_a_mark_torn_by_a_power_cut_is_read_from_its_other_half(company: Company) -> None:
    for _ in range(2):
        company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    mark = company.app.settings.dir / "high-water"
    whole = mark.read_bytes()
    for torn in (
        whole[:SLOT].replace(b"localhost", b"l\0\0\0\0host") + whole[SLOT:],
        whole[:SLOT] + b"\0" * SLOT,
    ):
        mark.write_bytes(torn)
        again = App(company.app.settings)
        again.write(ADA, raise_one)
        again.close()
    mark.write_bytes(b"\0" * 2 * SLOT)
    again = App(company.app.settings)
    with pytest.raises(Unavailable) as e:
        again.write(ADA, raise_one)
    assert e.value.code == "anchor-unreadable"
    again.close()


def together(company: Company, *jobs: Callable[[UnitOfWork], object]) -> list[object]:
    """What becomes of operations that share one batch: each one's problem, or None."""
    begun, go = threading.Event(), threading.Event()

    def wait(_: UnitOfWork) -> None:
        begun.set()
        assert go.wait(5)

    first = company.app.ledger.write(ADA, wait)
    assert begun.wait(5)
    futures = [company.app.ledger.write(ADA, job) for job in jobs]
    go.set()
    first.result()
    return [future.exception() for future in futures]


def test_a_disk_that_fills_up_mid_batch_leaves_nothing_behind(in_file: Site) -> None:
    """A read writes what others left to write: if that fails, SQLite ends the transaction itself."""
    company = in_file.company
    raised = company.app.ledger.write(ADA, raise_one).result()
    with company.view() as view:
        reason, before = standing_holds(view)[0].reason, proving.size(view)
    engine, full = company.app.ledger.store.engine, True

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 5 if full else 10**6}")

    event.listen(engine, "checkout", limit)
    lost = together(
        company,
        lambda uow: uow.seal(raised, "reason", bytes(10**6)),
        lambda uow: uow.open(reason),
        *[raise_one] * 20,
    )
    full = False
    assert {getattr(problem, "code", "") for problem in lost} == {"store-unavailable"}
    assert "full" in str(lost[0])
    assert problems(company) == ()
    company.app.ledger.write(ADA, raise_one).result()
    with company.view() as view:
        assert proving.size(view) == before + 1


def test_a_caller_who_gives_up_stops_nobody_else(company: Company) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(uow: UnitOfWork) -> str:
        begun.set()
        assert go.wait(5)
        return raise_one(uow)

    under_way = company.app.ledger.write(ADA, slow)
    assert begun.wait(5)
    waits, stays = (company.app.ledger.write(ADA, raise_one) for _ in range(2))
    assert waits.cancel()
    assert not under_way.cancel()
    go.set()
    assert under_way.result(5) != stays.result(5)
    with company.view() as view:
        assert len(standing_holds(view)) == 2


def test_an_operation_the_database_fails_takes_the_batch_with_it(company: Company) -> None:
    def fails(uow: UnitOfWork) -> None:
        raise_one(uow)
        uow.rows(select(store.facts.c.kind))
        uow.batch.connection.exec_driver_sql("SELECT * FROM nowhere")

    app = company.app
    futures = [app.ledger.write(ADA, run) for run in (raise_one, fails, raise_one)]
    codes = {e.code for f in futures if isinstance(e := f.exception(), Problem)}
    assert codes == {"store-unavailable"}
    kept = app.ledger.write(ADA, raise_one).result()
    with company.view() as view:
        assert view.facts(kept)
        assert all(view.facts(str(f.result())) for f in futures if f.exception() is None)
    assert problems(company) == ()


def test_what_a_database_cannot_hold_is_asked_wrongly_or_not_there(company: Company) -> None:
    def looks(view: View) -> list[Fact]:
        return view.facts("case-\0")

    with suppress(Invalid), company.view() as view:
        assert looks(view) == []
    asked = company.app.ledger.write(ADA, looks)
    assert isinstance(asked.exception() or Invalid("", ""), Invalid)
    assert company.app.ledger.write(ADA, raise_one).result()


def test_a_clock_set_back_an_hour_never_runs_backwards_in_the_log(company: Company) -> None:
    first = company.app.ledger.write(ADA, raise_one).result()
    company.wait(hours=-1)
    second = company.app.ledger.write(ADA, raise_one).result()
    with company.view() as view:
        assert view.facts(second)[0].at >= view.facts(first)[0].at


def test_read_models_rebuilt_are_the_ones_that_lived(company: Company) -> None:
    copilot, ada = company.system(), company.person("ada")
    for text in ("One.", "Two.", "Three."):
        case = copilot.proposes(text, subject="customer-1").case
    ada.asks("refuse", case, reason="No.")
    company.asks("holds.raise", ada.actor, scope="all", reason="Just so.")
    company.asks("subjects.erase", company.person("cy").actor, subject="customer-1")
    tables = {p.table for p in company.app.ledger.settings.projections}

    def rows() -> dict[str, list[tuple[object, ...]]]:
        with company.view() as view:
            return {t.name: sorted(map(tuple, view.rows(select(t))), key=repr) for t in tables}

    live = rows()
    assert all(live[name] for name in ("cases", "duties", "holds", "credentials"))
    company.app.ledger.rebuild()
    assert rows() == live


def test_read_models_of_another_release_are_made_anew(site: Site) -> None:
    company = site.company
    case = company.system().proposes("In 1891.").case
    company.app.write(ADA, raise_one)
    site.edit("ALTER TABLE duties ADD COLUMN was TEXT", "DROP TABLE holds")
    again = App(company.app.settings, lambda: company.now)
    with again.ledger.view() as view:
        assert [duty.case for duty in open_duties(view, case)] == [case]
        assert len(standing_holds(view)) == 1
    again.call("holds.raise", ADA, {"scope": "all", "reason": "It is written to as well."})
    again.close()


def test_a_list_comes_in_the_same_order(company: Company) -> None:
    """By due moment, then by age; where nobody owes anything, the newest first."""
    copilot, closed, waiting = company.system(), [], []
    for n in range(3):
        company.wait(minutes=1)
        waiting.append(copilot.proposes(f"Waits {n}.").case)
        closed.append(copilot.proposes(f"Is closed {n}.").case)
        copilot.asks("withdraw", closed[-1])
    owed, which = Filter(("replies",)), Filter(("replies",), (Status.WITHDRAWN,))
    with company.view() as view:
        assert [row.id for row in listed(view, owed)] == waiting
        at = [place(view, owed, case) or () for case in waiting]
        assert [count(view, owed, until=each) for each in at] == [0, 1, 2]
        assert [row.id for row in listed(view, owed, start=at[1])] == waiting[1:]
        assert [row.id for row in before(view, owed, at[2], 1)] == waiting[1:2]
        assert place(view, owed, closed[0]) is None
        newest = listed(view, which)
        assert [row.id for row in newest] == closed[::-1]
        assert listed(view, which, start=newest[1].place) == newest[1:]


def test_a_workspace_nobody_may_write_says_so(in_file: Site) -> None:
    company = in_file.company
    company.app.close()
    folder = company.app.settings.dir
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    script = (
        "import os, sqlite3, sys, sqlalchemy.dialects.sqlite; from pathlib import Path; from trustwright.app import App, Settings;"
        "from trustwright.kernel.actors import WORKER;"
        # Root may write anywhere: be nobody, once everything is imported.
        "os.geteuid() == 0 and os.setuid(65534);"
        "App(Settings(dir=Path(sys.argv[1]))).write(WORKER, lambda uow: uow.begin('x'))"
    )
    for parent in folder.parents[:3]:
        parent.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", script, str(folder)], capture_output=True, text=True
    )
    assert "Unavailable" in ran.stderr.splitlines()[-1]
    assert "Check the disk and the rights" in ran.stderr.splitlines()[-1]


def test_a_database_nobody_may_write_says_so(in_postgres: Site) -> None:
    settings = in_postgres.company.app.settings
    in_postgres.edit(
        "DROP ROLE IF EXISTS looker",
        "CREATE ROLE looker LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker",
    )
    database = str(settings.database).replace("trustwright@", "looker@")
    with closing(App(replace(settings, database=database))) as app:
        assert not app.ledger.writable()
        with pytest.raises(Unavailable, match="permission denied"):
            app.ledger.write(ADA, raise_one).result()
    in_postgres.edit("DROP OWNED BY looker", "DROP ROLE looker")


def test_a_genesis_says_whose_log_this_is(company: Company) -> None:
    with company.view() as view:
        assert isinstance(view.genesis, Created)
        assert view.genesis.demo
        assert view.genesis.rp_id == "localhost"


def test_a_key_used_by_several_at_the_same_time_is_one_request(company: Company) -> None:
    """In one batch as in several: who comes second gets what the first was told."""
    app, copilot = company.app, Machine("copilot")
    submit = app.operations["proposals.submit"]
    order = {"system": "copilot", "workflow": "replies", "parts": [{"name": "body", "text": "Hi."}]}
    parsed = app.parse(submit, order)
    seen = app._gather(submit, copilot, parsed)
    for key in ("a", "b"):
        asked = [app.start(submit, copilot, parsed, seen, key) for _ in range(5)]
        assert len({future.result().case for future in asked}) == 1
    with company.view() as view:
        assert len(listed(view, Filter(("replies",)))) == 2
