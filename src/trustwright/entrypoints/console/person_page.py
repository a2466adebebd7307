"""One person's page: what they owe, when they work, and the form that says they are away."""

from collections.abc import Iterator, Mapping

from fastapi import Response
from fastapi.responses import RedirectResponse

from trustwright.charter.members import may
from trustwright.charter.model import Charter
from trustwright.charter.model import Person as Member
from trustwright.charter.service import demand_charter
from trustwright.duties.absences_model import Absence
from trustwright.duties.asked import roster
from trustwright.duties.model import Duty, duty
from trustwright.duties.queries import next_due
from trustwright.entrypoints.console.clock import clock, exactly, span, zone
from trustwright.entrypoints.console.duties import Away, AwayForm, Item, Person
from trustwright.entrypoints.console.duties_page import HERE
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.queue_page import ERASED, title
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel import actors
from trustwright.kernel.errors import Problem
from trustwright.ledger.work import View
from trustwright.proposals import queries
from trustwright.proposals.model import Submitted
from trustwright.proposals.orders import Details

MOST = 100
WHAT = {
    "countersign": "decide",
    "stopped": "edit or refuse",
    "keep-promise": "keep the promise",
    "answer-alarm": "say what it was",
}


def build(visit: Visit) -> Person:
    return _page(visit, visit.path("person"))


async def away(visit: Visit) -> Response:
    form, person = await visit.form(), visit.path("person")
    order = {key: form.get(key, "") for key in ("first", "last", "to", "workflow")}
    try:
        stated = {key: value or None for key, value in order.items()}
        await visit.call("absences.state", person=person, **stated)
    except Problem as e:
        return visit.show(_page(visit, person, order, str(e)), e.status)
    return RedirectResponse(f"{HERE}/{person}", 303)


async def kept(visit: Visit) -> Response:
    form = await visit.form()
    said = {key: form.get(key, "") for key in ("proof", "link")}
    return await _ended(visit, "promises.keep", **said)


async def broken(visit: Visit) -> Response:
    return await _ended(visit, "promises.break", reason=(await visit.form()).get("reason", ""))


async def _ended(visit: Visit, name: str, **said: str) -> Response:
    await visit.call(name, duty=visit.path("id"), **said)
    return RedirectResponse(f"{HERE}/{visit.person.id}", 303)


async def back(visit: Visit) -> Response:
    person = (await visit.form()).get("person", visit.person.id)
    await visit.call("absences.end", absence=visit.path("absence"))
    return RedirectResponse(f"{HERE}/{person}", 303)


def _page(visit: Visit, id: str, typed: Mapping[str, str] | None = None, said: str = "") -> Person:
    with visit.view() as view:
        charter = demand_charter(view)
        person = charter.person(id)
        pseudonym = view.pseudonym(actors.Person(id))
        own = may(view, id)
        owed = next((x for x in queries.loads(view, "owner") if x.of == pseudonym), None)
        return Person(
            frame=visit.frame(view),
            id=id,
            name=person.name,
            roles=", ".join(person.roles) or "no role",
            hours=_hours(charter, id),
            instead=_instead(charter, person),
            items=tuple(_items(view, charter, pseudonym)),
            total=owed.n if owed else 0,
            late=owed.late if owed else 0,
            absences=tuple(_absences(view, pseudonym, own)),
            form=_form(charter, person, typed or {}, said) if own else None,
        )


def _hours(charter: Charter, person: str) -> str:
    calendar = charter.calendar_of(person)
    if calendar is None:
        return "no calendar: every hour counts"
    return f"{'; '.join(calendar.hours)}, {calendar.time_zone}"


def _instead(charter: Charter, person: Member) -> str:
    by = charter.substitute(person.id)
    others = [other.name for other in charter.people if other.substitute == person.id]
    said = [f"{by.name} stands in for them." if by else "Nobody stands in for them."]
    return " ".join([*said, f"They stand in for {', '.join(others)}."] if others else said)


def _items(view: View, charter: Charter, owner: str) -> Iterator[Item]:
    names, titles = Names(view), {w.id: w.title for w in charter.workflows}
    for id in next_due(view, owner, MOST):
        owed = duty(id, view.facts(id))
        first = view.facts(owed.case)[0]
        submitted = first.body
        if not isinstance(submitted, Submitted):
            yield _about_none(view, names, owed)
            continue
        reads = charter.may_read(view.actor.id, submitted.workflow) or owed.owner == view.me
        yield Item(
            id=id,
            what=WHAT[owed.what],
            title=_title(view, owed, submitted) if reads else "A case you don't read",
            about=titles.get(submitted.workflow, submitted.workflow),
            clock=clock(owed.due, view.now, zone(view)),
            age=span(view.now, first.at),
            then=f"then {names(owed.then[0])}" if owed.then else "nobody after them",
            href=f"/console/cases/{owed.case}" if reads else "",
            keep=owed.what == "keep-promise" and owed.owner == view.me,
        )


def _about_none(view: View, names: Names, owed: Duty) -> Item:
    then = f"then {names(owed.then[0])}" if owed.then else "nobody after them"
    due, age = clock(owed.due, view.now, zone(view)), span(view.now, owed.opened)
    href = f"/console/signals/alarms/{owed.case}"
    return Item(owed.id, WHAT[owed.what], "An alarm", "data", due, age, then, href)


def _title(view: View, owed: Duty, submitted: Submitted) -> str:
    if owed.what != "keep-promise":
        return title(view, submitted)
    opened = view.open(submitted.details)
    made = Details.model_validate_json(opened.value).promises if opened else ()
    near = [p.quote for p in made if p.due == owed.due.astimezone(zone(view)).date()]
    return " / ".join(near or [p.quote for p in made]) or ERASED


def _absences(view: View, person: str, own: bool) -> Iterator[Away]:
    names, where = Names(view), zone(view)
    for a in roster(view).away:
        if a.person == person:
            yield Away(
                a.id, _said(names, a) + f" {exactly(a.until, where)}", a.since <= view.now, own
            )


def _said(names: Names, a: Absence) -> str:
    what = f"Gives {a.workflow} away" if a.workflow else "Away"
    return f"{what}{f', {names(a.to)} stands in,' if a.to else ''} until"


def _form(charter: Charter, person: Member, typed: Mapping[str, str], said: str) -> AwayForm:
    mine = [w for w in charter.workflows if person in charter.answering(w.id)]
    able = [
        p
        for p in charter.people
        if p != person and (not mine or any(charter.may_read(p.id, w.id) for w in mine))
    ]
    return AwayForm(
        colleagues=tuple((p.id, p.name) for p in able),
        workflows=tuple((w.id, w.title) for w in mine),
        problem=said,
        **typed,
    )
