"""The duties of everybody: who and where is late, and how old the oldest is."""

from collections.abc import Iterable

from trustwright.charter.model import Charter
from trustwright.charter.service import in_force
from trustwright.duties.asked import Roster, roster
from trustwright.entrypoints.console.clock import clock, day, span, zone
from trustwright.entrypoints.console.duties import Duties, Load
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.visit import Visit
from trustwright.ledger.work import View
from trustwright.proposals import queries

HERE = "/console/duties"


def build(visit: Visit) -> Duties:
    with visit.view() as view:
        charter = in_force(view)
        owed = queries.loads(view, "owner") if charter else []
        return Duties(
            frame=visit.frame(view),
            people=tuple(_people(view, owed)) if charter else (),
            workflows=tuple(_workflows(view, charter)) if charter else (),
            mine=f"{HERE}/{visit.person.id}",
            waiting=sum(load.n for load in owed),
            late=sum(load.late for load in owed),
        )


def _people(view: View, owed: list[queries.Load]) -> Iterable[Load]:
    """Who owes something, the latest first; then who is away."""
    names, there = Names(view), roster(view)
    for load in owed:
        known = there.people.get(load.of)
        href = f"{HERE}/{known.id}" if known else ""
        yield _load(view, load, names(load.of), href, away(view, there, load.of))
    for pseudonym, person in there.people.items():
        said = away(view, there, pseudonym)
        if said and pseudonym not in {load.of for load in owed}:
            yield Load(person.name, f"{HERE}/{person.id}", away=said)


def _workflows(view: View, charter: Charter) -> Iterable[Load]:
    titles = {workflow.id: workflow.title for workflow in charter.workflows}
    for load in queries.loads(view, "workflow"):
        if not load.of:  # About no case: an alarm has no workflow of its own.
            continue
        href = f"/console?workflow={load.of}" if charter.may_read(view.actor.id, load.of) else ""
        title = titles.get(load.of, f"{load.of} (no longer in the charter)")
        yield _load(view, load, title, href if load.of in titles else "", "")


def _load(view: View, load: queries.Load, name: str, href: str, away: str) -> Load:
    next_one = clock(load.next, view.now, zone(view))
    return Load(
        name,
        href,
        load.n,
        load.late,
        span(view.now, load.oldest) if load.oldest else "",
        next_one,
        away,
    )


def away(view: View, there: Roster, person: str) -> str:
    """`away until 24 Nov 2026`, if somebody (a pseudonym) is away from everything now."""
    absence = there.absence(person, "")
    return f"away until {day(absence.until, zone(view))}" if absence else ""
