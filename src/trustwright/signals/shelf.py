"""Which rules are there? What is in `library`, and what third parties add.

Add yours with the entry-point group `trustwright.signals`; it names a module, class or object with
the members of `Rule`. What doesn't load stays on the shelf and can't decide: never silently fine.
"""

from dataclasses import dataclass
from functools import cache
from inspect import cleandoc

from trustwright.checks.model import Severity
from trustwright.kernel.shelves import pick, stock
from trustwright.signals import library
from trustwright.signals.rule import Ask, Example, Over, Parameters, Rule
from trustwright.signals.table import Kind, Undecided


class _Anything(Parameters):
    model_config = {"extra": "ignore"}


@dataclass(frozen=True)
class Unloaded:
    """Could not be loaded. Until it can, no table it is asked of is completely checked."""

    id: str
    version: str = "0"
    title: str = "A rule that could not be loaded"
    severity: Severity = Severity.BLOCK
    remedy: str = "Repair or remove what offers it."
    takes: frozenset[Kind] = frozenset()
    examples: tuple[Example, ...] = ()
    Params: type[Parameters] = _Anything

    def ask(self, params: Parameters, over: Over) -> Ask | Undecided:
        return Undecided("not-loaded", f"The rule {self.id} could not be loaded.", self.remedy)


@cache
def shelf() -> dict[str, Rule]:
    """All rules by id."""
    return stock(library, "trustwright.signals", Rule, Unloaded)  # type: ignore[type-abstract]


def find(rule_id: str) -> Rule:
    """The rule of that id, or `NotFound` with those there are."""
    return pick(shelf(), "rule", rule_id)


def page(rule: Rule) -> str:
    """The documentation page in Markdown, from docstring, parameters and examples alone."""
    head = f"# {rule.id}\n\n**{rule.title}** · severity {rule.severity} · version {rule.version}"
    fields = rule.Params.model_fields.items()
    told = [f"- `{name}`: {field.description}" for name, field in fields]
    params = ["## Parameters", "\n".join(told)] if told else []
    shown = [_shown(example) for example in rule.examples]
    body = [head, cleandoc(rule.__doc__ or ""), *params, "## Examples", *shown]
    return "\n\n".join(body) + "\n"


def _shown(example: Example) -> str:
    lines = [f"{name}: {value!r}" for name, value in example.params.items()]
    for name, (columns, rows) in example.against.items():
        lines += [f"table {name}: {', '.join(columns)}", *(f"      {_row(row)}" for row in rows)]
    lines.append(f"table: {', '.join(example.columns)}")
    lines += [f"bad:  {_row(row)}" for row in example.bad]
    lines += [f"good: {_row(row)}" for row in example.good]
    return "```text\n" + "\n".join(lines) + "\n```"


def _row(row: tuple[object, ...]) -> str:
    return ", ".join("(empty)" if value is None else str(value) or '""' for value in row)
