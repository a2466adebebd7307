"""The people page: invitations, passkeys, API keys. Who may is the operations' to say; this mirrors it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from fastapi import Response
from fastapi.responses import RedirectResponse

from trustwright.charter import service
from trustwright.charter.model import Charter
from trustwright.charter.model import System as Agreed
from trustwright.duties.asked import roster
from trustwright.entrypoints.console.clock import day, zone
from trustwright.entrypoints.console.duties_page import away
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.people import ApiKey, Member, Once, Passkey, People, System
from trustwright.entrypoints.console.visit import Visit
from trustwright.identity import keys, passkeys, queries
from trustwright.identity.model import REASONS
from trustwright.kernel.actors import Person
from trustwright.ledger.facts import moment
from trustwright.ledger.work import View

HERE = "/console/people"
KEY_ADVICE = (
    "Put it into the system's secret store now. We keep only a digest, and can't show it again."
)


async def show(visit: Visit) -> Response:
    return await _shown(visit)


async def invite(visit: Visit) -> Response:
    await visit.form()
    person = visit.path("person")
    invited = await visit.call("people.invite", person=person)
    if invited.token is None:
        return RedirectResponse(HERE, 303)
    with visit.view() as view:
        name = Names(view)(view.pseudonym(Person(person)))
    link = f"{visit.app.settings.url}/console/enrol/{invited.token}"
    advice = (
        f"Works once, within 24 hours. Give it to {name} in person, or on a channel you know is "
        "theirs."
    )
    return await _shown(visit, Once(f"The link that lets {name} in", link, advice))


async def revoke_passkey(visit: Visit) -> Response:
    form = await visit.form()
    order = {key: form.get(key) for key in ("credential", "reason")}
    await visit.call("people.revoke_passkey", **order)
    return RedirectResponse(HERE, 303)


async def issue_key(visit: Visit) -> Response:
    await visit.form()
    system = visit.path("system")
    issued = await visit.call("people.issue_key", system=system)
    return await _shown(visit, Once(f"The API key of {system}", issued.key, KEY_ADVICE))


async def revoke_key(visit: Visit) -> Response:
    await visit.form()
    await visit.call("people.revoke_key", key=visit.path("key"))
    return RedirectResponse(HERE, 303)


async def _shown(visit: Visit, once: Once | None = None) -> Response:
    # A few reads for each person: too long for the event loop in a large company.
    return visit.show(await asyncio.to_thread(_page, visit, once))


def _page(visit: Visit, once: Once | None) -> People:
    with visit.view() as view:
        charter, names = service.known(view), Names(view)
        systems = charter.systems if charter else ()
        return People(
            frame=visit.frame(view),
            members=tuple(_members(view, charter, names)),
            systems=tuple(_system(view, charter, system, names) for system in systems),
            reasons=REASONS,
            once=once,
        )


def _members(view: View, charter: Charter | None, names: Names) -> Iterator[Member]:
    """Everybody of the charter, and who still has a passkey without being in it."""
    people = charter.people if charter else ()
    there = roster(view) if service.in_force(view) else None
    here = {view.pseudonym(Person(p.id)): p for p in people}
    for pseudonym, person in here.items():
        roles = ", ".join(person.roles) or "no role"
        absent = away(view, there, pseudonym) if there else ""
        member = Member(person.id, person.name, roles, absent=absent)
        yield _member(view, charter, names, pseudonym, member)
    for left in sorted(queries.enrolled_people(view) - set(here)):
        gone = Member(left, names(left), "no longer in the charter")
        yield replace(gone, passkeys=_passkeys(view, charter, left))


def _member(
    view: View, charter: Charter | None, names: Names, pseudonym: str, member: Member
) -> Member:
    if held := _passkeys(view, charter, pseudonym):
        return replace(member, passkeys=held, me=pseudonym == view.me)
    asked = passkeys.standing(view, pseudonym, service.members(view))
    by = " and ".join(sorted(map(names, asked.sponsors)))
    if asked.needs == 0 or not by:
        return replace(member, ask="Invite")
    if not asked.missing:
        said = f"A link was made (asked for by {by}) and not used yet."
        return replace(member, invitation=said, ask="New link")
    others = "one other person" if asked.missing == 1 else f"{asked.missing} others"
    said = f"Invited by {by}; {others} must confirm."
    return replace(member, invitation=said, ask="" if view.me in asked.sponsors else "Confirm")


def _passkeys(view: View, charter: Charter | None, pseudonym: str) -> tuple[Passkey, ...]:
    may = pseudonym == view.me or _may(view, charter)
    return tuple(
        Passkey(
            key.credential,
            day(moment(key.enrolled_at), zone(view)),
            "in a password manager" if key.synced else "on one device",
            may,
        )
        for key in queries.credentials_of(view, pseudonym)
    )


def _system(view: View, charter: Charter | None, system: Agreed, names: Names) -> System:
    issued = tuple(
        ApiKey(fact.stream, day(fact.at, zone(view)), f"made by {names(fact.actor)}")
        for fact in keys.keys_of(view, system.id)
    )
    people = charter.people if charter else ()
    owner = next((p.name for p in people if p.id == system.owner), None)
    may = _may(view, charter, system.owner)
    issuer = " or ".join(filter(None, (owner, "a role that adopts charters")))
    return System(system.id, system.purpose or "", issued, may, "" if may else issuer)


def _may(view: View, charter: Charter | None, owner: str | None = None) -> bool:
    """The owner, or a role that adopts charters."""
    person = service.person_behind(view, charter, view.me) if charter else None
    if charter is None or person is None:
        return False
    return person.id == owner or bool(set(person.roles) & set(charter.company.adopts))
