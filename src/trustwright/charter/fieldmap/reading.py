"""Does a text hold a field map? YAML of the Open Data Contract Standard in; the map, or every
problem with its line, out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trustwright.charter.fieldmap.meaning import understand
from trustwright.charter.fieldmap.model import FieldMap
from trustwright.charter.fieldmap.older import lifted
from trustwright.charter.fieldmap.standard import flaws
from trustwright.charter.plain import Builder, Grammar, Path, Unreadable
from trustwright.kernel.errors import Invalid
from trustwright.rights.form import Flaw

GRAMMAR = Grammar(characters=8 * 1024 * 1024, depth=40, words=r"[ -~]+", fractions=True)
TOLD = 50


@dataclass(frozen=True)
class Reading:
    """The document as written, and the map in it; or what is wrong, as (line, sentence, remedy)."""

    document: Mapping[str, Any] | None
    map: FieldMap | None
    problems: tuple[tuple[int, str, str], ...] = ()
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)


def examine(text: str) -> Reading:
    """Never raises for what the text says."""
    builder = Builder(GRAMMAR)
    try:
        document = lifted(builder.build(text))
    except Unreadable as e:
        return Reading(None, None, ((e.line, e.sentence, e.remedy),))
    hidden = [
        (each.line, f"`{each.key}` has invisible or control characters.", "Type it again.")
        for each in builder.hidden
    ]
    found = flaws(document)
    map, unmeant = understand(document) if not found and isinstance(document, dict) else (None, ())
    told = sorted({*hidden, *(_told(flaw, builder.lines) for flaw in (*found, *unmeant))})
    if told:
        return Reading(None, None, tuple(told), builder.lines)
    assert isinstance(document, dict)
    return Reading(document, map, (), builder.lines)


def _told(flaw: Flaw, lines: Mapping[Path, int]) -> tuple[int, str, str]:
    """At the flaw's line, or that of the nearest thing around it that was written."""
    path = flaw.path
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1), flaw.sentence, flaw.remedy


def read(text: str, name: str) -> FieldMap:
    """The map of a text. Invalid `field-map-flawed` names all that is wrong, with its lines."""
    reading = examine(text)
    if reading.map is None:
        problems = [
            f"{name}:{line}: {said} {todo}".rstrip() for line, said, todo in reading.problems
        ]
        more = f" And {len(problems) - TOLD} more." if len(problems) > TOLD else ""
        raise Invalid(
            "field-map-flawed",
            f"This is no field map: {' '.join(problems[:TOLD])}{more}",
            "Mend what is named. A field map is a data contract of the standard ODCS, 3.0 to 3.2.",
            problems=problems,
        )
    return reading.map
