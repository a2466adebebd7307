"""When does a row fail? A small tree over one row's columns, which every engine compiles alike.

Two-valued, so that nothing is lost between true and null: what is asked of an empty (null) column is
false, and `Not` of it is therefore true. A row fails where the tree is true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Value = str | bool | int | float | date | datetime
"""A moment without a time zone is UTC."""


@dataclass(frozen=True)
class Column:
    """What another column of the same row holds."""

    name: str


@dataclass(frozen=True)
class Compare:
    """The column against a value or a second column; false where either is empty."""

    column: str
    op: Literal["==", "!=", "<", "<=", ">", ">="]
    to: Value | Column


@dataclass(frozen=True)
class Empty:
    """Whether there is nothing in it (null; an empty text is something)."""

    column: str


@dataclass(frozen=True)
class Boundless:
    """Whether a number is no number (NaN) or infinite."""

    column: str


@dataclass(frozen=True)
class In:
    """Whether it is one of the values, all of the column's own type."""

    column: str
    values: frozenset[Value]


@dataclass(frozen=True)
class Matches:
    """Whether the pattern (of `patterns.linear`) is found anywhere in a text."""

    column: str
    pattern: str


@dataclass(frozen=True)
class Not:
    of: "Expression"


@dataclass(frozen=True)
class And:
    of: tuple["Expression", ...]


@dataclass(frozen=True)
class Or:
    of: tuple["Expression", ...]


Expression = Compare | Empty | Boundless | In | Matches | Not | And | Or


def columns(tree: Expression) -> tuple[str, ...]:
    """The columns it reads, in order, each once."""
    return tuple(dict.fromkeys(_read(tree)))


def inner(tree: Expression) -> tuple[Expression, ...]:
    """The parts it is made of."""
    match tree:
        case Not(of):
            return (of,)
        case And(parts) | Or(parts):
            return parts
    return ()


def _read(tree: Expression) -> Iterator[str]:
    for part in inner(tree):
        yield from _read(part)
    if not isinstance(tree, Not | And | Or):
        yield tree.column
    if isinstance(tree, Compare) and isinstance(tree.to, Column):
        yield tree.to.name
