"""How did 3.0 say it? Its library rules, in the words of 3.1 and later."""

from collections.abc import Mapping
from typing import Any

from trustwright.charter.fieldmap.asking import COMPARISONS

METRICS = {
    "nullCheck": "nullValues",
    "nullCount": "nullValues",
    "duplicateCount": "duplicateValues",
    "uniqueCheck": "duplicateValues",
    "validValues": "invalidValues",
    "rowCount": "rowCount",
}


def lifted(document: object) -> object:
    """A document of 3.0 as one of 3.2; any other, and what isn't one, as it is."""
    if isinstance(document, Mapping) and str(document.get("apiVersion")).startswith("v3.0."):
        return _lifted(document)
    return document


def _lifted(value: object) -> object:
    if isinstance(value, list):
        return [_lifted(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    inner = {key: _lifted(each) for key, each in value.items()}
    quality = inner.get("quality")
    if isinstance(quality, list):
        inner["quality"] = [_rule(each) for each in quality]
    return inner


def _rule(quality: object) -> object:
    """A rule of its library; one we don't know stays, as words for people."""
    if (
        not isinstance(quality, dict)
        or "metric" in quality
        or not isinstance(quality.get("rule"), str)
    ):
        return quality
    metric = METRICS.get(quality["rule"])
    if metric is None:
        return _in_words(quality)
    compared = {word: quality[word] for word in COMPARISONS if word in quality} or {"mustBe": 0}
    told = (
        {"arguments": {"validValues": quality["validValues"]}} if "validValues" in quality else {}
    )
    others = {key: each for key, each in quality.items() if key not in ("rule", "validValues")}
    return {**others, "metric": metric, **told, **compared}


def _in_words(quality: dict[str, Any]) -> dict[str, Any]:
    compared = {word: quality[word] for word in ("rule", *COMPARISONS) if word in quality}
    told = ", ".join(f"{word}: {value}" for word, value in compared.items())
    kept = {key: value for key, value in quality.items() if key not in compared}
    words = f"{quality.get('description') or ''} ({told})".strip()
    return {"severity": "error", **kept, "type": "text", "description": words}
