"""A report says everything that was seen, and what could not be decided."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import EntryPoint

import pytest

from trustwright.checks import (
    Example,
    Finding,
    Report,
    Severity,
    Source,
    Subject,
    Undecided,
    run,
    shelf,
)
from trustwright.checks.run import ENOUGH, looked
from trustwright.checks.shelf import Check, Seen, Unloaded, find
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import NotFound
from trustwright.kernel.shelves import offered

SUBJECT = Subject(
    (
        ("subject", "The best offer"),
        ("body", "We will pay 90 % to DE89 3704 0044 0532 0130 00.\u202e"),
    ),
    today=date(2026, 1, 1),
    sources=(Source("1", "No source at all"),),
)


@dataclass(frozen=True)
class Theirs:
    """Somebody else's check."""

    id: str = "theirs"
    version: str = "3"
    title: str = "Theirs"
    severity: Severity = Severity.NOTE
    examples: tuple[Example, ...] = ()
    end: int = 3
    times: int = 1

    def look(self, subject: Subject) -> Iterator[Seen]:
        if not self.times:
            raise ZeroDivisionError
        part = subject.parts[0][0] if self.end else "nowhere"
        for _ in range(self.times):
            yield Finding(self.id, "seen", self.severity, part, 0, self.end, "Seen.", "None.")


def test_a_report_has_findings_in_the_order_of_the_text_and_the_versions_that_looked() -> None:
    report = run(SUBJECT)
    assert [f.part for f in report.findings] == ["subject", "body", "body", "body", "body", "body"]
    assert [f.start for f in report.findings[1:]] == sorted(f.start for f in report.findings[1:])
    assert report.worst == "block"
    assert report.complete
    assert report.versions.keys() == shelf().keys()


def test_a_report_survives_the_vault() -> None:
    report = Report(run(SUBJECT).findings, (Undecided("x", "crashed"),), False, {"x": "1"})
    assert Report.from_json(json.loads(canonical(report.as_json()))) == report


def test_nothing_found_is_none() -> None:
    assert Report().worst == "none"
    assert run(Subject((), today=date(2026, 1, 1))).findings == ()


@pytest.mark.parametrize(("end", "times"), [(3, 0), (99, 1), (0, 1)])
def test_a_check_that_falls_over_or_points_outside_is_undecided(end: int, times: int) -> None:
    assert looked(Theirs(end=end, times=times), SUBJECT) == [Undecided("theirs", "crashed")]


def test_more_findings_than_a_message_can_have_end_undecided() -> None:
    seen = looked(Theirs(times=ENOUGH + 9), SUBJECT)
    assert len(seen) == ENOUGH + 1
    assert seen[-1] == Undecided("theirs", "too-many")
    assert len(looked(Theirs(times=ENOUGH), SUBJECT)) == ENOUGH


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (f"{__name__}:Theirs", Theirs),
        ("trustwright.checks.library.citation", type(json)),
        ("nowhere.at.all", Unloaded),
        (f"{__name__}:SUBJECT", Unloaded),
    ],
)
def test_a_third_party_adds_a_class_or_a_module_and_a_broken_one_is_undecided(
    value: str, kind: type
) -> None:
    entry = EntryPoint("theirs", value, "trustwright.checks")
    check = offered(entry, Check, Unloaded)  # type: ignore[type-abstract]
    assert isinstance(check, kind)
    if kind is Unloaded:
        assert looked(check, SUBJECT) == [Undecided("theirs", "not-loaded")]


def test_only_those_named_look_and_an_unknown_one_is_named() -> None:
    assert list(run(SUBJECT, only=["personal-data"]).versions) == ["personal-data"]
    with pytest.raises(NotFound, match="hidden-characters"):
        find("spelling")


def test_severities_have_an_order() -> None:
    assert Severity.NOTE.rank < Severity.WARN.rank < Severity.BLOCK.rank
