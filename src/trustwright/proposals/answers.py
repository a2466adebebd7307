"""What may be asked about cases: where one stands, which there are, the proof of one."""

from typing import Annotated

from pydantic import Field

from trustwright.charter.service import demand_charter
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.canonical import b64u
from trustwright.kernel.errors import Invalid
from trustwright.kernel.operations import WHOLE, Answer, Order, operation
from trustwright.ledger.work import View
from trustwright.proposals import evidence, queries
from trustwright.proposals.accepting import asked, key
from trustwright.proposals.deciding import standing
from trustwright.proposals.model import Status
from trustwright.proposals.orders import Look, OfCase, Standing
from trustwright.proposals.review import demand_actor, demand_open, look_at, readable


class List(Order):
    """`status`: one word, or none for all. `after`: the case a page ended with."""

    status: Annotated[str, Field(json_schema_extra={"enum": [*Status]})] | None = None
    limit: Annotated[int, Field(ge=1, le=500), WHOLE] = 50
    after: str | None = None


class CaseLine(Answer):
    """One case in a list."""

    case: str
    workflow: str
    status: str
    outcome: str
    submitted: str


class Cases(Answer):
    """A page of cases, oldest first; `next` is what to pass as `after`, or None at the end."""

    cases: tuple[CaseLine, ...]
    next: str | None


class Evidence(Answer):
    """The evidence bundle (a zip, base64url)."""

    case: str
    bundle: str


@operation("proposals.status", reads=True)
def status(view: View, order: OfCase) -> Standing:
    """Where a case stands and what it waits for."""
    return standing(readable(view, demand_charter(view), order.case))


@operation("proposals.list", reads=True)
def listing(view: View, order: List) -> Cases:
    """The cases of your AI system, oldest first, in pages."""
    if order.status and order.status not in set(Status):
        raise Invalid(
            "unknown-status",
            f"{order.status!r} isn't a status.",
            f"Say one of: {', '.join(Status)}.",
            field="status",
        )
    own = isinstance(view.actor, Machine) and view.actor != WORKER
    system = view.actor.id if own else None
    rows = queries.page(view, system, order.status, order.after, order.limit)
    lines = tuple(CaseLine(**row) for row in rows)
    return Cases(cases=lines, next=lines[-1].case if len(lines) == order.limit else None)


class Seen(Answer):
    """A finding in a text nobody saved yet. `key` names it, to be accepted; empty: needn't be."""

    key: str
    severity: str
    check: str
    sentence: str
    remedy: str
    part: str
    excerpt: str


class Looked(Answer):
    """What the checks found, in the order it stands in the text."""

    findings: tuple[Seen, ...]


@operation("proposals.look", reads=True, people_only=True)
def look(view: View, order: Look) -> Looked:
    """What the checks would say of a case's text, were it edited so. Nothing is kept of it."""
    charter = demand_charter(view)
    demand_actor(view, charter, demand_open(view, charter, order.case))
    checked = look_at(view, order)
    texts, ask, names = dict(checked.parts), asked(checked), [name for name, _ in checked.parts]
    found = sorted(checked.report.findings, key=lambda x: (*_place(names, x.part), x.start))
    return Looked(
        findings=tuple(
            Seen(
                key=key(x, texts) if x in ask else "",
                severity=x.severity.value,
                check=x.check,
                sentence=x.message,
                remedy=x.remedy,
                part=x.part,
                excerpt=texts.get(x.part, "")[x.start : x.end],
            )
            for x in found
        )
    )


def _place(names: list[str], part: str) -> tuple[int]:
    return (names.index(part) if part in names else -1,)


@operation("proposals.evidence", reads=True)
def proof(view: View, order: OfCase) -> Evidence:
    """The whole story of a case with its proofs, for somebody who trusts nobody."""
    of = readable(view, demand_charter(view), order.case)
    return Evidence(case=of.id, bundle=b64u(evidence.bundle(view, of)))
