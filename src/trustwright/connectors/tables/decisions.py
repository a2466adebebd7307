"""Decision rights over a table elsewhere: the same table as Ibis expressions, for DuckDB, Polars,
PostgreSQL, Spark and whatever else Ibis speaks. Needs the extra `tables`.
"""

from collections.abc import Mapping

import ibis
from ibis import Table as Rows
from ibis import Value as Expression

from trustwright.rights.bulk import Bulk, Cases, Condition, Is, Several, Untrue
from trustwright.rights.model import NEVER_ALONE, Choice, Fact
from trustwright.rights.table import Table


def outcome(table: Table, rows: Rows, columns: Mapping[str, str] | None = None) -> Expression:
    """The outcome of each row, as text. `columns`: fact to column; None: named as the facts.

    A fact without a column, or in one of another type, is `?` in every row. Any kind of number is a
    number; compared as a double.
    """
    found = _columns(table, rows, columns)
    return _cases(Bulk(table, found).outcome(), found)


def decided(
    table: Table, rows: Rows, columns: Mapping[str, str] | None = None
) -> dict[str, Expression]:
    """As `outcome`, with what `rights.decide` says of it: `outcome`, `rules` (ids, each followed by a
    space), `roles` (the same), `label` (empty for none) and `cooling_off` (seconds)."""
    found = _columns(table, rows, columns)
    bulk = Bulk(table, found)
    given = _cases(bulk.outcome(), found)
    rules = [(id, (given == by.value) & _told(test, found)) for id, by, test in bulk.deciding()]
    roles = [(role, _told(test, found)) for role, test in bulk.roles()]
    none = ~ibis.or_(*(test.fill_null(False) for _, test in rules))
    waits = [(_told(test, found), wait) for wait, test in bulk.cooling_off()]
    return {
        "outcome": given,
        "rules": _words([*rules, (NEVER_ALONE, none)]),
        "roles": _words(roles),
        "label": _cases(bulk.label(), found),
        "cooling_off": ibis.cases(*waits, else_=0) if waits else ibis.literal(0),
    }


def _columns(table: Table, rows: Rows, columns: Mapping[str, str] | None) -> dict[str, Expression]:
    """By fact; numbers as doubles."""
    named = {f.name: f.name for f in table.facts if f.name in rows.columns}
    found = {name: rows[column] for name, column in (columns or named).items()}
    facts = {fact.name: fact for fact in table.facts}
    return {
        name: column if isinstance(facts[name], Choice) else column.cast("float64")
        for name, column in found.items()
        if _fits(facts[name], column)
    }


def _fits(fact: Fact, column: Expression) -> bool:
    kind = column.type()
    if not isinstance(fact, Choice):
        return bool(kind.is_numeric() and not kind.is_boolean())
    return bool(kind.is_boolean() if fact.kind is bool else kind.is_string())


def _cases(cases: Cases, columns: Mapping[str, Expression]) -> Expression:
    whens = [(_told(test, columns), word) for test, word in cases.when]
    return ibis.cases(*whens, else_=cases.otherwise) if whens else ibis.literal(cases.otherwise)


def _words(tests: list[tuple[str, Expression]]) -> Expression:
    told = ibis.literal("")
    for word, test in tests:
        told = told + ibis.cases((test, f"{word} "), else_="")
    return told


def _told(condition: Condition, columns: Mapping[str, Expression]) -> Expression:
    match condition:
        case bool():
            return ibis.literal(condition)
        case Is():
            return _column(columns[condition.fact], condition)
        case Untrue():
            return ibis.cases((_told(condition.of, columns), 1), else_=0) == 0
        case Several():
            join = ibis.or_ if condition.either else ibis.and_
            return join(*(_told(each, columns) for each in condition.of))


def _column(column: Expression, test: Is) -> Expression:
    match test.sign, test.to:
        case "null", _:
            return column.isnull()
        case "in", _:
            return column.isin(test.to)
        case "not in", _:
            return column.notin(test.to)
        case "between", (low, high):
            return column.between(low, high)
        case "not between", (low, high):
            return ~column.between(low, high)
    compare = {"=": "__eq__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
    return getattr(column, compare[test.sign])(test.to[0])
