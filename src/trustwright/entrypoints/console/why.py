"""Why did it come here? The rules that decided, what they looked at, and what stood in a freer way."""

from collections.abc import Iterator

from trustwright.entrypoints.console.case import Fact, Missed, Rule, Why
from trustwright.entrypoints.console.page import Link
from trustwright.entrypoints.console.queue_page import OUTCOMES
from trustwright.entrypoints.console.reading import Reading
from trustwright.rights import model as rights
from trustwright.rights.decide import why_not
from trustwright.rights.model import DEFAULT, NEVER_ALONE, Alternative, Number, Value

NEAREST = 3
OTHERWISE = {
    DEFAULT: "No rule matches for certain.",
    NEVER_ALONE: "A hold, a block, an open check or a restraint stands.",
}
FLOORS = {
    "bootstrap": "One person alone adopted the charter, so nothing goes out without a person.",
    "edited": "A person changed the text, so somebody else answers for it.",
}


def why(r: Reading) -> Why:
    """From what was recorded; what stood in the way is worked out while that charter is in force."""
    typed = _typed(r)
    return Why(
        outcome=r.of.outcome.value,
        rules=(*_rules(r), *_floors(r), *_restraints(r)),
        facts=tuple(_facts(r, typed)),
        missed=tuple(_missed(r, typed)),
        charter=Link(f"{r.routed.charter[:12]}…", "/console/charter"),
        customer=tuple(_customer(r)),
    )


def _rules(r: Reading) -> Iterator[Rule]:
    known = {rule.id: rule for rule in r.charter.table.rules}
    owners = {person.id: person.name for person in r.charter.people}
    for id in r.routed.rules:
        if rule := known.get(id):
            owner = owners.get(rule.owner, rule.owner)
            yield Rule(id, OUTCOMES[rule.outcome.value], rule.reason, owner)
        else:
            reason = OTHERWISE.get(id, "A rule of the charter it was decided under.")
            yield Rule(id, OUTCOMES[r.routed.outcome], reason, "")


def _floors(r: Reading) -> Iterator[Rule]:
    for floor in r.routed.floors:
        yield Rule(floor, OUTCOMES["owner"], FLOORS[floor], "")


def _restraints(r: Reading) -> Iterator[Rule]:
    known = {restraint.id: restraint for restraint in r.charter.restraints}
    owners = {person.id: person.name for person in r.charter.people}
    sure = "" if r.routed.facts.get("restrained") == "true" else ": it couldn't be told"
    for id in r.routed.restraints:
        found = known.get(id)
        reason = found.reason if found else "A restraint of the charter it was decided under."
        owner = owners.get(found.owner, found.owner) if found else ""
        yield Rule(id, f"AI isn't used for this{sure}", reason, owner)


def _typed(r: Reading) -> dict[str, Value | None]:
    """The recorded facts as a table takes them; `?` and what isn't asked any more are None."""
    return {
        fact.name: _value(fact, r.routed.facts.get(fact.name)) for fact in r.charter.table.facts
    }


def _value(fact: rights.Fact, recorded: str | None) -> Value | None:
    if recorded in (None, "?"):
        return None
    if isinstance(fact, Number):
        return float(recorded)
    return recorded == "true" if fact.kind is bool else recorded


def _facts(r: Reading, typed: dict[str, Value | None]) -> Iterator[Fact]:
    deciding = [rule for rule in r.charter.table.rules if rule.id in r.routed.rules]
    named = {
        name
        for rule in deciding
        for alternative in rule.when
        if _could(alternative, typed)
        for name in alternative
    }
    for name, value in r.routed.facts.items():
        if name != "confidence":  # It has a line of its own.
            yield Fact(name, value, name in named)


def _could(alternative: Alternative, typed: dict[str, Value | None]) -> bool:
    seen = ((typed.get(name), cell) for name, cell in alternative.items())
    return all(value is None or cell.admits(value) for value, cell in seen)


def _missed(r: Reading, typed: dict[str, Value | None]) -> Iterator[Missed]:
    if r.routed.charter != r.charter.digest:
        return
    nearest = [each for each in why_not(r.charter.table, typed) if each.failed]
    for each in nearest[:NEAREST]:
        cells = (f"{f.fact}: {f.cell} (it is {f.value})" for f in each.failed)
        yield Missed(OUTCOMES[each.outcome.value], each.rule, "; ".join(cells))


def _customer(r: Reading) -> Iterator[Fact]:
    if r.details and r.details.subject:
        yield Fact("written to", r.details.subject)
    elif r.of.submitted.subject is None:
        yield Fact("written to", "nobody known")
    if r.details and r.details.written:
        yield Fact("wrote", r.details.written)
    for name, value in (r.details.facts if r.details else {}).items():
        yield Fact(name, value)
