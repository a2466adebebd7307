"""Who answers for which field? The map at a glance: fields, owners, sources, gaps, and who reads them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from trustwright.charter.fieldmap.gaps import missing
from trustwright.charter.fieldmap.model import FieldMap, TableMap

WIDTH = 80
COLUMNS = (26, 18, 6, 24)
Readers = Callable[[str, str], Iterable[str]]


@dataclass(frozen=True)
class Shown:
    """One field. `lacks`: what a high-risk one still needs; `read_by`: workflows, by id."""

    table: str
    field: str
    owner: str | None
    risk: str
    source: str | None
    personal: bool
    rules: int
    lacks: tuple[str, ...]
    read_by: tuple[str, ...]


def shown(maps: Iterable[FieldMap], readers: Readers) -> Iterator[Shown]:
    """Every field of every table."""
    for map in maps:
        for table in map.tables:
            for field in table.fields:
                rules = sum(field.name in rule.columns for rule in table.rules)
                lacks = missing(table, field) if field.risk == "high" else ()
                read_by = tuple(readers(table.name, field.name))
                told = (field.owner, field.risk, field.source, field.personal)
                yield Shown(table.name, field.name, *told, rules, lacks, read_by)


def as_text(maps: Iterable[FieldMap], readers: Readers) -> str:
    """For a terminal of 80 columns."""
    lines: list[str] = []
    for map in maps:
        found = list(shown([map], readers))
        for table in map.tables:
            fields = [each for each in found if each.table == table.name]
            lines += [*_head(map, table, fields), *(line for f in fields for line in _lines(f)), ""]
    return "\n".join(lines) or "No table is mapped.\n"


def _head(map: FieldMap, table: TableMap, fields: list[Shown]) -> Iterator[str]:
    unowned = sum(each.owner is None for each in fields)
    gaps = sum(bool(each.lacks) for each in fields)
    yield f"{table.name}  ({map.name} {map.version})"[:WIDTH]
    counts = f"{len(fields)} fields, {unowned} without owner; {len(table.rules)} rules"
    yield f"  key {table.key or 'none'}; {counts}; {len(table.watches)} watched"[:WIDTH]
    if gaps:
        yield f"  {gaps} high-risk fields have gaps: no workflow can be launched on them."
    yield _row("field", "owner", "risk", "source")


def _row(*cells: str) -> str:
    return "  " + " ".join(_cut(cell, n) for cell, n in zip(cells, COLUMNS, strict=True)).rstrip()


def _cut(text: str, width: int) -> str:
    return f"{text if len(text) <= width else text[: width - 3] + '...':<{width}}"


def _lines(field: Shown) -> Iterator[str]:
    risk = "" if field.risk == "low" else field.risk
    yield _row(field.field, field.owner or "-", risk, field.source or "-")
    if field.lacks:
        yield f"      lacks {', '.join(field.lacks)}"[:WIDTH]
    if field.read_by:
        yield _cut(f"      read by {', '.join(field.read_by)}", WIDTH).rstrip()
