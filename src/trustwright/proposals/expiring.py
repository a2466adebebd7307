"""What rested on evidence that has run out since? Pulled back while it can be, and listed where not."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from trustwright.charter.service import demand_charter, in_force
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import stamp
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import queries
from trustwright.proposals.deciding import decide_again, fold, ran_out_since
from trustwright.proposals.lifetime import Sweep, Swept
from trustwright.proposals.model import Outdated, case
from trustwright.proposals.review import may_read
from trustwright.proposals.routing import found

FOREVER = timedelta(days=36500)
DONE = "~"  # Behind every id.


class Resting(Order):
    """Nothing to say: all that the asker may read."""


class OutdatedCase(Answer):
    """A message that had been released when its evidence ran out; `claims` such claims are in it."""

    case: str
    workflow: str
    released: str
    noticed: str
    claims: int


class OutdatedCases(Answer):
    """Oldest first."""

    cases: tuple[OutdatedCase, ...]


def resting(view: View, limit: int = 200) -> list[str]:
    """The next cases to check because evidence ran out since they were submitted, then `DONE`: one pass
    for each day on which some ran out."""
    last = _last_day(view)
    if last is None:
        return []
    day, _, after = (view.remembered("cursor", "evidence") or "").partition(" ")
    after = after if day == last.isoformat() else ""
    if after == DONE:
        return []
    over = datetime.combine(last, time(), UTC) + timedelta(days=1)
    return queries.submitted_before(view, over, after, limit) or [DONE]


def _last_day(view: View) -> date | None:
    """The last day of the evidence that ran out last."""
    charter, today = in_force(view), view.now.date()
    over = [e.valid_until for e in charter.evidence if e.valid_until < today] if charter else []
    return max(over, default=None)


@operation("proposals.recheck", worker_only=True)
def recheck(uow: UnitOfWork, order: Sweep) -> Swept:
    """Check anew what rests on evidence that has run out: what waits is decided again, what was released is listed."""
    charter, touched = demand_charter(uow), 0
    streams = resting(uow)
    for stream in (x for x in streams if x != DONE):
        of = fold(uow, stream)
        if of.open:
            touched += decide_again(uow, charter, of) is not of
        elif findings := ran_out_since(uow, charter, of):
            uow.append(stream, Outdated(findings=found(findings)))
            touched += 1
    last = streams[-1] if streams else DONE
    uow.remember("cursor", "evidence", f"{_last_day(uow)} {last}", uow.now + FOREVER)
    return Swept(cases=touched)


@operation("proposals.outdated", reads=True)
def outdated(view: View, order: Resting) -> OutdatedCases:
    """Messages that were released before the evidence they rest on ran out: nothing calls them back."""
    return OutdatedCases(cases=tuple(_listed(view)))


def _listed(view: View) -> Iterator[OutdatedCase]:
    charter = demand_charter(view)
    for fact in view.of_kind(Outdated):
        facts = view.facts(fact.stream)
        of = case(fact.stream, facts)
        if isinstance(fact.body, Outdated) and may_read(view, charter, of):
            released = next(x.at for x in facts if x.index == of.released_at)
            yield OutdatedCase(
                case=of.id,
                workflow=of.submitted.workflow,
                released=stamp(released),
                noticed=stamp(fact.at),
                claims=len(fact.body.findings),
            )
