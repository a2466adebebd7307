"""Finds rows in which things are said that can't all be true: opted out and consenting, closed and active.

`never` lists conditions that may not hold together. A condition names one `field`, or `any` of several,
and says what of it: `is` a value, is one of `in`, is `empty` or not, is `above` or `below` a value, or
`before` or `after` another field.

**Why.** One of the two is acted upon. If it is the wrong one, somebody who said no gets a letter.

**Misses.** What nobody thought of forbidding.

**Remedy.** See which of the two is newer; until then leave the rows out.

**Source.** Regulation (EU) 2016/679, article 7, for consent and its record.
"""

from datetime import date
from typing import Self

from pydantic import Field, model_validator

from trustwright.checks.model import Severity
from trustwright.signals.expression import (
    And,
    Column,
    Compare,
    Empty,
    Expression,
    In,
    Not,
    Or,
)
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Rows
from trustwright.signals.typed import Value, typed

id = "contradiction"
version = "1"
title = "Nothing that can't be"
severity = Severity.BLOCK
remedy = "See which of them is newer; until then leave the rows out."
takes = frozenset(Kind) - {Kind.OTHER}


class Condition(Parameters):
    """One thing said of one field, or of any of several."""

    field: str | None = None
    any: tuple[str, ...] = ()
    is_: Value | None = Field(None, alias="is")
    in_: tuple[Value, ...] | None = Field(None, alias="in")
    empty: bool | None = None
    above: Value | None = None
    below: Value | None = None
    before: str | None = None
    after: str | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        said = (self.is_, self.in_, self.empty, self.above, self.below, self.before, self.after)
        if (self.field is None) is (not self.any) or sum(word is not None for word in said) != 1:
            raise ValueError("a condition has `field` or `any`, and says one thing of it")
        return self

    @property
    def fields(self) -> tuple[str, ...]:
        return self.any or (self.field or "",)

    @property
    def read(self) -> tuple[str, ...]:
        return (*self.fields, *(name for name in (self.before, self.after) if name))


class Params(Parameters):
    never: tuple[Condition, ...] = Field(description="what may not hold together", min_length=1)


class _Wrong(Exception):
    def __init__(self, why: Undecided) -> None:
        super().__init__(why.sentence)
        self.why = why


def ask(params: Params, over: Over) -> Ask | Undecided:
    read = [name for condition in params.never for name in condition.read]
    if gone := [name for name in read if name not in over.kinds]:
        return Undecided(
            "missing-column", f"The table has no column `{gone[0]}`.", "Correct the map."
        )
    try:
        together = And(tuple(_holds(condition, over) for condition in params.never))
    except _Wrong as e:
        return e.why
    says = " while ".join(_said(condition) for condition in params.never)
    return Ask(Rows(together), says)


def _holds(condition: Condition, over: Over) -> Expression:
    return Or(tuple(_one(condition, name, over) for name in condition.fields))


def _one(condition: Condition, name: str, over: Over) -> Expression:
    if condition.empty is not None:
        return Empty(name) if condition.empty else Not(Empty(name))
    if other := condition.before or condition.after:
        return Compare(name, "<" if condition.before else ">", Column(other))
    values = condition.in_ if condition.in_ is not None else (_limit(condition),)
    meant = typed(values, name, over.kinds[name])
    if isinstance(meant, Undecided):
        raise _Wrong(meant)
    if condition.in_ is not None:
        return In(name, frozenset(meant))
    if condition.is_ is not None:
        return Compare(name, "==", meant[0])
    return Compare(name, ">" if condition.above is not None else "<", meant[0])


def _limit(condition: Condition) -> Value:
    given = (condition.is_, condition.above, condition.below)
    return next(value for value in given if value is not None)


def _said(condition: Condition) -> str:
    names = " or ".join(f"`{name}`" for name in condition.fields)
    words = {
        "is_": "is",
        "in_": "is one of",
        "above": "is above",
        "below": "is below",
        "before": "is before",
        "after": "is after",
    }
    if condition.empty is not None:
        return f"{names} is {'empty' if condition.empty else 'filled'}"
    word = next(name for name in words if getattr(condition, name) is not None)
    value = getattr(condition, word)
    told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"{names} {words[word]} {told}"


examples = (
    Example(
        columns=("opt_out", "email_ok", "sms_ok"),
        of=("opt_out",),
        params={
            "never": [{"field": "opt_out", "is": True}, {"any": ["email_ok", "sms_ok"], "is": True}]
        },
        bad=((True, False, True), (True, True, None)),
        good=((True, False, None), (False, True, True), (None, True, True)),
    ),
    Example(
        columns=("ok", "since"),
        of=("ok",),
        params={"never": [{"field": "ok", "is": True}, {"field": "since", "empty": True}]},
        bad=((True, None),),
        good=((True, date(2026, 1, 1)), (False, None)),
    ),
    Example(
        columns=("begin", "end"),
        of=("begin",),
        params={"never": [{"field": "end", "before": "begin"}]},
        bad=((2, 1),),
        good=((1, 1), (1, 2), (1, None)),
    ),
)
