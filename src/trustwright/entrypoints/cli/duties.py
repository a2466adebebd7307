"""Who owes what, and how late is it? Read from the workspace's folder; people act in the console."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, Format, at
from trustwright.entrypoints.cli.workspace import opened

if TYPE_CHECKING:
    from trustwright.ledger.work import View


@dataclass(frozen=True)
class Line:
    """One duty; moments are ISO 8601 in UTC. `owner` and `then` are ids of people, or pseudonyms."""

    duty: str
    what: str
    case: str
    workflow: str
    owner: str
    away: bool
    due: str
    late: bool
    then: tuple[str, ...]


def duties(
    person: Annotated[
        str | None, typer.Option(metavar="ID", help="Of this person of the charter alone.")
    ] = None,
    dir: Dir = None,
    format: Format = "text",
) -> int:
    """Say who owes what by when, the next due first.

    Exit 1 if something is late.
    """
    with opened(dir) as app, app.ledger.view() as view:
        lines = sorted(_lines(view, person), key=lambda line: line.due)
    if format == "json":
        terminal.data(json.dumps([asdict(line) for line in lines], indent=2))
    else:
        for line in lines:
            terminal.data(terminal.visible(_told(line)))
    late = sum(line.late for line in lines)
    terminal.note(f"{len(lines)} duties, {late} late.")
    terminal.then(f"trustwright console{at(dir)}", "says where people answer them.")
    return int(late > 0)


def _lines(view: "View", person: str | None) -> Iterator[Line]:
    from trustwright.charter.service import demand_charter
    from trustwright.duties import queries
    from trustwright.duties.asked import roster
    from trustwright.duties.service import workflow_of
    from trustwright.kernel.actors import Person

    one = demand_charter(view).person(person).id if person else None
    there = roster(view)
    ids = {pseudonym: known.id for pseudonym, known in there.people.items()}
    for owner in [view.pseudonym(Person(one))] if one else queries.owners(view):
        for owed in queries.owned(view, owner):
            workflow = workflow_of(view, owed)
            yield Line(
                duty=owed.id,
                what=owed.what,
                case=owed.case,
                workflow=workflow,
                owner=ids.get(owner, owner),
                away=not there.there(owner, workflow),
                due=f"{owed.due:%Y-%m-%dT%H:%M:%SZ}",
                late=owed.due < view.now,
                then=tuple(ids.get(other, other) for other in owed.then),
            )


def _told(line: Line) -> str:
    late = "LATE" if line.late else "    "
    who = f"{line.owner} (away)" if line.away else line.owner
    then = f"then {', '.join(line.then)}" if line.then else "nobody after them"
    return f"{line.due}  {late}  {who:<20}  {line.what:<12}  {line.case}  {line.workflow}  {then}"
