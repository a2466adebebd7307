"""Routing a case under the charter in force: recorded with everything that led to it, then settled."""

from trustwright.charter.model import Charter
from trustwright.charter.service import basis
from trustwright.checks.model import Finding, Report
from trustwright.duties.asked import roster
from trustwright.duties.model import What
from trustwright.duties.queries import holds_on
from trustwright.duties.service import Owed, close_duties, open_duty
from trustwright.kernel.canonical import canonical
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals.checking import (
    Checked,
    details_of,
    look,
    parts_of,
    report_of,
    sources_of,
)
from trustwright.proposals.model import EVIDENCE_EXPIRED, Case, Routed, Status, case
from trustwright.proposals.orders import Details, Standing
from trustwright.proposals.release import release_if_ready
from trustwright.proposals.routing import Route, Situation, found, route
from trustwright.rights.model import Outcome


def fold(uow: UnitOfWork, stream: str) -> Case:
    """The case as it stands within this operation."""
    return case(stream, uow.facts(stream))


def decide(uow: UnitOfWork, charter: Charter, of: Case, details: Details, seen: Checked) -> Case:
    """Decide about a case's present content, record it, and do what follows."""
    at = Situation(
        workflow=of.submitted.workflow,
        system=of.submitted.system,
        text="\n".join(text for _, text in seen.parts),
        report=seen.report,
        confidence=details.confidence,
        sourced=bool(of.submitted.sources),
        subject_known=of.submitted.subject is not None,
        promises=bool(details.promises),
        topics=details.topics,
        edited=bool(of.editors),
        held=bool(holds_on(uow, of.submitted.workflow, of.submitted.subject)),
        bootstrap=basis(uow) == "bootstrap" and not uow.genesis.demo,
    )
    routing = route(charter, at)
    sealed = uow.seal(of.submitted.subject or of.id, "report", canonical(seen.report.as_json()))
    uow.append(of.id, _routed(of, charter, routing, seen.report, sealed))
    _settle(uow, charter, of, routing)
    return fold(uow, of.id)


def decide_again(uow: UnitOfWork, charter: Charter, of: Case) -> Case:
    """A case routed under an older charter, or on evidence that has run out since, is checked and
    routed anew; stricter voids signatures.

    Checked here, inside the transaction: what proved a claim then may be no evidence now.
    """
    if not of.open or of.routed is None:
        return of
    if of.routed.charter == charter.digest and not ran_out_since(uow, charter, of):
        return of
    return decide(uow, charter, of, details_of(uow, of), _look(uow, charter, of))


def ran_out_since(uow: UnitOfWork, charter: Charter, of: Case) -> tuple[Finding, ...]:
    """Claims that were proved when it was decided, and whose evidence has run out; nothing of what
    was erased."""
    assert of.routed
    assert of.routed_on
    since, today = of.routed_on.date(), uow.now.date()
    if not any(since <= each.valid_until < today for each in charter.evidence):
        return ()
    if uow.open(of.content) is None:
        return ()
    now = [x for x in _look(uow, charter, of).report.findings if x.code == EVIDENCE_EXPIRED]
    known = report_of(uow, of.routed.report).findings
    before = {(x.check, x.part, x.start) for x in known if x.code == EVIDENCE_EXPIRED}
    return tuple(x for x in now if (x.check, x.part, x.start) not in before)


def _look(uow: UnitOfWork, charter: Charter, of: Case) -> Checked:
    parts, details = parts_of(uow, of.content), details_of(uow, of)
    workflow, sources = of.submitted.workflow, sources_of(uow, of)
    return look(charter, workflow, parts, sources, details, uow.now.date())


def _routed(of: Case, charter: Charter, routing: Route, report: Report, sealed: str) -> Routed:
    decision = routing.decision
    return Routed(
        content=of.content,
        facts=dict(decision.facts),
        outcome=routing.outcome.value,
        rules=tuple(rule.rule for rule in decision.rules),
        floors=routing.floors,
        restraints=routing.restraints,
        signers=routing.signers,
        label=decision.obligations.label or "ai",
        cooling_off=decision.obligations.cooling_off,
        checks=dict(report.versions),
        findings=found(report.findings),
        findings_count=len(report.findings),
        complete=report.complete,
        charter=charter.digest,
        report=sealed,
    )


def _settle(uow: UnitOfWork, charter: Charter, of: Case, routing: Route) -> None:
    if routing.outcome is Outcome.AUTOMATE:
        release_if_ready(uow, charter, fold(uow, of.id))
        return
    if of.routed:
        close_duties(uow, of.id, "routed-anew")
    now = fold(uow, of.id)
    if now.status is not Status.SIGNED:
        ask(uow, charter, now)


def ask(uow: UnitOfWork, charter: Charter, now: Case) -> None:
    """Somebody owes what the case waits for."""
    workflow = charter.workflow(now.submitted.workflow)
    within = charter.company.due_hours.within(workflow.risk)
    there = roster(uow)
    # Whoever it was handed to keeps it. With everybody away it is the last one's, and seen as such.
    path = [*reversed(now.handed_to), *there.answering(workflow.id)]
    asked = there.asked(path, workflow.id) or path[-1:]
    what: What = "stopped" if now.outcome is Outcome.BLOCK else "countersign"
    # Who edited it, or has signed already, can't be who is asked to countersign.
    done = now.editors | now.signers if what == "countersign" else set()
    able = [person for person in asked if person not in done] or asked
    away = "" if path[0] in (able[0], *done) or there.there(path[0], workflow.id) else path[0]
    open_duty(uow, there, Owed(what, now.id, within), able, away)


def standing(of: Case) -> Standing:
    """The answer to "and what now?"."""
    routed = of.routed
    return Standing(
        case=of.id,
        status=of.status.value,
        outcome=of.outcome.value,
        rules=routed.rules if routed else (),
        floors=routed.floors if routed else (),
        restraints=routed.restraints if routed else (),
        findings=tuple(x.model_dump() for x in routed.findings) if routed else (),
        waits_for=tuple("/".join(slot) for slot in of.missing),
    )
