"""What was found before we began? A baseline lets checks be adopted on copy that exists.

A JSON file that belongs into version control: for each file how often each finding was there, by its
fingerprint. Moving text changes nothing; one more of the same is a new finding.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from trustwright.checks.formats import Result, fingerprints, whole_file
from trustwright.kernel.errors import Invalid

Known = dict[str, Counter[str]]
FORM = "trustwright.baseline.v1"


def write(results: Sequence[Result]) -> str:
    """The baseline of what was found: text with one finding a line."""
    known: Known = {}
    for location, report in results:
        marks = (mark.split(":")[0] for _, mark in fingerprints(report))
        known.setdefault(whole_file(location), Counter()).update(marks)
    found = {file: counted for file, counted in known.items() if counted}
    return json.dumps({"format": FORM, "known": found}, indent=1, sort_keys=True) + "\n"


def read(text: str) -> Known:
    """The inverse of `write`, or `Invalid`."""
    try:
        value = json.loads(text)
        known = {file: Counter[str](counted) for file, counted in value["known"].items()}
        if value["format"] == FORM and all(
            type(n) is int for c in known.values() for n in c.values()
        ):
            return known
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise Invalid(
        "not-a-baseline", "The baseline can't be read.", "Write it anew with --write-baseline."
    )


def new(results: Sequence[Result], known: Known) -> tuple[list[Result], int]:
    """The results without what was known, and how much of what was known is gone."""
    left = {file: Counter(counted) for file, counted in known.items()}
    kept: list[Result] = []
    for location, report in results:
        counted, findings = left.get(whole_file(location), Counter[str]()), []
        for finding, mark in fingerprints(report):
            mark = mark.split(":")[0]
            if counted[mark] > 0:
                counted[mark] -= 1
            else:
                findings.append(finding)
        kept.append((location, replace(report, findings=tuple(findings))))
    return kept, sum(n for counted in left.values() for n in counted.values() if n > 0)
