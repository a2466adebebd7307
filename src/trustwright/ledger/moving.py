"""A workspace taken from its file into PostgreSQL, with the proof that the log stayed the same.

The file is frozen first, with a mark that names the database. At no moment do both take facts, and
a move that was cut off anywhere goes on when it is asked for again.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from sqlalchemy import Connection, Table, insert, select

from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Invalid, Refused, Unavailable
from trustwright.ledger import proving, store
from trustwright.ledger.ledger import Ledger
from trustwright.ledger.postgres import Postgres, not_empty
from trustwright.ledger.proving import Verification
from trustwright.ledger.rebuild import fold, tile
from trustwright.ledger.sqlite import Sqlite
from trustwright.ledger.tree import root_at
from trustwright.ledger.work import View

# Whatever can't be folded from facts; read models and tiles are.
COPIED = (store.facts, store.head, store.vault, store.vault_keys, store.scratch)
CHUNK = 1000


def move(source: Ledger, url: str) -> Verification:
    """Copy everything into an empty database, verify it there, and set the file aside.

    The copy appears whole or not at all; if it doesn't, the file takes facts again.
    """
    with _ways(source, url) as (file, target):
        _begin(file, target)
        try:
            moved = _carry(source, file, target)
        except BaseException:
            with suppress(Unavailable):
                _give_up(file, target)
            raise
    source.close()
    file.set_aside()
    return moved


def back(source: Ledger, url: str) -> None:
    """Let the file take facts again, if a move was begun and nothing arrived."""
    with _ways(source, url) as (file, target):
        with file.writing() as old:
            _demand(file, old, target)
        if not _give_up(file, target):
            raise Refused(
                "move-arrived",
                f"The workspace is in {target} already.",
                "Finish with `trustwright move`.",
            )


@contextmanager
def _ways(source: Ledger, url: str) -> Iterator[tuple[Sqlite, Postgres]]:
    file = source.store
    if not isinstance(file, Sqlite):
        raise Invalid("moved-already", f"{source.settings.folder} keeps its facts in {file}.")
    with closing(Postgres(url, source.settings.folder)) as target:
        yield file, target


def _begin(file: Sqlite, target: Postgres) -> None:
    """Freeze the file, unless it was when a move to this database was cut off."""
    with file.writing() as old:
        if file.goes_to(old) is not None:
            _demand(file, old, target)
        elif target.exists():
            raise not_empty(target)
        else:
            file.freeze(old, str(target))


def _demand(file: Sqlite, old: Connection, target: Postgres) -> None:
    named = file.goes_to(old)
    if named == str(target):
        return
    if named is None:
        raise Invalid("not-moving", f"No move of {file} was begun.")
    # That one may hold everything already: a second copy would be a second log of one name.
    raise Invalid(
        "moves-elsewhere",
        f"A move to {named} was begun.",
        "Go on with that one, or take it back with --back.",
    )


def _give_up(file: Sqlite, target: Postgres) -> bool:
    """Thaw the file if nothing arrived; whether that is so. If it can't be told, it stays frozen."""
    with file.writing() as old, target.writing() as new:
        # The lock is had: no commit of ours can still be under way.
        arrived = target.holds(new)
        if not arrived and file.goes_to(old) == str(target):
            file.thaw(old)
        return not arrived


def _carry(source: Ledger, file: Sqlite, target: Postgres) -> Verification:
    with file.writing() as old:
        before = _verified(source, old)
        if target.exists():
            with target.reading() as new:
                return _arrived(source, new, before, target)
        with target.creating() as new:
            _copy(source, old, new)
            after = _verified(source, new)
            if after != before:
                raise _unproven("The copy isn't the log it was copied from.")
        return after


def _arrived(
    source: Ledger, new: Connection, before: Verification, target: Postgres
) -> Verification:
    """What is there already, if it is this log; it may have grown since."""
    there = _verified(source, new)
    signed = source.signer.verify(before.checkpoint.encode())
    if there.entries < signed.size:
        raise not_empty(target)
    if root_at(signed.size, proving.nodes(_view(source, new).rows)) != signed.root:
        raise not_empty(target)
    return there


def _copy(source: Ledger, old: Connection, new: Connection) -> None:
    for table in COPIED:
        _copy_table(table, old, new)
    tile(new)
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
