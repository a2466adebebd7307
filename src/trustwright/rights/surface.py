"""What may AI do alone? All of it, computed from the table: a grid to read, and its difference to sign."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trustwright.rights.model import Outcome
from trustwright.rights.situations import Beyond, Situations, axes
from trustwright.rights.table import Table

BUDGET = 100_000
NOT_PROVEN = (
    "**Not proven**: too many situations to tell apart. AI may do at most what the rules below "
    "say; stricter rules take away from it."
)

Region = Mapping[str, str]
"""Fact to cell: `any`, `low, medium`, `>= 0.6 < 0.8, ?`, `any number`. All of them must hold."""


@dataclass(frozen=True)
class Surface:
    """Disjoint regions that are together exactly what AI may do alone.

    Not `proven`: the rules that automate as written, which is at most too much.
    """

    facts: tuple[str, ...]
    regions: tuple[Region, ...]
    proven: bool

    def as_markdown(self) -> str:
        told = grid(self.facts, self.regions) if self.regions else "AI may do nothing alone."
        return told if self.proven else f"{NOT_PROVEN}\n\n{told}"


@dataclass(frozen=True)
class Change:
    """A region whose cell of one fact became another."""

    fact: str
    before: str
    after: str
    region: Region


@dataclass(frozen=True)
class Difference:
    """`added`: exactly what AI may newly do alone; `removed`: exactly what no longer.

    `changed` tells the same by region, where just one cell changed. Not `proven`: of the rules as
    written.
    """

    facts: tuple[str, ...]
    added: tuple[Region, ...]
    removed: tuple[Region, ...]
    changed: tuple[Change, ...]
    proven: bool

    def as_markdown(self) -> str:
        parts = [] if self.proven else [NOT_PROVEN]
        if self.changed:
            parts += ["Changed:", _changes_grid(self.changed)]
        if self.added:
            parts += ["Newly alone:", grid(self.facts, self.added)]
        if self.removed:
            parts += ["No longer alone:", grid(self.facts, self.removed)]
        return "\n\n".join(parts or ["What AI may do alone stays the same."])


def surface(table: Table, budget: int = BUDGET) -> Surface:
    """The autonomy surface of one table."""
    found = axes(table)
    names = tuple(axis.fact for axis in found)
    situations = Situations(found, budget)
    try:
        return Surface(names, _regions(situations, situations.alone(table)), proven=True)
    except Beyond:
        return Surface(names, _as_written(table, names), proven=False)


def diff(old: Table, new: Table, budget: int = BUDGET) -> Difference:
    """From the old table to the new one. A fact or value that a table doesn't know is `?` to it."""
    found = axes(old, new)
    names = tuple(axis.fact for axis in found)
    situations = Situations(found, budget)
    try:
        was, is_ = situations.alone(old), situations.alone(new)
        before, after = _regions(situations, was), _regions(situations, is_)
        added = _regions(situations, situations.minus(is_, was))
        removed = _regions(situations, situations.minus(was, is_))
        return Difference(names, added, removed, _changed(before, after), proven=True)
    except Beyond:
        before, after = _as_written(old, names), _as_written(new, names)
        added = tuple(region for region in after if region not in before)
        removed = tuple(region for region in before if region not in after)
        return Difference(names, added, removed, _changed(before, after), proven=False)


def _regions(situations: Situations, node: int) -> tuple[Region, ...]:
    return tuple(
        {axis.fact: axis.text(chosen) for axis, chosen in zip(situations.axes, path, strict=True)}
        for path in situations.paths(node)
    )


def _as_written(table: Table, names: Sequence[str]) -> tuple[Region, ...]:
    alone = [when for rule, when in table.rows if rule.outcome is Outcome.AUTOMATE]
    return tuple(
        {name: when[name].text if name in when else "any" for name in names} for when in alone
    )


def _changed(before: Sequence[Region], after: Sequence[Region]) -> tuple[Change, ...]:
    """Each region that came, with the first one gone that differs from it in one cell."""
    gone = _by_rest(before, but=after)
    found: dict[int, Change] = {}
    for (fact, rest), region in _by_rest(after, but=before).items():
        if (fact, rest) in gone:
            change = Change(fact, gone[fact, rest][fact], region[fact], region)
            found.setdefault(id(region), change)
    return tuple(found.values())


def _by_rest(
    regions: Sequence[Region], but: Sequence[Region]
) -> dict[tuple[str, tuple[tuple[str, str], ...]], Region]:
    """Regions by a fact and the cells of all other facts."""
    known = {tuple(region.items()) for region in but}
    return {
        (fact, tuple(cell for cell in region.items() if cell[0] != fact)): region
        for region in regions
        if tuple(region.items()) not in known
        for fact in region
    }


def grid(facts: Iterable[str], regions: Sequence[Region]) -> str:
    """Facts that may have any value everywhere are left out."""
    shown = [fact for fact in facts if any(region[fact] != "any" for region in regions)]
    return _table(shown, ([region[fact] for fact in shown] for region in regions))


def _changes_grid(changes: Sequence[Change]) -> str:
    cells = ([change.fact, change.before, change.after, _where(change)] for change in changes)
    return _table(["fact", "before", "after", "where"], cells)


def _where(change: Change) -> str:
    told = {fact: cell for fact, cell in change.region.items() if cell != "any"}
    return "; ".join(f"{fact}: {cell}" for fact, cell in told.items() if fact != change.fact)


def _table(head: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
