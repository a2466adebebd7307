"""The demonstration in words, for a terminal: progress while it runs, and what it came to."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

from trustwright.demo.result import CitationCheck, HandedOver, Proposals, Proved, Result
from trustwright.demo.run import Watch
from trustwright.ledger.proving import Verification


@contextmanager
def progress(quiet: bool = False) -> Iterator[Watch]:
    """A bar on stderr; nothing where that isn't a terminal, or where nobody wants it."""
    console = Console(stderr=True)
    columns = ("submitting", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, disable=quiet or not console.is_terminal)
    task = bar.add_task("submitting", total=None)
    with bar:
        yield lambda done, of: bar.update(task, completed=done, total=of)


def summary(result: Result) -> str:
    """The whole story; its last line hands a case to the reader."""
    p = result.proposals
    parts = [
        f"{result.company}: {p.submitted:,} real texts by {result.systems} AI systems.",
        _outcomes(p, result),
        _reasons(result),
        _check(result.citation_check),
        _ledger(result.ledger),
        _proved(result.proved) if result.proved else "Nothing went alone.",
        _handed_over(result.handed_over),
    ]
    return "\n\n".join(parts) + "\n"


def _outcomes(p: Proposals, result: Result) -> str:
    lines = [f"{p.automate:>7,}  may go alone; {p.released:,} released so far"]
    lines += [f"{waits.n:>7,}  wait for {waits.name}" for waits in result.waits]
    lines += [f"{p.two_person:>7,}  need two people"] if p.two_person else []
    lines += [f"{p.block:>7,}  are stopped"]
    return "\n".join(lines)


def _reasons(result: Result) -> str:
    lines = [f"{r.n:>7,}  {r.id:<17} {r.sentence}".rstrip() for r in result.reasons]
    return "\n".join(["Why they don't go alone, most often:", *lines])


def _check(c: CitationCheck) -> str:
    lines = [
        f"The citation check against experts, on {c.base_rate.n} replies with a source",
        '(positive: any label with "hallucination"; predicted: a finding; with 95 % intervals):',
        f"  precision  {c.precision}",
        f"  recall     {c.recall}",
        f"  base rate  {c.base_rate}",
        f"  checkable  {c.checkable}",
        "What it passes isn't therefore right. Experts saw a hallucination in this share of the",
        f"replies that went alone: {c.alone}.",
        f"For comparison, replies by people, never submitted: a finding in {c.people},",
        f"a hallucination in {c.people_base_rate}.",
    ]
    return "\n".join(lines)


def _ledger(walk: Verification) -> str:
    if walk.verified:
        return (
            f"Ledger verified: {walk.entries:,} entries, each hashed again, under one signed root."
        )
    return "\n".join(["LEDGER NOT VERIFIED:", *(f"  {problem}" for problem in walk.problems)])


def _proved(p: Proved) -> str:
    lines = [
        f"One that went alone: {p.case}, by {p.system}",
        f"  “{_excerpt(p.text)}”",
        f"  Rule {p.rule}: {p.reason}",
        f"  Its release is entry {p.entry:,} of the log. Anybody can verify that without us:",
        f"  {p.command}",
    ]
    return "\n".join(lines)


def _handed_over(h: HandedOver) -> str:
    who = (
        f"You are {h.name}, who answers for {h.workflow[:1].lower()}{h.workflow[1:]}: open {h.link}"
    )
    if h.case is None:
        return f"{who} ; nothing that differs from its source waits any more."
    lines = [
        f"One that waits: {h.case}",
        f"  “{_excerpt(h.text)}”",
        f"  Its page, once you are in: {h.page}",
    ]
    return "\n".join(lines) + f"\n\n{who} ; {h.case} waits for you."


def _excerpt(text: str) -> str:
    return textwrap.shorten(text, 160, placeholder=" …")
