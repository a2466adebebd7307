"""The citation check against experts: what its page claims is what it does."""

import gzip
import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest

from trustwright.checks import Source, Subject, run
from trustwright.checks.library import citation
from trustwright.stats.proportions import Proportion

Judged = list[tuple[dict[str, Any], bool, bool, bool]]

ROWS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "all": lambda reply: True,
    "held out": lambda reply: reply["n"] % 2 == 0,
    "GPT-2": lambda reply: reply["system"] == "gpt2",
    "CTRL": lambda reply: reply["system"] == "ctrl",
    "DoHA": lambda reply: reply["system"] == "doha",
}


@pytest.fixture(scope="module")
def judged() -> Judged:
    """(reply, hallucinated by the expert's label, found by the check, something to compare)."""
    packed = (files("trustwright.demo") / "data" / "replies.jsonl.gz").read_bytes()
    replies = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    return [_judge(reply) for reply in replies]


def _judge(reply: dict[str, Any]) -> tuple[dict[str, Any], bool, bool, bool]:
    sources = (Source("1", reply["passage"]),)
    subject = Subject((("text", reply["text"]),), today=date(2026, 1, 1), sources=sources)
    report = run(subject, only=["citation"])
    assert report.complete
    return reply, "hallucination" in reply["label"], bool(report.findings), bool(report.checkable)


def _row(rows: Judged) -> tuple[Proportion, ...]:
    wrong = sum(w for _, w, _, _ in rows)
    found = sum(f for _, _, f, _ in rows)
    right = sum(w and f for _, w, f, _ in rows)
    n = len(rows)
    return (
        Proportion(right, found),
        Proportion(right, wrong),
        Proportion(wrong, n),
        Proportion(sum(c for *_, c in rows), n),
    )


@pytest.mark.parametrize("name", ROWS)
def test_the_page_states_what_is_measured(judged: Judged, name: str) -> None:
    measured = " | ".join(map(str, _row([row for row in judged if ROWS[name](row[0])])))
    assert f"| {name} | {measured} |" in (citation.__doc__ or "")


def test_what_it_finds_is_right_four_times_in_five_beyond_chance(judged: Judged) -> None:
    precision = _row(judged)[0].interval()
    assert precision is not None
    assert precision[0] >= 0.80
