"""How a proposal is routed: the typed facts of the case, the table's answer, and who must sign.

Pure. What can only make the answer stricter than the table's is a floor, and each has a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustwright.charter.model import Charter
from trustwright.checks.model import Finding, Report
from trustwright.kernel.ids import is_slug
from trustwright.proposals.model import Found, Slots
from trustwright.rights.decide import decide
from trustwright.rights.model import Decision, Outcome

MOST_FINDINGS = 60  # in an entry of at most 16 KiB; all of them are in the report in the vault


@dataclass(frozen=True)
class Situation:
    """Everything about a case that may decide it."""

    workflow: str
    system: str
    text: str
    report: Report
    confidence: float | None = None
    sourced: bool = False
    subject_known: bool = False
    promises: bool = False
    topics: tuple[str, ...] | None = None
    edited: bool = False
    held: bool = False
    bootstrap: bool = False


@dataclass(frozen=True)
class Route:
    """The decision, made stricter by its floors, and the slots its signers fill."""

    decision: Decision
    outcome: Outcome
    floors: tuple[str, ...]
    restraints: tuple[str, ...]
    signers: Slots

    @property
    def rules(self) -> tuple[str, ...]:
        return tuple(rule.rule for rule in self.decision.rules)


def route(charter: Charter, at: Situation) -> Route:
    """Who decides about this case."""
    restrained = charter.restrained(at.workflow, at.system, at.topics, at.text)
    decision = decide(charter.table, facts_of(charter, at, restrained.fact))
    floors = tuple(name for name, applies in _floors(at) if applies)
    outcome = max(decision.outcome, Outcome.OWNER) if floors else decision.outcome
    by = tuple(restraint.id for restraint in restrained.by)
    return Route(decision, outcome, floors, by, _signers(outcome, decision))


def facts_of(charter: Charter, at: Situation, restrained: bool | None) -> Mapping[str, object]:
    """The facts a decision table may ask for. None is unknown."""
    workflow = charter.workflow(at.workflow)
    return {
        "workflow": at.workflow,
        "risk": workflow.risk,
        "held": at.held,
        "worst_finding": at.report.worst,
        "checks_complete": at.report.complete,
        "restrained": restrained,
        "confidence": at.confidence,
        "sourced": at.sourced,
        "checkable": at.report.checkable,
        "channel": workflow.channel,
        "system": at.system,
        "sensitive": workflow.sensitive,
        "edited": at.edited,
        "subject_known": at.subject_known,
        "promises": at.promises,
    }


def _floors(at: Situation) -> tuple[tuple[str, bool], ...]:
    # A bootstrap charter was adopted by one person alone; a person's edit is answered for by another.
    return (("bootstrap", at.bootstrap), ("edited", at.edited))


def _signers(outcome: Outcome, decision: Decision) -> Slots:
    if outcome in (Outcome.AUTOMATE, Outcome.BLOCK):
        return ()
    roles = decision.obligations.roles
    if roles and (outcome is Outcome.OWNER or len(roles) > 1):
        return tuple((role,) for role in roles)
    if outcome is Outcome.OWNER:
        return (("owner",),)
    return (("owner",), (roles[0] if roles else "second",))


def found(findings: Sequence[Finding]) -> tuple[Found, ...]:
    """The gravest findings, as an entry holds them."""
    gravest = sorted(findings, key=lambda x: -x.severity.rank)[:MOST_FINDINGS]
    return tuple(
        Found(
            check=x.check,
            code=x.code,
            severity=x.severity.value,
            part=x.part if is_slug(x.part) else "?",
            start=x.start,
            end=x.end,
        )
        for x in gravest
    )
