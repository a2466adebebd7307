"""The tree of `signals.expression` as an Ibis expression that is true or false, never null."""

from datetime import UTC, date, datetime
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any

import ibis

from trustwright.signals.expression import (
    And,
    Boundless,
    Column,
    Compare,
    Empty,
    Expression,
    In,
    Matches,
    Not,
    Or,
    Value,
)

OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def compiled(tree: Expression, table: Any) -> Any:
    """True or false for each row of the table."""
    match tree:
        case Not(of):
            return ~compiled(of, table)
        case And(parts):
            return reduce(and_, (compiled(part, table) for part in parts), ibis.literal(True))
        case Or(parts):
            return reduce(or_, (compiled(part, table) for part in parts), ibis.literal(False))
        case Empty(name):
            return table[name].isnull()
        case Compare(name, op, to):
            other = table[to.name] if isinstance(to, Column) else literal(to, table[name].type())
            return OPERATORS[op](table[name], other).fill_null(False)
        case In(name, values):
            allowed = [literal(value, table[name].type()) for value in values]
            return table[name].isin(allowed).fill_null(False) if allowed else ibis.literal(False)
        case Matches(name, pattern):
            return table[name].re_search(pattern).fill_null(False)
        case Boundless(name):
            column = table[name]
            if not column.type().is_floating():
                return ibis.literal(False)
            return (column.isnan() | column.isinf()).fill_null(False)


def literal(value: Value, type: Any) -> Value:
    """As the column has it: a moment in its time zone, or in none; a day where it holds days."""
    if type.is_timestamp() and isinstance(value, date):
        if not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment if type.timezone else moment.astimezone(UTC).replace(tzinfo=None)
    if type.is_date() and isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    return value
