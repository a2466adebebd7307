"""A company on either store, and somebody with access to its database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Postgres, say
from trustwright.duties import holds
from trustwright.ledger.sqlite import FILE
from trustwright.ledger.work import UnitOfWork
from trustwright.testing.company import Company

# So that the statements of a test are the same in both.
LIKE_SQLITE = (
    "CREATE FUNCTION replace(bytea, text, text) RETURNS bytea LANGUAGE sql IMMUTABLE AS "
    "$$SELECT convert_to(replace(convert_from($1, 'UTF8'), $2, $3), 'UTF8')$$",
    "CREATE FUNCTION zeroblob(integer) RETURNS bytea LANGUAGE sql IMMUTABLE AS "
    "$$SELECT decode(repeat('00', $1), 'hex')$$",
)


@dataclass(frozen=True)
class Site:
    """Where a company's facts are: a file, or a database of the server."""

    company: Company
    server: Postgres | None

    @property
    def unguard(self) -> tuple[str, ...]:
        """The statements that drop the guards."""
        if self.server:
            return ("DROP TRIGGER facts_never_change ON facts",)
        return ("DROP TRIGGER facts_never_change", "DROP TRIGGER facts_never_go")

    @property
    def _name(self) -> str:
        assert self.company.app.settings.database
        return self.company.app.settings.database.split("?")[0].rsplit("/", 1)[1]

    def edit(self, *statements: str) -> None:
        """Somebody with the file, or the password, and a free afternoon."""
        if self.server:
            return self.server.say(self._name, *statements)
        return say(f"sqlite:///{self.company.app.settings.dir / FILE}", *statements)

    def back_up(self) -> None:
        """Copy the database."""
        if self.server:
            return self.server.copy(self._name, f"{self._name}_older")
        path = self.company.app.settings.dir / FILE
        with (
            closing(sqlite3.connect(path)) as old,
            closing(sqlite3.connect(f"{path}.older")) as new,
        ):
            old.backup(new)
        return None

    def restore(self) -> None:
        """Put the copy in the database's place."""
        if self.server:
            back = f"ALTER DATABASE {self._name}_older RENAME TO {self._name}"
            return self.server.say("postgres", f"DROP DATABASE {self._name}", back)
        path = self.company.app.settings.dir / FILE
        for rest in ("-wal", "-shm"):
            Path(f"{path}{rest}").unlink(missing_ok=True)
        Path(f"{path}.older").replace(path)
        return None


def site_in(folder: Path, server: Postgres | None) -> Iterator[Site]:
    database = server.database() if server else None
    company = Company(folder / "workspace", database=database)
    site = Site(company, server)
    if server:
        site.edit(*LIKE_SQLITE)
    yield site
    company.close()


def raise_one(uow: UnitOfWork) -> str:
    """One operation with one fact."""
    order = holds.RaiseHold(scope="workflow", target="replies", reason="A test.")
    return holds.raise_hold(uow, order).hold


def problems(company: Company) -> tuple[str, ...]:
    with company.view() as view:
        return company.app.ledger.verify(view).problems
