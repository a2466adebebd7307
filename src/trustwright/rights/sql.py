"""The same table as one SQL expression: for decisions in bulk, where the rows are.

Portable ANSI: CASE, IN, BETWEEN, comparisons. NULL, NaN, an undeclared value and one out of bounds
are `?`, as in `decide.outcome`. Columns have their fact's type: BOOLEAN, text that is compared
byte by byte, DOUBLE PRECISION (in single precision 0.8 is another number).
"""

from collections.abc import Iterable, Mapping, Sequence

from trustwright.rights.model import (
    ALONE_ONLY,
    Alternative,
    Cell,
    Choice,
    Fact,
    Outcome,
    Value,
)
from trustwright.rights.table import Table

TRUE, FALSE = "TRUE", "FALSE"


def expression(table: Table, columns: Mapping[str, str] | None = None) -> str:
    """`CASE ... END`, one of the four outcomes as text.

    `columns`: fact to column; a fact that isn't in it is `?` in every row. None: named as the facts.
    """
    return _Writer(table, columns).expression()


def quoted(name: str) -> str:
    """A column's name."""
    if "\0" in name:
        raise ValueError("a column's name holds a NUL")
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """A number has an exponent, so that it is a double and no decimal."""
    match value:
        case bool():
            return TRUE if value else FALSE
        case str():
            return "'" + value.replace("'", "''") + "'"
    told = repr(float(value))
    return told if "e" in told else f"{told}e0"


class _Writer:
    """What could match and what matches for certain, in conditions that are never NULL where they
    stand under NOT."""

    def __init__(self, table: Table, columns: Mapping[str, str] | None) -> None:
        self.table = table
        named = {fact.name: fact.name for fact in table.facts} if columns is None else columns
        self.columns = {name: quoted(column) for name, column in named.items()}
        self.facts = {fact.name: fact for fact in table.facts}

    def expression(self) -> str:
        """Strictest first. Where the default's turn comes, only a freer row can match for certain."""
        table = self.table
        given = [(rule.outcome, alternative) for rule, alternative in table.rows]
        lines: list[tuple[str, Outcome]] = []
        for outcome in sorted(set(Outcome) - {Outcome.AUTOMATE}, reverse=True):
            rows = [self.could(alternative) for each, alternative in given if each is outcome]
            lines.append((_any(rows), outcome))
            if outcome is table.default:
                certain = _any(self.certain(row) for each, row in given if each < outcome)
                lines.append((f"CASE WHEN {certain} THEN 1 ELSE 0 END = 0", outcome))
        lines.append((self.may_go_alone(), Outcome.AUTOMATE))
        whens = [f"WHEN {test} THEN '{to.value}'" for test, to in lines if test != FALSE]
        otherwise = max(table.default, Outcome.OWNER)
        return "\n".join(["CASE", *whens, f"ELSE '{otherwise.value}'", "END"])

    def could(self, alternative: Alternative) -> str:
        return _all(self._could(self.facts[name], cell) for name, cell in alternative.items())

    def certain(self, alternative: Alternative) -> str:
        return _all(self._certain(self.facts[name], cell) for name, cell in alternative.items())

    def may_go_alone(self) -> str:
        cells = {
            name: Cell(tuple(("=", value) for value in values))
            for name, values in ALONE_ONLY.items()
        }
        if not cells.keys() <= self.facts.keys():
            return FALSE
        return self.certain(cells)

    def _could(self, fact: Fact, cell: Cell) -> str:
        """Not known, or admitted."""
        if fact.name not in self.columns:
            return TRUE
        column = self.columns[fact.name]
        if isinstance(fact, Choice):
            barred = [value for value in fact.values if not cell.admits(value)]
            return f"({column} IS NULL OR {_in(column, barred, neither=True)})" if barred else TRUE
        tests = " OR ".join(self._tests(fact, cell))
        known = self._known(fact)
        return f"({column} IS NULL OR NOT ({known})" + (f" OR {tests})" if tests else ")")

    def _certain(self, fact: Fact, cell: Cell) -> str:
        """Known and admitted, or not known where the cell says `?`."""
        if fact.name not in self.columns:
            return TRUE if cell.unknown else FALSE
        column = self.columns[fact.name]
        if isinstance(fact, Choice):
            admitted = [value for value in fact.values if cell.admits(value)]
            known = _in(column, admitted) if admitted else FALSE
        else:
            tests = " OR ".join(self._tests(fact, cell))
            known = f"{self._known(fact)} AND ({tests})" if tests else FALSE
        if not cell.unknown:
            return f"({known})" if known != FALSE else FALSE
        return f"({known} OR {column} IS NULL OR NOT ({self._known(fact)}))"

    def _known(self, fact: Fact) -> str:
        column = self.columns[fact.name]
        if isinstance(fact, Choice):
            return _in(column, fact.values)
        return f"{column} BETWEEN {literal(fact.low)} AND {literal(fact.high)}"

    def _tests(self, fact: Fact, cell: Cell) -> list[str]:
        column = self.columns[fact.name]
        return [f"{column} {sign} {literal(to)}" for sign, to in cell.tests]


def _in(column: str, values: Sequence[Value], neither: bool = False) -> str:
    if len(values) == 1:
        return f"{column} {'<>' if neither else '='} {literal(values[0])}"
    return f"{column} {'NOT IN' if neither else 'IN'} ({', '.join(map(literal, values))})"


def _all(tests: Iterable[str]) -> str:
    asked = [test for test in tests if test != TRUE]
    if FALSE in asked:
        return FALSE
    return _in_parentheses(" AND ", asked) if asked else TRUE


def _any(tests: Iterable[str]) -> str:
    asked = [test for test in dict.fromkeys(tests) if test != FALSE]
    if TRUE in asked:
        return TRUE
    return _in_parentheses(" OR ", asked) if asked else FALSE


def _in_parentheses(sign: str, tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({sign.join(tests)})"
