"""How is a table read elsewhere? One row for each alternative of each rule, as Markdown or CSV."""

import re
from collections.abc import Iterable

from trustwright.rights.model import Alternative, Rule
from trustwright.rights.table import Table

Line = tuple[str, ...]
FIXED = ("outcome", "roles", "label", "cooling_off", "reason", "owner", "review_by")


def as_markdown(table: Table) -> str:
    """The rules as a grid; facts that no rule looks at are left out, and the default is below."""
    lines = [*_lines(table)]
    head, *rows = [tuple(map(_in_a_cell, line)) for line in lines]
    told = [head, ("---",) * len(head), *rows]
    grid = "\n".join(f"| {' | '.join(line)} |" for line in told)
    return f"{grid}\n\nOtherwise {table.default.value}."


def as_csv(table: Table) -> str:
    """RFC 4180. The default is the last row, a rule without an id."""
    lines = [*_lines(table)]
    default = [""] * len(lines[0])
    default[lines[0].index("outcome")] = table.default.value
    told = (map(_field, line) for line in (*lines, default))
    return "".join(",".join(line) + "\r\n" for line in told)


def _lines(table: Table) -> Iterable[Line]:
    names = {name for _, alternative in table.rows for name in alternative}
    facts = [fact.name for fact in table.facts if fact.name in names]
    yield ("rule", *facts, *FIXED)
    for rule, alternative in table.rows:
        yield (rule.id, *_cells(alternative, facts), *_then(rule))


def _cells(alternative: Alternative, facts: Iterable[str]) -> Line:
    return tuple(alternative[name].text if name in alternative else "any" for name in facts)


def _then(rule: Rule) -> Line:
    must = rule.obligations
    asked = (rule.outcome.value, ", ".join(must.roles), must.label or "", str(must.cooling_off))
    return (*asked, rule.reason, rule.owner, str(rule.review_by))


def _in_a_cell(text: str) -> str:
    """A reason may hold anything; in a cell it is text in one line. `>` and `<=` stay readable."""
    return " ".join(re.sub(r"([\\|`*\[\]]|<(?=[a-zA-Z/!?]))", r"\\\1", text).split())


def _field(text: str) -> str:
    told = _harmless(text)
    return '"' + told.replace('"', '""') + '"' if re.search(r'[",\r\n]', told) else told


def _harmless(text: str) -> str:
    """A spreadsheet takes these beginnings for a formula; a number may begin like one."""
    formula = text.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{text}" if formula and not re.fullmatch(r"-\d+(\.\d+)?", text) else text
