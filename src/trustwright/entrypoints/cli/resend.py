"""What a receiver lost is sent again."""

from typing import Annotated

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir
from trustwright.entrypoints.cli.workspace import opened
from trustwright.kernel.errors import Invalid


def resend(
    position: Annotated[
        int, typer.Argument(help="The `webhook-id` of the first event to send again.")
    ],
    dir: Dir = None,
) -> None:
    """Have the webhook's events sent again, from a position of the log.

    The worker sends them, in order, under the ids they had: a receiver that has one drops it.
    """
    from trustwright.app.worker import tell_from
    from trustwright.kernel.actors import WORKER
    from trustwright.ledger import proving

    with opened(dir) as app:
        with app.ledger.view() as view:
            size = proving.size(view)
        if not 0 <= position < size:
            raise Invalid(
                "no-such-position",
                f"The log has the positions 0 to {size - 1}.",
                "Name one of these; an event's id is its position.",
            )
        app.write(WORKER, lambda uow: tell_from(uow, position))
    terminal.note(f"The worker sends what happened from position {position} on.")
