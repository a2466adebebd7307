"""The read model of cases: what lists and counts need. No text, no names: those stay in the vault."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    Select,
    Table,
    func,
    select,
    tuple_,
)

from trustwright.charter.service import in_force
from trustwright.duties.queries import duties, held
from trustwright.ledger.facts import Fact, decode, moment, stamp
from trustwright.ledger.store import Projection, Row, Text, metadata
from trustwright.ledger.store import facts as facts_table
from trustwright.ledger.work import View
from trustwright.proposals.batch import batch
from trustwright.proposals.model import OPEN, Routed, Status, Submitted, case

PAGE = 2_000  # Entries are read by so many, for all of them may not fit in memory.

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


# Every list and count of the queue is answered from these alone; declared here, where they are needed.
Index("cases_alike", *(cases.c[name] for name in ("workflow", "status", "outcome", "checks")))
Index("duties_next", *(duties.c[name] for name in ("closed", "due", "what", "case", "owner")))
Index("duties_whose", *(duties.c[name] for name in ("owner", "closed", "due", "what", "case")))


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


batched = Table(
    "batched",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("case", Text, primary_key=True, index=True),
)


def _members(stream: str, facts: Sequence[Fact]) -> list[Row]:
    return [{"stream": stream, "case": case} for case in batch(stream, facts).cases]


PROJECTIONS = (Projection(cases, "proposal.", _row), Projection(batched, "batch.", _members))


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
    """Which cases. None means all; `owner` is a pseudonym; `newest` ones first, else by due moment."""

    workflows: tuple[str, ...]
    statuses: tuple[Status, ...] = (Status.WAITING, Status.STOPPED, Status.SIGNED)
    workflow: str | None = None
    outcome: str | None = None
    check: str | None = None
    owner: str | None = None
    newest: bool = False


# A promise outlives its case, and one case may hold several.
_OWED = (
    (duties.c.case == cases.c.stream)
    & duties.c.closed.is_(None)
    & (duties.c.what != "keep-promise")
)


def listed(view: View, which: Filter, limit: int = 50, offset: int = 0) -> list[Listed]:
    """Cases by due moment, then by age."""
    query = _matching(which).order_by(*_by_due(which)).limit(limit).offset(offset)
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


def _by_due(which: Filter) -> tuple[ColumnElement[Any], ...]:
    if which.newest:
        return (cases.c.submitted.desc(), cases.c.stream)
    # Without a duty: first, which SQLite takes for granted and PostgreSQL doesn't.
    due = duties.c.due if _always_owed(which) else duties.c.due.nulls_first()
    return (due, cases.c.submitted, cases.c.stream)


def count(view: View, which: Filter, most: int | None = None) -> int:
    """How many cases match; beyond `most` they aren't counted, and it is one more."""
    matching = _matching(which) if which.owner else _like(select(cases.c.stream), which)
    if most is None:
        return int(view.rows(matching.with_only_columns(func.count()))[0][0])
    some = matching.with_only_columns(cases.c.stream).limit(most + 1).subquery()
    return int(view.rows(select(func.count()).select_from(some))[0][0])


def _matching(which: Filter) -> Select[Any]:
    query = select(cases, duties.c.due, duties.c.owner)
    query = _like(query.join(duties, _OWED, isouter=not _always_owed(which)), which)
    return query.where(duties.c.owner == which.owner) if which.owner else query


def _always_owed(which: Filter) -> bool:
    return set(which.statuses) <= {Status.WAITING, Status.STOPPED}


def _like(query: Select[Any], which: Filter) -> Select[Any]:
    query = query.where(cases.c.workflow.in_(which.workflows))
    query = query.where(cases.c.status.in_([status.value for status in which.statuses]))
    if which.workflow:
        query = query.where(cases.c.workflow == which.workflow)
    if which.outcome:
        query = query.where(cases.c.outcome == which.outcome)
    if which.check:
        query = query.where(cases.c.checks.contains(f" {which.check} ", autoescape=True))
    return query


def place(view: View, which: Filter, stream: str) -> int | None:
    """How many cases come before this one, in the order of `listed` by due moment; None: not in it."""
    query = _matching(which)
    found = view.rows(query.where(cases.c.stream == stream))
    if not found:
        return None
    here, at = found[0], (duties.c.due, cases.c.submitted, cases.c.stream)
    before = tuple_(*at) < tuple_(here.due, here.submitted, here.stream)
    query = query.where(duties.c.due <= here.due, before).with_only_columns(func.count())
    return int(view.rows(query)[0][0])


def late(view: View, which: Filter) -> int:
    """How many are past their due moment."""
    query = _matching(which).where(duties.c.due < stamp(view.now)).with_only_columns(func.count())
    return int(view.rows(query)[0][0])


@dataclass(frozen=True)
class Tally:
    """How many cases stand alike; `checks` are those that found something."""

    workflow: str
    status: Status
    outcome: str
    checks: frozenset[str]
    n: int


def tallies(view: View, owner: str | None = None) -> list[Tally]:
    """All cases, or those an owner (a pseudonym) has to decide, by what a filter can ask for."""
    c = cases.c
    alike = (c.workflow, c.status, c.outcome, c.checks)
    query = select(*alike, func.count().label("n")).group_by(*alike)
    if owner:
        query = query.join(duties, _OWED).where(duties.c.owner == owner)
    return [
        Tally(r.workflow, Status(r.status), r.outcome, frozenset(r.checks.split()), r.n)
        for r in view.rows(query)
    ]


def told(view: View, streams: Sequence[str]) -> dict[str, tuple[Submitted, Routed]]:
    """How each case began, and its last decision."""
    f = facts_table.c
    query = select(f.leaf_index, f.entry).where(f.stream.in_(streams))
    first: dict[str, Submitted] = {}
    last: dict[str, Routed] = {}
    for index, entry in view.rows(query.order_by(f.leaf_index)):
        fact = decode(index, entry)
        if isinstance(fact.body, Submitted):
            first[fact.stream] = fact.body
        elif isinstance(fact.body, Routed):
            last[fact.stream] = fact.body
    return {stream: (first[stream], last[stream]) for stream in streams}


def first_decisions(view: View) -> Iterator[tuple[str, Routed]]:
    """The first decision about each case, newest first."""
    f = facts_table.c
    query = select(f.leaf_index, f.stream, f.entry).where(f.kind == Routed.kind)
    query = query.order_by(f.leaf_index.desc()).limit(PAGE)
    page = view.rows(query)
    while page:
        first = _first(view, {row.stream for row in page})
        for index, stream, entry in page:
            if first[stream] == index:
                fact = decode(index, entry)
                assert isinstance(fact.body, Routed)
                yield stream, fact.body
        page = view.rows(query.where(f.leaf_index < page[-1].leaf_index))


def _first(view: View, streams: set[str]) -> dict[str, int]:
    """Where each case was decided first. By stream alone: an index by kind would be walked in full."""
    f = facts_table.c
    query = select(f.stream, f.leaf_index, f.kind).where(f.stream.in_(streams))
    rows = view.rows(query.order_by(f.leaf_index.desc()))
    return {stream: index for stream, index, kind in rows if kind == Routed.kind}


def duties_of(view: View, stream: str) -> list[str]:
    """Ids of all duties about a case, closed ones too."""
    query = select(duties.c.stream).where(duties.c.case == stream)
    return [duty for (duty,) in view.rows(query)]


@dataclass(frozen=True)
class Load:
    """What an owner (a pseudonym) owes, or is owed in a workflow: `oldest` case, `next` due moment."""

    of: str
    n: int
    late: int
    oldest: datetime | None
    next: datetime


def loads(view: View, by: Literal["owner", "workflow"]) -> list[Load]:
    """Who owes how much, or where it waits; the latest first."""
    d = duties.c
    key = d.owner if by == "owner" else cases.c.workflow
    late = func.count().filter(d.due < stamp(view.now))
    query = select(key, func.count(), late, func.min(cases.c.submitted), func.min(d.due))
    query = query.join(cases, d.case == cases.c.stream, isouter=True)
    query = query.where(d.closed.is_(None)).group_by(key)
    rows = view.rows(query.order_by(late.desc(), func.min(d.due), key))
    return [
        Load(of or "", n, late, moment(old) if old else None, moment(due))
        for of, n, late, old, due in rows
    ]


def owed(view: View, owner: str, limit: int) -> list[str]:
    """Ids of the duties an owner (a pseudonym) has, the next due first."""
    d = duties.c
    query = select(d.stream).where(d.owner == owner, d.closed.is_(None)).order_by(d.due)
    return [stream for (stream,) in view.rows(query.limit(limit))]


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
    """Cases nobody has to sign any more, cooled off, of a workflow that is left, and not on hold."""
    on_hold, charter = held(view), in_force(view)
    if on_hold["all"] or charter is None:
        return []
    free = {workflow.id for workflow in charter.workflows} - on_hold["workflow"]
    query = select(cases.c.stream, cases.c.subject).where(
        cases.c.status == Status.SIGNED.value,
        cases.c.ready <= stamp(view.now),
        cases.c.workflow.in_(free),
    )
    rows = [stream for stream, subject in view.rows(query) if subject not in on_hold["subject"]]
    return rows[:limit]


def submitted_before(view: View, moment: datetime, after: str, limit: int) -> list[str]:
    """Cases it isn't too late for, open, released or delivered, of a workflow that is left; by id."""
    charter, c = in_force(view), cases.c
    over = (Status.RELEASED, Status.TAKEN, Status.DELIVERED)
    query = select(c.stream).where(
        c.status.in_([status.value for status in (*OPEN, *over)]),
        c.workflow.in_([workflow.id for workflow in charter.workflows] if charter else ()),
        c.submitted < stamp(moment),
        c.expires > stamp(view.now),
        c.stream > after,
    )
    return [stream for (stream,) in view.rows(query.order_by(c.stream).limit(limit))]


def of_subject(view: View, subject: str) -> list[str]:
    """All cases about a subject (a pseudonym)."""
    query = select(cases.c.stream).where(cases.c.subject == subject)
    return [stream for (stream,) in view.rows(query)]


def batches_of(view: View, streams: Sequence[str]) -> list[str]:
    """All batches that any of these cases were ever put into."""
    query = select(batched.c.stream).where(batched.c.case.in_(streams)).distinct()
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
