"""Which columns are counted by their combinations? Those that have few; much follows from them.

One reading answers every rule and every distribution over the same few-valued columns.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl

from trustwright.connectors.tables.engine import Among, Counted, Engine, N
from trustwright.connectors.tables.polars_expressions import compiled
from trustwright.signals.table import Counts, Flaw
from trustwright.signals.test import Depends, Rows, Values

FEW = 64
KEPT = 20
Columns = tuple[str, ...]


class Groups:
    """The combinations of some column sets, with the rows of each."""

    def __init__(self, engine: Engine, wanted: Iterable[Columns]) -> None:
        sets = list(dict.fromkeys(wanted))
        glance = engine.glance(list(dict.fromkeys(name for names in sets for name in names)))
        self._frames = {names: engine.groups(names) for names in _sets(glance, sets)}

    def holding(self, names: Columns) -> pl.DataFrame | None:
        """The smallest frame with all of the columns."""
        fit = [frame for have, frame in self._frames.items() if set(names) <= set(have)]
        return min(fit, key=len, default=None)

    def counted(self, test: Rows) -> Counted | None:
        frame = self.holding(test.columns)
        return None if frame is None else _counted(frame.filter(compiled(test.bad, frame.schema)))

    def judged(self, test: Values, hidden: bool) -> Counted | None:
        """`hidden`: what is wrong must not say what stands there."""
        frame = self.holding(test.columns)
        if frame is None:
            return None
        combinations = frame.group_by(test.columns, maintain_order=True).agg(pl.col(N).sum())
        bad, flaws = judged(combinations, test, hidden)
        failing = frame.join(bad, on=test.columns, how="semi", nulls_equal=True)
        found = _counted(failing)
        return Counted(found.k, found.failing, most_frequent(flaws))

    def distribution(self, names: Columns) -> Counts | None:
        frame = self.holding(names)
        if frame is None:
            return None
        counts = frame.group_by(names).agg(pl.col(N).sum())
        return {tuple(row[:-1]): row[-1] for row in counts.rows()}


def deviating(engine: Engine, test: Depends) -> Counted:
    """Counted by the combinations there are: memory is theirs, not that of the rows."""
    on, says = list(test.on), pl.col(test.column).is_not_null()
    frame = engine.groups(test.columns).drop_nulls(on)
    spoken = (
        frame.filter(says)
        .group_by(on)
        .agg(pl.col(N).max().alias("\x00most"), pl.col(N).sum().alias("\x00all"))
    )
    most, all = pl.col("\x00most"), pl.col("\x00all")
    otherwise = ~says | ((most * 2 > all) & (pl.col(N) < most))
    failing = frame.join(spoken, on=on).filter((all > 1) & otherwise)
    return _counted(failing.drop("\x00most", "\x00all"))


def judged(
    combinations: pl.DataFrame, test: Values, hidden: bool
) -> tuple[pl.DataFrame, Counter[Flaw]]:
    """The combinations that have a flaw, and how many rows have which."""
    flaws: Counter[Flaw] = Counter()
    bad: list[int] = []
    for at, row in enumerate(combinations.rows()):
        if flaw := test.judge(row[:-1]):
            bad.append(at)
            flaws[Flaw("", flaw.mild) if hidden else flaw] += row[-1]
    return combinations[bad].select(test.columns), flaws


def most_frequent(flaws: Counter[Flaw]) -> tuple[tuple[Flaw, int], ...]:
    return tuple(sorted(flaws.items(), key=lambda item: (-item[1], item[0].words))[:KEPT])


def _counted(failing: pl.DataFrame) -> Counted:
    return Counted(int(failing[N].sum()), Among(failing.drop(N)))


def _sets(glance: pl.DataFrame, wanted: Sequence[Columns]) -> list[Columns]:
    """Sets to group by, each with few combinations; what is wanted together and has many is in none."""
    sets: list[Columns] = []
    for names in sorted(wanted, key=len, reverse=True):
        if names and _few(glance, names):
            sets = _joined(glance, sets, names)
    return sets


def _joined(glance: pl.DataFrame, sets: Sequence[Columns], names: Columns) -> list[Columns]:
    """The sets with one more, put together with those it shares a column with while they stay few."""
    apart = []
    for there in sets:
        both = tuple(dict.fromkeys((*there, *names)))
        if set(there) & set(names) and _few(glance, both):
            names = both
        else:
            apart.append(there)
    return [*apart, names]


def _few(glance: pl.DataFrame, names: Columns) -> bool:
    return glance.select(names).n_unique() <= max(FEW, glance.height // 10)
