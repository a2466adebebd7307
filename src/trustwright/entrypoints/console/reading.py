"""One case as somebody reads it: its text, what was found in it, what it rests on, what was changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property

from trustwright.charter.model import Charter
from trustwright.checks import model as checks
from trustwright.checks.english import FUNCTION_WORDS, words
from trustwright.entrypoints.console.case import Edit, Evidence, Finding, Part, PartChange, Source
from trustwright.entrypoints.console.clock import briefly, zone
from trustwright.entrypoints.console.diff import pieces
from trustwright.entrypoints.console.marks import Severity, Span, stretches
from trustwright.entrypoints.console.names import Names
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import View
from trustwright.proposals import checking, review
from trustwright.proposals.accepting import key
from trustwright.proposals.content import Parts
from trustwright.proposals.judging import judged
from trustwright.proposals.model import Case, Edited, Routed
from trustwright.proposals.orders import Details
from trustwright.proposals.orders import Source as Given

SEVERITIES: dict[checks.Severity, Severity] = {
    checks.Severity.NOTE: "note",
    checks.Severity.WARN: "warn",
    checks.Severity.BLOCK: "block",
}
MOST_OF_A_SOURCE = 20_000


@dataclass(frozen=True)
class Reading:
    """A case, what the vault still holds of it, and who is looking. `details` None: erased."""

    view: View
    charter: Charter
    of: Case
    routed: Routed
    names: Names
    details: Details | None
    parts: Parts
    found: tuple[checks.Finding, ...]
    undecided: tuple[checks.Undecided, ...]

    def words(self, commitment: str | None) -> str:
        """What somebody wrote, as long as it isn't erased."""
        opened = self.view.open(commitment) if commitment else None
        return opened.value.decode() if opened else ""

    def at(self, fact: Fact) -> str:
        """When it happened: the time of a day, and which day if it wasn't today."""
        return briefly(fact.at, self.view.now, self.zone)

    @cached_property
    def zone(self) -> tzinfo:
        return zone(self.view)


def read(view: View, charter: Charter, case: str) -> Reading:
    """`NotFound` for a case that isn't open to the acting person."""
    of = review.readable(view, charter, case)
    assert of.routed is not None
    here = (view, charter, of, of.routed, Names(view))
    if not (view.open(of.content) and view.open(of.routed.report)):
        return Reading(*here, None, (), (), ())
    report = checking.report_of(view, of.routed.report)
    parts = checking.parts_of(view, of.content)
    names = [name for name, _ in parts]
    found = sorted(
        report.findings, key=lambda f: (names.index(f.part) if f.part in names else -1, f.start)
    )
    details = checking.details_of(view, of)
    return Reading(*here, details, parts, tuple(found), report.undecided)


def parts(r: Reading) -> tuple[Part, ...]:
    """The text under its findings, which are numbered from 1 in the order they stand."""
    return tuple(
        Part(
            name,
            stretches(
                text,
                [
                    Span(f.start, f.end, number, SEVERITIES[f.severity])
                    for number, f in enumerate(r.found, 1)
                    if f.part == name
                ],
            ),
        )
        for name, text in r.parts
    )


def findings(r: Reading) -> tuple[Finding, ...]:
    parts, said = dict(r.parts), judged(r.of, r.view.me)
    given = [s.id for s in checking.sources_of(r.view, r.of)] if r.details else []
    texts = {checks.WRITTEN: r.details.written if r.details else "", **dict(r.parts)}
    return tuple(
        Finding(
            number,
            SEVERITIES[f.severity],
            f.check,
            f.message,
            f.remedy,
            f.part,
            texts.get(f.part, "")[f.start : f.end],
            ask=key(f, parts),
            said=said.get(key(f, parts), ""),
            source=given.index(f.source[0]) + 1 if f.source and f.source[0] in given else 0,
        )
        for number, f in enumerate(r.found, 1)
    )


def sources(r: Reading) -> tuple[Source, ...]:
    """What it rests on, the passages a finding points to marked."""
    return tuple(
        Source(
            _source_name(source),
            stretches(source.text[:MOST_OF_A_SOURCE], list(_marks(r, source.id))),
        )
        for source in (checking.sources_of(r.view, r.of) if r.details else ())
    )


def _source_name(source: Given) -> str:
    cut = (
        f" (its first {MOST_OF_A_SOURCE:,} characters)"
        if len(source.text) > MOST_OF_A_SOURCE
        else ""
    )
    return (source.title or source.id) + cut


def _marks(r: Reading, source: str) -> Iterator[Span]:
    for f in r.found:
        if f.source and f.source[0] == source:
            # Without a number: that belongs to the place in the text.
            yield Span(*f.source[1:], 0, SEVERITIES[f.severity])


def edit(r: Reading) -> Edit | None:
    """The last text against the first one."""
    edits = [x for x in r.of.facts if isinstance(x.body, Edited)]
    if not edits or not r.parts:
        return None
    last = edits[-1]
    assert isinstance(last.body, Edited)
    before = dict(checking.parts_of(r.view, r.of.submitted.content))
    return Edit(
        by=r.names(last.actor),
        at=r.at(last),
        changes=tuple(
            PartChange(name, pieces(before[name], text))
            for name, text in r.parts
            if before[name] != text
        ),
        note=r.words(last.body.note),
    )


def evidence(r: Reading) -> tuple[Evidence, ...]:
    """What the charter can prove of what is said here, as far as words tell."""
    said, today = _content("\n".join(text for _, text in r.parts)), r.view.now.date()
    about = [(e, _content(e.claim)) for e in r.charter.evidence]
    return tuple(
        Evidence(
            id=e.id,
            claim=e.claim,
            proof=e.proof,
            owner=next(p.name for p in r.charter.people if p.id == e.owner),
            valid_until=f"{e.valid_until.day} {e.valid_until:%b %Y}",
            is_valid=today <= e.valid_until,
        )
        for e, claim in about
        if claim and 2 * len(claim & said) > len(claim)
    )


def _content(text: str) -> set[str]:
    return {word.removesuffix("s") for word in words(text) if word not in FUNCTION_WORDS}
