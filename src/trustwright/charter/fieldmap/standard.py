"""Is this a document of the Open Data Contract Standard? Its own JSON schema says so."""

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from jsonschema_rs import Draft201909Validator, ValidationError

from trustwright.charter.plain import Path
from trustwright.rights.form import Flaw

WRITTEN = "v3.2.0"
READ = ("v3.2.0", "v3.1.0", "v3.0.2", "v3.0.1", "v3.0.0")
TYPES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "array": "a list",
    "object": "a mapping",
}
UNKNOWN = ("additionalProperties", "unevaluatedProperties")


@cache
def _text() -> bytes:
    """3.2 reads what 3.0 and 3.1 wrote. From the package that carries it, MIT."""
    return (files("open_data_contract_standard") / "schema.json").read_bytes()


@cache
def _schema() -> Draft201909Validator:
    schema = json.loads(_text())
    for branch in schema["$defs"]["SchemaBaseProperty"]["allOf"]:
        asked = branch.get("if", {})
        if asked.get("properties", {}).get("logicalType", {}).get("const") in ("map", "vector"):
            # As first published, every property without a type had to be a map; mended upstream
            # (bitol-io/open-data-contract-standard, issue 322), not yet in the package.
            asked["required"] = ["logicalType"]
    return Draft201909Validator(schema)


def flaws(document: object) -> list[Flaw]:
    """Where a document isn't what the standard says. Empty: it is one."""
    errors = list(_schema().iter_errors(document))
    real = [tuple(e.instance_path) for e in errors if e.kind.name not in UNKNOWN]
    found: dict[tuple[Path, str], Flaw] = {}
    for error in errors:
        # What failed isn't evaluated, and everything in it would be called unknown.
        path: Path = tuple(error.instance_path)
        if error.kind.name in UNKNOWN and any(at[: len(path)] == path for at in real):
            continue
        found |= {(flaw.path, flaw.sentence): flaw for flaw in _said(path, error)}
    return list(found.values()) or _version(document)


def _version(document: object) -> list[Flaw]:
    assert isinstance(document, dict)
    if (version := document["apiVersion"]) in READ:
        return []
    sentence = f"The standard's version {version} isn't read."
    return [Flaw(("apiVersion",), sentence, f"Known: {', '.join(READ)}.")]


def _said(path: Path, error: ValidationError) -> Iterator[Flaw]:
    kind, word = error.kind, f"`{path[-1]}`" if path and isinstance(path[-1], str) else "This"
    match kind.name:
        case "additionalProperties" | "unevaluatedProperties":
            for key in kind.value:
                yield Flaw((*path, key), f"The standard has no `{key}` here.", _own(key))
        case "required":
            yield Flaw(path, f"{word} has no `{kind.value}`.", f"Add `{kind.value}:`.")
        case "enum":
            yield Flaw(path, f"{word} should be one of those the standard has.", _meant(error))
        case "type":
            wanted = " or ".join(TYPES.get(name, name) for name in kind.value)
            yield Flaw(path, f"{word} should be {wanted}.", "")
        case "pattern":
            yield Flaw(path, f"{word} isn't written as the standard has it.", "")
        case _ if "DataQualityOperators" in error.schema_path:
            remedy = "Write one of mustBe, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween ..."
            yield Flaw(path, "A rule has exactly one comparison, with a number.", remedy)
        case _:
            yield Flaw(path, f"{word} has none of the forms the standard has for it.", "")


def _own(key: str) -> str:
    known = [word for word in _words() if word != key]
    near = get_close_matches(key, known, n=1, cutoff=0.8)
    return f"Did you mean `{near[0]}`?" if near else "What is your own belongs in customProperties."


def _meant(error: ValidationError) -> str:
    options = [str(option) for option in error.kind.value]
    near = get_close_matches(str(error.instance), options, n=1)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(options[:20])}."


@cache
def _words() -> frozenset[str]:
    """Every key the standard has anywhere."""
    return frozenset(_keys(json.loads(_text())))


def _keys(schema: object) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _keys(each)
    if isinstance(schema, dict):
        yield from schema.get("properties", ())
        for each in schema.values():
            yield from _keys(each)
