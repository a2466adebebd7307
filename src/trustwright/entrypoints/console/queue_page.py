"""The queue: which cases the address asks for, what they are called, and where one stands in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from urllib.parse import urlencode

from trustwright.charter.model import Charter
from trustwright.charter.service import in_force
from trustwright.entrypoints.console.clock import clock, zone
from trustwright.entrypoints.console.marks import Severity
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.queue import Choice, Entry, Facet, Queue
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.actors import Person
from trustwright.ledger.work import View
from trustwright.proposals import content, queries
from trustwright.proposals.model import Status, Submitted
from trustwright.proposals.orders import Details
from trustwright.proposals.queries import Filter, Listed, Tally
from trustwright.proposals.reservations import reserved

PAGE = 50
COUNTED = 10_000  # Whose a case is stands in another table: counting all of 100,000 takes too long.
AROUND = (4, 20)  # So many cases before and after the open one stand beside it.
OUTCOMES = {
    "automate": "by itself",
    "owner": "owner",
    "two_person": "two people",
    "block": "stopped",
}
OPEN = (Status.WAITING, Status.STOPPED)
STATUSES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "": ("to review", OPEN),
    "signed": ("not out yet", (Status.SIGNED,)),
    "released": ("released", (Status.RELEASED, Status.TAKEN, Status.DELIVERED)),
    "refused": ("refused", (Status.REFUSED,)),
    "closed": ("closed otherwise", (Status.WITHDRAWN, Status.EXPIRED, Status.VOIDED)),
}
SEVERITIES: dict[str, Severity] = {"note": "note", "warn": "warn", "block": "block"}
ERASED = "(erased)"


@dataclass(frozen=True)
class Wanted:
    """What the address asks for. `whose`: a person's id; a word nobody knows finds nothing."""

    whose: str = ""
    workflow: str = ""
    outcome: str = ""
    finding: str = ""
    status: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "Wanted":
        found = cls(**{f.name: params.get(f.name, "")[:64] for f in fields(cls)})
        return found if found.status in STATUSES else replace(found, status="")

    def query(self, **changed: str) -> str:
        """The address of this filter, some of it changed, behind the path."""
        kept = {key: value for key, value in (asdict(self) | changed).items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def filter(self, view: View, workflows: Iterable[str]) -> Filter:
        return Filter(
            workflows=tuple(workflows),
            statuses=STATUSES[self.status][1],
            workflow=self.workflow or None,
            outcome=self.outcome or None,
            check=self.finding or None,
            owner=view.pseudonym(Person(self.whose)) if self.whose else None,
            newest=bool(self.status),
        )

    def fits(self, of: Tally) -> bool:
        """Whether cases like these are asked for."""
        return (
            self.workflow in ("", of.workflow)
            and self.outcome in ("", of.outcome)
            and (not self.finding or self.finding in of.checks)
            and of.status in STATUSES[self.status][1]
        )


def readable(view: View, charter: Charter) -> tuple[str, ...]:
    """The workflows whose cases open to the acting person."""
    return tuple(w.id for w in charter.workflows if charter.may_read(view.actor.id, w.id))


def build(visit: Visit) -> Queue:
    """The page of the queue that the address asks for."""
    wanted, start = Wanted.of(visit.request.query_params), _start(visit)
    with visit.view() as view:
        charter = in_force(view)
        mine = readable(view, charter) if charter else ()
        which, every = wanted.filter(view, mine), queries.tallies(view)
        open_now = [t for t in every if Wanted().fits(t)]
        tallies = queries.tallies(view, which.owner) if which.owner else every
        shown = _sum(t for t in tallies if wanted.fits(t) and t.workflow in mine)
        total = _sum(t for t in open_now if t.workflow in mine)
        found = queries.listed(view, which, PAGE, start)
        more = f"{wanted.query() + '&' if wanted.query() else '?'}start={start + PAGE}"
        return Queue(
            frame=visit.frame(view),
            entries=tuple(entries(view, charter, found)) if charter else (),
            facets=_facets(view, charter, wanted, tallies) if charter and every else (),
            shown=shown,
            total=max(total, shown),
            late=0 if wanted.status else queries.late(view, which),
            heading=STATUSES[wanted.status][0].capitalize(),
            order="newest first" if wanted.status else "by due time",
            everything="/console",
            more=f"/console{more}" if start + PAGE < shown else "",
            elsewhere=_sum(open_now) - total,
            together=_together(charter, wanted) if shown > 1 else None,
        )


def _together(charter: Charter | None, wanted: Wanted) -> tuple[tuple[str, str], ...] | None:
    """The filter as a form sends it, where like cases may be decided together."""
    may = charter and charter.company.batches and not wanted.status
    return tuple(asdict(wanted).items()) if may else None


def _start(visit: Visit) -> int:
    start = visit.request.query_params.get("start", "")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 0


def _sum(tallies: Iterable[Tally]) -> int:
    return sum(t.n for t in tallies)


def _facets(
    view: View, charter: Charter, wanted: Wanted, tallies: list[Tally]
) -> tuple[Facet, ...]:
    mine = readable(view, charter)
    checks = sorted({check for t in tallies for check in t.checks})
    named: dict[str, tuple[str, Mapping[str, str]]] = {
        "workflow": ("Workflow", {w.id: w.title for w in charter.workflows if w.id in mine}),
        "outcome": ("Outcome", OUTCOMES),
        "finding": ("Finding", {check: check for check in checks}),
        "status": ("Status", {key: words for key, (words, _) in STATUSES.items()}),
    }
    among = [t for t in tallies if t.workflow in mine]
    facets = [
        Facet(title, tuple(_choices(wanted, among, field, words)))
        for field, (title, words) in named.items()
    ]
    return (_whose(view, charter, wanted), *(f for f in facets if f.choices))


def _choices(
    wanted: Wanted, tallies: list[Tally], field: str, words: Mapping[str, str]
) -> Iterable[Choice]:
    """Every choice that would find something, and the one that is on."""
    chosen = asdict(wanted)[field]
    for key, said in words.items():
        probe = replace(wanted, **{field: key})
        n, is_on = _sum(t for t in tallies if probe.fits(t)), key == chosen
        if n or is_on:
            to = wanted.query(**{field: "" if is_on else key})
            yield Choice(said, f"/console{to}", n, is_on)


def _whose(view: View, charter: Charter, wanted: Wanted) -> Facet:
    mine = readable(view, charter)
    names = {p.id: p.name for p in charter.people}
    people = {"": "Everybody's", view.actor.id: "Mine"}
    if wanted.whose not in people:
        people[wanted.whose] = names.get(wanted.whose, "Nobody's")
    return Facet(
        "Whose",
        tuple(
            Choice(
                words,
                f"/console{wanted.query(whose=id)}",
                _counted(view, replace(wanted, whose=id).filter(view, mine)),
                wanted.whose == id,
            )
            for id, words in people.items()
        ),
    )


def _counted(view: View, which: Filter) -> int | str:
    n = queries.count(view, which, COUNTED if which.owner else None)
    return n if n <= COUNTED or not which.owner else f"{COUNTED:,}+"


def entries(
    view: View, charter: Charter, found: list[Listed], here: str = "", query: str = ""
) -> Iterable[Entry]:
    """Cases as a list shows them; `here` is the open one, `query` goes on with their links."""
    titles = {w.id: w.title for w in charter.workflows}
    told, where = queries.told(view, [x.id for x in found]), zone(view)
    busy = reserved(view, [x.id for x in found if x.status in OPEN])
    names = Names(view) if busy else None
    for x in found:
        submitted, routed = told[x.id]
        works = (f"{names(busy[x.id].by)} works on it",) if names and x.id in busy else ()
        yield Entry(
            id=x.id,
            title=first_words(title(view, submitted)),
            about=f"{titles[x.workflow]} · {x.system}",
            outcome=OUTCOMES[x.outcome],
            clock=clock(x.due, view.now, where) if x.due else None,
            worst=SEVERITIES.get(x.worst),
            findings=sum(f.severity == x.worst for f in routed.findings),
            tags=works if x.status in OPEN else (x.status.value,),
            is_open=x.id == here,
            query=query,
        )


def title(view: View, of: Submitted) -> str:
    """What the sending system called it, else its first words."""
    opened = view.open(of.details)
    if opened is None:
        return ERASED
    if said := Details.model_validate_json(opened.value).title.strip():
        return said
    text = view.open(of.content)
    return first_words(content.from_bytes(text.value)[0][1]) if text else ERASED


def first_words(text: str, most: int = 80) -> str:
    # Of white space only the plain kinds: any other is to be seen.
    words = re.sub(r"[ \t\n]+", " ", text[: 4 * most]).strip(" ")
    if len(words) <= most:
        return words
    return (words[:most].rpartition(" ")[0] or words[: most - 1]) + "…"


@dataclass(frozen=True)
class Beside:
    """The queue beside an open case, and the way through it; `previous` and `next` are addresses."""

    entries: tuple[Entry, ...]
    previous: str = ""
    next: str = ""
    position: str = ""


def beside(view: View, charter: Charter, wanted: Wanted, case: str) -> Beside:
    """What stands around a case in a queue; where it isn't in it, how the queue begins."""
    which = replace(wanted, status="").filter(view, readable(view, charter))
    at = queries.place(view, which, case)
    before, after = AROUND
    start = max(0, (at or 0) - before)
    found = queries.listed(view, which, before + after, start)
    ids = [x.id for x in found]
    here = ids.index(case) if case in ids else -1
    return Beside(
        entries=tuple(entries(view, charter, found, case, wanted.query())),
        previous=_case(ids[here - 1], wanted) if here > 0 else "",
        next=_case(ids[here + 1], wanted) if here + 1 < len(ids) else "",
        position=f"{at + 1:,} of {queries.count(view, which):,}" if at is not None else "",
    )


def _case(id: str, wanted: Wanted) -> str:
    return f"/console/cases/{id}{wanted.query()}"
