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
from trustwright.proposals.queries import OWED, Filter, Listed, Place, Tally
from trustwright.proposals.reservations import reserved

PAGE = 50
COUNTED = 1_000  # Whose a case is stands in another table: counting all of 100,000 takes too long.
AROUND = (4, 20)  # So many cases before and after the open one stand beside it.
OUTCOMES = {
    "automate": "by itself",
    "owner": "owner",
    "two_person": "two people",
    "block": "stopped",
}
STATUSES: dict[str, tuple[str, tuple[Status, ...]]] = {
    "": ("to review", OWED),
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
        everybody, open_now = _among(every, mine), [t for t in every if Wanted().fits(t)]
        whose = queries.tallies(view, which.owner, COUNTED) if which.owner else []
        among = _among(whose, mine, True) if which.owner else everybody
        total, shown = everybody.n(Wanted()), among.n(wanted)
        found = queries.listed(view, which, PAGE + 1, start)
        return Queue(
            frame=visit.frame(view),
            entries=tuple(entries(view, charter, found[:PAGE])) if charter else (),
            facets=_facets(view, charter, wanted, among, everybody) if charter and every else (),
            shown=among.said(wanted),
            total=max(total, shown),
            late="" if wanted.status else _late(view, which),
            heading=STATUSES[wanted.status][0].capitalize(),
            order="newest first" if wanted.status else "by due time",
            everything="/console",
            more=_more(wanted, found[PAGE].place) if len(found) > PAGE else "",
            elsewhere=_sum(open_now) - total,
            together=_together(charter, wanted) if shown > 1 else None,
        )


@dataclass(frozen=True)
class Among:
    """What choices choose among. `capped`: there are more, which nobody counted."""

    tallies: tuple[Tally, ...]
    capped: bool

    def n(self, wanted: Wanted) -> int:
        return _sum(t for t in self.tallies if wanted.fits(t))

    def said(self, wanted: Wanted) -> str:
        return _up_to(self.n(wanted), self.capped)


def _among(tallies: list[Tally], mine: Iterable[str], some: bool = False) -> Among:
    capped = some and _sum(tallies) > COUNTED
    return Among(tuple(t for t in tallies if t.workflow in mine), capped)


def _up_to(n: int, capped: bool) -> str:
    return f"{min(n, COUNTED):,}+" if capped else f"{n:,}"


def _late(view: View, which: Filter) -> str:
    n = queries.count(view, which, COUNTED, late=True)
    return _up_to(n, n > COUNTED) if n else ""


def _more(wanted: Wanted, start: Place) -> str:
    query = wanted.query()
    return f"/console{query + '&' if query else '?'}{urlencode({'start': ' '.join(start)})}"


def _together(charter: Charter | None, wanted: Wanted) -> tuple[tuple[str, str], ...] | None:
    """The filter as a form sends it, where like cases may be decided together."""
    may = charter and charter.company.batches and not wanted.status
    return tuple(asdict(wanted).items()) if may else None


def _start(visit: Visit) -> Place:
    """Where the list begins, as `_more` writes it; what isn't a place is its beginning."""
    start = visit.request.query_params.get("start", "")[:200]
    return tuple(start.split(" ")) if start.isascii() and start.isprintable() else ()


def _sum(tallies: Iterable[Tally]) -> int:
    return sum(t.n for t in tallies)


def _facets(
    view: View, charter: Charter, wanted: Wanted, among: Among, everybody: Among
) -> tuple[Facet, ...]:
    mine = readable(view, charter)
    checks = sorted({check for t in among.tallies for check in t.checks})
    named: dict[str, tuple[str, Mapping[str, str]]] = {
        "workflow": ("Workflow", {w.id: w.title for w in charter.workflows if w.id in mine}),
        "outcome": ("Outcome", OUTCOMES),
        "finding": ("Finding", {check: check for check in checks}),
        "status": ("Status", {key: words for key, (words, _) in STATUSES.items()}),
    }
    facets = [
        Facet(title, tuple(_choices(wanted, among, field, words)))
        for field, (title, words) in named.items()
    ]
    whose = _whose(view, charter, wanted, among, everybody)
    return (whose, *(f for f in facets if f.choices))


def _choices(
    wanted: Wanted, among: Among, field: str, words: Mapping[str, str]
) -> Iterable[Choice]:
    """Every choice that would find something, and the one that is on."""
    chosen = asdict(wanted)[field]
    for key, said in words.items():
        probe, is_on = replace(wanted, **{field: key}), key == chosen
        if among.n(probe) or is_on:
            to = wanted.query(**{field: "" if is_on else key})
            yield Choice(said, f"/console{to}", among.said(probe), is_on)


def _whose(view: View, charter: Charter, wanted: Wanted, among: Among, everybody: Among) -> Facet:
    people = {"": "Everybody's", view.actor.id: "Mine"}
    if wanted.whose not in people:
        names = {p.id: p.name for p in charter.people}
        people[wanted.whose] = names.get(wanted.whose, "Nobody's")

    def said(whose: str) -> str:
        probe = replace(wanted, whose=whose)
        if whose == wanted.whose or not whose:
            return (everybody if not whose else among).said(probe)
        n = queries.count(view, probe.filter(view, readable(view, charter)), COUNTED)
        return _up_to(n, n > COUNTED)

    choices = (
        Choice(words, f"/console{wanted.query(whose=id)}", said(id), wanted.whose == id)
        for id, words in people.items()
    )
    return Facet("Whose", tuple(choices))


def entries(
    view: View, charter: Charter, found: list[Listed], here: str = "", query: str = ""
) -> Iterable[Entry]:
    """Cases as a list shows them; `here` is the open one, `query` goes on with their links."""
    titles = {w.id: w.title for w in charter.workflows}
    told, where = queries.told(view, [x.id for x in found]), zone(view)
    busy = reserved(view, [x.id for x in found if x.status in OWED])
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
            tags=works if x.status in OWED else (x.status.value,),
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
    before = queries.before(view, which, at, AROUND[0]) if at else []
    found = [*before, *queries.listed(view, which, sum(AROUND) - len(before), at or ())]
    here = len(before)
    return Beside(
        entries=tuple(entries(view, charter, found, case, wanted.query())),
        previous=_case(before[-1].id, wanted) if before else "",
        next=_case(found[here + 1].id, wanted) if at and here + 1 < len(found) else "",
        position=_position(view, which, at) if at else "",
    )


def _position(view: View, which: Filter, at: Place) -> str:
    """`3 of 17`; far down only that it is far down."""
    n = queries.count(view, which, COUNTED, until=at)
    of = queries.count(view, which, COUNTED if which.owner else None)
    place = f"{n + 1:,}" if n < COUNTED else f"beyond {COUNTED:,}"
    return f"{place} of {_up_to(of, bool(which.owner) and of > COUNTED)}"


def _case(id: str, wanted: Wanted) -> str:
    return f"/console/cases/{id}{wanted.query()}"
