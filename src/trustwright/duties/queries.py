"""Read models of duties, absences and holds."""

from collections.abc import Sequence

from sqlalchemy import Column, Table, bindparam, func, select

from trustwright.duties.absences_model import Absence, absence
from trustwright.duties.holds_model import Hold, Scope, hold
from trustwright.duties.model import Duty, duty
from trustwright.ledger.facts import Fact, stamp
from trustwright.ledger.store import Projection, Row, Text, metadata
from trustwright.ledger.work import View

duties = Table(
    "duties",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("case", Text, nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("opened", Text, nullable=False),
    Column("remind", Text),
    Column("then", Text),
    Column("closed", Text),
)

absences = Table(
    "absences",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("until", Text, nullable=False, index=True),
)

holds = Table(
    "holds",
    metadata,
    Column("stream", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("lifted", Text),
)


def _duty_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    d = duty(stream, facts)
    closed = stamp(d.closed) if d.closed else None
    return [
        {
            "stream": stream,
            "case": d.case,
            "what": d.what,
            "owner": d.owner,
            "due": stamp(d.due),
            "opened": stamp(d.opened),
            "remind": stamp(d.remind) if d.remind else None,
            "then": d.then[0] if d.then else None,
            "closed": closed,
        }
    ]


def _hold_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    h = hold(stream, facts)
    lifted = stamp(h.lifted) if h.lifted else None
    return [{"stream": stream, "scope": h.scope, "target": h.target, "lifted": lifted}]


def _absence_row(stream: str, facts: Sequence[Fact]) -> list[Row]:
    return [{"stream": stream, "until": stamp(absence(stream, facts).until)}]


PROJECTIONS = (
    Projection(duties, "duty.", _duty_row),
    Projection(absences, "absence.", _absence_row),
    Projection(holds, "hold.", _hold_row),
)

_OPEN = select(duties.c.stream).where(duties.c.case == bindparam("of"), duties.c.closed.is_(None))
_STANDING = select(holds.c.stream, holds.c.scope, holds.c.target).where(holds.c.lifted.is_(None))


def open_duties(view: View, case: str) -> list[Duty]:
    """What is still owed about a case."""
    return [duty(stream, view.facts(stream)) for (stream,) in view.rows(_OPEN, of=case)]


def overdue(view: View) -> list[str]:
    """Ids of open duties past their moment that somebody else can still be asked for, oldest first."""
    d = duties.c
    late = select(d.stream).where(d.closed.is_(None), d.due <= stamp(view.now))
    query = late.where(d.then.is_not(None)).order_by(d.due)
    return [stream for (stream,) in view.rows(query)]


def to_remind(view: View) -> list[str]:
    """Ids of open duties whose reminder has come and isn't recorded yet."""
    d = duties.c
    query = select(d.stream).where(d.closed.is_(None), d.remind <= stamp(view.now))
    return [stream for (stream,) in view.rows(query.where(d.due > stamp(view.now)))]


def owners(view: View) -> list[str]:
    """Everybody who owes something (pseudonyms)."""
    query = select(duties.c.owner).where(duties.c.closed.is_(None)).distinct()
    return [owner for (owner,) in view.rows(query.order_by(duties.c.owner))]


def next_due(view: View, owner: str, limit: int) -> list[str]:
    """Ids of the duties an owner (a pseudonym) has, the next due first."""
    d = duties.c
    query = select(d.stream).where(d.owner == owner, d.closed.is_(None)).order_by(d.due)
    return [stream for (stream,) in view.rows(query.limit(limit))]


def duties_of(view: View, stream: str) -> list[str]:
    """Ids of all duties about a case, closed ones too."""
    query = select(duties.c.stream).where(duties.c.case == stream)
    return [id for (id,) in view.rows(query)]


def owned(view: View, owner: str) -> list[Duty]:
    """What an owner (a pseudonym) owes."""
    d = duties.c
    query = select(d.stream).where(d.owner == owner, d.closed.is_(None)).order_by(d.due)
    return [duty(stream, view.facts(stream)) for (stream,) in view.rows(query)]


def absences_left(view: View) -> list[Absence]:
    """Absences that aren't over, also those still to come; the newest last."""
    query = select(absences.c.stream).where(absences.c.until > stamp(view.now))
    found = [absence(stream, view.facts(stream)) for (stream,) in view.rows(query)]
    return sorted(found, key=lambda each: each.stated)


def owes(view: View, owner: str, most: int = 1_000) -> int:
    """How many open duties an owner (a pseudonym) has; counted no further than `most`."""
    d = duties.c
    query = select(d.stream).where(d.owner == owner, d.closed.is_(None)).limit(most)
    return int(view.rows(select(func.count()).select_from(query.subquery()))[0][0])


def standing_holds(view: View) -> list[Hold]:
    """Every hold not lifted yet."""
    return [hold(row.stream, view.facts(row.stream)) for row in view.rows(_STANDING)]


def holds_on(view: View, workflow: str, subject: str | None) -> list[str]:
    """Ids of the holds that keep a workflow's message to a subject from going out now."""
    scopes = {("all", ""), ("workflow", workflow), ("subject", subject)}
    return [r.stream for r in view.rows(_STANDING) if (r.scope, r.target) in scopes]


def held(view: View) -> dict[Scope, set[str]]:
    """Everything on hold: the targets of the holds that stand, by scope."""
    found: dict[Scope, set[str]] = {"all": set(), "workflow": set(), "subject": set()}
    for _, scope, target in view.rows(_STANDING):
        found[scope].add(target)
    return found
