"""The duties of everybody, and the promises the person who looks has to keep."""

from collections.abc import Iterator

from trustwright.charter.model import Charter
from trustwright.charter.service import in_force, person_behind
from trustwright.duties.model import Duty, duty
from trustwright.entrypoints.console.clock import clock
from trustwright.entrypoints.console.duties import Duties, Load, Promise
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.visit import Visit
from trustwright.ledger.work import View
from trustwright.proposals import queries
from trustwright.proposals.model import Submitted
from trustwright.proposals.orders import Details


def build(visit: Visit) -> Duties:
    with visit.view() as view:
        charter = in_force(view)
        return Duties(
            frame=visit.frame(view),
            loads=tuple(_load(view, charter, load) for load in queries.loads(view))
            if charter
            else (),
            promises=tuple(_promises(view)),
        )


def _load(view: View, charter: Charter, load: queries.Load) -> Load:
    names, person = Names(view), person_behind(view, charter, load.owner)
    (next_one,) = (_duty(view, id) for id in queries.owed(view, load.owner, limit=1))
    return Load(
        name=names(load.owner),
        waiting=load.n,
        late=load.late,
        next=clock(next_one.due, view.now),
        next_case=next_one.case if _may_read(view, charter, next_one.case) else "",
        escalates=names(next_one.then[0]) if next_one.then else "",
        href=f"/console?whose={person.id}" if person else "",
    )


def _duty(view: View, id: str) -> Duty:
    return duty(id, view.facts(id))


def _may_read(view: View, charter: Charter, case: str) -> bool:
    first = view.facts(case)[0].body
    return isinstance(first, Submitted) and charter.may_read(view.actor.id, first.workflow)


def _promises(view: View) -> Iterator[Promise]:
    for owed in (_duty(view, id) for id in queries.owed(view, view.me, "keep-promise")):
        first = view.facts(owed.case)[0].body
        assert isinstance(first, Submitted)
        opened = view.open(first.details)
        made = Details.model_validate_json(opened.value).promises if opened else ()
        due = [p.quote for p in made if p.due == owed.due.date()] or [p.quote for p in made]
        quote = " / ".join(due) or "(erased)"
        yield Promise(owed.id, quote, owed.case, clock(owed.due, view.now))
