"""How is a report on a table told? As a colleague's note, and as JSON, SARIF, JUnit and Markdown."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from trustwright.checks import formats, tables
from trustwright.checks import model as checks
from trustwright.checks.model import Finding, Severity
from trustwright.signals.model import Report, Result, Verdict
from trustwright.signals.shelf import page, shelf
from trustwright.signals.table import Sample

EXAMPLES = 5
WIDTH = 60
ORDER = (Verdict.FAIL, Verdict.NOT_RUN, Verdict.ACCEPTED)


@dataclass(frozen=True)
class NotRun(checks.Undecided):
    """With its own sentence, for the formats that tell of checks of content too."""

    sentence: str = ""  # type: ignore[misc]  # An instance's own, where the class has a common one.


def as_text(report: Report) -> str:
    """What is wrong, how many of how many, examples, who owns it, what to do; the gravest first."""
    blocks = (_head(report), *("\n".join(_told(r, report.key)) for r in ordered(report)))
    return "\n\n".join(blocks) + "\n"


def ordered(report: Report) -> list[Result]:
    """What isn't a pass: failures, what wasn't run, what is accepted; in each the gravest first."""
    return [result for verdict in ORDER for result in _gravest(report.having(verdict))]


def _gravest(results: tuple[Result, ...]) -> list[Result]:
    return sorted(results, key=lambda r: -r.severity.rank)


def _head(report: Report) -> str:
    lines = [f"{report.table}: {report.rows:,} rows, as of {report.as_of:%Y-%m-%d}.", *report.notes]
    return "\n".join([*lines, summed(report)])


def summed(report: Report) -> str:
    """How many rules there were, and how they ended."""
    if not report.results:
        return "Nothing was asked of it, so nothing is known."
    counts = {verdict: len(report.having(verdict)) for verdict in Verdict}
    words = {
        Verdict.FAIL: "failed",
        Verdict.NOT_RUN: "not run",
        Verdict.ACCEPTED: "accepted",
        Verdict.PASS: "passed",
    }
    told = ", ".join(f"{counts[v]} {word}" for v, word in words.items() if counts[v])
    return f"{len(report.results)} rules: {told}."


def _told(result: Result, key: str | None) -> Iterator[str]:
    yield f"{state(result)}: {what(result)}"
    if result.undecided:
        yield f"  {result.undecided.sentence} {result.undecided.remedy}".rstrip()
    yield from (f"  {words}: {k:,}" for words, k in flaws(result))
    yield from (f"  for example {example}" for example in examples(result, key))
    if result.use.description:
        yield f"  Agreed: {result.use.description.rstrip('.')}."
    yield f"  {who(result)}"
    if not result.undecided:
        yield f"  To do: {result.remedy}"
    yield f"  [{result.use.id}, {result.use.check} {result.version}]"


def state(result: Result) -> str:
    """Its verdict in a word or two."""
    match result.verdict:
        case Verdict.ACCEPTED:
            waiver = result.use.waiver
            return f"Accepted until {waiver.until} by {waiver.by}" if waiver else "Accepted"
        case Verdict.NOT_RUN:
            return "Not run"
    return {Severity.BLOCK: "Stop", Severity.WARN: "Look at it"}.get(result.severity, "Note")


def what(result: Result) -> str:
    """How many of how many, and what is wrong with them."""
    if result.undecided:
        return f"{result.says}?"
    since = f", since {result.since:%Y-%m-%d}" if result.since else ""
    return f"{counted(result)}: {result.says}{since}."


def counted(result: Result) -> str:
    """`12 of 900 rows (1.3 %)`."""
    share = 100 * result.k / result.n if result.n else 0
    return f"{result.k:,} of {result.n:,} {result.unit}s ({share:{'.2g' if share < 99.5 else '.4g'}} %)"


def flaws(result: Result) -> list[tuple[str, int]]:
    """What is wrong, in words, with the number of rows; the most frequent."""
    return [(flaw.words, k) for flaw, k in result.flaws[:EXAMPLES] if flaw.words]


def examples(result: Result, key: str | None) -> tuple[str, ...]:
    """Five failing rows: the key, and the columns at fault."""
    told = dict.fromkeys(_sample(sample, key) for sample in result.samples)
    return tuple(told)[:EXAMPLES]


def _sample(sample: Sample, key: str | None) -> str:
    name = "row" if isinstance(sample.key, int) or key is None else key
    said = f"{name} {shortened(sample.key)}"
    values = ", ".join(f"{name} {shortened(value)}" for name, value in sample.values.items())
    return f"{said}: {values}" if values else said


def shortened(value: object) -> str:
    """A cell as it is told: nothing longer than 60 characters."""
    if value is None:
        return "(empty)"
    text = str(value)
    return (text if len(text) <= WIDTH else f"{text[:WIDTH]}...") or '""'


def who(result: Result) -> str:
    """Who answers for it, and what it stops."""
    owner = f"{result.owner} answers for it" if result.owner else "Nobody is named to answer for it"
    waiver = result.use.waiver
    ended = waiver and result.verdict is Verdict.FAIL
    late = f" {waiver.by}'s waiver ended on {waiver.until}." if waiver and ended else ""
    stops = f"; it keeps {result.blocks} from going out" if result.blocks else ""
    return f"{owner}{stops if result.verdict is not Verdict.ACCEPTED else ''}.{late}"


# For programs


def as_json(report: Report) -> str:
    """One object; `verdict` is `fail`, `not-run` or `pass` for the whole."""
    whole = {
        "table": report.table,
        "fingerprint": report.fingerprint,
        "as_of": report.as_of.isoformat(),
        "rows": report.rows,
        "verdict": verdict(report),
        "notes": list(report.notes),
        "results": [_plain(result) for result in report.results],
    }
    return json.dumps(whole, indent=2, default=_json) + "\n"


def verdict(report: Report) -> Verdict:
    """Of the whole: what failed goes before what wasn't run."""
    if report.having(Verdict.FAIL):
        return Verdict.FAIL
    return Verdict.PASS if report.complete else Verdict.NOT_RUN


def _plain(result: Result) -> dict[str, Any]:
    why = result.undecided
    return {
        "id": result.use.id,
        "rule": result.use.check,
        "version": result.version,
        "columns": list(result.use.columns),
        "verdict": result.verdict,
        "severity": result.severity,
        "k": result.k,
        "n": result.n,
        "unit": result.unit,
        "says": result.says,
        "description": result.use.description,
        "remedy": why.remedy if why else result.remedy,
        "owner": result.owner,
        "blocks": result.blocks,
        "since": result.since,
        "accepted": result.use.waiver.model_dump(mode="json") if result.use.waiver else None,
        "not_run": {"reason": why.reason, "sentence": why.sentence} if why else None,
        "flaws": [{"words": flaw.words, "mild": flaw.mild, "k": k} for flaw, k in result.flaws],
        "samples": [{"key": s.key, "values": dict(s.values)} for s in result.samples],
    }


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def as_sarif(report: Report) -> str:
    """SARIF 2.1.0: a result for each rule that failed, a notification for each that wasn't run."""
    return formats.as_sarif([_as_checks(report)], described=_described)


def as_junit(report: Report) -> str:
    """JUnit XML: a case for each use of a rule."""
    return tables.as_junit([_as_checks(report, by_use=True)])


def as_markdown(report: Report) -> str:
    """A table of what failed and what wasn't run."""
    return tables.as_markdown([_as_checks(report)])


def _described(id: str) -> formats.SarifRule | None:
    rule = shelf().get(id)
    return formats.rule(rule, page(rule)) if rule else None


def _as_checks(report: Report, by_use: bool = False) -> formats.Result:
    """The report in the words of checks of content, which pipelines are told in already."""

    def name(result: Result) -> str:
        return result.use.id if by_use else result.use.check

    found = [
        Finding(
            name(r),
            r.use.id,
            r.severity,
            ", ".join(r.use.columns) or report.table,
            0,
            0,
            f"{what(r)} {who(r)}",
            r.remedy,
        )
        for r in report.having(Verdict.FAIL)
    ]
    left = [
        NotRun(name(r), r.undecided.reason, f"{r.undecided.sentence} {r.undecided.remedy}".strip())
        for r in report.results
        if r.undecided
    ]
    versions = {name(r): r.version for r in report.results}
    return report.table, checks.Report(tuple(found), tuple(left), None, versions)
