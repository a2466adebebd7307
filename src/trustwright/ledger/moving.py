"""A workspace taken from its file into PostgreSQL, with the proof that the log stayed the same."""

from contextlib import closing

from sqlalchemy import Connection, Table, insert, select

from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Invalid, Unavailable
from trustwright.ledger import proving, store
from trustwright.ledger.batch import keep_tile
from trustwright.ledger.ledger import Ledger
from trustwright.ledger.postgres import Postgres
from trustwright.ledger.proving import Verification
from trustwright.ledger.rebuild import fold
from trustwright.ledger.sqlite import Sqlite
from trustwright.ledger.work import View

# Whatever can't be folded from facts; read models and tiles are.
COPIED = (store.facts, store.head, store.vault, store.vault_keys, store.scratch)
CHUNK = 1000


def move(source: Ledger, url: str) -> Verification:
    """Copy everything into an empty database, verify it there, and let nobody write to the file again.

    The copy appears whole or not at all, and only then is the file frozen and renamed.
    """
    file = source.store
    if not isinstance(file, Sqlite):
        raise Invalid("moved-already", f"{source.settings.folder} keeps its facts in {file}.")
    target = Postgres(url, source.settings.folder)
    with closing(target), file.writing() as old:
        before = _verified(source, old)
        with target.creating() as new:
            _copy(source, old, new)
            after = _verified(source, new)
            if after != before:
                raise _unproven("The copy isn't the log it was copied from.")
        file.freeze(old)
    source.close()
    file.set_aside()
    return after


def _copy(source: Ledger, old: Connection, new: Connection) -> None:
    for table in COPIED:
        _copy_table(table, old, new)
    for position in range(proving.size(_view(source, new)) // 256):
        keep_tile(new, position)
    fold(new, source.settings.projections)


def _copy_table(table: Table, old: Connection, new: Connection) -> None:
    rows = old.execute(select(table).execution_options(yield_per=CHUNK)).mappings()
    for part in rows.partitions():
        new.execute(insert(table), [dict(row) for row in part])


def _verified(source: Ledger, connection: Connection) -> Verification:
    """Every entry hashed, and held against what was signed and published; or why not."""
    found = source.verify(_view(source, connection))
    if not found.verified:
        raise _unproven(found.problems[0])
    return found


def _view(source: Ledger, connection: Connection) -> View:
    return View(connection, source.keys, WORKER, source.settings.clock())


def _unproven(problem: str) -> Unavailable:
    return Unavailable(
        "move-unproven", f"Nothing was moved. {problem}", "Run `trustwright verify`."
    )
