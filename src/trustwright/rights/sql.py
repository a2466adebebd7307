"""The same table as one SQL expression: for decisions in bulk, where the rows are.

Portable ANSI: CASE, IN, BETWEEN, comparisons. Columns have their fact's type: BOOLEAN, text that is
compared byte by byte, DOUBLE PRECISION (in single precision 0.8 is another number).
"""

from collections.abc import Mapping

from trustwright.rights.bulk import Bulk, Condition, Is, Several, Untrue
from trustwright.rights.model import Value
from trustwright.rights.table import Table


def expression(table: Table, columns: Mapping[str, str] | None = None) -> str:
    """`CASE ... END`, one of the four outcomes as text.

    `columns`: fact to column; a fact that isn't in it is `?` in every row. None: named as the facts.
    """
    named = {fact.name: fact.name for fact in table.facts} if columns is None else columns
    cases = Bulk(table, named).outcome()
    whens = [f"WHEN {_told(test, named)} THEN '{to}'" for test, to in cases.when]
    return "\n".join(["CASE", *whens, f"ELSE '{cases.otherwise}'", "END"])


def quoted(name: str) -> str:
    """A column's name."""
    if "\0" in name:
        raise ValueError("a column's name holds a NUL")
    return '"' + name.replace('"', '""') + '"'


def literal(value: Value) -> str:
    """A number has an exponent, so that it is a double and no decimal."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return "'" + value.replace("'", "''") + "'"
    told = repr(float(value))
    return told if "e" in told else f"{told}e0"


def _told(condition: Condition, columns: Mapping[str, str]) -> str:
    match condition:
        case bool():
            return literal(condition)
        case Is():
            return _column(quoted(columns[condition.fact]), condition)
        case Untrue():
            return f"CASE WHEN {_told(condition.of, columns)} THEN 1 ELSE 0 END = 0"
        case Several():
            sign = " OR " if condition.either else " AND "
            return f"({sign.join(_told(each, columns) for each in condition.of)})"


def _column(name: str, test: Is) -> str:
    to = [literal(value) for value in test.to]
    match test.sign:
        case "null":
            return f"{name} IS NULL"
        case "between" | "not between":
            return f"({name} {test.sign.upper()} {to[0]} AND {to[1]})"
        case "in" | "not in" if len(to) > 1:
            return f"{name} {test.sign.upper()} ({', '.join(to)})"
    sign = {"in": "=", "not in": "<>"}.get(test.sign, test.sign)
    return f"{name} {sign} {to[0]}"
