"""Which rules does a document ask for? The standard's words and ours, as one list.

What can't be asked of our rules isn't dropped: it becomes `elsewhere`, which never passes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trustwright.charter.plain import Path

ENGINE = "trustwright"
Element = Mapping[str, Any]

PERCENT = ("percent", "percentage", "%")
SEVERITIES = {
    **dict.fromkeys(("info", "information", "note", "low", "minor", "trivial"), "note"),
    **dict.fromkeys(("warn", "warning", "medium", "moderate"), "warn"),
}
RANGES = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "multipleOf": "multiple_of",
}
METRICS = {
    "nullValues": "not-null",
    "missingValues": "missing-code",
    "duplicateValues": "unique",
}
COMPARISONS = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
WORDS = ("owner", "risk", "source", "personal", "audience", "waiver", "evidence")
OURS = ("check", "columns", "unit", *COMPARISONS)


@dataclass(frozen=True)
class Asked:
    """A rule before it is one. `element`: what the document says of it, where it says more."""

    path: Path
    check: str
    columns: tuple[str, ...] = ()
    params: Element = field(default_factory=dict)
    element: Element = field(default_factory=dict)
    most: Element | None = None


def ours(element: Element) -> dict[str, Any]:
    """Our words among the custom properties of an element, without the prefix."""
    found = {}
    for each in element.get("customProperties", ()):
        name, vendor = each["property"], each.get("vendor")
        if vendor == ENGINE or (vendor is None and name.startswith(f"{ENGINE}.")):
            found[name.removeprefix(f"{ENGINE}.")] = each["value"]
    return found


def every(value: object, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Our words anywhere in a document, with the elements that have any."""
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield from every(each, (*path, at))
    if isinstance(value, Mapping):
        if isinstance(value.get("customProperties"), list) and (told := ours(value)):
            yield path, told
        for key, each in value.items():
            yield from every(each, (*path, key))


def severity(element: Element) -> str:
    """A text nobody can check is a note, unless it says more; everything else blocks."""
    word = element.get("severity", "info" if element.get("type") == "text" else "error")
    return SEVERITIES.get(str(word).lower(), "block")


# The standard's own words


def of_field(column: str, element: Element, path: Path) -> Iterator[Asked]:
    """What a property's keys ask for; not its references, which need the other tables."""
    if element.get("required"):
        yield Asked((*path, "required"), "not-null", (column,))
    if element.get("unique"):
        yield Asked((*path, "unique"), "unique", (column,))
    if "enum" in element:
        values = [each["value"] for each in element["enum"]]
        yield Asked((*path, "enum"), "values", (column,), {"values": values})
    options = element.get("logicalTypeOptions", {})
    at = (*path, "logicalTypeOptions")
    yield from _of_text(column, options, at, str(element.get("logicalType")))
    if limits := {ours: options[word] for word, ours in RANGES.items() if word in options}:
        yield Asked(at, "range", (column,), limits)


def _of_text(column: str, options: Element, path: Path, kind: str) -> Iterator[Asked]:
    if "pattern" in options:
        yield Asked((*path, "pattern"), "format", (column,), {"pattern": options["pattern"]})
    if kind != "string":
        return  # Elsewhere a format is how the value is stored.
    if "format" in options:
        yield Asked((*path, "format"), "format", (column,), {"format": options["format"]})
    if "minLength" in options or "maxLength" in options:
        least, most = options.get("minLength", 0), options.get("maxLength", "")
        pattern = f"^[\\s\\S]{{{least},{most}}}$"
        yield Asked(path, "format", (column,), {"pattern": pattern})


# Quality


def of_quality(
    element: Element, path: Path, column: str | None, names: Mapping[str, str]
) -> Iterator[Asked]:
    """What one entry of `quality` asks for. `names`: the table's own for each property."""
    columns = (column,) if column else ()
    kind = element.get("type", "library" if "metric" in element else "text")
    if kind == "custom" and element["engine"] == ENGINE:
        yield from _of_ours(element, path, columns)
    elif kind == "library":
        yield from _of_metric(element, path, columns, names)
    else:
        yield _elsewhere(element, path, columns, _who(kind, element))


def _who(kind: str, element: Element) -> str:
    match kind:
        case "sql":
            return f"SQL is for the database to run: {element['query']}"
        case "custom":
            return f"This is a rule for {element['engine']}."
        case _:
            said = element.get("description") or element.get("name") or "nothing"
            return f"Only people can check what is said in words: {said}"


def _elsewhere(element: Element, path: Path, columns: tuple[str, ...], why: str) -> Asked:
    return Asked(path, "elsewhere", columns, {"why": " ".join(why.split())[:1000]}, element)


def _of_ours(element: Element, path: Path, columns: tuple[str, ...]) -> Iterator[Asked]:
    told = element["implementation"]
    if not isinstance(told, Mapping) or not isinstance(told.get("check"), str):
        why = "The implementation names no `check`."
        yield _elsewhere(element, path, columns, why)
        return
    most = _most(told, told.get("unit"))
    if most is UNREADABLE:
        yield _elsewhere(element, path, columns, f"`{told['check']}` counts failing rows: {LIMIT}.")
        return
    params = {key: value for key, value in told.items() if key not in OURS}
    named = tuple(told["columns"]) if isinstance(told.get("columns"), list) else columns
    yield Asked(path, told["check"], named, params, element, most)


def _of_metric(
    element: Element, path: Path, columns: tuple[str, ...], names: Mapping[str, str]
) -> Iterator[Asked]:
    metric, told = element["metric"], element.get("arguments") or {}
    if metric == "rowCount":
        limits = {word: element[word] for word in COMPARISONS if word in element}
        yield Asked(path, "row-count", (), limits, element)
        return
    most = _most(element, element.get("unit"))
    if most is UNREADABLE:
        yield _elsewhere(element, path, columns, f"`{metric}` counts failing rows: {LIMIT}.")
        return
    if metric == "invalidValues":
        yield from _of_validity(element, path, columns, most)
        return
    named = tuple(names.get(name, name) for name in told.get("properties", ()))
    params = {"codes": told["missingValues"]} if "missingValues" in told else {}
    yield Asked(path, METRICS[metric], named or columns, params, element, most)


def _of_validity(
    element: Element, path: Path, columns: tuple[str, ...], most: Element | None
) -> Iterator[Asked]:
    told = element.get("arguments") or {}
    if "validValues" in told:
        yield Asked(path, "values", columns, {"values": told["validValues"]}, element, most)
    if "pattern" in told:
        yield Asked(path, "format", columns, {"pattern": told["pattern"]}, element, most)
    if not told.keys() & {"validValues", "pattern"}:
        yield _elsewhere(element, path, columns, "It doesn't say which values are valid.")


LIMIT = "only how many may fail at most can be asked of it"
UNREADABLE: Element = {}


def _most(element: Element, unit: object) -> Element | None:
    """How many rows may fail; None where nothing is said, `UNREADABLE` where it's no upper limit."""
    word = next((word for word in COMPARISONS if word in element), None)
    if word is None:
        return None
    limit, below = element[word], word == "mustBeLessThan"
    if word == "mustBeBetween" and isinstance(limit, list) and limit[0] == 0:
        limit, word = limit[1], "mustBeLessOrEqualTo"
    understood = word in ("mustBeLessThan", "mustBeLessOrEqualTo") or (word, limit) == ("mustBe", 0)
    percent = str(unit or "rows").lower() in PERCENT
    if not understood or not (percent or str(unit or "rows").lower() == "rows"):
        return UNREADABLE
    return {"limit": limit, "unit": "percent" if percent else "rows", "below": below}
