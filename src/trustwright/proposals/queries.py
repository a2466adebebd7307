"""The read model of cases: what lists and counts need. No text, no names: those stay in the vault."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
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


# The queue is walked along these in its order, and left as soon as enough was found; declared here,
# where they are needed.
Index("cases_alike", *(cases.c[name] for name in ("workflow", "status", "outcome", "checks")))
_IN_ORDER = ("due", "opened", "case")
Index("duties_next", *(duties.c[x] for x in ("closed", *_IN_ORDER, "what", "owner")))
Index("duties_whose", *(duties.c[x] for x in ("owner", "closed", *_IN_ORDER, "what")))


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


OWED = (Status.WAITING, Status.STOPPED)
Place = tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A case in a list. `owner` is a pseudonym; `due` None once nobody owes anything.

    `place` is where it stands in the list's order."""

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
    place: Place


@dataclass(frozen=True)
class Filter:
    """Which cases. None means all; `owner` is a pseudonym."""

    workflows: tuple[str, ...]
    statuses: tuple[Status, ...] = OWED
    workflow: str | None = None
    outcome: str | None = None
    check: str | None = None
    owner: str | None = None

    @property
    def owed(self) -> bool:
        """Whether somebody owes an answer about each: then by due moment, else the newest first."""
        return set(self.statuses) <= set(OWED)


# A promise outlives its case, and one case may hold several.
_OWED = (
    (duties.c.case == cases.c.stream)
    & duties.c.closed.is_(None)
    & (duties.c.what != "keep-promise")
)


def listed(view: View, which: Filter, limit: int = 50, start: Place = ()) -> list[Listed]:
    """Cases by due moment, then by age, or the newest first; from that place on."""
    keys, query = _order(which), _matching(which)
    if len(start) == len(keys):
        at = tuple_(*start)
        query = query.where(tuple_(*keys) >= at if which.owed else tuple_(*keys) <= at)
    query = query.order_by(*(keys if which.owed else [key.desc() for key in keys]))
    return [_listed_as(row, keys) for row in view.rows(query.limit(limit))]


def before(view: View, which: Filter, place: Place, limit: int) -> list[Listed]:
    """The last cases before a place in the order by due moment."""
    keys = _order(which)
    query = _matching(which).where(tuple_(*keys) < tuple_(*place))
    rows = view.rows(query.order_by(*(key.desc() for key in keys)).limit(limit))
    return [_listed_as(row, keys) for row in reversed(rows)]


def _listed_as(r: Any, keys: Sequence[Column[str]]) -> Listed:
    about = (r.system, r.workflow, Status(r.status), r.outcome, r.worst, r.findings)
    due = moment(r.due) if r.due else None
    place = tuple(getattr(r, key.name) for key in keys)
    return Listed(r.stream, *about, moment(r.submitted), due, r.owner, place)


def _order(which: Filter) -> list[Column[str]]:
    """What decides the order; the whole of it, so that a list can go on where another ended."""
    if which.owed:
        return [duties.c[name] for name in _IN_ORDER]
    return [cases.c.submitted, cases.c.stream]


def place(view: View, which: Filter, stream: str) -> Place | None:
    """Where a case stands by due moment; None: not in it."""
    keys = _order(which)
    rows = view.rows(_matching(which).where(cases.c.stream == stream))
    return tuple(getattr(rows[0], key.name) for key in keys) if rows else None


def count(
    view: View, which: Filter, most: int | None = None, until: Place = (), late: bool = False
) -> int:
    """How many cases match; beyond `most` they aren't counted, and it is one more.

    `until`: only those before that place; `late`: only those past their due moment."""
    whose = which.owner or until or late
    query = _matching(which) if whose else _like(select(cases.c.stream), which)
    if until:
        query = query.where(tuple_(*_order(which)) < tuple_(*until))
    if late:
        query = query.where(duties.c.due < stamp(view.now))
    if most is None:
        return int(view.rows(query.with_only_columns(func.count()))[0][0])
    some = query.with_only_columns(cases.c.stream).limit(most + 1).subquery()
    return int(view.rows(select(func.count()).select_from(some))[0][0])


def _matching(which: Filter) -> Select[Any]:
    query = select(cases, *(duties.c[name] for name in (*_IN_ORDER, "owner")))
    query = _like(query.join(duties, _OWED, isouter=not which.owed), which)
    return query.where(duties.c.owner == which.owner) if which.owner else query


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


@dataclass(frozen=True)
class Tally:
    """How many cases stand alike; `checks` are those that found something."""

    workflow: str
    status: Status
    outcome: str
    checks: frozenset[str]
    n: int


def tallies(view: View, owner: str | None = None, most: int | None = None) -> list[Tally]:
    """All cases, or those an owner (a pseudonym) has to decide, by what a filter can ask for.

    Of an owner's, the `most` and one more that are due first: each of them is looked up."""
    c, d = cases.c, duties.c
    alike = (c.workflow, c.status, c.outcome, c.checks)
    query = select(*alike, func.count().label("n")).group_by(*alike)
    if owner:
        first = select(d.case).where(d.closed.is_(None), d.what != "keep-promise", d.owner == owner)
        first = first.order_by(d.due).limit(most + 1) if most else first
        due = first.subquery()
        query = query.join(due, due.c.case == c.stream)
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
