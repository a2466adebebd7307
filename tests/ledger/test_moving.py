"""A workspace goes from its file to PostgreSQL: whole or not at all, and never in two places."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from tests.ledger import cut_off
from tests.ledger.stores import Site, problems, raise_one
from tests.postgres import Postgres, say
from trustwright.app import App, Settings
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Invalid, NotFound, Problem, Refused, Unavailable
from trustwright.ledger import moving, proving, store
from trustwright.ledger.facts import Erased
from trustwright.ledger.note import VerifierKey
from trustwright.ledger.postgres import Postgres as PostgresStore
from trustwright.ledger.proof import Proof
from trustwright.ledger.sqlite import FILE, Sqlite
from trustwright.testing.company import Company

ADA = Person("ada")


@pytest.fixture
def lived(in_file: Site) -> Company:
    """A company of some history: tiles, people, an erasure, answers that are remembered."""
    company = in_file.company
    copilot, ada = company.system(), company.person("ada")
    for n in range(3):
        case = copilot.proposes(f"Hello {n}.", subject=f"customer-{n}", once=f"key-{n}").case
    ada.asks("refuse", case, reason="No.")
    company.asks("subjects.erase", company.person("cy").actor, subject="customer-1")
    for future in [company.app.ledger.write(ADA, raise_one) for _ in range(600)]:
        future.result()
    return company


@contextmanager
def opened(company: Company, url: str) -> Iterator[App]:
    settings = replace(company.app.settings, database=url)
    with closing(App(settings, lambda: company.now)) as app:
        yield app


def rows(app: App) -> dict[str, list[tuple[object, ...]]]:
    def all_of(table: Table) -> list[tuple[object, ...]]:
        return sorted((tuple(row) for row in view.rows(select(table))), key=repr)

    with app.ledger.view() as view:
        return {table.name: all_of(table) for table in store.metadata.sorted_tables}


def test_everything_is_there_and_goes_on(lived: Company, postgres: Postgres) -> None:
    before, url = rows(lived.app), postgres.database()
    moved = moving.move(lived.app.ledger, url)
    assert moved.verified
    with opened(lived, url) as app:
        assert rows(app) == before
        again = {
            "system": "copilot",
            "workflow": "replies",
            "parts": [{"name": "body", "text": "Hello 2."}],
            "subject": "customer-2",
        }
        standing = app.call("proposals.submit", lived.system().actor, again, "key-2")
        assert rows(app) == before, "an idempotency key was forgotten"
        assert standing.case in {row[0] for row in before["cases"]}
        hold = app.ledger.write(ADA, raise_one).result()
        with app.ledger.view() as view:
            index = view.facts(hold)[0].index
            key = VerifierKey.parse(app.ledger.signer.vkey)
            Proof.parse(proving.prove(view, index)).verify(proving.entry(view, index), key)
            assert proving.verify(view, app.ledger.signer).entries == moved.entries + 1


def test_nobody_goes_on_in_the_file(lived: Company, postgres: Postgres) -> None:
    folder = lived.app.settings.dir
    with closing(App(lived.app.settings)) as still_open:
        still_open.ledger.write(ADA, raise_one).result()
        moving.move(lived.app.ledger, postgres.database())
        with pytest.raises(Unavailable, match="moves to postgresql"):
            still_open.ledger.write(ADA, raise_one).result()
    with pytest.raises(NotFound, match="TRUSTWRIGHT_DATABASE"):
        App(lived.app.settings)
    assert (folder / f"{FILE}.moved").exists()


def test_a_database_that_holds_anything_is_refused(lived: Company, postgres: Postgres) -> None:
    url = postgres.database()
    say(url.replace("postgresql:", "postgresql+psycopg:"), "CREATE TABLE mine (id integer)")
    with pytest.raises(Invalid) as e:
        moving.move(lived.app.ledger, url)
    assert e.value.code == "database-not-empty"
    assert lived.app.ledger.write(ADA, raise_one).result()


def test_a_log_that_does_not_verify_stays_where_it_is(in_file: Site, postgres: Postgres) -> None:
    company, url = in_file.company, postgres.database()
    company.app.ledger.write(ADA, raise_one).result()
    in_file.edit(*in_file.unguard, "UPDATE facts SET entry = 42 WHERE leaf_index = 1")
    with pytest.raises(Unavailable, match=r"Nothing was moved\. Entry 1 was changed") as e:
        moving.move(company.app.ledger, url)
    assert e.value.code == "move-unproven"
    assert problems(company)
    still_takes = company.app.ledger.write(
        ADA, lambda uow: uow.append("x", Erased(items=0, cases=0))
    )
    assert still_takes.result(), "the file stayed frozen"
    with pytest.raises(Problem, match="There is no workspace"):
        App(replace(company.app.settings, dir=company.app.settings.dir / "keys", database=url))


def test_a_folder_with_a_file_is_not_opened_on_another_database(
    in_file: Site, in_postgres: Site, tmp_path: Path
) -> None:
    url = in_postgres.company.app.settings.database
    with pytest.raises(Invalid) as e:
        App(replace(in_file.company.app.settings, database=url))
    assert e.value.code == "two-databases"


def test_keys_of_another_log_are_refused(
    postgres: Postgres, in_postgres: Site, tmp_path: Path
) -> None:
    other = Company(tmp_path / "other", database=postgres.database())
    other.close()
    settings = replace(other.app.settings, database=in_postgres.company.app.settings.database)
    with pytest.raises(Unavailable) as e:
        App(settings)
    assert e.value.code == "keys-of-another"


@pytest.mark.parametrize(
    "url",
    ["", "mysql://host/name", "postgresql://host", "nonsense", "host/x",
     "postgresql://a@host:x/b", "postgresql://a@[::1/b", "postgresql://a:pass@word@host/b"],
)  # fmt: skip
def test_only_postgresql_is_spoken(lived: Company, url: str) -> None:
    with pytest.raises(Invalid) as e:
        moving.move(lived.app.ledger, url)
    assert e.value.code == "database-address"
    assert "word" not in e.value.sentence


def carry(app: App, url: str) -> None:
    moving.move(app.ledger, url)


def takes(settings: Settings) -> bool:
    """Whether a process that is started there records anything."""
    try:
        with closing(App(settings)) as app:
            app.write(ADA, raise_one)
    except Problem:
        return False
    return True


# What changes something: after each of them it may end.
TELLING = ("COMMIT", "CREATE TRIGGER facts_moved", "os.")


def killed_at_every_step(site: Site, server: Postgres, telling: tuple[str, ...]) -> int:
    """Whatever step it dies at: one of the two takes facts, and asked again it arrives whole."""
    company, folder = site.company, site.company.app.settings.dir
    with company.view() as view:
        entries = proving.size(view)
    company.app.close()
    kept, elsewhere = folder.with_name("kept"), folder.with_name("elsewhere")
    shutil.copytree(folder, kept)
    file = company.app.settings
    done = cut_off.steps(carry, file, server.database())
    fatal = [n for n, what in enumerate(done) if what.startswith(telling)]
    for step in (n + 1 for n in fatal if n + 1 < len(done)):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        url = server.database()
        cut_off.killed_before(step, carry, file, url)
        # Another machine has the keys, and is told where the database will be.
        shutil.rmtree(elsewhere, ignore_errors=True)
        shutil.copytree(kept / "keys", elsewhere / "keys")
        both = [takes(file), takes(replace(file, dir=elsewhere, database=url))]
        assert sum(both) <= 1, f"both go on after {done[step - 1]}"
        if (folder / FILE).exists():
            with closing(App(file)) as app:
                moving.move(app.ledger, url)
        with closing(App(replace(file, database=url))) as app, app.ledger.view() as view:
            found = app.ledger.verify(view)
            assert found.verified, found.problems
            assert found.entries == proving.size(view) == entries + sum(both)
        assert takes(replace(file, database=url))
        assert not takes(file)
    return len(done)


def test_killed_where_it_matters_both_never_go_on(in_file: Site, postgres: Postgres) -> None:
    in_file.company.app.write(ADA, raise_one)
    assert killed_at_every_step(in_file, postgres, TELLING) > 50


@pytest.mark.soak
def test_killed_at_every_step_both_never_go_on(lived: Company, postgres: Postgres) -> None:
    assert killed_at_every_step(Site(lived, None), postgres, ("",)) > 50


def test_a_move_cut_off_goes_nowhere_else_and_can_be_taken_back(
    in_file: Site, postgres: Postgres
) -> None:
    app, url = in_file.company.app, postgres.database()
    file = app.ledger.store
    assert isinstance(file, Sqlite)
    with file.writing() as connection:
        file.freeze(connection, str(PostgresStore(url, app.settings.dir)))
    with pytest.raises(Unavailable, match="moves to postgresql"):
        app.ledger.write(ADA, raise_one).result()
    with pytest.raises(Invalid) as e:
        moving.move(app.ledger, postgres.database())
    assert e.value.code == "moves-elsewhere"
    moving.back(app.ledger, url)
    assert app.ledger.write(ADA, raise_one).result()
    with pytest.raises(Invalid) as e:
        moving.back(app.ledger, url)
    assert e.value.code == "not-moving"
    moving.move(app.ledger, url)


def test_a_move_that_arrived_is_not_taken_back(in_file: Site, postgres: Postgres) -> None:
    app, url = in_file.company.app, postgres.database()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sqlite, "set_aside", lambda file: file.path)
        moving.move(app.ledger, url)
    with closing(App(app.settings)) as again, pytest.raises(Refused) as e:
        moving.back(again.ledger, url)
    assert e.value.code == "move-arrived"
    assert not takes(app.settings)


def test_words_are_ordered_by_bytes_wherever_they_are() -> None:
    columns = [c for table in store.metadata.sorted_tables for c in table.columns]
    of_words = [c for c in columns if c.type.python_type is str]
    assert of_words
    assert [c for c in of_words if c.type is not store.Text] == []
