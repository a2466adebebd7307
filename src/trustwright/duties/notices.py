"""Who hears what of their duties? A notice and a link: never content, and nothing is decided by it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from trustwright.duties import queries
from trustwright.duties.absences import zone_of
from trustwright.duties.asked import Roster
from trustwright.duties.model import Duty, Escalated, HandedOn, Moved, Opened, Reminded, duty
from trustwright.duties.service import workflow_of
from trustwright.ledger.facts import Body, Fact
from trustwright.ledger.work import View

MOST = 20  # duties one mail lists
WHAT = {
    "countersign": "a case to decide",
    "stopped": "a stopped case to edit or refuse",
    "keep-promise": "a promise to keep",
    "answer-alarm": "an alarm to answer",
}
MOVED = {
    "away": "It came to you because its owner is away.",
    "left": "It came to you because its owner isn't here any more.",
    "signed": "A colleague signed; it needs a second person.",
}


@dataclass(frozen=True)
class Letter:
    """A mail to one person. Its `id` is the same if it is sent again."""

    name: str
    address: str
    subject: str
    text: str
    id: str


@dataclass(frozen=True)
class News:
    """Somebody (a pseudonym) is to hear of a duty, from this fact on; urgent: at any hour."""

    owner: str
    index: int
    urgent: bool


def news(view: View, there: Roster, facts: Iterable[Fact]) -> Iterator[News]:
    """What these facts say to whoever has the duty now."""
    for x in facts:
        if x.stream.startswith("duty-") and _why(x.body):
            owed = duty(x.stream, view.facts(x.stream))
            if not owed.closed:
                yield News(owed.owner, x.index, is_urgent(there, workflow_of(view, owed)))


def is_urgent(there: Roster, workflow: str) -> bool:
    found = there.charter.workflow_left(workflow)
    return found is not None and found.risk == "high"


def letter(view: View, there: Roster, owner: str, of: range, site: str) -> Letter | None:
    """What somebody hears of what they still owe, of those facts alone; None: nothing."""
    person = there.people.get(owner)
    owes = queries.owned(view, owner) if person else []
    told = [(owed, [x for x in view.facts(owed.id) if x.index in of]) for owed in owes]
    heard = [(owed, [x for x in facts if _why(x.body)]) for owed, facts in told]
    fresh = [(owed, facts[-1]) for owed, facts in heard if facts]
    if person is None or not fresh:
        return None
    zone = ZoneInfo(zone_of(there.charter, person.id))
    own = f"{site}/console/duties/{person.id}"
    blocks = [_block(view, there, each, own, zone) for each in fresh[:MOST]]
    more = [f"And {len(fresh) - MOST} more."] if len(fresh) > MOST else []
    text = "\n\n".join([*blocks, *more, f"Everything you owe:\n{own}", _FOOT.format(zone=zone)])
    last = max(x.index for _, x in fresh)
    subject = _subject(view, there, [owed for owed, _ in fresh], zone)
    return Letter(person.name, person.email, subject, text + "\n", _id(owner, of.start, last, site))


_FOOT = (
    "Times are those of {zone}. Nothing can be decided by mail: what you answer isn't read. "
    "Sign in to decide."
)


def _id(owner: str, since: int, last: int, site: str) -> str:
    digest = hashlib.sha256(f"{site} {owner} {since} {last}".encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(site).hostname}>"


def _why(body: Body) -> str:
    match body:
        case Opened(instead_of=None):
            return "It is yours."
        case Opened():
            return "It came to you because its owner is away."
        case Reminded():
            return "A reminder: little time is left."
        case Escalated():
            return "It came to you because nobody answered in time."
        case HandedOn():
            return "A colleague handed it on to you."
        case Moved(because=because):
            return MOVED[because]
    return ""


def _block(view: View, there: Roster, told: tuple[Duty, Fact], own: str, zone: ZoneInfo) -> str:
    owed, x = told
    where = workflow_of(view, owed)
    risk = " High risk." if is_urgent(there, where) else ""
    case = owed.what in ("countersign", "stopped")
    link = f"{own.split('/console/')[0]}/console/cases/{owed.case}" if case else own
    return (
        f"{_named(there, owed, where)}, {_due(owed, view.now, zone)}.{risk} {_why(x.body)}\n{link}"
    )


def _named(there: Roster, owed: Duty, workflow: str) -> str:
    found = there.charter.workflow_left(workflow)
    return f"{found.title if found else 'Data'}: {WHAT[owed.what]}"


def _due(owed: Duty, now: datetime, zone: ZoneInfo) -> str:
    at = owed.due.astimezone(zone)
    return f"{'late since' if owed.due <= now else 'due'} {at:%a} {at.day} {at:%b %Y, %H:%M}"


def _subject(view: View, there: Roster, owed: Sequence[Duty], zone: ZoneInfo) -> str:
    first = owed[0]
    if len(owed) == 1:
        return f"{_named(there, first, workflow_of(view, first))}, {_due(first, view.now, zone)}"
    return f"{len(owed)} duties wait for you, the first {_due(first, view.now, zone)}"
