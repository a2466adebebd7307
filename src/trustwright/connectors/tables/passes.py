"""How is a plan measured? Few-valued columns once by their combinations, everything else once by row.

Written against `Engine`, so that every kind of table counts alike.
"""

from collections.abc import Iterator, Mapping
from typing import get_args

from trustwright.connectors.tables.engine import ROW, Counted, Engine, Failing, Tables, Wanted
from trustwright.connectors.tables.grouping import Groups, deviating
from trustwright.connectors.tables.slow import file_for, judged_by_row, look_alikes
from trustwright.signals.expression import Or
from trustwright.signals.table import (
    Flaw,
    Measured,
    Outcome,
    Plan,
    Sample,
    Total,
    Totals,
    Undecided,
)
from trustwright.signals.test import Depends, Rows, Similar, Tally, Test, Values

Answers = Mapping[str, Counted | Undecided]
Part = tuple[str, int]


def measure(engine: Engine, plan: Plan, others: Tables) -> Measured:
    """Everything the plan asks for, in as few readings as it takes."""
    rows = engine.rows()
    if not rows:
        return Measured(0, {})
    wanted = [t.columns for t in plan.tests.values() if isinstance(t, Values)]
    groups = Groups(engine, [*plan.distributions, *wanted])
    counted = _counted(engine, groups, dict(_parts(plan)), others)
    answers = {
        id: _answer(id, test, counted, rows) or _looked(engine, groups, plan, id, rows)
        for id, test in plan.tests.items()
    }
    _write(engine, plan, answers, others)
    return Measured(
        rows,
        _outcomes(engine, plan, answers, others),
        {names: c for names in plan.distributions if (c := groups.distribution(names)) is not None},
        {names: _totals(engine, names) for names in plan.totals},
    )


def _parts(plan: Plan) -> Iterator[tuple[Part, Wanted]]:
    """What can be counted without looking at values one by one."""
    for id, test in plan.tests.items():
        if isinstance(test, Tally):
            parts = enumerate(test.parts)
            yield from (((id, at), Wanted(Rows(part))) for at, (_, part) in parts)
        elif isinstance(test, get_args(Failing)):
            yield (id, 0), Wanted(test, _shown(plan, id))


def _counted(
    engine: Engine, groups: Groups, parts: Mapping[Part, Wanted], others: Tables
) -> dict[Part, Counted]:
    """By groups where they hold the columns, the rest in one go by the engine."""
    found = {
        part: counted
        for part, wanted in parts.items()
        if isinstance(wanted.failing, Rows) and (counted := groups.counted(wanted.failing))
    }
    left = {part: wanted for part, wanted in parts.items() if part not in found}
    counts = engine.count(list(left.values()), others)
    pairs = zip(left.items(), counts, strict=True)
    return found | {part: Counted(k, wanted.failing) for (part, wanted), k in pairs}


def _answer(id: str, test: Test, counted: Mapping[Part, Counted], rows: int) -> Counted | None:
    if not isinstance(test, Tally):
        return counted.get((id, 0))
    parts = [counted[id, at] for at in range(len(test.parts))]
    chosen = list(test.choose((rows, *(part.k for part in parts))))
    return Counted(
        sum(parts[at].k for at in chosen),
        Rows(Or(tuple(test.parts[at][1] for at in chosen))),
        tuple((Flaw(test.parts[at][0]), parts[at].k) for at in chosen),
    )


def _looked(engine: Engine, groups: Groups, plan: Plan, id: str, rows: int) -> Counted | Undecided:
    """What Python has to look at itself."""
    test = plan.tests[id]
    try:
        if isinstance(test, Similar):
            return look_alikes(engine, test, plan, id, rows)
        if isinstance(test, Depends):
            return deviating(engine, test)
        assert isinstance(test, Values)
        hidden = not plan.hidden.isdisjoint(test.columns)
        found = groups.judged(test, hidden)
        return judged_by_row(engine, test, plan, id) if found is None else found
    except (TypeError, ValueError, LookupError, ArithmeticError) as e:
        return Undecided("crashed", f"Judging a value fell over: {e}.", "Report it to its author.")


def _outcomes(
    engine: Engine, plan: Plan, answers: Answers, others: Tables
) -> dict[str, Outcome | Undecided]:
    looked = _samples(engine, plan, answers, others)
    return {
        id: answer
        if isinstance(answer, Undecided)
        else Outcome(answer.k, answer.flaws, looked.get(id, answer.samples or ()))
        for id, answer in answers.items()
    }


def _samples(
    engine: Engine, plan: Plan, answers: Answers, others: Tables
) -> dict[str, tuple[Sample, ...]]:
    """Looked for only where something fails, so that a clean table pays nothing for them."""
    todo = {id: Wanted(failing, _shown(plan, id)) for id, failing in _failing(answers)}
    if not plan.samples:
        return {}
    frames = engine.first(list(todo.values()), plan.samples, others)
    return {
        id: tuple(
            Sample(row[0], dict(zip(frame.columns[1:], row[1:], strict=True)))
            for row in frame.rows()
        )
        for id, frame in zip(todo, frames, strict=True)
    }


def _shown(plan: Plan, id: str) -> tuple[str, ...]:
    return plan.shown(plan.tests[id].columns, ROW) if plan.samples else ()


def _failing(answers: Answers) -> Iterator[tuple[str, Failing]]:
    for id, answer in answers.items():
        if isinstance(answer, Counted) and answer.k and answer.failing and answer.samples is None:
            yield id, answer.failing


def _write(engine: Engine, plan: Plan, answers: Answers, others: Tables) -> None:
    if plan.failing:
        for id, failing in _failing(answers):
            engine.write(failing, file_for(plan.failing, id), others)


def _totals(engine: Engine, names: tuple[str, ...]) -> Totals:
    frame = engine.totals(names[0], names[1:])
    return {tuple(row[:-3]): Total(*row[-3:]) for row in frame.rows()}
