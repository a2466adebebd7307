"""The read model of cases: what lists and counts need. No text, no names: those stay in the vault."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, Select, Table, Text, func, select

from trustwright.duties.queries import duties
from trustwright.ledger.facts import Fact, moment, stamp
from trustwright.ledger.store import Projection, Row, metadata
from trustwright.ledger.work import View
from trustwright.proposals.model import OPEN, Routed, Status, case

cases = Table(
    "cases",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("system", Text, nullable=False, index=True),
    Column("workflow", Text, nullable=False),
    Column("subject", Text, index=True),
    Column("status", Text, nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("worst", Text, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("checks", Text, nullable=False),
    Column("rules", Text, nullable=False),
    Column("submitted", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("ready", Text),
)


def _row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    of = case(stream, facts)
    routed = of.routed
    return [
        {
            "stream": stream,
            "system": of.submitted.system,
            "workflow": of.submitted.workflow,
            "subject": of.submitted.subject,
            "status": of.status.value,
            "outcome": of.outcome.value,
            "worst": routed.facts.get("worst_finding", "?") if routed else "?",
            "findings": routed.findings_count if routed else 0,
            "checks": _listed(sorted({x.check for x in routed.findings}) if routed else ()),
            "rules": _listed([*routed.rules, *routed.floors] if routed else ()),
            "submitted": stamp(of.submitted_at),
            "expires": stamp(of.submitted.expires),
            "ready": stamp(of.cool) if of.cool and not of.missing else None,
        }
    ]


def _listed(words: Sequence[str]) -> str:
    """` a b `: so that LIKE '% a %' finds a whole word."""
    return f" {' '.join(words)} "


PROJECTIONS = (Projection(cases, "proposal.", _row),)


@dataclass(frozen=True)
class Listed:
    """A case in a list. `owner` is a pseudonym; `due` None once nobody owes anything."""

    id: str
    system: str
    workflow: str
    status: Status
    outcome: str
    worst: str
    findings: int
    submitted: datetime
    due: datetime | None
    owner: str | None


@dataclass(frozen=True)
class Filter:
    """Which cases. None means all; `owner` is a pseudonym."""

    workflows: tuple[str, ...]
    statuses: tuple[Status, ...] = (Status.WAITING, Status.STOPPED, Status.SIGNED)
    workflow: str | None = None
    outcome: str | None = None
    check: str | None = None
    owner: str | None = None


def listed(view: View, which: Filter, limit: int = 50, offset: int = 0) -> list[Listed]:
    """Cases by due moment, then by age."""
    query = _matching(which).order_by(duties.c.due.is_(None), duties.c.due, cases.c.submitted)
    query = query.limit(limit).offset(offset)
    return [
        Listed(
            r.stream,
            r.system,
            r.workflow,
            Status(r.status),
            r.outcome,
            r.worst,
            r.findings,
            moment(r.submitted),
            moment(r.due) if r.due else None,
            r.owner,
        )
        for r in view.rows(query)
    ]


def count(view: View, which: Filter) -> int:
    """How many cases match."""
    return int(view.rows(select(func.count()).select_from(_matching(which).subquery()))[0][0])


def _matching(which: Filter) -> Select[tuple[object, ...]]:
    owed = (duties.c.case == cases.c.stream) & duties.c.closed.is_(None)
    query = select(cases, duties.c.due, duties.c.owner).outerjoin(duties, owed)
    query = query.where(cases.c.workflow.in_(which.workflows))
    query = query.where(cases.c.status.in_([status.value for status in which.statuses]))
    if which.workflow:
        query = query.where(cases.c.workflow == which.workflow)
    if which.outcome:
        query = query.where(cases.c.outcome == which.outcome)
    if which.check:
        query = query.where(cases.c.checks.contains(f" {which.check} ", autoescape=True))
    if which.owner:
        query = query.where(duties.c.owner == which.owner)
    return query


def totals(view: View) -> dict[tuple[str, str], int]:
    """How many cases per (status, outcome)."""
    query = select(cases.c.status, cases.c.outcome, func.count())
    query = query.group_by(cases.c.status, cases.c.outcome)
    return {(status, outcome): n for status, outcome, n in view.rows(query)}


def expired(view: View, limit: int = 200) -> list[str]:
    """Open cases past their last moment."""
    open_now = cases.c.status.in_([status.value for status in OPEN])
    query = select(cases.c.stream).where(open_now, cases.c.expires <= stamp(view.now))
    return [stream for (stream,) in view.rows(query.limit(limit))]


def ready(view: View, limit: int = 200) -> list[str]:
    """Cases nobody has to sign any more, cooled off, not released yet."""
    query = select(cases.c.stream).where(
        cases.c.status == Status.SIGNED.value, cases.c.ready <= stamp(view.now)
    )
    return [stream for (stream,) in view.rows(query.limit(limit))]


def of_subject(view: View, subject: str) -> list[str]:
    """All cases about a subject (a pseudonym)."""
    query = select(cases.c.stream).where(cases.c.subject == subject)
    return [stream for (stream,) in view.rows(query)]


def reasons(view: View) -> dict[str, int]:
    """How often each rule or floor decided a case that didn't go by itself."""
    counts: dict[str, int] = {}
    for fact in view.of_kind(Routed):
        assert isinstance(fact.body, Routed)
        if fact.body.outcome != "automate":
            for rule in {*fact.body.rules, *fact.body.floors}:
                counts[rule] = counts.get(rule, 0) + 1
    return counts


def page(
    view: View, system: str | None, status: str | None, after: str | None, limit: int
) -> list[dict[str, str]]:
    """Cases of a system (None: of all), by submission and id, beyond the case `after`."""
    c = cases.c
    query = select(c.stream, c.workflow, c.status, c.outcome, c.submitted)
    query = query.order_by(c.submitted, c.stream).limit(limit)
    if system is not None:
        query = query.where(c.system == system)
    if status:
        query = query.where(c.status == status)
    if after:
        last = select(c.submitted).where(c.stream == after).scalar_subquery()
        query = query.where((c.submitted > last) | ((c.submitted == last) & (c.stream > after)))
    names = ("case", "workflow", "status", "outcome", "submitted")
    return [dict(zip(names, row, strict=True)) for row in view.rows(query)]
