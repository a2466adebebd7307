"""The ledger under bad luck and bad people: nothing lost, nothing twice, every change found."""

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from trustwright.app import App
from trustwright.duties import holds
from trustwright.duties.queries import standing_holds
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Invalid, Problem, Unavailable
from trustwright.ledger import proving
from trustwright.ledger.facts import Created
from trustwright.ledger.highwater import SLOT
from trustwright.ledger.ledger import DATABASE
from trustwright.ledger.note import VerifierKey
from trustwright.ledger.proof import Proof
from trustwright.ledger.work import UnitOfWork
from trustwright.testing.company import Company

ADA = Person("ada")


def raise_one(uow: UnitOfWork) -> str:
    order = holds.RaiseHold(scope="workflow", target="replies", reason="A test.")
    return holds.raise_hold(uow, order).hold


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace")
    yield made
    made.close()


def problems(company: Company) -> tuple[str, ...]:
    with company.view() as view:
        return company.app.ledger.verify(view).problems


def edit(company: Company, *statements: str) -> None:
    """Somebody with the file and a free afternoon."""
    with sqlite3.connect(company.app.settings.dir / DATABASE) as connection:
        for statement in statements:
            connection.execute(statement)


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


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["UPDATE facts SET entry = replace(entry, 'replies', 'letters') WHERE leaf_index = 2"],
         "Entry 2 was changed"),
        (["DELETE FROM facts WHERE leaf_index = 1"], "Entry 1 is missing"),
        (["UPDATE facts SET kind = 'hold.lifted' WHERE leaf_index = 2"], "columns that aren't"),
        (["UPDATE facts SET entry = 42 WHERE leaf_index = 2"], "Entry 2 was changed"),
        (["DELETE FROM facts WHERE leaf_index = 3"], "The checkpoint speaks of 4 entries"),
        (["UPDATE head SET checkpoint = replace(checkpoint, 'a', 'b')"], "can't be believed"),
    ],
)  # fmt: skip
def test_an_edited_row_is_found_and_named(
    company: Company, statements: list[str], said: str
) -> None:
    for _ in range(2):
        company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    guards = ["DROP TRIGGER facts_never_change", "DROP TRIGGER facts_never_go"]
    edit(company, *guards, *statements)
    found = problems(company)
    assert any(said in problem for problem in found), found
    assert any("trigger" in problem for problem in found)


def test_facts_can_be_neither_edited_nor_deleted_by_accident(company: Company) -> None:
    for statement in ("UPDATE facts SET kind = 'x'", "DELETE FROM facts"):
        with pytest.raises(sqlite3.IntegrityError, match="facts never"):
            edit(company, statement)


def test_nothing_is_signed_on_top_of_a_changed_head(company: Company) -> None:
    edit(company, "UPDATE head SET size = size, frontier = zeroblob(length(frontier))")
    with pytest.raises(Problem):
        company.app.ledger.write(ADA, raise_one).result()


def test_a_database_restored_from_an_older_backup_is_refused(company: Company) -> None:
    company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    database = company.app.settings.dir / DATABASE
    older = database.read_bytes()
    company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (company.app.settings.dir / name).unlink(missing_ok=True)
    database.write_bytes(older)
    with pytest.raises(Unavailable) as e:
        company.app.ledger.write(ADA, raise_one).result()
    assert e.value.code == "ledger-rolled-back"


def test_another_history_is_refused_however_long_it_has_become(company: Company) -> None:
    company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    folder = company.app.settings.dir
    older = (folder / DATABASE).read_bytes()
    company.app.ledger.write(ADA, raise_one).result()
    company.app.close()
    mark = (folder / "high-water").read_bytes()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm", "high-water"):
        (folder / name).unlink(missing_ok=True)
    (folder / DATABASE).write_bytes(older)
    forked = App(company.app.settings)
    for _ in range(5):
        forked.write(ADA, raise_one)
    forked.close()
    (folder / "high-water").write_bytes(mark)
    again = App(company.app.settings)
    with pytest.raises(Unavailable) as e:
        again.write(ADA, raise_one)
    assert e.value.code == "ledger-forked"
    again.close()


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


def test_a_disk_that_fills_up_mid_batch_leaves_nothing_behind(company: Company) -> None:
    """A read writes what others left to write: if that fails, SQLite ends the transaction itself."""
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


def test_a_workspace_nobody_may_write_says_so(company: Company, tmp_path: Path) -> None:
    company.app.close()
    folder = company.app.settings.dir
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    script = (
        "import os, sqlite3, sys; from pathlib import Path; from trustwright.app import App, Settings;"
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


def test_a_genesis_says_whose_log_this_is(company: Company) -> None:
    with company.view() as view:
        assert isinstance(view.genesis, Created)
        assert view.genesis.demo
        assert view.genesis.rp_id == "localhost"


LOAD = """
import sys
from pathlib import Path
from trustwright.app import App, Settings
from trustwright.kernel.actors import Machine
app, name = App(Settings(dir=Path(sys.argv[1]))), sys.argv[2]
op = app.operations["proposals.submit"]
n = 0
while True:
    window = []
    for _ in range(8):
        n += 1
        order = app.parse(op, {"system": "copilot", "workflow": "replies",
                               "parts": [{"name": "body", "text": f"Hello {name} {n}."}]})
        seen = app._gather(op, Machine("copilot"), order)
        window.append(app.start(op, Machine("copilot"), order, seen, f"{name}-{n}"))
    for future in window:
        print(future.result().case, flush=True)
"""


def _load(folder: Path, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", LOAD, str(folder), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_under_load(company: Company, rounds: int) -> int:
    """Two processes write; each is killed without warning. How many answers came back."""
    acknowledged: list[str] = []
    for round in range(rounds):
        company.app.close()
        writers = [_load(company.app.settings.dir, f"{n}{round}") for n in "ab"]
        for writer in writers:
            assert writer.stdout
            acknowledged += [writer.stdout.readline().strip() for _ in range(3)]
        time.sleep(0.05 * round)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            assert writer.stdout
            acknowledged += [x.strip() for x in writer.stdout.read().splitlines() if len(x) > 16]
            writer.wait()
            writer.stdout.close()
    with company.view() as view:
        lost = [case for case in acknowledged if not view.facts(case)]
    assert lost == []
    assert len(set(acknowledged)) == len(acknowledged)
    assert problems(company) == ()
    company.app.ledger.write(ADA, raise_one).result()
    return len(acknowledged)


def test_killed_five_times_under_load_nothing_is_lost_and_nothing_doubled(
    company: Company,
) -> None:
    assert kill_under_load(company, rounds=5) > 30


@pytest.mark.soak
def test_killed_a_hundred_times_under_load(company: Company) -> None:
    assert kill_under_load(company, rounds=100) > 600
