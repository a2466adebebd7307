"""The ledger page: the last checkpoint, a walk over the whole log, and what was recorded last."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, tzinfo

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from trustwright.app import App
from trustwright.entrypoints.console.clock import exactly, zone
from trustwright.entrypoints.console.ledger import Ledger, LoggedFact
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.page import Link, Notice
from trustwright.entrypoints.console.visit import Visit
from trustwright.ledger import proving
from trustwright.ledger.facts import Fact

HERE = "/console/ledger"
RECENT = 50
PLACES = {"charter": "/console/charter", "hold": "/console/holds", "person": "/console/people"}
DOWNLOADS = (
    Link("Checkpoint", "/log/checkpoint"),
    Link("verify.py", "/verify/verify.py"),
    Link("verify.html", "/verify/offline"),
)


@dataclass(frozen=True)
class Walk:
    """The last full verification in this process."""

    found: proving.Verification
    at: datetime


async def show(visit: Visit) -> Response:
    app = visit.app
    with visit.view() as view:
        size, names, where = proving.size(view), Names(view), zone(view)
        recent = view.after(max(0, size - RECENT))
        page = Ledger(
            frame=visit.frame(view),
            size=size,
            origin=view.genesis.origin,
            log_key=view.log_key,
            checkpoint=proving.checkpoint(view).decode(),
            verified=_said(visit.request, where),
            rung=1 if app.settings.anchor else 0,
            anchor=f"kept in {app.settings.anchor}" if app.settings.anchor else "no anchor set",
            recent=tuple(_logged(fact, names, where) for fact in reversed(recent)),
            downloads=DOWNLOADS,
        )
    return visit.show(page)


async def verify(visit: Visit) -> Response:
    """Hash every entry anew; one walk at a time, for it takes seconds per million entries."""
    await visit.form()
    state = visit.request.app.state
    if getattr(state, "walking", None) is None:
        state.walking = asyncio.Lock()
    async with state.walking:
        state.walk = await asyncio.to_thread(_walk, visit.app)
    return RedirectResponse(HERE, 303)


def _walk(app: App) -> Walk:
    with app.ledger.view() as view:
        return Walk(app.ledger.verify(view), view.now)


def _said(request: Request, where: tzinfo) -> Notice:
    walk: Walk | None = getattr(request.app.state, "walk", None)
    if walk is None:
        return Notice("info", "Not verified since the server started.", "Verify it all below.")
    if problems := walk.found.problems:
        more = f" {len(problems) - 1} more were found." if len(problems) > 1 else ""
        stop = "Stop writing, keep the files; docs/operations.md says how to go on."
        return Notice("bad", problems[0], f"Found {exactly(walk.at, where)}.{more} {stop}")
    return Notice(
        "good", f"All {walk.found.entries:,} entries verified.", f"{exactly(walk.at, where)}."
    )


def _logged(fact: Fact, names: Names, where: tzinfo) -> LoggedFact:
    what = fact.stream.partition("-")[0]
    place = f"/console/cases/{fact.stream}" if what == "case" else PLACES.get(what)
    stream = Link(fact.stream, place) if place else None
    at = f"{fact.at.astimezone(where):%Y-%m-%d %H:%M:%S}"
    return LoggedFact(fact.index, at, fact.kind, names(fact.actor), stream)
