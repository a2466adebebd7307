"""Is this text sound? The checks over files, without a server and without a charter."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.kernel.errors import Invalid, Problem

if TYPE_CHECKING:
    from trustwright.checks.formats import Result
    from trustwright.checks.model import Subject

LINES = (".jsonl", ".ndjson")
Format = Literal["text", "json", "jsonl", "sarif", "junit", "md"]

Paths = Annotated[
    list[str],
    typer.Argument(metavar="PATH", help="Text or JSONL files; - is standard input."),
]


@dataclass
class Heap:
    """What there is to check, in order, and what couldn't be read."""

    subjects: "list[tuple[str, Subject]]" = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    unread: list[Problem] = field(default_factory=list)


def check(  # noqa: PLR0913 - each is an option of the command line
    paths: Paths,
    format: Annotated[Format, typer.Option(help="For people, or for programs.")] = "text",
    fail_on: Annotated[
        Literal["note", "warn", "block"], typer.Option(help="The mildest finding to exit 1 for.")
    ] = "warn",
    only: Annotated[
        list[str] | None, typer.Option(metavar="CHECK", help="This check alone; repeatable.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Every line is JSON, whatever the file's name.")
    ] = False,
    charter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Whose evidence and voice to go by.")
    ] = None,
    workflow: Annotated[
        str | None, typer.Option(metavar="ID", help="Where of the charter: its channel.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Say nothing of what it knows.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Put what is found into the baseline.")
    ] = False,
) -> int:
    """Check text or JSONL files.

    Needs no server; --charter takes the evidence, the voice rules and a workflow's channel of a charter's folder. A line of JSON is {"text" or "parts", "id"?, "sources"?, "evidence"?, "promises"?, "recipient"?, "written"?, "channel"?, "language"?}.
    Exit: 0 sound, 1 findings, 2 input that can't be read, 3 a check could not decide.
    """
    from trustwright.checks.run import run
    from trustwright.checks.shelf import find

    if write_baseline and not baseline:
        raise Invalid("no-baseline", "--write-baseline needs a file.", "Name it with --baseline.")
    chosen = [find(name).id for name in only or ()] or None
    known = terminal.read(baseline) if baseline and not write_baseline else ""
    heap = _gather(paths, jsonl)
    if charter or workflow:
        heap.subjects = _agreed(heap.subjects, charter, workflow)
    results = [
        (location, run(subject, chosen))
        for location, subject in terminal.track(heap.subjects, "Checking")
    ]
    if baseline and write_baseline and not heap.unread:
        return _write(baseline, results)
    if known:
        results = _new(results, known)
    terminal.data(_told(format, results, heap.texts))
    for problem in heap.unread:
        terminal.fail(str(problem))
    return 2 if heap.unread else _verdict(results, fail_on)


def _agreed(
    subjects: "list[tuple[str, Subject]]", folder: Path | None, workflow: str | None
) -> "list[tuple[str, Subject]]":
    """Under a charter. What a line says of its own evidence holds too, and its channel comes first."""
    from trustwright.charter.reading import read
    from trustwright.entrypoints.cli.workspace import charter_files, charter_in
    from trustwright.proposals.checking import registry

    if folder is None:
        raise Invalid(
            "workflow-without-charter", "--workflow is one of a charter.", "Name it with --charter."
        )
    agreed = read(charter_files(charter_in(folder)))
    at = agreed.workflow(workflow) if workflow else None
    return [
        (
            location,
            replace(
                subject,
                evidence=(*subject.evidence, *registry(agreed)),
                voice=agreed.voice,
                channel=subject.channel or (at.channel if at else ""),
                attention=at.attention_seconds if at else None,
            ),
        )
        for location, subject in subjects
    ]


def _told(format: Format, results: "list[Result]", texts: dict[str, str]) -> str:
    from trustwright.checks import formats, tables

    if format == "sarif":
        return formats.as_sarif(results, texts)
    told = {"text": formats.as_text, "json": formats.as_json, "jsonl": formats.as_jsonl}
    return (told | {"junit": tables.as_junit, "md": tables.as_markdown})[format](results)


def _write(file: str, results: "list[Result]") -> int:
    from trustwright.checks import baseline

    terminal.write(Path(file), baseline.write(results).encode())
    found = sum(len(report.findings) for _, report in results)
    terminal.note(f"{found} findings are in {file} now; only others are told with --baseline.")
    return 0


def _new(results: "list[Result]", known: str) -> "list[Result]":
    from trustwright.checks import baseline

    before = sum(len(report.findings) for _, report in results)
    results, gone = baseline.new(results, baseline.read(known))
    after = sum(len(report.findings) for _, report in results)
    terminal.note(f"{before - after} known findings aren't told; {gone} of the baseline are gone.")
    return results


def _verdict(results: "list[Result]", fail_on: str) -> int:
    from trustwright.checks.model import Severity

    mildest = Severity(fail_on).rank
    found = [f for _, report in results for f in report.findings if f.severity.rank >= mildest]
    if found:
        terminal.then(f"trustwright explain {found[0].check}", "says what it looks for, and why.")
        return 1
    return 0 if all(report.complete for _, report in results) else 3


def _gather(paths: list[str], jsonl: bool) -> Heap:
    heap, today = Heap(), datetime.now(UTC).date()
    for path in paths:
        try:
            text = terminal.read(path)
            if not text.strip():
                raise Invalid(
                    "nothing-to-check",
                    f"{terminal.named(path)} is empty.",
                    "An empty file is no proof of anything; see what was to write it.",
                )
            _sort(heap, terminal.named(path), text, jsonl or path.endswith(LINES), today)
        except Problem as e:
            heap.unread.append(e)
    return heap


def _sort(heap: Heap, name: str, text: str, jsonl: bool, today: date) -> None:
    from trustwright.checks import reading

    if not jsonl:
        heap.texts[name] = text
        heap.subjects.append((name, reading.from_text(text, today)))
        return
    for number, line in _lines(text):
        try:
            heap.subjects.append((f"{name}:{number}", reading.from_line(line, today)[1]))
        except Problem as e:
            heap.unread.append(Invalid(e.code, f"{name}:{number}: {e.sentence}", e.remedy))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    # Not splitlines: U+2028 and the like may stand inside a string of JSON.
    return ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def checks(
    format: Annotated[
        Literal["text", "json"], typer.Option(help="For people, or for programs.")
    ] = "text",
) -> None:
    """List the checks there are."""
    from trustwright.checks.shelf import shelf

    found = shelf().values()
    if format == "json":
        names = ("id", "version", "severity", "title")
        terminal.data(json.dumps([{n: getattr(c, n) for n in names} for c in found], indent=2))
    else:
        width = max(len(c.id) for c in found)
        terminal.data("\n".join(f"{c.id:<{width}}  {c.severity:<5}  {c.title}" for c in found))
    terminal.then("trustwright explain CHECK", "tells more of one.")


def explain(check: Annotated[str, typer.Argument(metavar="CHECK", help="Its id.")]) -> None:
    """Say what a check looks for.

    And what it misses, and what to do about a finding.
    """
    from trustwright.checks.shelf import find, page

    terminal.data(page(find(check)))
    terminal.then(f"trustwright check --only {check} PATH", "looks with this one alone.")
