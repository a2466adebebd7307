"""The desk of the console: the queue, a case and what a person does with it, and the duties."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import orjson
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse, RedirectResponse

from trustwright.app import App
from trustwright.entrypoints.console import (
    batch_page,
    case_page,
    checks_page,
    duties_page,
    forms,
    person_page,
    queue_page,
)
from trustwright.entrypoints.console.page import Page
from trustwright.entrypoints.console.queue_page import Wanted
from trustwright.entrypoints.console.visit import Visit, signed_in
from trustwright.kernel.canonical import b64u, from_b64u
from trustwright.kernel.errors import Invalid, Problem
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals import reservations, review
from trustwright.proposals.content import Parts

Handler = Callable[[Visit], Awaitable[Response]]
CASE = "/console/cases/{id}"


def mount(web: FastAPI, _app: App) -> None:
    """Put the queue, the cases and the duties beside the rest of the console."""
    for path, handler in GET.items():
        web.add_route(path, signed_in(handler), methods=["GET"])
    for path, handler in POST.items():
        web.add_route(path, signed_in(handler), methods=["POST"])


def _shown(build: Callable[[Visit], Page]) -> Handler:
    """A page that is only looked at, built beside the loop that answers everybody."""

    async def handler(visit: Visit) -> Response:
        return visit.show(await asyncio.to_thread(build, visit))

    return handler


async def _queue(visit: Visit) -> Response:
    """Whoever is back at the queue works on no case any more."""
    with visit.view() as view:
        busy = reservations.working_on(view)
    if busy:
        await visit.call("proposals.leave")
    return visit.show(await asyncio.to_thread(queue_page.build, visit))


def _form(build: Callable[[Visit], Page]) -> Handler:
    """A form that changes a case: whoever opens it works on the case from then on."""

    async def handler(visit: Visit) -> Response:
        await visit.call("proposals.reserve", case=visit.path("id"))
        return visit.show(await asyncio.to_thread(build, visit))

    return handler


async def _case(visit: Visit) -> Response:
    # That it is read is a fact, and a charter changed meanwhile decides before it is shown.
    case, batch = visit.path("id"), visit.request.query_params.get("batch", "")
    if batch:
        await visit.call("batches.open", case=case, batch=batch)
    else:
        await visit.call("proposals.open", case=case)
    return visit.show(await asyncio.to_thread(case_page.build, visit))


async def _begin(visit: Visit) -> Response:
    """The statement over exactly what the case holds now; the page compares it with what it shows."""
    await visit.json()
    case = visit.path("id")

    def prepare(uow: UnitOfWork) -> dict[str, object]:
        of, prepared = review.prepare(uow, visit.person, case, visit.credential)
        content = uow.open(of.content)
        return {
            "statement": b64u(prepared.statement_bytes),
            "salt": b64u(content.salt if content else b""),
            "options": orjson.loads(prepared.options),
        }

    return JSONResponse(await visit.write(prepare))


async def _finish(visit: Visit) -> Response:
    sent = await visit.json()
    order = {key: sent.get(key) for key in ("statement", "credential")}
    await visit.call("proposals.countersign", case=visit.path("id"), **order)
    query = Wanted.of(visit.request.query_params).query()
    return JSONResponse({"location": _address(visit) + query})


async def _edit(visit: Visit) -> Response:
    fields = await visit.fields()
    keys = tuple(value for name, value in fields if name == "accept")
    typed = forms.Edited(_parts(fields), accepted=keys, **_only(fields, "seen", "note", "because"))
    order = {"seen": typed.seen, "note": typed.note, "parts": typed.order}
    order |= {"accepted": list(keys), "because": typed.because}
    return await _acted(visit, "edit", order, lambda e: forms.edit(visit, typed, str(e)))


def _parts(fields: list[tuple[str, str]]) -> Parts:
    names, texts = ([value for name, value in fields if name == of] for of in ("name", "text"))
    if len(names) != len(texts):
        raise Invalid("form-malformed", "The form can't be read.", "Load the page again.")
    return tuple(zip(names, texts, strict=True))


async def _look(visit: Visit) -> Response:
    """What the checks say of what is being typed; whoever types goes on having the case."""
    sent, case = await visit.json(), visit.path("id")
    await visit.call("proposals.reserve", case=case)
    looked = await visit.call("proposals.look", case=case, parts=sent.get("parts"))
    return JSONResponse(looked.model_dump())


async def _refuse(visit: Visit) -> Response:
    sent = await visit.fields()
    order = _only(sent, "reason") | {"why": dict(sent).get("why", "other")}
    return await _acted(
        visit, "refuse", order, lambda e: forms.refuse(visit, **order, problem=str(e))
    )


async def _judge(visit: Visit) -> Response:
    order = _only(await visit.fields(), "finding", "right")
    await visit.call("proposals.judge", case=visit.path("id"), **order)
    return RedirectResponse(_address(visit), 303)


async def _undo(visit: Visit) -> Response:
    await visit.form()
    await visit.call("proposals.take_back", case=visit.path("id"))
    return RedirectResponse(_address(visit), 303)


async def _hand_on(visit: Visit) -> Response:
    order = _only(await visit.fields(), "to", "question")
    return await _acted(
        visit, "hand_on", order, lambda e: forms.hand_on(visit, **order, problem=str(e))
    )


def _only(fields: list[tuple[str, str]], *names: str) -> dict[str, str]:
    sent = dict(fields)
    return {name: sent.get(name, "") for name in names}


async def _acted(
    visit: Visit, verb: str, order: Mapping[str, object], again: Callable[[Problem], Page]
) -> Response:
    """Back to the case; or the form once more, with the problem and what was typed."""
    try:
        await visit.call(f"proposals.{verb}", case=visit.path("id"), **order)
    except Problem as e:
        return visit.show(await asyncio.to_thread(again, e), e.status)
    return RedirectResponse(_address(visit), 303)


def _address(visit: Visit) -> str:
    return CASE.format(id=visit.path("id"))


async def _evidence(visit: Visit) -> Response:
    case = visit.path("id")
    answer = await visit.call("proposals.evidence", case=case)
    headers = {"content-disposition": f'attachment; filename="evidence-{answer.case}.zip"'}
    return Response(from_b64u(answer.bundle), headers=headers, media_type="application/zip")


GET: dict[str, Handler] = {
    "/console": _queue,
    "/console/duties": _shown(duties_page.build),
    "/console/duties/{person}": _shown(person_page.build),
    "/console/checks": _shown(checks_page.build),
    batch_page.HERE: _shown(batch_page.build),
    CASE: _case,
    f"{CASE}/edit": _form(forms.edit),
    f"{CASE}/refuse": _form(forms.refuse),
    f"{CASE}/hand-on": _form(forms.hand_on),
    f"{CASE}/evidence.zip": _evidence,
}
POST: dict[str, Handler] = {
    "/console/batches": batch_page.draw,
    f"{batch_page.HERE}/countersign/begin": batch_page.begin,
    f"{batch_page.HERE}/countersign/finish": batch_page.finish,
    f"{CASE}/countersign/begin": _begin,
    f"{CASE}/countersign/finish": _finish,
    f"{CASE}/undo": _undo,
    f"{CASE}/judge": _judge,
    f"{CASE}/edit": _edit,
    f"{CASE}/look": _look,
    f"{CASE}/refuse": _refuse,
    f"{CASE}/hand-on": _hand_on,
    "/console/promises/{id}/keep": person_page.kept,
    "/console/promises/{id}/break": person_page.broken,
    "/console/duties/{person}/away": person_page.away,
    "/console/absences/{absence}/end": person_page.back,
}
