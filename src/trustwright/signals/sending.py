"""May a send that is running go on? Its bad outcomes so far, against the rate that is tolerated."""

from typing import Literal

from trustwright.charter.fieldmap.model import TableMap
from trustwright.charter.model import Charter, Outcome
from trustwright.charter.service import demand_charter
from trustwright.duties.holds_model import hold
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import Refused, Unavailable
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View
from trustwright.signals import queries
from trustwright.signals.alarms import Concern, Picture, raise_alarm
from trustwright.signals.snapshot import Count, Name


class Sending(Order):
    """Since the send began, `k` of `n` messages came to `what` . How many may, the charter says:
    the workflow's `tolerates`."""

    workflow: str
    send: Name
    what: Outcome
    k: Count
    n: Count


class Weighed(Answer):
    """`go on`; `pause`: the workflow is held and somebody asked; `stop`: as well, beyond doubt."""

    says: Literal["go on", "pause", "stop"]
    alarm: str | None = None
    held: bool = False


def weighed(view: View, order: Sending) -> str:
    """What the evidence says."""
    charter = demand_charter(view)
    workflow = charter.workflow(order.workflow)
    if isinstance(view.actor, Machine) and view.actor.id not in (*workflow.systems, WORKER.id):
        raise Refused(
            "system-not-in-workflow",
            f"The workflow {workflow.id} doesn't list the AI system {view.actor.id}.",
            "Add it to workflows.yaml and adopt the charter.",
        )
    tolerated = _tolerated(charter, order)
    if order.k > order.n:
        raise Refused(
            "counts-differ", "No more than n messages can have come to it.", "Say k of n."
        )
    try:
        from trustwright.stats.eprocess import says  # noqa: PLC0415 - an extra
    except ImportError as e:
        raise Unavailable(
            "stats-missing",
            "Nothing can be judged: numpy and scipy aren't installed.",
            "Install them with `pip install 'trustwright[stats]'`.",
        ) from e
    return says(order.k, order.n, tolerated)


def _tolerated(charter: Charter, order: Sending) -> float:
    if tolerated := charter.workflow(order.workflow).tolerated(order.what):
        return tolerated
    raise Refused(
        "no-tolerance",
        f"The charter doesn't say how many {order.what} {order.workflow} puts up with.",
        f"Agree on it in workflows.yaml: `tolerates: {{{order.what}: 0.45%}}`.",
    )


@operation("signals.sending", gather=weighed)
def sending(uow: UnitOfWork, order: Sending, says: str) -> Weighed:
    """Ask after every batch whether a running send may go on; if not, its workflow is held."""
    answer = Weighed.model_validate({"says": says})
    if answer.says == "go on":
        return answer
    charter = demand_charter(uow)
    send = TableMap(name=f"send {order.send}"[:300], audience=order.workflow)
    # One question for each of the two limits: a send that a person let go on isn't asked about again.
    picture = Picture(
        table=send.name,
        field=f"{order.what}: {says}",
        why="send",
        period=uow.now.date(),
        rows=order.n,
        sentences=(
            f"{order.what}: {order.k:,} of {order.n:,} ({order.k / order.n:.2%}); "
            f"{_tolerated(charter, order):.2%} is tolerated.",
        ),
    )
    before = queries.alarms_of(uow, picture.table, picture.field)
    known = next((alarm.id for alarm in before), None)
    alarm = known or raise_alarm(uow, charter, send, Concern(picture, "block"), None)
    holds = queries.alarm(alarm, uow.facts(alarm)).holds
    held = any(hold(id, uow.facts(id)).lifted is None for id in holds)
    return Weighed(says=answer.says, alarm=alarm, held=held)
