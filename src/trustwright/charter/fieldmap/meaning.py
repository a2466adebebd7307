"""What does a document say of its tables? The field map in it, and what of it can't be meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import chain, count
from typing import Any, TypeVar

from pydantic import ValidationError

from trustwright.charter.fieldmap.asking import (
    WORDS,
    Asked,
    Element,
    every,
    of_field,
    of_quality,
    ours,
    severity,
)
from trustwright.charter.fieldmap.model import FieldMap, MappedField, RuleUse, TableMap, Watch
from trustwright.charter.fieldmap.risk import risk
from trustwright.charter.parts import Part
from trustwright.charter.plain import Path
from trustwright.kernel.errors import Invalid
from trustwright.rights.form import Flaw

SINGULAR = {
    "d": "days",
    "h": "hours",
    "m": "minutes",
    "min": "minutes",
    "s": "seconds",
    "w": "weeks",
}
UNITS = {f"{unit[:-1]}{s}": unit for unit in SINGULAR.values() for s in ("", "s")} | SINGULAR
INSTEAD = {
    "baseline": "Say how many rows may fail (`mustBeLessThan`), or who answers for them until when "
    "(`waiver`)."
}
YEARS = {"y": 365, "yr": 365, "year": 365, "years": 365, "month": 30, "months": 30}
PRIVATE = re.compile(r"personal|private|pii|sensitive|confidential", re.IGNORECASE)
TYPES = {"map": "object", "vector": "array"}
P = TypeVar("P", bound=Part)


@dataclass
class _Reader:
    """One document, and its flaws. `names`: by table and property, what the column is called; tables
    and properties by name and by id."""

    document: Element
    flaws: list[Flaw] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def made(self, kind: type[P], path: Path, **values: Any) -> P | None:
        """The part; None, and a flaw, where a value doesn't fit."""
        try:
            return kind(**values)
        except ValidationError as e:
            for error in e.errors():
                word = ".".join(str(step) for step in error["loc"])
                said = error.get("ctx", {}).get("error") or error["msg"].lower()
                self.flaws.append(Flaw(path, f"{word}: {said}.", ""))
        return None


def understand(document: Element) -> tuple[FieldMap | None, tuple[Flaw, ...]]:
    """The field map of a document that is one of the standard; or None and what can't be meant."""
    reader = _Reader(document)
    _unknown(reader)
    tables = document.get("schema", ())
    for each in tables:
        found = list(_fields(each.get("properties", ()), (), "", ""))
        columns = {prop["id"]: own for own, _, prop, _ in found if "id" in prop}
        columns |= {name: own for own, name, _, _ in found}
        reader.names |= {each[word]: columns for word in ("id", "name") if word in each}
    read = [_table(reader, each, ("schema", at)) for at, each in enumerate(tables)]
    made = reader.made(
        FieldMap,
        (),
        id=document["id"],
        name=document.get("name") or document["id"],
        version=document["version"],
        tables=tuple(table for table in read if table),
    )
    return (None if reader.flaws else made), tuple(reader.flaws)


def _unknown(reader: _Reader) -> None:
    """A word of ours that is misspelt must not be passed over."""
    for path, told in every(reader.document):
        for word in told.keys() - set(WORDS):
            near = get_close_matches(word, WORDS, n=1)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(WORDS)}."
            remedy = INSTEAD.get(word, remedy)
            reader.flaws.append(Flaw(path, f"trustwright.{word} isn't known.", remedy))


def map_of(document: object) -> FieldMap:
    """The field map of a document that was understood before."""
    map, flaws = understand(document) if isinstance(document, Mapping) else (None, ())
    if map is None:
        told = " ".join(flaw.sentence for flaw in flaws)
        raise Invalid("field-map-flawed", f"A stored field map can't be read: {told}")
    return map


def _fields(
    properties: list[Element], path: Path, own: str, name: str
) -> Iterator[tuple[str, str, Element, Path]]:
    """The table's own name, the document's, the property and where it stands; what is nested too."""
    for at, each in enumerate(properties):
        here = (*path, "properties", at)
        owned, named = own + (each.get("physicalName") or each["name"]), name + each["name"]
        yield owned, named, each, here
        yield from _fields(each.get("properties", ()), here, f"{owned}.", f"{named}.")
        items = each.get("items", {})
        yield from _fields(
            items.get("properties", ()), (*here, "items"), f"{owned}[].", f"{named}[]."
        )


def _table(reader: _Reader, element: Element, path: Path) -> TableMap | None:
    name = element.get("physicalName") or element["name"]
    found = list(_fields(element.get("properties", ()), path, "", ""))
    fresh = dict(_freshness(reader, element))
    asked = list(_asked(reader, element, path, found))
    told = ours(element)
    fields = [_field(reader, each, fresh, told) for each in found]
    keys = [own for own, _, each, _ in found if each.get("primaryKey")]
    single = keys or [
        own for own, _, each, _ in found if each.get("unique") and each.get("required")
    ]
    return reader.made(
        TableMap,
        path,
        name=name,
        fields=tuple(each for each in fields if each),
        rules=tuple(_rules(reader, asked)),
        watches=tuple(_watches(reader, asked)),
        key=single[0] if len(single) == 1 else None,
        audience=told.get("audience"),
    )


def _field(
    reader: _Reader,
    found: tuple[str, str, Element, Path],
    fresh: Mapping[str, timedelta],
    table: Element,
) -> MappedField | None:
    own, name, each, path = found
    told, kind = ours(each), each.get("logicalType")
    synonyms = tuple(synonym["synonym"] for synonym in each.get("synonyms", ()))
    source = told.get("source") or ", ".join(each.get("transformSourceObjects", ()))
    classified = " ".join((each.get("classification", ""), *each.get("tags", ())))
    return reader.made(
        MappedField,
        path,
        name=own,
        type=TYPES.get(str(kind), kind),
        required=bool(each.get("required") or each.get("primaryKey")),
        unique=bool(each.get("unique")),
        owner=told.get("owner"),
        risk=told.get("risk") or risk(name, synonyms, bool(each.get("criticalDataElement"))),
        source=source or table.get("source"),
        meaning=each.get("description") or each.get("businessName"),
        values=tuple(value["value"] for value in each["enum"]) if "enum" in each else None,
        freshness=fresh.get(name, fresh.get("")),
        personal=told.get("personal", bool(PRIVATE.search(classified))),
        synonyms=synonyms,
    )


def _freshness(reader: _Reader, table: Element) -> Iterator[tuple[str, timedelta]]:
    """How old a field may be, by the document's name for it; "" for the whole table."""
    for at, sla in enumerate(reader.document.get("slaProperties", ())):
        if str(sla["property"]).lower() not in ("freshness", "latency", "ly"):
            continue
        within = _within(sla)
        if within is None:
            sentence = f"`{sla['value']} {sla.get('unit', '')}` is no time."
            reader.flaws.append(Flaw(("slaProperties", at), sentence, "Write value: 24, unit: h."))
            continue
        for element in str(sla.get("element") or table["name"]).split(","):
            named, _, column = element.strip().partition(".")
            if named == table["name"]:
                # A table is as fresh as the column that tells it.
                yield "", within
                yield column, within


def _within(sla: Element) -> timedelta | None:
    unit = str(sla.get("unit", "")).strip().lower()
    try:
        value = float(sla["value"])
        if unit in YEARS:
            return timedelta(days=value * YEARS[unit])
        return timedelta(**{UNITS[unit]: value})
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


# Rules


def _asked(
    reader: _Reader, table: Element, path: Path, found: list[tuple[str, str, Element, Path]]
) -> Iterator[Asked]:
    names = reader.names[table["name"]]
    yield from _of_key(found)
    for own, _, each, at in found:
        yield from of_field(own, each, at)
        for n, relation in enumerate(each.get("relationships", ())):
            yield _reference(reader, (own,), relation, (*at, "relationships", n))
        for n, quality in enumerate(each.get("quality", ())):
            yield from of_quality(quality, (*at, "quality", n), own, names)
    for n, relation in enumerate(table.get("relationships", ())):
        columns = [names.get(_last(step), _last(step)) for step in _listed(relation["from"])]
        yield _reference(reader, tuple(columns), relation, (*path, "relationships", n))
    for n, quality in enumerate(table.get("quality", ())):
        yield from of_quality(quality, (*path, "quality", n), None, names)
    yield from _of_sla(reader, table, names)


def _of_key(found: list[tuple[str, str, Element, Path]]) -> Iterator[Asked]:
    keys = [each for each in found if each[2].get("primaryKey")]
    keys.sort(key=lambda each: each[2].get("primaryKeyPosition", 0))
    for own, _, each, at in keys:
        if not each.get("required"):
            yield Asked((*at, "primaryKey"), "not-null", (own,))
    if keys and not (len(keys) == 1 and keys[0][2].get("unique")):
        columns = tuple(own for own, _, _, _ in keys)
        yield Asked((*keys[0][3], "primaryKey"), "unique", columns)


def _reference(reader: _Reader, columns: tuple[str, ...], relation: Element, path: Path) -> Asked:
    """To a table by its physical name, where the document has it."""
    to = [re.sub(r"^/?schema/|/properties(?=/)", "", step) for step in _listed(relation["to"])]
    steps = [re.split(r"[./]", step) for step in to]
    table = ".".join(steps[0][:-1])
    names = reader.names.get(table, {})
    of = [names.get(step[-1], step[-1]) for step in steps]
    tables = {
        each[word]: each.get("physicalName") or each["name"]
        for each in reader.document["schema"]
        for word in ("id", "name")
        if word in each
    }
    return Asked(
        path, "reference", columns, {"table": tables.get(table, table), "of": of}, relation
    )


def _of_sla(reader: _Reader, table: Element, names: Mapping[str, str]) -> Iterator[Asked]:
    for column, within in dict(_freshness(reader, table)).items():
        if column:
            params = {"within": f"{int(within.total_seconds())} s", "newest": True}
            own = names.get(column, column)
            yield Asked(("slaProperties",), "stale", (own,), params)


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _last(step: str) -> str:
    return re.split(r"[./]", step)[-1]


def _rules(reader: _Reader, asked: list[Asked]) -> Iterator[RuleUse]:
    taken: set[str] = set()
    for each in asked:
        if each.check == "shift":
            continue
        told = ours(each.element)
        rule = reader.made(
            RuleUse,
            each.path,
            id=_id(each, taken),
            check=each.check,
            columns=each.columns,
            params=each.params,
            severity=severity(each.element),
            owner=told.get("owner"),
            description=each.element.get("description") or each.element.get("name"),
            waiver=_waiver(told.get("waiver")),
            **({"most": each.most} if each.most is not None else {}),
        )
        if rule:
            taken.add(rule.id)
            yield rule


def _id(asked: Asked, taken: set[str]) -> str:
    """The document's own, unless another rule of the table has it."""
    words = "-".join((*asked.columns, asked.check))
    options = chain((asked.element.get("id"), words), (f"{words}-{n}" for n in count(2)))
    return next(id for id in options if id and id not in taken)


def _waiver(told: object) -> object:
    if isinstance(told, Mapping) and isinstance(told.get("until"), str):
        try:
            return {**told, "until": date.fromisoformat(told["until"])}
        except ValueError:
            return told
    return told


def _watches(reader: _Reader, asked: list[Asked]) -> Iterator[Watch]:
    for each in asked:
        if each.check == "shift":
            # To hold and have it looked at is what every watch does; anything else isn't known.
            told = {k: v for k, v in each.params.items() if (k, v) != ("then", "hold-and-review")}
            if "floor" in told:
                told["floor"] = _share(told["floor"])
            if isinstance(told.get("segments"), list):
                told["segments"] = tuple(told["segments"])
            values = {"field": (*each.columns, None)[0], "severity": severity(each.element)}
            watch = reader.made(Watch, each.path, **(values | told))
            if watch:
                yield watch


def _share(value: object) -> object:
    """ "1pp" and "25%" as shares: 0.01, 0.25."""
    if isinstance(value, str) and (found := re.fullmatch(r"([\d.]+)\s*(pp|%)", value)):
        return float(found[1]) / 100
    return value
