"""Is this table fit to decide? Every flaw is named, with a remedy; a table that has one doesn't load.

Safe by load: a rule that automates must say for every safety fact which values it accepts, never
`?`, and never what no table can grant (`ALONE_ONLY`).
"""

import re
from collections.abc import Mapping, Sequence
from reprlib import repr as short
from typing import TypeVar

from pydantic import ValidationError

from trustwright.rights.form import (
    KINDS,
    BoolForm,
    DocumentForm,
    EnumForm,
    Flaw,
    Flawed,
    Form,
    NumberForm,
    Path,
    RuleForm,
    ThenForm,
    meant,
    told,
)
from trustwright.rights.model import (
    ALONE_ONLY,
    Alternative,
    Cell,
    Choice,
    Fact,
    Number,
    Obligations,
    Outcome,
    Rule,
    Value,
    bool_fact,
    built_in,
    text,
)
from trustwright.rights.table import Table

COMPARISON = re.compile(r"\s*(<=|>=|<|>|=)\s*([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*")
F = TypeVar("F", bound=Form)


def load(document: object, workflows: Sequence[str]) -> Table:
    """The table of a plain document (dicts, lists, scalars, dates), or `Flawed` with every flaw.

    `workflows` are the values of the fact `workflow`.
    """
    loader = _Loader(workflows)
    table = loader.table(document)
    if table is None or loader.flaws:
        raise Flawed(loader.flaws)
    return table


class _Loader:
    """Reads on after a flaw. What could not be read is None, and isn't complained of twice."""

    def __init__(self, workflows: Sequence[str]) -> None:
        self.flaws: list[Flaw] = []
        self.facts: dict[str, Fact | None] = {
            each.name: each for each in built_in(tuple(workflows))
        }
        self.ids: set[str] = set()
        self.subject = "Decision rights"

    def flaw(self, path: Path, sentence: str, remedy: str) -> None:
        self.flaws.append(Flaw(path, f"{self.subject}: {sentence}.", remedy))

    def form(self, form: type[F], given: object, path: Path) -> F | None:
        try:
            return form.model_validate(given)
        except ValidationError as errors:
            for error in errors.errors():
                self.flaw((*path, *error["loc"]), *told(error))
            return None

    def table(self, document: object) -> Table | None:
        form = self.form(DocumentForm, document, ())
        for name, fact in _dict(_dict(document).get("facts")).items():
            self.fact(str(name), fact)
        given = _dict(document).get("rules")
        rules = given if isinstance(given, list) else []
        read = tuple(rule for at, each in enumerate(rules) if (rule := self.rule(at, each)))
        facts = tuple(fact for fact in self.facts.values() if fact)
        return Table(facts, read, Outcome(form.default)) if form else None

    def fact(self, name: str, given: object) -> None:
        path = ("facts", name)
        self.subject = f"Fact {name!r}"
        if name in self.facts:
            self.flaw(path, "every table has it already", "Remove it here.")
            return
        self.facts[name] = None
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            self.flaw(path, "isn't a name", "Write small letters, digits and underscores.")
        kind = str(_dict(given).get("type"))
        if kind in KINDS:
            self.facts[name] = self.typed(name, self.form(KINDS[kind], given, path))
        else:
            self.flaw(path, f"there is no type {kind!r}", meant(kind, KINDS))

    def typed(self, name: str, form: Form | None) -> Fact | None:
        match form:
            case BoolForm(safety=safety):
                return bool_fact(name, safety)
            case EnumForm(values=values, safety=safety):
                return Choice(name, tuple(dict.fromkeys(values)), safety)
            case NumberForm(min=low, max=high, safety=safety) if low < high:
                return Number(name, low, high, safety)
            case NumberForm():
                self.flaw(("facts", name), "min isn't below max", "Swap or widen them.")
        return None

    def rule(self, at: int, given: object) -> Rule | None:
        path = ("rules", at)
        name = _dict(given).get("id")
        self.subject = f"Rule {name!r}" if isinstance(name, str) else f"Rule {at + 1}"
        form = self.form(RuleForm, given, path)
        automates = _dict(_dict(given).get("then")).get("outcome") == Outcome.AUTOMATE.value
        when = self.when(_dict(given).get("when", ()), (*path, "when"), automates)
        if form is None:
            return None
        if form.id in self.ids:
            self.flaw((*path, "id"), "another rule has this id", "Give each rule its own.")
        self.ids.add(form.id)
        obligations = self.obligations(form.then, (*path, "then"))
        outcome = Outcome(form.then.outcome)
        return Rule(form.id, form.owner, form.reason, form.review_by, when, outcome, obligations)

    def obligations(self, then: ThenForm, path: Path) -> Obligations:
        if then.roles and then.outcome == Outcome.AUTOMATE.value:
            remedy = "Remove `roles`, or write `outcome: owner`."
            self.flaw((*path, "roles"), "what is automated is signed by nobody", remedy)
        return Obligations(tuple(sorted(set(then.roles))), then.label, then.cooling_off)

    def when(self, given: object, path: Path, automates: bool) -> tuple[Alternative, ...]:
        if not isinstance(given, list):
            return (self.alternative(given, path, automates),) if given != () else ()
        if not given:
            self.flaw(path, "`when` has no alternative", "Write the facts it looks at.")
        return tuple(
            self.alternative(each, (*path, at), automates) for at, each in enumerate(given)
        )

    def alternative(self, given: object, path: Path, automates: bool) -> Alternative:
        if not _dict(given):
            remedy = "Write the facts it looks at; `default` is for what always holds."
            self.flaw(path, "an alternative of `when` is empty", remedy)
            return {}
        cells = {str(name): self.cell(str(name), cell, path) for name, cell in _dict(given).items()}
        if automates:
            self.safe(cells, path)
        return {name: cell for name, cell in cells.items() if cell}

    def cell(self, name: str, given: object, path: Path) -> Cell | None:
        path = (*path, name)
        if name not in self.facts:
            self.flaw(path, f"there is no fact {name!r}", meant(name, self.facts))
        fact = self.facts.get(name)
        if fact is None:
            return None
        values = given if isinstance(given, list) else [given]
        if values in ([], [None]):
            self.flaw(path, f"the cell of {name!r} is empty", "Write a value, or leave it out.")
            return None
        tests = [self.test(fact, value, path) for value in values if value != "?"]
        return Cell(tuple(test for test in tests if test), "?" in values) if all(tests) else None

    def test(self, fact: Fact, value: object, path: Path) -> tuple[str, Value] | None:
        """Operator and operand."""
        sign, operand = _written(fact, value)
        if operand is None:
            self.flaw(path, f"{fact.name!r} can't be {short(value)}", _possible(fact, value))
        elif isinstance(fact, Number) and (sign, operand) in (("<", fact.low), (">", fact.high)):
            edge = text(operand)
            self.flaw(path, f"no {fact.name!r} is {sign} {edge}", f"Write {sign}= {edge}.")
        else:
            return sign, operand
        return None

    def safe(self, cells: Mapping[str, Cell | None], path: Path) -> None:
        """Of an alternative that automates."""
        for fact in self.facts.values():
            if not (fact and fact.safety):
                continue
            name, cell = fact.name, cells.get(fact.name)
            remedy = _allowed(fact)
            if name not in cells:
                self.flaw(path, f"automates without looking at the safety fact {name!r}", remedy)
            elif cell and cell.unknown:
                self.flaw((*path, name), f"automates where {name!r} is unknown", "Remove `?`.")
            elif cell and (barred := _barred(fact, cell)):
                self.flaw((*path, name), f"automates where {name!r} is {', '.join(barred)}", remedy)


def _dict(given: object) -> dict[object, object]:
    return given if isinstance(given, dict) else {}


def _written(fact: Fact, value: object) -> tuple[str, Value | None]:
    if isinstance(fact, Number) and isinstance(value, str):
        written = COMPARISON.fullmatch(value)
        return (written[1], fact.typed(float(written[2]))) if written else ("=", None)
    return "=", fact.typed(value)


def _possible(fact: Fact, value: object) -> str:
    if isinstance(fact, Number):
        bounds = f"from {text(fact.low)} to {text(fact.high)}"
        return f'Write a number {bounds}, or a comparison with one: ">= {text(fact.high)}".'
    if fact.kind is bool:
        return "Write true or false, without quotes."
    return meant(value, map(text, fact.values))


def _allowed(fact: Fact) -> str:
    if isinstance(fact, Number):
        return f"Write `{fact.name}:` with a comparison."
    values = ALONE_ONLY.get(fact.name, fact.values)
    return f"Write `{fact.name}:` with what may go alone, of {', '.join(map(text, values))}."


def _barred(fact: Fact, cell: Cell) -> list[str]:
    allowed = ALONE_ONLY.get(fact.name)
    if allowed is None or isinstance(fact, Number):
        return []
    return [text(value) for value in fact.values if cell.admits(value) and value not in allowed]
