"""Facts of cases and duties as CloudEvents for the webhook: ids and codes, never message text."""

from collections.abc import Callable, Mapping
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
    "duty.opened": "duty.opened",
    "duty.reminded": "duty.reminded",
    "duty.escalated": "duty.escalated",
    "duty.handed-on": "duty.handed-on",
    "duty.moved": "duty.moved",
    "duty.closed": "duty.closed",
    "duty.kept": "duty.kept",
    "duty.broken": "duty.broken",
}


class Events:
    """The worker's channel over a webhook."""

    def __init__(self, webhook: Webhook, site: str, clock: Callable[[], datetime]) -> None:
        self.webhook, self.site, self.clock = webhook, site, clock

    def tell(self, fact: Fact, about: Mapping[str, str]) -> None:
        """Post one fact, if the outside is told of its kind, with the page where people act."""
        if fact.kind not in TOLD:
            return
        data = {**about, "url": self.site + _page(about)}
        kind = f"io.trustwright.{TOLD[fact.kind]}"
        event = Event(f"{fact.index}", kind, self.site, fact.stream, fact.at, data)
        self.webhook.send(event, self.clock())


def _page(about: Mapping[str, str]) -> str:
    if about["case"].startswith("case-") and about.get("what") != "keep-promise":
        return f"/console/cases/{about['case']}"
    return f"/console/duties/{about['owner']}".rstrip("/")
