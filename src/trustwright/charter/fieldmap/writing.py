"""How does a document look on disk? YAML of the standard's newest version, in its order."""

from collections.abc import Mapping
from typing import Any

import yaml

from trustwright.charter.fieldmap.standard import WRITTEN

ORDER = ("apiVersion", "kind", "id", "name", "version", "status", "description", "team", "schema")


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, data: object) -> bool:
        return True  # A value that stands twice is written twice: aliases aren't read.


def write(document: Mapping[str, Any]) -> str:
    """The YAML text. What was read comes back equal, but for the version of the standard."""
    first = {word: document[word] for word in ORDER if word in document}
    whole = {**first, **document, "apiVersion": WRITTEN}
    text: str = yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
