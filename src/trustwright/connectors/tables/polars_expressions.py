"""The tree of `signals.expression` as a Polars expression that is true or false, never null."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_

import polars as pl

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

Types = Mapping[str, pl.DataType]
DEEP = 50
"""More than this beside each other would be nested too deeply for Polars."""
OPERATORS = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def compiled(tree: Expression, types: Types) -> pl.Expr:
    """True or false for each row. `types` are those of the columns it reads."""
    match tree:
        case Not(of):
            return ~compiled(of, types)
        case And(parts):
            return reduce(and_, (compiled(part, types) for part in parts), pl.lit(True))
        case Or(parts) if len(parts) > DEEP:
            return pl.any_horizontal(compiled(part, types) for part in parts)
        case Or(parts):
            return reduce(or_, (compiled(part, types) for part in parts), pl.lit(False))
        case Empty(name):
            return pl.col(name).is_null()
        case Compare():
            return _compared(tree, types)
        case In(name, values):
            allowed = [literal(value, types[name]) for value in values]
            if not allowed:
                return pl.lit(False)
            return pl.col(name).is_in(pl.Series(allowed).implode()).fill_null(False)
        case Matches(name, pattern):
            return pl.col(name).str.contains(pattern).fill_null(False)
        case Boundless(name):
            return ~pl.col(name).is_finite().fill_null(True)


def _compared(tree: Compare, types: Types) -> pl.Expr:
    column = pl.col(tree.column)
    if types[tree.column] == pl.Boolean and tree.to is True and tree.op == "==":
        return column.fill_null(False)
    other = (
        pl.col(tree.to.name)
        if isinstance(tree.to, Column)
        else pl.lit(literal(tree.to, types[tree.column]))
    )
    compared: pl.Expr = OPERATORS[tree.op](column, other)
    return compared.fill_null(False)


def literal(value: Value, type: pl.DataType) -> Value:
    """As the column has it: a moment in its time zone, or in none; a day where it holds days."""
    if isinstance(type, pl.Datetime) and isinstance(value, date):
        if not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=UTC)
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment if type.time_zone else moment.astimezone(UTC).replace(tzinfo=None)
    if type == pl.Date and isinstance(value, datetime):
        return value.astimezone(UTC).date() if value.tzinfo else value.date()
    return value
