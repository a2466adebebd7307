"""A proposal comes in: checked before, routed and recorded in one transaction."""

from datetime import timedelta

from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.kernel.operations import operation
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals import content
from trustwright.proposals.checking import Checked, check, demand_same
from trustwright.proposals.deciding import decide, fold, standing
from trustwright.proposals.model import Submitted
from trustwright.proposals.orders import Standing, Submit


@operation("proposals.submit", gather=check)
def submit(uow: UnitOfWork, order: Submit, seen: Checked) -> Standing:
    """Ask to put AI output into the world; the answer says whether it may go, waits or is stopped."""
    charter = demand_charter(uow)
    demand_same(charter, seen)
    stream = uow.begin("case")
    uow.append(stream, _submitted(uow, charter, stream, order, seen))
    return standing(decide(uow, charter, fold(uow, stream), order, seen))


def _submitted(
    uow: UnitOfWork, charter: Charter, stream: str, order: Submit, seen: Checked
) -> Submitted:
    subject = uow.subject(order.subject) if order.subject else None
    holder = subject or stream
    workflow = charter.workflow(order.workflow)
    return Submitted(
        system=order.system,
        workflow=workflow.id,
        channel=workflow.channel,
        content=uow.seal(holder, "content", content.to_bytes(seen.parts)),
        media=content.MEDIA,
        sources=tuple(
            uow.seal(holder, "source", source.model_dump_json().encode())
            for source in order.sources
        ),
        details=uow.seal(holder, "details", order.details().model_dump_json().encode()),
        subject=subject,
        confidence=None if order.confidence is None else repr(order.confidence),
        expires=uow.now + timedelta(days=charter.company.expire_days),
    )
