"""The charter page: what is in force, what is proposed, and countersigning that."""

import asyncio
from collections.abc import Mapping
from datetime import tzinfo

import orjson
from fastapi import Response
from fastapi.responses import JSONResponse

from trustwright.charter import adoption, reading, service
from trustwright.charter.model import Charter as Agreed
from trustwright.charter.model import Person as Member
from trustwright.entrypoints.console import charter_grids as grids
from trustwright.entrypoints.console.case import Part, Slot
from trustwright.entrypoints.console.charter import Charter, CharterProblem, Proposed, Replay
from trustwright.entrypoints.console.clock import exactly, zone
from trustwright.entrypoints.console.marks import stretches
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.page import Link, Signing, plain
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.actors import Person
from trustwright.kernel.canonical import b64u
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import replaying

HERE = "/console/charter"


async def show(visit: Visit) -> Response:
    # What AI may do alone can take a second to work out, where rules are many.
    return visit.show(await asyncio.to_thread(_page, visit))


async def begin(visit: Visit) -> Response:
    """The statement over the charter proposed now; the page compares it with what it showed."""
    await visit.json()

    def prepare(uow: UnitOfWork) -> dict[str, object]:
        prepared = service.prepare(uow, visit.person, visit.credential)
        content = uow.open(prepared.statement.content)
        return {
            "statement": b64u(prepared.statement_bytes),
            "salt": b64u(content.salt if content else b""),
            "options": orjson.loads(prepared.options),
        }

    return JSONResponse(await visit.write(prepare))


async def finish(visit: Visit) -> Response:
    sent = await visit.json()
    order = {key: sent.get(key) for key in ("statement", "credential")}
    await visit.call("charter.countersign", **order)
    return JSONResponse({"location": HERE})


def _page(visit: Visit) -> Charter:
    with visit.view() as view:
        charter = service.in_force(view)
        return Charter(
            frame=visit.frame(view),
            digest=charter.digest[:12] if charter else "none",
            standing=_standing(view),
            grids=grids.grids(charter, view.now.date()) if charter else (),
            proposed=_proposed(visit, view, charter),
        )


def _standing(view: View) -> str:
    """How the charter in force came to be."""
    facts = [fact for fact in view.facts(service.STREAM) if isinstance(fact.body, adoption.Adopted)]
    if not facts:
        return "No charter is in force yet, so nothing can be decided."
    last, names = facts[-1], Names(view)
    assert isinstance(last.body, adoption.Adopted)
    if last.body.basis == "demo":
        return "In force in this demo workspace alone: nobody signed it."
    by = {fact.index: fact.actor for fact in view.facts(service.STREAM)}
    signers = " and ".join(names(by[index]) for index in last.body.signatures)
    alone = (
        " alone, until a second person countersigns it" if last.body.basis == "bootstrap" else ""
    )
    return f"Adopted {exactly(last.at, zone(view))} by {signers}{alone}."


def _proposed(visit: Visit, view: View, before: Agreed | None) -> Proposed | None:
    found = service.proposed(view)
    if found is None:
        return None
    waiting, new = found
    assert isinstance(waiting.body, adoption.Proposed)
    opened, today = view.open(waiting.body.content), view.now.date()
    parts: list[list[str]] = orjson.loads(opened.value) if opened else []
    signed = adoption.signatures(waiting, view.facts(service.STREAM))
    has_signed = view.me in signed
    # Under a bootstrap charter nothing goes alone: all that the second signature frees is new.
    decides = before if service.basis(view) != "bootstrap" else None
    return Proposed(
        digest=new.digest[:12],
        by=Names(view)(waiting.actor),
        at=exactly(waiting.at, zone(view)),
        problems=_problems(parts, view),
        changes=grids.changes(decides, new, today) if decides else grids.grids(new, today),
        parts=tuple(Part(name, stretches(text)) for name, text in parts),
        slots=_slots(view, before, signed),
        replay=_replay(view) if before else None,
        signing=None if has_signed or not parts else _signing(view, new, before),
        cannot="You have countersigned it." if has_signed else "",
    )


def _problems(parts: list[list[str]], view: View) -> tuple[CharterProblem, ...]:
    files = {name: text for name, text in parts if name != parts[0][0]}
    found = reading.examine(files, view.now.date()).problems
    return tuple(CharterProblem(f"{p.file}:{p.line}", p.sentence, p.remedy) for p in found)


def _replay(view: View) -> Replay | None:
    """Of the cases decided last, under the charter proposed."""
    found = replaying.replay(view, replaying.Replay())
    if not found.n + found.skipped:
        return None
    skipped = (
        f" {found.skipped:,} more can't be told: what AI isn't used for changed there."
        if found.skipped
        else ""
    )
    return Replay(
        f"Of the last {found.n:,} cases {found.newly_alone:,} would newly have gone out alone and "
        f"{found.no_longer_alone:,} no longer; {found.unchanged:,} would have been decided as they "
        f"were. The facts are as recorded; nothing was checked anew.{skipped}",
        plain(
            "Outcomes that change",
            ("was", "would be", "cases"),
            [(move.then, move.now, f"{move.n:,}") for move in found.moves],
        ),
        _cases(found.newly_alone_cases),
        _cases(found.no_longer_alone_cases),
    )


def _cases(ids: tuple[str, ...]) -> tuple[Link, ...]:
    return tuple(Link(case, f"/console/cases/{case}") for case in ids)


def _signing(view: View, new: Agreed, before: Agreed | None) -> Signing:
    must = {
        "decision": "adopt",
        "case": service.STREAM,
        "approver": view.me,
        "log": view.genesis.origin,
        "charter": before.digest if before else "",
    }
    sentence = (
        f"You adopt charter {new.digest[:12]} exactly as its text stands here; "
        "what you sign is kept in the ledger under your name."
    )
    return Signing(
        f"{HERE}/countersign/begin", f"{HERE}/countersign/finish", sentence, tuple(must.items())
    )


def _slots(view: View, before: Agreed | None, signed: Mapping[str, int]) -> tuple[Slot, ...]:
    """Who signed and who still must, as `adoption.basis_reached` has it: the roles that adopt, and
    two people in any case."""
    at = {fact.index: fact for fact in view.facts(service.STREAM)}
    given, names, where = [at[index] for index in signed.values()], Names(view), zone(view)
    if service.basis(view) != "agreed":
        before = None
    slots: list[Slot] = []
    for role, members in _adopters(before):
        may = {view.pseudonym(Person(p.id)) for p in members}
        signature = next((fact for fact in given if fact.actor in may), None)
        slots.append(_slot(names, role, " or ".join(p.name for p in members), signature, where))
    people = {slot.who for slot in slots if slot.who}
    others = [fact for fact in given if names(fact.actor) not in people]
    needed = 2 - len(people) - sum(not slot.who for slot in slots)
    for _ in range(needed):
        other = others.pop(0) if others else None
        slots.append(_slot(names, "any person", "anybody with a passkey here", other, where))
    return tuple(slots)


def _slot(names: Names, role: str, who_may: str, signature: Fact | None, where: tzinfo) -> Slot:
    if signature is None:
        return Slot(role, who_may)
    return Slot(role, who_may, names(signature.actor), exactly(signature.at, where))


def _adopters(charter: Agreed | None) -> list[tuple[str, tuple[Member, ...]]]:
    return [(role, charter.in_role(role)) for role in charter.company.adopts] if charter else []
