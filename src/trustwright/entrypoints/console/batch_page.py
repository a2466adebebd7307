"""Cases decided together: drawn from the queue, opened one after the other, signed with one touch."""

import orjson
from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from trustwright.charter.service import demand_charter
from trustwright.entrypoints.console import queue_page
from trustwright.entrypoints.console.batch import Batch, Member
from trustwright.entrypoints.console.page import Signing
from trustwright.entrypoints.console.queue_page import Wanted
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.canonical import b64u
from trustwright.kernel.errors import Refused
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import batch, batches, queries
from trustwright.proposals.model import case

HERE = "/console/batches/{id}"


async def draw(visit: Visit) -> Response:
    """From the cases ticked, or from all that match the queue's filter."""
    fields = await visit.fields()
    ticked = [value for name, value in fields if name == "case"]
    ids = ticked or _matching(visit, Wanted.of(dict(fields)))
    drawn = await visit.call("batches.draw", cases=ids)
    return RedirectResponse(HERE.format(id=drawn.batch), 303)


def _matching(visit: Visit, wanted: Wanted) -> list[str]:
    with visit.view() as view:
        charter = demand_charter(view)
        which = wanted.filter(view, queue_page.readable(view, charter))
        rules, n = charter.company.batches, queries.count(view, which)
        if rules and n > rules.most:
            raise Refused(
                "batch-too-large",
                f"{n:,} cases match, and the charter lets {rules.most} be decided together.",
                "Filter further, or tick some of them.",
            )
        return [x.id for x in queries.listed(view, which, n)]


def build(visit: Visit) -> Batch:
    """The page of the batch in the address: its list is exactly what is signed."""
    with visit.view() as view:
        of = batches.demand_batch(view, visit.path("id"))
        charter, now = demand_charter(view), batches.standing(view, of)
        workflow = charter.workflow(of.workflow)
        members = tuple(_member(view, of, id) for id in of.cases)
        left = len(now.left)
        return Batch(
            frame=visit.frame(view),
            id=of.id,
            about=f"{workflow.title} · {workflow.channel} · {of.id}",
            members=members,
            sample=len(of.sample),
            left=left,
            next=address(now.left[0], of.id) if left else "",
            state=_state(of),
            signing=None if of.signed or left else _signing(of, members, view),
        )


def _member(view: View, of: batch.Batch, id: str) -> Member:
    now = case(id, view.facts(id))
    title = queue_page.first_words(queue_page.title(view, now.submitted))
    opened = of.opened.get(id) == now.content
    return Member(id, title, now.content, opened, id in of.sample)


def _state(of: batch.Batch) -> str:
    if of.signed is None:
        return ""
    return f"Countersigned: {of.signed.size} cases, {of.signed.opened} of them opened."


def _signing(of: batch.Batch, members: tuple[Member, ...], view: View) -> Signing:
    n = sum(member.opened for member in members)
    at = HERE.format(id=of.id)
    must = {"case": of.id, "decision": "release", "basis": "batch", "approver": view.me}
    sentence = (
        f"With one signature you answer for all {len(members)} texts of this list, {n} of which you "
        "opened. What you didn't open goes out as released on a sample, and its receipt says so."
    )
    return Signing(
        f"{at}/countersign/begin", f"{at}/countersign/finish", sentence, (*must.items(),)
    )


def address(case: str, batch: str) -> str:
    """The page of a case on the way through a batch."""
    return f"/console/cases/{case}?batch={batch}"


async def begin(visit: Visit) -> Response:
    """The statement over the list; the page works its root out again from what it shows."""
    await visit.json()
    stream = visit.path("id")

    def prepare(uow: UnitOfWork) -> dict[str, object]:
        prepared = batches.prepare(uow, visit.person, stream, visit.credential)
        exact, options = prepared.statement_bytes, orjson.loads(prepared.options)
        return {"statement": b64u(exact), "options": options}

    return JSONResponse(await visit.write(prepare))


async def finish(visit: Visit) -> Response:
    sent = await visit.json()
    order = {key: sent.get(key) for key in ("statement", "credential")}
    await visit.call("batches.countersign", batch=visit.path("id"), **order)
    return JSONResponse({"location": HERE.format(id=visit.path("id"))})
