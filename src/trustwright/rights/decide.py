"""Who decides this one? The strictest of all rules that could match; without certainty, the default.

`outcome` is for bulk, `decide` for the record: the same answer, with its reasons. `why_not` is for
whoever asks what kept it from being freer.
"""

from collections.abc import Iterable, Mapping

from trustwright.rights.model import (
    ALONE_ONLY,
    DEFAULT,
    NEVER_ALONE,
    Alternative,
    Deciding,
    Decision,
    Failed,
    Obligations,
    Outcome,
    Rule,
    Value,
    WhyNot,
    text,
)
from trustwright.rights.table import Table

Near = list[tuple[Rule, tuple[Failed, ...]]]


def outcome(table: Table, facts: Mapping[str, object]) -> Outcome:
    """Of raw facts by name. What is missing, misspelt, out of bounds or of another type is `?`."""
    rows = _standing(table, facts)
    if not rows & table.certain:
        rows |= table.default_bit
    for given, bits in table.stricter:
        if rows & bits:
            return given
    return Outcome.AUTOMATE if may_go_alone(facts) else max(table.default, Outcome.OWNER)


def _standing(table: Table, facts: Mapping[str, object]) -> int:
    """The rows that these facts leave standing."""
    rows = table.every
    for column in table.columns:
        value = facts.get(column.name)
        if value.__class__ is column.direct:
            rows &= column.known.get(value, column.unknown)
        else:
            rows &= column.standing(value)
    return rows


def may_go_alone(facts: Mapping[str, object]) -> bool:
    """The guard behind every table: no hold, no block, nothing incomplete, nobody restrained."""
    return (
        facts.get("held") is False
        and facts.get("checks_complete") is True
        and facts.get("restrained") is False
        and facts.get("worst_finding") in ALONE_ONLY["worst_finding"]
    )


def decide(table: Table, facts: Mapping[str, object]) -> Decision:
    """The outcome of raw facts by name, with everything that led to it. Never fails on a value."""
    typed = _typed(table, facts)
    standing, given = _standing(table, typed), outcome(table, typed)
    could = [(rule, _nearest(rule, typed)) for rule, rows in table.rows_of if rows & standing]
    return Decision(
        {name: text(value) for name, value in typed.items()},
        given,
        tuple(_deciding(table, could, given)),
        _obligations(rule for rule, _ in could),
    )


def why_not(table: Table, facts: Mapping[str, object]) -> tuple[WhyNot, ...]:
    """Each rule that would have given a freer outcome, the one that came closest first."""
    typed = _typed(table, facts)
    given = outcome(table, typed)
    freer = [
        WhyNot(rule.outcome, rule.id, _nearest(rule, typed))
        for rule in table.rules
        if rule.outcome < given
    ]
    return tuple(sorted(freer, key=lambda each: (each.outcome, len(each.failed), each.rule)))


def _typed(table: Table, facts: Mapping[str, object]) -> dict[str, Value | None]:
    return {fact.name: fact.typed(facts.get(fact.name)) for fact in table.facts}


def _nearest(rule: Rule, typed: Mapping[str, Value | None]) -> tuple[Failed, ...]:
    """What failed in the alternative that came closest; nothing if the rule matches for certain."""
    failed = (_failed(alternative, typed) for alternative in rule.when)
    return min(failed, key=lambda each: (not _could(each), len(each), each))


def _failed(alternative: Alternative, typed: Mapping[str, Value | None]) -> tuple[Failed, ...]:
    return tuple(
        Failed(fact, cell.text, text(typed[fact]))
        for fact, cell in sorted(alternative.items())
        if not cell.admits(typed[fact])
    )


def _could(failed: tuple[Failed, ...]) -> bool:
    return all(each.value == "?" for each in failed)


def _deciding(table: Table, could: Near, given: Outcome) -> Iterable[Deciding]:
    rules = [
        Deciding(rule.id, rule.reason, tuple(each.fact for each in failed))
        for rule, failed in could
        if rule.outcome is given
    ]
    if given is table.default and all(failed for _, failed in could):
        return [*rules, Deciding(DEFAULT, "No rule matches for certain.")]
    return rules or [Deciding(NEVER_ALONE, "A hold, a block, an open check or a restraint stands.")]


def _obligations(rules: Iterable[Rule]) -> Obligations:
    asked = [(rule.outcome, rule.obligations) for rule in rules]
    labels = sorted((each.label, given) for given, each in asked if each.label)
    return Obligations(
        tuple(sorted({role for _, each in asked for role in each.roles})),
        max(labels, key=lambda pair: pair[1])[0] if labels else None,
        max((each.cooling_off for _, each in asked), default=0),
    )
