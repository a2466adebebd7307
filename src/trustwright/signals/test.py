"""What is asked of a table? One of these; each is compiled to Polars and to Ibis.

Every answer is a number of rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trustwright.signals import expression
from trustwright.signals.expression import Expression

Cells = tuple[object, ...]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a value. `mild`: worth a warning, never a stop."""

    words: str
    mild: bool = False


@dataclass(frozen=True)
class Rows:
    """The rows for which `bad` is true."""

    bad: Expression

    @property
    def columns(self) -> tuple[str, ...]:
        return expression.columns(self.bad)


@dataclass(frozen=True)
class Values:
    """The rows whose values have a flaw: judged once for each combination there is, nulls as None."""

    columns: tuple[str, ...]
    judge: Callable[[Cells], Flaw | None]


@dataclass(frozen=True)
class Tally:
    """Counts rows by disjoint parts (name, rows); `choose` says from rows and counts which fail."""

    parts: tuple[tuple[str, Expression], ...]
    choose: Callable[[tuple[int, ...]], Iterable[int]]

    @property
    def columns(self) -> tuple[str, ...]:
        read = (expression.columns(rows) for _, rows in self.parts)
        return tuple(dict.fromkeys(name for names in read for name in names))


@dataclass(frozen=True)
class Unique:
    """The rows whose values, none of them empty, some other row has too."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """The rows whose values, none of them empty, no row of the other table has."""

    columns: tuple[str, ...]
    table: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """The rows whose key the other table has too, with something else in the columns `now`."""

    key: str
    now: tuple[str, ...]
    table: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.key, *self.now)


@dataclass(frozen=True)
class Depends:
    """The rows in which `column` isn't what more than half of the rows with the same `on` say that
    say anything, and those in which it is empty; where no two rows say anything, none fails."""

    on: tuple[str, ...]
    column: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.on, self.column)


@dataclass(frozen=True)
class Similar:
    """The rows that look like another one. `pairs` gets at most `limit` rows of the columns, and gives
    the positions of those with that of the most similar other; with more rows it isn't run."""

    columns: tuple[str, ...]
    limit: int
    pairs: Callable[[list[Cells]], dict[int, int]]


Test = Rows | Values | Tally | Unique | Reference | Changed | Depends | Similar
