"""How is it told? Reports as text for people, JSON for programs, SARIF 2.1.0 for pipelines; more in `tables`.

A result is (location, report): a path, `path:line` for a line of JSON, or any other name.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Any, Protocol
from urllib.parse import quote

from trustwright.checks.model import Finding, Report, Severity, Undecided
from trustwright.checks.shelf import page, shelf

Result = tuple[str, Report]
SarifRule = dict[str, Any]


class Described(Protocol):
    """What SARIF says of a rule."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> Severity: ...


LEVELS = {Severity.NOTE: "note", Severity.WARN: "warning", Severity.BLOCK: "error"}
REASONS = {
    "crashed": "the check itself failed",
    "not-loaded": "the check could not be loaded",
    "too-many": "there are more findings than a message can have; the rest wasn't looked at",
    "too-short": "the text is too short to tell its language",
    "unsure": "the language of the text can't be told for certain",
    "unknown-language": "the language expected isn't known here",
    "not-installed": "the library lingua isn't installed; trustwright[languages] installs it",
    "not-english": "the text is not in English, and the check knows only English",
}
_LINE = re.compile(r"(?P<path>.+):(?P<line>\d{1,9})")


def why(undecided: Undecided) -> str:
    """Why it could not decide, as the end of a sentence."""
    return undecided.sentence or REASONS.get(undecided.reason, undecided.reason)


def as_text(results: Sequence[Result]) -> str:
    """A line for each finding and each check that could not decide, then a count."""
    lines = [line for location, report in results for line in _lines(location, report)]
    worst = Counter(report.worst for _, report in results)
    stopped, warned = worst["block"], worst["warn"] + worst["note"]
    undecided = sum(not report.complete for _, report in results)
    lines.append(
        f"{len(results)} checked: {stopped} to stop, {warned} to look at, {undecided} not decided."
    )
    return "\n".join(lines) + "\n"


def _lines(location: str, report: Report) -> Iterator[str]:
    for f in report.findings:
        yield _visible(
            f"{location}: {f.part} {f.start}-{f.end}: {f.severity}: {f.message} {f.remedy} [{f.check}/{f.code}]"
        )
    for u in report.undecided:
        yield _visible(f"{location}: not decided: {why(u)} [{u.check}]")
    if report.checkable is False:
        yield _visible(f"{location}: nothing in it could be compared with its sources [citation]")


def _visible(line: str) -> str:
    """Hidden characters of the text must not act on the reader's terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def as_json(results: Sequence[Result]) -> str:
    """A list of reports with their location, `worst` and `complete`."""
    return json.dumps([_told(*result) for result in results], indent=2) + "\n"


def as_jsonl(results: Sequence[Result]) -> str:
    """The same, one report a line, in the order of what was checked."""
    return "".join(json.dumps(_told(*result)) + "\n" for result in results)


def _told(location: str, report: Report) -> dict[str, Any]:
    state = {"location": location, "worst": report.worst, "complete": report.complete}
    return {**state, **report.as_json()}


def as_sarif(
    results: Sequence[Result],
    texts: Mapping[str, str] | None = None,
    described: Callable[[str], SarifRule | None] | None = None,
) -> str:
    """SARIF 2.1.0: rule = check, offsets in code points of the part named as logical location.

    `texts` are whole files by location; where given, findings also get line and column. `described`
    gives the rules that aren't checks of content.
    """
    used = {check for _, report in results for check in report.versions}
    rules = [rule for name in sorted(used) if (rule := (described or _described)(name))]
    notices = [_notice(location, u) for location, report in results for u in report.undecided]
    crashed = any(u.reason == "crashed" for _, report in results for u in report.undecided)
    run = {
        "tool": {"driver": {"name": "trustwright", "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": not crashed, "toolExecutionNotifications": notices}
        ],
        "results": [
            r for location, report in results for r in _results(location, report, texts or {})
        ],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _described(id: str) -> SarifRule | None:
    check = shelf().get(id)
    return rule(check, page(check)) if check else None


def rule(check: Described, page: str) -> SarifRule:
    """The rule with its page in Markdown."""
    text = cleandoc(check.__doc__ or check.title)
    return {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": text.split("\n\n")[0].replace("\n", " ")},
        "help": {"text": text, "markdown": page},
        "defaultConfiguration": {"level": LEVELS[check.severity]},
        "properties": {"version": check.version},
    }


def fingerprints(report: Report) -> Iterator[tuple[Finding, str]]:
    """Each finding with what it is known by: the same text further down is the same finding, the
    same words twice are two.
    """
    seen: Counter[str] = Counter()
    for f in report.findings:
        said = f"{f.check}|{f.code}|{f.part}|{f.message}".encode("utf-8", "replace")
        mark = hashlib.sha256(said).hexdigest()[:32]
        seen[mark] += 1
        yield f, f"{mark}:{seen[mark]}"


def _results(location: str, report: Report, texts: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for f, mark in fingerprints(report):
        yield {
            "ruleId": f.check,
            "level": LEVELS[f.severity],
            "message": {"text": f"{f.message} {f.remedy}".encode("utf-8", "replace").decode()},
            "locations": [_place(location, f, texts.get(location))],
            "partialFingerprints": {"trustwright/v1": mark},
            "properties": {"code": f.code, "source": list(f.source) if f.source else None},
        }


def whole_file(location: str) -> str:
    """The path of `path:line`."""
    line = _LINE.fullmatch(location)
    return line["path"] if line else location


def _place(location: str, f: Finding, text: str | None) -> dict[str, Any]:
    line = _LINE.fullmatch(location)
    region: dict[str, int] = {"charOffset": f.start, "charLength": f.end - f.start}
    if text is not None:
        region |= dict(
            zip(("startLine", "startColumn"), _line_and_column(text, f.start), strict=True)
        )
        region |= dict(zip(("endLine", "endColumn"), _line_and_column(text, f.end), strict=True))
    elif line:
        # Offsets count within the part, so the region in the file is the whole line of JSON.
        region = {"startLine": int(line["line"])}
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(whole_file(location))},
            "region": region,
        },
        "logicalLocations": [
            {"name": f.part, "fullyQualifiedName": f"{f.part}:{f.start}-{f.end}", "kind": "member"}
        ],
    }


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _uri(path: str) -> str:
    return quote(path.replace("\\", "/"), safe="/-._~", errors="replace")


def _notice(location: str, undecided: Undecided) -> dict[str, Any]:
    return {
        "level": "error" if undecided.reason == "crashed" else "warning",
        "descriptor": {"id": undecided.reason},
        "associatedRule": {"id": undecided.check},
        "message": {"text": f"{undecided.check} could not decide: {why(undecided)}."},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(location)}}}],
    }
