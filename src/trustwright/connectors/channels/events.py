"""Facts of a case as CloudEvents for the webhook: ids and codes, never message text."""

from collections.abc import Callable
from datetime import datetime

from trustwright.connectors.channels.webhook import Event, Webhook
from trustwright.ledger.facts import Fact

# What the outside is told, by the fact that makes it true.
TOLD = {
    "proposal.routed": "case.routed",
    "proposal.released": "case.released",
    "proposal.refused": "case.refused",
    "proposal.withdrawn": "case.withdrawn",
    "proposal.expired": "case.expired",
    "proposal.outdated": "case.outdated",
    "proposal.voided": "case.voided",
}


class Events:
    """The worker's channel over a webhook."""

    def __init__(self, webhook: Webhook, site: str, clock: Callable[[], datetime]) -> None:
        self.webhook, self.site, self.clock = webhook, site, clock

    def tell(self, fact: Fact, status: str, system: str, workflow: str) -> None:
        """Post one fact of a case, if the outside is told of its kind."""
        if fact.kind not in TOLD:
            return
        data = {
            "case": fact.stream,
            "status": status,
            "system": system,
            "workflow": workflow,
            "url": f"{self.site}/console/cases/{fact.stream}",
        }
        kind = f"io.trustwright.{TOLD[fact.kind]}"
        event = Event(f"{fact.index}", kind, self.site, fact.stream, fact.at, data)
        self.webhook.send(event, self.clock())
