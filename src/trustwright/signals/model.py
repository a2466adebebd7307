"""What did the rules say of a table? Frozen and pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trustwright.charter.fieldmap.model import RuleUse
from trustwright.checks.model import Severity
from trustwright.signals.table import Counts, Flaw, Sample, Totals, Undecided


class Verdict(StrEnum):
    """Every rule ends in exactly one. `not-run` stops as much as `fail` does."""

    PASS = "pass"  # noqa: S105 - a verdict
    FAIL = "fail"
    NOT_RUN = "not-run"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Result:
    """What one use of a rule said: `k` of `n` `unit`s fail. `says` is what failing means.

    `owner` is a person's id or None; `blocks` what a failure keeps from going out; `since` the first
    check that found it, where known; `undecided` is there if and only if it wasn't run.
    """

    use: RuleUse
    version: str
    verdict: Verdict
    severity: Severity
    k: int
    n: int
    says: str
    remedy: str
    unit: str = "row"
    owner: str | None = None
    blocks: str | None = None
    since: datetime | None = None
    flaws: tuple[tuple[Flaw, int], ...] = ()
    samples: tuple[Sample, ...] = ()
    undecided: Undecided | None = None


@dataclass(frozen=True)
class Report:
    """A table at a moment. `distributions` and `totals` are what its watches look at."""

    table: str
    fingerprint: str
    as_of: datetime
    rows: int
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    key: str | None = None
    distributions: Mapping[tuple[str, ...], Counts] = field(default_factory=dict)
    totals: Mapping[tuple[str, ...], Totals] = field(default_factory=dict)

    def having(self, verdict: Verdict) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.verdict is verdict)

    @property
    def complete(self) -> bool:
        """Whether everything asked was decided. Nothing asked is nothing decided."""
        return bool(self.results) and not self.having(Verdict.NOT_RUN)

    def failed(self, fail_on: Severity = Severity.WARN) -> tuple[Result, ...]:
        """What fails and is at least as grave as `fail_on`."""
        found = self.having(Verdict.FAIL)
        return tuple(result for result in found if result.severity.rank >= fail_on.rank)
