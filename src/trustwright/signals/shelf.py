"""Which rules are there? What is in `library`, and what third parties add.

Add yours with the entry-point group `trustwright.signals`; it names a module, class or object with
the members of `Rule`. What doesn't load stays on the shelf and can't decide: never silently fine.
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from inspect import cleandoc
from pkgutil import ModuleInfo, iter_modules
from typing import cast

from trustwright.checks.model import Severity
from trustwright.kernel.errors import NotFound
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
    """All rules by id. Ours come first: a third party adds, it doesn't replace."""
    found = {rule.id: rule for rule in map(_ours, iter_modules(library.__path__))}
    for entry in entry_points(group="trustwright.signals"):
        rule = theirs(entry)
        if rule.id in found:
            rule = Unloaded(f"{rule.id}@{entry.name}")
        found[rule.id] = rule
    return dict(sorted(found.items()))


def _ours(module: ModuleInfo) -> Rule:
    try:
        return cast(Rule, import_module(f"{library.__name__}.{module.name}"))
    except ImportError:  # What the extra `tables` would bring isn't there.
        return Unloaded(module.name.replace("_", "-"))


def theirs(entry: EntryPoint) -> Rule:
    """What an entry point offers; `Unloaded` where it is broken or isn't a rule."""
    try:
        offered = entry.load()
        rule = offered() if isinstance(offered, type) else offered
    except Exception:  # Somebody else's code: whatever it raises, the others still run.
        return Unloaded(entry.name)
    return rule if isinstance(rule, Rule) else Unloaded(entry.name)


def find(rule_id: str) -> Rule:
    """The rule of that id, or `NotFound` with those there are."""
    try:
        return shelf()[rule_id]
    except KeyError:
        known = ", ".join(shelf())
        raise NotFound(
            "unknown-rule", f"There is no rule {rule_id!r}.", f"There are: {known}."
        ) from None


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
