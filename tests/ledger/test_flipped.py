"""A byte changed in any column of any table: found and named, or harmless because it is made anew.

The tables come from the metadata: a new one, and a new column, is tried without a word here; a new
table fails until it is said what becomes of it.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Column, Connection, Table, create_engine, literal_column, select, update
from sqlalchemy.pool import NullPool

from tests.ledger.stores import Site, raise_one
from trustwright.app import PROJECTIONS, App
from trustwright.charter import service as charter
from trustwright.identity import keys
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.errors import Problem, Unavailable
from trustwright.ledger import store
from trustwright.ledger.facts import Erased
from trustwright.ledger.sqlite import FILE
from trustwright.testing.company import Company, files

ADA = Person("ada")
READ_MODELS = {projection.table.name for projection in PROJECTIONS}
# Found by `trustwright verify`, which names it. Read models and tiles: and mended by `rebuild`.
FOUND = {"facts", "head", "tiles", "vault", "vault_keys"} | READ_MODELS
MENDED = {"tiles"} | READ_MODELS
# May be lost or changed: nothing rests on it but comfort.
HARMLESS = {"scratch"}


def tables() -> list[Table]:
    return store.metadata.sorted_tables


def test_every_table_is_classed() -> None:
    assert {table.name for table in tables()} == FOUND | HARMLESS


def lived(company: Company) -> None:
    """Something in every table: a tile of facts, people, cases, a batch, holds, sessions."""
    allowed = files()["company.yaml"] + "batches: {most: 40, low: 200}\n"
    company.app.write(WORKER, lambda uow: charter.adopt_for_demo(uow, files(company=allowed)))
    copilot, ada = company.system(), company.person("ada")
    alike = [copilot.proposes(f"Good day, visitor {n}!").case for n in range(12)]
    company.asks("batches.draw", ada.actor, cases=alike)
    case = copilot.proposes("Hello.", subject="customer-1", once="key-1").case
    ada.countersigns(case)
    copilot.proposes("Another.", subject="customer-2")
    company.app.write(ADA, lambda uow: keys.issue(uow, "copilot"))
    company.app.write(ADA, raise_one)
    company.app.write(
        ADA, lambda uow: [uow.append("x", Erased(items=0, cases=0)) for _ in range(256)]
    )


@contextmanager
def hand(site: Site) -> Iterator[Connection]:
    """Somebody with the database and a free afternoon."""
    settings = site.company.app.settings
    where = str(settings.database or "").replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(
        where or f"sqlite:///{settings.dir / FILE}",
        isolation_level="AUTOCOMMIT",
        poolclass=NullPool,
    )
    with engine.connect() as connection:
        yield connection


def flipped(value: object) -> object:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case bytes():
            middle = len(value) // 2
            return value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1 :]
        case str():
            return value[:-1] + ("y" if value.endswith("x") else "x")
    return "x"


def told(app: App) -> list[str]:
    """What `trustwright verify` finds; that the guards are off is known."""
    with app.ledger.view() as view:
        try:
            found = (*app.ledger.verify(view).problems, *app.ledger.examine(view))
        except Problem as e:
            return [e.sentence]
    return [sentence for sentence in found if "trigger" not in sentence]


def changes(
    connection: Connection, table: Table, column: Column[object], to: object = ...
) -> Iterator[object]:
    """Change one column of the last row, if need be one without a value; put it back afterwards."""
    keys = list(table.primary_key)
    query = select(table).order_by(column.is_not(None), *keys)
    row = dict(connection.execute(query).mappings().all()[-1])
    new = flipped(row[column.name]) if to is ... else to
    at = {key.name: row[key.name] for key in keys}
    connection.execute(update(table).filter_by(**at).values({column.name: new}))
    yield new
    at = {**at, **({column.name: new} if column.name in at else {})}
    back = update(table).filter_by(**at).values({column.name: row[column.name]})
    connection.execute(back)


def filled(connection: Connection, table: Table) -> bool:
    """Whether there is anything to change; a read model of some other story may be empty here."""
    there = connection.execute(select(table)).first() is not None
    assert there or table.name in READ_MODELS, f"nothing in {table.name}"
    return there


def invented(connection: Connection, app: App, table: Table) -> None:
    """A row that no fact gives is found, and gone after a rebuild."""
    words = {int: 1, bool: True, str: "invented"}
    row = {column.name: words[column.type.python_type] for column in table.columns}
    connection.execute(table.insert(), [row])
    assert any(word in said for said in told(app) for word in named(table)), table.name
    app.ledger.rebuild()
    assert told(app) == [], table.name


def named(table: Table) -> set[str]:
    """Words one of which must stand in what is said."""
    special = {
        "facts": {"Entry"},
        "head": {"head", "checkpoint"},
        "tiles": {"Tile"},
        "vault": {"sealed value"},
        "vault_keys": {"The key of", "whose key is missing"},
    }
    return special.get(table.name, {f"The read model {table.name} "})


def test_a_flipped_byte_is_found_and_named_or_harmless(site: Site) -> None:
    company = site.company
    lived(company)
    app = company.app
    assert told(app) == []
    site.edit(*site.unguard)
    with hand(site) as connection:
        for table in tables():
            if table.name in READ_MODELS:
                invented(connection, app, table)
            for column in table.columns if filled(connection, table) else ():
                where = f"{table.name}.{column.name}"
                for _ in changes(connection, table, column):
                    found = told(app)
                    if table.name in HARMLESS:
                        assert found == [], where
                        assert app.ledger.write(ADA, raise_one).result(), where
                        continue
                    assert any(word in said for said in found for word in named(table)), where
            if table.name in MENDED and filled(connection, table):
                for _ in changes(connection, table, list(table.columns)[-1]):
                    app.ledger.rebuild()
                    assert told(app) == [], table.name
                connection.execute(table.delete())
                assert told(app), table.name
                app.ledger.rebuild()
                assert told(app) == [], table.name


def test_a_value_of_another_type_is_found_and_no_crash(in_file: Site) -> None:
    """SQLite stores whatever it is given."""
    company = in_file.company
    lived(company)
    app = company.app
    in_file.edit(*in_file.unguard)
    with hand(in_file) as connection:
        for table in tables():
            if table.name in HARMLESS or not filled(connection, table):
                continue
            for column in table.columns:
                number = column.type.python_type in (int, bool)
                if number and column.primary_key and len(table.primary_key) == 1:
                    continue  # SQLite's own row number, which can be nothing else.
                for _ in changes(
                    connection, table, column, literal_column("'x'" if number else "42")
                ):
                    assert told(app), f"{table.name}.{column.name}"


def test_a_key_of_another_customer_is_not_taken_for_this_ones(site: Site) -> None:
    """Two customers' lookups changed places: the one would be erased for the other."""
    company = site.company
    copilot = company.system()
    for n in (1, 2):
        copilot.proposes("Hello.", subject=f"customer-{n}")
    keys, c = store.vault_keys, store.vault_keys.c
    with hand(site) as connection:
        (one, first), (two, second) = connection.execute(
            select(c.holder, c.lookup).where(c.lookup.is_not(None))
        ).all()
        for holder, lookup in ((one, None), (two, first), (one, second)):
            connection.execute(update(keys).where(c.holder == holder).values(lookup=lookup))
    assert sum("The key of" in said for said in told(company.app)) == 2
    with pytest.raises(Unavailable) as e:
        copilot.proposes("Hello.", subject="customer-1")
    assert e.value.code == "vault-changed"


def test_truncated_anywhere_the_log_says_so(site: Site) -> None:
    company = site.company
    for _ in range(3):
        company.app.write(ADA, raise_one)
    site.edit(*site.unguard, "DELETE FROM facts WHERE leaf_index >= 3")
    assert any("The checkpoint speaks of" in said for said in told(company.app))
    company.app.close()
    with closing(App(company.app.settings)) as again:
        assert told(again)
