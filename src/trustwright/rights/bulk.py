"""What does a table ask of many rows at once? Conditions over columns, for an engine to compute.

`rights.sql` writes them as text, `connectors.tables.decisions` as Ibis. A column holds its fact's
type; NULL, NaN, an undeclared value and one out of bounds are `?`, as in `decide.outcome`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from trustwright.rights.model import (
    ALONE_ONLY,
    DEFAULT,
    Alternative,
    Cell,
    Choice,
    Fact,
    Outcome,
    Rule,
    Value,
)
from trustwright.rights.table import Table


@dataclass(frozen=True)
class Is:
    """Of one column: `null`, `in`, `not in`, `between`, `not between`, or a sign of a cell."""

    fact: str
    sign: str
    to: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Untrue:
    """False, or NULL."""

    of: "Condition"


@dataclass(frozen=True)
class Several:
    """Two or more conditions: all of them, or (`either`) any one."""

    of: tuple["Condition", ...]
    either: bool


Condition = bool | Is | Untrue | Several
"""NULL counts as false, but for `Untrue`."""


@dataclass(frozen=True)
class Cases:
    """The word behind the first condition that holds."""

    when: tuple[tuple[Condition, str], ...]
    otherwise: str


class Bulk:
    """A table over rows. A fact that isn't among `given`, the columns there are, is `?` in all."""

    def __init__(self, table: Table, given: Collection[str]) -> None:
        self.table = table
        self.given = given
        self.facts = {fact.name: fact for fact in table.facts}

    def outcome(self) -> Cases:
        """Strictest first. Where the default's turn comes, only a freer row can match for certain."""
        table = self.table
        lines: list[tuple[Condition, str]] = []
        for outcome in sorted(set(Outcome) - {Outcome.AUTOMATE}, reverse=True):
            rows = [row for rule, row in table.rows if rule.outcome is outcome]
            lines.append((some(map(self._row_could, rows)), outcome.value))
            if outcome is table.default:
                freer = [row for rule, row in table.rows if rule.outcome < outcome]
                lines.append((_untrue(some(map(self._row_certain, freer))), outcome.value))
        lines.append((self._may_go_alone(), Outcome.AUTOMATE.value))
        told = tuple(line for line in lines if line[0] is not False)
        return Cases(told, max(table.default, Outcome.OWNER).value)

    def deciding(self) -> Iterable[tuple[str, Outcome, Condition]]:
        """What decides where the outcome is this one, as `decide` tells it: rules by id, then the
        default. Nothing at all: `never-alone`."""
        for rule in sorted(self.table.rules, key=lambda rule: rule.id):
            yield rule.id, rule.outcome, self.could(rule)
        certain = some(self._row_certain(row) for _, row in self.table.rows)
        yield DEFAULT, self.table.default, _untrue(certain)

    def roles(self) -> Iterable[tuple[str, Condition]]:
        """Who must sign, by name."""
        asking = [(role, rule) for rule in self.table.rules for role in rule.obligations.roles]
        for role in sorted({role for role, _ in asking}):
            yield role, some(self.could(rule) for asked, rule in asking if asked == role)

    def label(self) -> Cases:
        """Empty for none."""
        asking = [(rule.obligations.label or "", rule) for rule in self.table.rules]
        asking = sorted(asking, key=lambda pair: pair[0])
        asking = sorted(asking, key=lambda pair: pair[1].outcome, reverse=True)
        return Cases(tuple((self.could(rule), label) for label, rule in asking if label), "")

    def cooling_off(self) -> Iterable[tuple[int, Condition]]:
        """Seconds, longest first."""
        waits = {rule.obligations.cooling_off for rule in self.table.rules} - {0}
        for wait in sorted(waits, reverse=True):
            rules = [rule for rule in self.table.rules if rule.obligations.cooling_off == wait]
            yield wait, some(map(self.could, rules))

    def could(self, rule: Rule) -> Condition:
        """Whether a rule could match."""
        return some(map(self._row_could, rule.when))

    def _row_could(self, row: Alternative) -> Condition:
        return every(self._could(self.facts[name], cell) for name, cell in row.items())

    def _row_certain(self, row: Alternative) -> Condition:
        return every(self._certain(self.facts[name], cell) for name, cell in row.items())

    def _may_go_alone(self) -> Condition:
        if not ALONE_ONLY.keys() <= self.facts.keys():
            return False
        return self._row_certain(
            {name: Cell(tuple(("=", v) for v in values)) for name, values in ALONE_ONLY.items()}
        )

    def _could(self, fact: Fact, cell: Cell) -> Condition:
        """Not known, or admitted."""
        if fact.name not in self.given:
            return True
        if isinstance(fact, Choice):
            barred = tuple(value for value in fact.values if not cell.admits(value))
            return (
                some([Is(fact.name, "null"), Is(fact.name, "not in", barred)]) if barred else True
            )
        return some([*_unknown(fact), *_tests(fact, cell)])

    def _certain(self, fact: Fact, cell: Cell) -> Condition:
        """Known and admitted, or not known where the cell says `?`."""
        if fact.name not in self.given:
            return cell.unknown
        if isinstance(fact, Choice):
            admitted = tuple(value for value in fact.values if cell.admits(value))
            known: Condition = Is(fact.name, "in", admitted) if admitted else False
        else:
            within = Is(fact.name, "between", (fact.low, fact.high))
            known = every([within, some(_tests(fact, cell))])
        return some([known, *_unknown(fact)]) if cell.unknown else known


def _unknown(fact: Fact) -> tuple[Condition, Condition]:
    if isinstance(fact, Choice):
        return Is(fact.name, "null"), Is(fact.name, "not in", fact.values)
    return Is(fact.name, "null"), Is(fact.name, "not between", (fact.low, fact.high))


def _tests(fact: Fact, cell: Cell) -> list[Condition]:
    return [Is(fact.name, sign, (to,)) for sign, to in cell.tests]


def every(conditions: Iterable[Condition]) -> Condition:
    return _several(conditions, either=False)


def some(conditions: Iterable[Condition]) -> Condition:
    return _several(conditions, either=True)


def _several(conditions: Iterable[Condition], either: bool) -> Condition:
    asked = tuple(each for each in dict.fromkeys(conditions) if each is not (not either))
    if either in asked:
        return either
    return asked[0] if len(asked) == 1 else Several(asked, either) if asked else not either


def _untrue(condition: Condition) -> Condition:
    return not condition if isinstance(condition, bool) else Untrue(condition)
