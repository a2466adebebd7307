"""Who is asked now? Whoever the charter names, or who stands in for them while they are away."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustwright.charter.calendars import Calendar
from trustwright.charter.model import Charter, Person
from trustwright.charter.service import demand_charter
from trustwright.duties import queries
from trustwright.duties.absences_model import Absence
from trustwright.duties.calendar import add_working
from trustwright.kernel import actors
from trustwright.ledger.work import View


@dataclass(frozen=True)
class Roster:
    """Who is there at a moment. People are pseudonyms; `away`: absences that aren't over."""

    charter: Charter
    people: dict[str, Person]
    away: tuple[Absence, ...]
    now: datetime

    def absence(self, person: str, workflow: str) -> Absence | None:
        """Why somebody isn't asked in a workflow: what was stated for it, else for everything."""
        found = [a for a in self.away if a.person == person and a.covers(workflow, self.now)]
        return max(found, key=lambda a: (a.workflow is not None, a.stated), default=None)

    def there(self, person: str, workflow: str) -> bool:
        return person in self.people and self.absence(person, workflow) is None

    def instead(self, person: str, workflow: str) -> str | None:
        """Who is asked in somebody's place: themselves if there, else whom they named, else their
        substitute. One step, and only somebody who is there and may read the workflow."""
        if self.there(person, workflow):
            return person
        absence = self.absence(person, workflow)
        known = self.people.get(person)
        named = [absence.to] if absence and absence.to else []
        if known and known.substitute:
            named += [p for p, other in self.people.items() if other.id == known.substitute]
        return next((p for p in named if self._can(p, workflow)), None)

    def _can(self, person: str, workflow: str) -> bool:
        reads = self.there(person, workflow)
        # What belongs to no workflow (an alarm about a field none reads) is read by whoever is asked.
        return reads and (not workflow or self.charter.may_read(self.people[person].id, workflow))

    def asked(self, path: Iterable[str], workflow: str) -> list[str]:
        """A path with stand-ins for whoever is away; without those nobody stands in for."""
        found = (self.instead(person, workflow) for person in path)
        return list(dict.fromkeys(person for person in found if person))

    def answering(self, workflow: str) -> list[str]:
        """Whom the charter names for a workflow, one after the other."""
        ids = [person.id for person in self.charter.answering(workflow)]
        by_id = {person.id: pseudonym for pseudonym, person in self.people.items()}
        return [by_id[id] for id in ids]

    def calendar(self, person: str) -> Calendar | None:
        known = self.people.get(person)
        return self.charter.calendar_of(known.id if known else None)

    def clocks(self, person: str, grace: timedelta) -> tuple[datetime, datetime]:
        """When somebody is to be reminded and when it is due, if they have it from now on."""
        calendar = self.calendar(person)
        return (
            add_working(calendar, self.now, grace * 3 / 4),
            add_working(calendar, self.now, grace),
        )


def roster(view: View) -> Roster:
    """Who is there now."""
    charter = demand_charter(view)
    people = {view.pseudonym(actors.Person(person.id)): person for person in charter.people}
    return Roster(charter, people, tuple(queries.absences_left(view)), view.now)


def standing_in(view: View, workflow: str) -> set[str]:
    """Who is asked about a workflow now without being named for it."""
    if not queries.absences_left(view):
        return set()
    there = roster(view)
    path = there.answering(workflow)
    return set(there.asked(path, workflow)) - set(path)


def unanswered(view: View) -> Sequence[str]:
    """Workflows of which everybody who answers is away, and nobody stands in."""
    if not queries.absences_left(view):
        return []
    there = roster(view)
    ids = [workflow.id for workflow in there.charter.workflows]
    return [id for id in ids if not there.asked(there.answering(id), id)]
