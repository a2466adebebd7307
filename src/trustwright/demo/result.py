"""What the demonstration came to: a value, and its JSON."""

import shlex
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from trustwright.ledger.proving import Verification
from trustwright.stats.proportions import Proportion


@dataclass(frozen=True)
class Proposals:
    """All cases of the workspace by outcome, and how many of them were released so far."""

    submitted: int
    automate: int
    owner: int
    two_person: int
    block: int
    released: int


@dataclass(frozen=True)
class Waits:
    """How many cases wait for a person."""

    person: str
    name: str
    n: int


@dataclass(frozen=True)
class Reason:
    """A rule that kept cases from going alone, and how many."""

    id: str
    n: int
    sentence: str


@dataclass(frozen=True)
class CitationCheck:
    """The check against experts. Positive: a label with "hallucination"; predicted: a finding.

    `alone`: positives among the replies that went alone. `people`: predicted among replies that
    people wrote, and `people_base_rate` the positives there.
    """

    precision: Proportion
    recall: Proportion
    base_rate: Proportion
    checkable: Proportion
    alone: Proportion
    people: Proportion
    people_base_rate: Proportion

    def as_json(self) -> dict[str, Any]:
        shares = {field.name: getattr(self, field.name) for field in fields(self)}
        counted = {name: _counted(share) for name, share in shares.items()}
        rounded = {name: _rounded(share.share) for name, share in shares.items()}
        return {"n": self.base_rate.n, **rounded, "counted": counted}


def _counted(share: Proportion) -> dict[str, Any]:
    low, high = share.interval() or (None, None)
    return {"k": share.k, "n": share.n, "low": _rounded(low), "high": _rounded(high)}


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


@dataclass(frozen=True)
class Proved:
    """A reply that went alone, and the evidence of it. `entry` is its release's place in the log."""

    case: str
    system: str
    text: str
    rule: str
    reason: str
    entry: int
    bundle: str
    log_key: str

    @property
    def command(self) -> str:
        """What anybody types to verify it."""
        return f"trustwright verify {shlex.quote(self.bundle)} --key {shlex.quote(self.log_key)}"


@dataclass(frozen=True)
class HandedOver:
    """A case that waits for the reader, as an invented owner. `case` None: nothing waits any more."""

    case: str | None
    person: str
    name: str
    workflow: str
    text: str
    link: str

    @property
    def page(self) -> str | None:
        """The case in the console, for whoever has come in."""
        site = self.link.partition("/console")[0]
        return self.case and f"{site}/console/cases/{self.case}"


@dataclass(frozen=True)
class Result:
    """Everything the demonstration has to say."""

    workspace: Path
    company: str
    systems: int
    proposals: Proposals
    waits: tuple[Waits, ...]
    reasons: tuple[Reason, ...]
    citation_check: CitationCheck
    ledger: Verification
    proved: Proved | None
    handed_over: HandedOver

    def as_json(self) -> dict[str, Any]:
        """JSON values; shares are numbers from 0 to 1 with k, n and 95 % interval under `counted`."""
        proved = self.proved and {**asdict(self.proved), "command": self.proved.command}
        return {
            "workspace": str(self.workspace),
            "company": self.company,
            "proposals": asdict(self.proposals),
            "waits": [asdict(waits) for waits in self.waits],
            "reasons": [[reason.id, reason.n] for reason in self.reasons],
            "citation_check": self.citation_check.as_json(),
            "ledger": {**asdict(self.ledger), "verified": self.ledger.verified},
            "proved": proved,
            "handed_over": {**asdict(self.handed_over), "page": self.handed_over.page},
        }
