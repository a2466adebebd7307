"""May this table be used? Its rules asked in one pass; every one ends in exactly one verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from trustwright.charter.fieldmap.model import RuleUse, TableMap
from trustwright.checks.model import Severity
from trustwright.kernel.errors import NotFound
from trustwright.signals.model import Report, Result, Verdict
from trustwright.signals.rule import NONE, Ask, Over, Rule
from trustwright.signals.shelf import Unloaded, find
from trustwright.signals.table import Kind, Measured, Outcome, Plan, Table, Undecided

Tables = Mapping[str, Table]
NOTHING = Measured(0, {})
CHANGED = "changed-while-read"


def check(
    table: Table,
    agreed: TableMap,
    as_of: datetime,
    others: Tables | None = None,
    failing: Path | None = None,
    samples: int = 20,
) -> Report:
    """The report on a table against what was agreed about it.

    `others` are the tables its rules may name; `failing` a folder for every failing row;
    with no `samples` the rows that fail are counted and not looked for.
    """
    others = others or {}
    before = table.fingerprint()
    asked = {use.id: _asked(use, agreed, table, others, as_of) for use in agreed.rules}
    if unfit := _unfit(table, agreed):
        asked = dict.fromkeys(asked, unfit)
    plan = _plan({id: a for id, a in asked.items() if isinstance(a, Ask)}, agreed, failing)
    measured = NOTHING if unfit else table.measure(replace(plan, samples=samples), others)
    answers = _answers(asked, measured)
    if table.fingerprint() != before:
        answers = dict.fromkeys(answers, _moved(table))
    ended = (
        _ended(use, asked[use.id], answers[use.id], agreed, measured.rows, as_of)
        for use in agreed.rules
    )
    return Report(
        table.name,
        before,
        as_of,
        measured.rows,
        (*_missing(table, agreed), *ended),
        table.notes,
        agreed.key,
        measured.distributions,
        measured.totals,
    )


def _unfit(table: Table, agreed: TableMap) -> Undecided | None:
    """Why nothing can be asked of the table at all."""
    known = {field.name for field in agreed.fields} | {
        c for use in agreed.rules for c in use.columns
    }
    if known and known.isdisjoint(table.columns):
        there = ", ".join(list(table.columns)[:5]) or "none"
        return Undecided(
            "another-table",
            f"The table has none of the columns of the map {agreed.name!r}; it has {there}.",
            "Name the table this map was made for.",
        )
    return None


def _asked(
    use: RuleUse, agreed: TableMap, table: Table, others: Tables, as_of: datetime
) -> Ask | Undecided:
    try:
        rule = find(use.check)
        params = rule.Params.model_validate(dict(use.params))
    except NotFound as e:
        return Undecided("unknown-rule", e.sentence, e.remedy)
    except ValidationError as e:
        said = e.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in said["loc"])
        remedy = f"`trustwright signals rules {use.check}` shows what it takes."
        return Undecided("bad-params", f"{where}: {said['msg']}.".lstrip(": "), remedy)
    if refused := next(_not_taken(use, rule, table.columns), None):
        return refused
    over = Over(
        use.columns, table.columns, agreed, as_of, {n: t.columns for n, t in others.items()}
    )
    try:
        return rule.ask(params, over)
    except Exception:  # Somebody else's code may do anything; it has then said nothing.
        return Undecided("crashed", f"The rule {use.check} fell over.", "Report it to its author.")


def _not_taken(use: RuleUse, rule: Rule, columns: Mapping[str, Kind]) -> Iterator[Undecided]:
    for name in use.columns:
        kind = columns.get(name)
        if kind is None:
            near = get_close_matches(name, columns, n=1)
            remedy = f"Did you mean `{near[0]}`?" if near else "Correct the map, or the table."
            yield Undecided("missing-column", f"The table has no column `{name}`.", remedy)
        elif kind is Kind.EMPTY and rule.takes:
            yield Undecided(
                "empty-column", f"`{name}` has no value at all.", "Fill it, or leave it out."
            )
        elif rule.takes and kind not in rule.takes:
            takes = " or ".join(sorted(rule.takes))
            yield Undecided(
                "wrong-kind",
                f"`{name}` holds {kind}, and the rule reads {takes}.",
                "Mend the type where the table is made; one value of another kind is enough to change it.",
            )


def _plan(asks: Mapping[str, Ask], agreed: TableMap, failing: Path | None) -> Plan:
    watched = [
        (watch, segments)
        for watch in agreed.watches
        for segments in ((), *((s,) for s in watch.segments))
    ]
    shares = [(w.field, *s) for w, s in watched if w.kind in ("share", "rate")]
    return Plan(
        {id: ask.test for id, ask in asks.items()},
        agreed.key,
        frozenset(field.name for field in agreed.fields if field.personal),
        distributions=tuple(dict.fromkeys(shares)),
        totals=tuple((w.field, *s) for w, s in watched if w.kind in ("stock", "number")),
        failing=failing,
    )


def _answers(
    asked: Mapping[str, Ask | Undecided], measured: Measured
) -> dict[str, Outcome | Undecided]:
    empty = Undecided("empty-table", "The table has no rows.", "See what was to fill it.")
    if asked and not measured.rows and measured is not NOTHING:
        return dict.fromkeys(asked, empty)
    return {id: a if isinstance(a, Undecided) else measured.outcomes[id] for id, a in asked.items()}


def _moved(table: Table) -> Undecided:
    return Undecided(
        CHANGED,
        f"{table.name} changed while it was read.",
        "Check it again when nothing writes to it, or check a copy.",
    )


def _ended(
    use: RuleUse,
    asked: Ask | Undecided,
    answer: Outcome | Undecided,
    agreed: TableMap,
    rows: int,
    as_of: datetime,
) -> Result:
    rule = _rule(use)
    result = Result(
        use,
        rule.version,
        Verdict.NOT_RUN,
        Severity(use.severity),
        0,
        rows,
        asked.says if isinstance(asked, Ask) else use.description or rule.title,
        rule.remedy,
        owner=agreed.owner(use),
        blocks=agreed.audience if use.severity == "block" else None,
    )
    if isinstance(answer, Undecided):
        return replace(result, undecided=answer)
    most = (
        use.most
        if "most" in use.model_fields_set
        else NONE
        if isinstance(asked, Undecided)
        else asked.above
    )
    mild = bool(answer.flaws) and all(flaw.mild for flaw, _ in answer.flaws)
    return replace(
        result,
        verdict=Verdict.PASS if most.allows(answer.k, rows) else _failed(use, as_of),
        severity=min(result.severity, Severity.WARN, key=lambda s: s.rank)
        if mild
        else result.severity,
        k=answer.k,
        flaws=answer.flaws,
        samples=answer.samples,
    )


def _failed(use: RuleUse, as_of: datetime) -> Verdict:
    waived = use.waiver is not None and as_of.date() <= use.waiver.until
    return Verdict.ACCEPTED if waived else Verdict.FAIL


def _rule(use: RuleUse) -> Rule:
    try:
        return find(use.check)
    except NotFound:
        return Unloaded(use.check)


def _missing(table: Table, agreed: TableMap) -> Iterator[Result]:
    """One result for the columns that were agreed on and aren't there."""
    gone = [field for field in agreed.fields if field.name not in table.columns]
    if not gone or len(gone) == len(agreed.fields):
        return
    names = ", ".join(f"`{field.name}`" for field in gone)
    others = {s for field in gone for s in field.synonyms if s in table.columns}
    hint = f" The table has {', '.join(f'`{name}`' for name in sorted(others))}." if others else ""
    yield Result(
        RuleUse(id="columns", check="columns", columns=tuple(field.name for field in gone)),
        "1",
        Verdict.FAIL,
        Severity.BLOCK,
        len(gone),
        len(agreed.fields),
        f"of the map aren't in the table: {names}.{hint}",
        "Mend the table where it is made, or agree on another map.",
        unit="field",
        owner=next((field.owner for field in gone if field.owner), None),
        blocks=agreed.audience,
    )
