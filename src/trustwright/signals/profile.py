"""What does a table look like? Counts of what its columns hold, from which rules are proposed."""

from dataclasses import dataclass

from trustwright.signals.table import Kind

Common = tuple[tuple[object, int], ...]


@dataclass(frozen=True)
class Column:
    """One column of the rows that were looked at.

    `common`: the most frequent values, most frequent first; all of them if `distinct` isn't more.
    `shapes`: of texts, with a for a small letter, A for a large one and 9 for a digit.
    """

    name: str
    kind: Kind
    n: int
    nulls: int
    distinct: int
    common: Common = ()
    shapes: tuple[tuple[str, int], ...] = ()

    @property
    def filled(self) -> int:
        return self.n - self.nulls

    @property
    def complete(self) -> bool:
        """Whether every value there is is among the common ones."""
        return len(self.common) == self.distinct


@dataclass(frozen=True)
class Dependency:
    """`column` by `on`: `k` of the `n` rows whose key is there twice differ from their majority;
    by chance alone it would be `chance`. `broken`: rows that the rule would find."""

    on: str
    column: str
    k: int
    n: int
    chance: int
    broken: int = 0

    @property
    def strength(self) -> float:
        """1 where nothing deviates, 0 where as much does as by chance."""
        return 1 - self.k / self.chance if self.chance else 0.0


@dataclass(frozen=True)
class Profile:
    """`rows` there are, `looked` at: evenly spread over the table, from the first row on."""

    table: str
    rows: int
    looked: int
    columns: tuple[Column, ...]
    dependencies: tuple[Dependency, ...] = ()
    notes: tuple[str, ...] = ()
