"""How is it told to a CI page? JUnit XML for test reports, Markdown for comments and summaries."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from trustwright.checks.formats import Result, why
from trustwright.checks.model import Finding, Report

# What XML 1.0 can't hold.
_NO_XML = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(results: Sequence[Result]) -> str:
    """JUnit XML: a suite for each item, a case for each check; a finding is a failure, what could not be
    decided an error.
    """
    suites = "\n".join(_suite(location, report) for location, report in results)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="trustwright">\n{suites}\n</testsuites>\n'


def _suite(location: str, report: Report) -> str:
    cases = "\n".join(_case(location, report, check) for check in sorted(report.versions))
    failed = len({f.check for f in report.findings})
    errors = len({u.check for u in report.undecided})
    counts = f'tests="{len(report.versions)}" failures="{failed}" errors="{errors}"'
    return f"  <testsuite name={_attribute(location)} {counts}>\n{cases}\n  </testsuite>"


def _case(location: str, report: Report, check: str) -> str:
    found = _failure([f for f in report.findings if f.check == check])
    unsure = "".join(
        f"<error type={_attribute(u.reason)} message={_attribute(why(u))}/>"
        for u in report.undecided
        if u.check == check
    )
    head = f"    <testcase classname={_attribute(location)} name={_attribute(check)}"
    return f"{head}>{found}{unsure}</testcase>" if found or unsure else f"{head}/>"


def _failure(found: Sequence[Finding]) -> str:
    """One for all, as the form has it; the gravest names it."""
    if not found:
        return ""
    worst = max(found, key=lambda f: f.severity.rank)
    lines = "\n".join(
        f"{f.part} {f.start}-{f.end}: {f.severity}: {f.message} {f.remedy}" for f in found
    )
    said = escape(_NO_XML.sub("\ufffd", lines))
    return f'<failure type="{worst.severity}" message={_attribute(worst.message)}>{said}</failure>'


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def as_markdown(results: Sequence[Result]) -> str:
    """A table of what was found and what could not be decided, and a count."""
    rows = [row for location, report in results for row in _rows(location, report)]
    worst = Counter(report.worst for _, report in results)
    undecided = sum(not report.complete for _, report in results)
    count = (
        f"**{len(results)} checked**: {worst['block']} to stop, {worst['warn'] + worst['note']} "
        f"to look at, {undecided} not decided.\n"
    )
    if not rows:
        return count
    head = ("where", "", "what", "what to do", "check")
    lines = [head, ("---",) * len(head), *rows]
    return count + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _rows(location: str, report: Report) -> Iterator[tuple[str, ...]]:
    for f in report.findings:
        where = f"{location}: {f.part} {f.start}-{f.end}"
        yield (*map(_cell, (where, f.severity.value, f.message, f.remedy)), f"`{f.check}`")
    for u in report.undecided:
        told = why(u)
        yield (*map(_cell, (location, "not decided", told, "")), f"`{u.check}`")


def _cell(text: str) -> str:
    """Text as text: neither markup, nor hidden characters, of what was checked acts on the page."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return re.sub(r"([\\`*_\[\]<>#|~@:&])", _escaped, shown)


def _escaped(m: re.Match[str]) -> str:
    return f"&#{ord(m[0])};" if m[0] in "@:<>&" else "\\" + m[0]
