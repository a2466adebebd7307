"""How does a person come in and go out? Sign-in and enrolment, by passkey, at the one right address."""

import asyncio
import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import orjson
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from trustwright.app import App
from trustwright.charter import service as charter
from trustwright.charter.model import Person as Member
from trustwright.entrypoints import guard
from trustwright.entrypoints.console import posted
from trustwright.entrypoints.console.clock import exactly, zone
from trustwright.entrypoints.console.names import Names
from trustwright.entrypoints.console.page import Frame
from trustwright.entrypoints.console.render import render
from trustwright.entrypoints.console.sign import Enrol, LinkGone, SignIn
from trustwright.entrypoints.console.visit import SIGN_IN, Endpoint, Visit, app_of, cookie, find
from trustwright.identity import passkeys
from trustwright.identity.model import Enrolled
from trustwright.identity.passkeys import SESSION
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.errors import NotFound
from trustwright.ledger.work import UnitOfWork, View

T = TypeVar("T")
OUTSIDE = Frame(csrf="")


def knocking(endpoint: Endpoint) -> Endpoint:
    """Whoever isn't in yet is let to try so often."""

    async def limited(request: Request) -> Response:
        request.app.state.door.demand(guard.address(request))
        return await endpoint(request)

    return limited


async def sign_in(request: Request) -> Response:
    to = _safe(request.query_params.get("next", ""))
    if find(request):
        return RedirectResponse(to, 303)
    elsewhere, tunnel = _right_address(app_of(request), request)
    page = SignIn(
        frame=OUTSIDE,
        site=app_of(request).settings.url,
        next=to,
        elsewhere=elsewhere,
        tunnel=tunnel,
    )
    return HTMLResponse(render(page))


async def begin_sign_in(request: Request) -> Response:
    await posted.json(app_of(request), request)
    options = await _write(request, passkeys.begin_sign_in)
    return JSONResponse({"options": orjson.loads(options)})


async def finish_sign_in(request: Request) -> Response:
    sent = await posted.json(app_of(request), request)

    def enter(uow: UnitOfWork) -> str:
        signed = passkeys.sign_in(uow, sent.get("credential", {}))
        if not charter.belongs(uow, signed.person):
            raise charter.left()
        return signed.token

    return _entered(request, await _write(request, enter), _safe(str(sent.get("next", ""))))


async def another(visit: Visit) -> Response:
    """One more passkey of one's own: signed for with one there is, then made behind a link."""
    sent = await visit.json()
    given = sent.get("credential", {})
    token = await visit.write(lambda uow: passkeys.another(uow, given))
    return JSONResponse({"location": f"/console/enrol/{token}"})


async def sign_out(visit: Visit) -> Response:
    await visit.form()
    await visit.end()
    return visit.without_cookie(RedirectResponse(SIGN_IN, 303))


async def enrol(request: Request) -> Response:
    app, token = app_of(request), str(request.path_params["token"])
    elsewhere, tunnel = _right_address(app, request)
    with app.ledger.view() as view:
        guest = _guest(view, token)
        if guest is None:
            return HTMLResponse(render(LinkGone(frame=OUTSIDE)), 410)
        link = passkeys.link(view, token, charter.members(view))
        page = Enrol(
            frame=OUTSIDE,
            token=token,
            name=guest.name,
            roles=", ".join(guest.roles),
            site=app.settings.url,
            until=exactly(link.until, zone(view)),
            sponsors=" and ".join(sorted(map(Names(view), link.sponsors))),
            elsewhere=elsewhere,
            tunnel=tunnel,
        )
    return HTMLResponse(render(page))


async def begin_enrol(request: Request) -> Response:
    sent = await posted.json(app_of(request), request)
    token = str(sent.get("token", ""))
    options = await _write(
        request,
        lambda uow: passkeys.begin_enrol(
            uow, token, _demand_guest(uow, token).name, charter.members(uow)
        ),
    )
    return JSONResponse({"options": orjson.loads(options)})


async def finish_enrol(request: Request) -> Response:
    sent = await posted.json(app_of(request), request)
    token, answer = str(sent.get("token", "")), sent.get("credential", {})

    def enter(uow: UnitOfWork) -> tuple[str, str]:
        guest = _demand_guest(uow, token)
        members = charter.members(uow)
        enrolled = passkeys.finish_enrol(uow, token, answer, guest.name, members).body
        assert isinstance(enrolled, Enrolled)
        session = passkeys.start_session(uow, Person(guest.id), enrolled.credential)
        return session.token, "/console" if charter.in_force(uow) else "/console/charter"

    return _entered(request, *await _write(request, enter))


def _entered(request: Request, token: str, to: str) -> Response:
    answer = JSONResponse({"location": to})
    answer.set_cookie(
        cookie(app_of(request)),
        token,
        max_age=int(SESSION.total_seconds()),
        secure=app_of(request).settings.url.startswith("https:"),
        httponly=True,
        samesite="strict",
    )
    return answer


async def _write(request: Request, run: Callable[[UnitOfWork], T]) -> T:
    """Nobody is signed in yet, so it is the house that acts."""
    return await asyncio.wrap_future(app_of(request).ledger.write(WORKER, run))


def _guest(view: View, token: str) -> Member | None:
    """Whom of the charter a link lets in."""
    id, known = passkeys.open_link(view, token), charter.known(view)
    return next((p for p in known.people if p.id == id), None) if known else None


def _demand_guest(view: View, token: str) -> Member:
    if guest := _guest(view, token):
        return guest
    raise NotFound(
        "used-or-expired", "This link was used already or has run out.", "Ask for a new one."
    )


def _safe(path: str) -> str:
    """Where to go after sign-in: a page of the console, never another site."""
    inside = re.fullmatch(r"/console(/[!-~]*|\?[!-~]*)?", path) and not re.search(r"[\\]", path)
    return path if inside else "/console"


def _right_address(app: App, request: Request) -> tuple[str, str]:
    """This page at the address where passkeys work, and the way to it from another machine."""
    site, host = urlsplit(app.settings.url), request.headers.get("host", "").lower()
    if host == site.netloc.lower():
        return "", ""
    name = re.sub(r":\d*$", "", host)
    far = site.hostname == "localhost" and re.fullmatch(r"[\w.:\[\]-]+", name)
    port = site.port or 80
    tunnel = f"ssh -N -L {port}:localhost:{port} {name}" if far and not _is_here(name) else ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{app.settings.url}{request.url.path}{query}", tunnel


def _is_here(name: str) -> bool:
    try:
        return ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return name == "localhost"
