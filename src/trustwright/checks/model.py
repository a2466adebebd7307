"""What is looked at, and what was seen. Everything is frozen and pure.

Offsets are Unicode code points of one part, `start` inclusive, `end` exclusive.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

from trustwright.charter.voice import VoiceRule

Span = tuple[int, int]
WRITTEN = "written"
"""The part that findings about the customer's own words stand in."""


class Severity(StrEnum):
    """note: worth knowing; warn: a person decides; block: these bytes can't be released."""

    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


@dataclass(frozen=True)
class Source:
    """What an answer says it rests on."""

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True)
class Evidence:
    """A claim of the evidence registry. `valid_until` is its last good day; None is without end."""

    claim: str
    proof: str
    owner: str
    valid_until: date | None = None


@dataclass(frozen=True)
class Promise:
    """A promise to a customer that somebody took on: the words, who keeps it, until when."""

    quote: str
    owner: str
    due: date


@dataclass(frozen=True)
class Subject:
    """What is checked. `parts` are (name, text) in order; `recipient` is what belongs to the one
    written to (name, e-mail, phone ...) and may therefore appear; `today` is the caller's clock;
    `written` is what the customer wrote, if this answers somebody; `channel` is where it goes out, and
    `attention` the seconds it has there, if the charter says so; `language` is the one expected (BCP 47);
    `voice` are the charter's rules of speech.
    """

    parts: tuple[tuple[str, str], ...]
    _: KW_ONLY
    today: date
    sources: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    promises: tuple[Promise, ...] = ()
    recipient: tuple[str, ...] = ()
    written: str = ""
    channel: str = ""
    attention: int | None = None
    language: str | None = None
    voice: tuple[VoiceRule, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing a check found. `source` is (source id, start, end) of what it disagrees with."""

    check: str
    code: str
    severity: Severity
    part: str
    start: int
    end: int
    message: str
    remedy: str
    source: tuple[str, int, int] | None = None


@dataclass(frozen=True)
class Undecided:
    """A check could not decide. `reason` is a stable code: crashed, not-loaded, not-english, too-many,
    too-short, unsure, unknown-language, not-installed."""

    check: str
    reason: str
    sentence: ClassVar[str] = ""


@dataclass(frozen=True)
class Compared:
    """A check compared `n` statements of the text with its sources; 0 is "nothing checkable"."""

    check: str
    n: int


@dataclass(frozen=True)
class Report:
    """What all checks said. `checkable`: was anything comparable with the sources? None: no sources."""

    findings: tuple[Finding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    checkable: bool | None = None
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return not self.undecided

    @property
    def worst(self) -> str:
        """none, note, warn or block."""
        severities = [finding.severity for finding in self.findings]
        return max(severities, key=lambda s: s.rank).value if severities else "none"

    def as_json(self) -> dict[str, Any]:
        """JSON values without floats, so that they can be written canonically."""
        return {
            "findings": [_plain(finding) for finding in self.findings],
            "undecided": [asdict(undecided) for undecided in self.undecided],
            "checkable": self.checkable,
            "versions": dict(self.versions),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Report":
        """The inverse of `as_json`, for values we wrote ourselves."""
        return cls(
            findings=tuple(_finding(item) for item in value["findings"]),
            undecided=tuple(Undecided(**item) for item in value["undecided"]),
            checkable=value["checkable"],
            versions=dict(value["versions"]),
        )


def _plain(finding: Finding) -> dict[str, Any]:
    source = list(finding.source) if finding.source else None
    return {**asdict(finding), "severity": finding.severity.value, "source": source}


def _finding(item: Mapping[str, Any]) -> Finding:
    source = tuple(item["source"]) if item["source"] else None
    return Finding(**{**item, "severity": Severity(item["severity"]), "source": source})


EXAMPLE_DAY = date(2026, 1, 15)


@dataclass(frozen=True)
class Example:
    """A bad text in which the check finds `code`, and a good one in which it finds nothing.

    What else they need is the same for both: sources, evidence, promises and so on. `written`: the
    texts are a customer's.
    """

    code: str
    bad: str
    good: str
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    promises: tuple[Promise, ...] = ()
    recipient: tuple[str, ...] = ()
    written: bool = False
    channel: str = ""
    language: str | None = None
    voice: tuple[VoiceRule, ...] = ()

    def subject(self, text: str) -> Subject:
        sources = tuple(Source(str(n), said) for n, said in enumerate(self.sources, 1))
        return Subject(
            (("text", "Hello." if self.written else text),),
            written=text if self.written else "",
            channel=self.channel,
            language=self.language,
            voice=self.voice,
            today=EXAMPLE_DAY,
            sources=sources,
            evidence=self.evidence,
            promises=self.promises,
            recipient=self.recipient,
        )
