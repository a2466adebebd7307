"""Was the finding right? People say so beside the text, and each check has its record."""

from collections import defaultdict
from typing import Literal

from trustwright.charter.service import demand_charter
from trustwright.kernel.errors import NotFound
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import Body, fact
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals.accepting import key
from trustwright.proposals.checking import parts_of, report_of
from trustwright.proposals.model import Case, Found
from trustwright.proposals.orders import OfCase
from trustwright.proposals.review import demand_actor, readable
from trustwright.proposals.routing import found
from trustwright.stats.proportions import Proportion

Right = Literal["yes", "no", "unsure"]


@fact("proposal.finding-judged")
class FindingJudged(Body):
    """A person says whether a finding was right. `key` names it; their last word on it counts."""

    content: str
    key: str
    finding: Found
    right: Right


class Judge(OfCase):
    """A finding by its key, and whether it was right."""

    finding: str
    right: Right


class Judged(Answer):
    """What is on record now."""

    check: str
    right: str


class Ask(Order):
    """Nothing to say."""


class CheckRecord(Answer):
    """`right` of `n` judged findings of a check were right; `unsure` are in neither. `low` to `high`: the
    95 % interval of the share, None where n is 0."""

    check: str
    right: int
    n: int
    unsure: int
    low: float | None
    high: float | None


class Record(Answer):
    """Every check any finding of which was judged."""

    checks: tuple[CheckRecord, ...]


@operation("proposals.judge", people_only=True)
def judge(uow: UnitOfWork, order: Judge) -> Judged:
    """Say whether a finding was right; said again, the last word counts."""
    charter = demand_charter(uow)
    of = readable(uow, charter, order.case)
    demand_actor(uow, charter, of)
    assert of.routed
    parts = dict(parts_of(uow, of.content))
    seen = report_of(uow, of.routed.report).findings
    one = next((x for x in seen if key(x, parts) == order.finding), None)
    if one is None:
        raise NotFound("no-such-finding", "This text has no such finding any more.")
    (kept,) = found([one])
    body = FindingJudged(content=of.content, key=order.finding, finding=kept, right=order.right)
    uow.append(of.id, body)
    return Judged(check=one.check, right=order.right)


def judged(of: Case, by: str) -> dict[str, Right]:
    """What a person (a pseudonym) said last of each finding of a case, by its key."""
    said = [x.body for x in of.facts if isinstance(x.body, FindingJudged) and x.actor == by]
    return {body.key: body.right for body in said if body.content == of.content}


@operation("proposals.judgements", reads=True, people_only=True)
def judgements(view: View, order: Ask) -> Record:
    """How often each check was right, where somebody said so."""
    demand_charter(view)
    last: dict[tuple[str, ...], FindingJudged] = {}
    for x in view.of_kind(FindingJudged):
        assert isinstance(x.body, FindingJudged)
        last[x.stream, x.actor, x.body.content, x.body.key] = x.body
    said: dict[str, list[Right]] = defaultdict(list)
    for body in last.values():
        said[body.finding.check].append(body.right)
    return Record(checks=tuple(_record(check, said[check]) for check in sorted(said)))


def _record(check: str, said: list[Right]) -> CheckRecord:
    share = Proportion(said.count("yes"), said.count("yes") + said.count("no"))
    low, high = share.interval() or (None, None)
    unsure = said.count("unsure")
    return CheckRecord(check=check, right=share.k, n=share.n, unsure=unsure, low=low, high=high)
