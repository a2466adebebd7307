"""Every address of the console that isn't a case's."""

import hashlib
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from trustwright.app import App
from trustwright.entrypoints.api import of_http
from trustwright.entrypoints.console import (
    charter_page,
    desk,
    door,
    erase_page,
    field_page,
    holds_page,
    ledger_page,
    people_page,
    signals_page,
)
from trustwright.entrypoints.console.page import Link
from trustwright.entrypoints.console.render import ASSETS, render
from trustwright.entrypoints.console.verify import Verify
from trustwright.entrypoints.console.visit import (
    Endpoint,
    app_of,
    frame_of,
    guarded,
    problem,
    signed_in,
)
from trustwright.ledger import bundle

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def mount(web: FastAPI, app: App) -> None:
    """The console beside the API."""
    web.state.app = app
    for path, endpoint in GET.items():
        web.add_route(path, endpoint, methods=["GET"])
    for path, endpoint in POST.items():
        web.add_route(path, endpoint, methods=["POST"])
    desk.mount(web, app)
    web.add_exception_handler(HTTPException, _no_such_page(web.exception_handlers[HTTPException]))


async def _home(_request: Request) -> Response:
    return RedirectResponse("/console", 303)


def _assets() -> Callable[[Request], Awaitable[Response]]:
    files = {path.name: (path.read_bytes(), TYPES[path.suffix]) for path in ASSETS.iterdir()}
    tags = {name: f'"{hashlib.sha256(data).hexdigest()[:16]}"' for name, (data, _) in files.items()}

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        data, kind = files[name]
        headers = {"etag": tags[name], "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == tags[name]:
            return Response(status_code=304, headers=headers)
        return Response(data, headers=headers, media_type=kind)

    return asset


async def _verify(request: Request) -> Response:
    app = app_of(request)
    with app.ledger.view() as view:
        genesis, log_key = view.genesis, view.log_key
    rung = "L1: checkpoints are kept elsewhere too" if app.settings.anchor else "L0: log only"
    page = Verify(
        frame=frame_of(request),
        origin=genesis.origin,
        log_key=log_key,
        static_page=Link("The page", "/verify/offline"),
        script=Link("verify.py", "/verify/verify.py"),
        rung=f"This log stands at {rung}. Below L2, whoever runs it could rewrite it unseen.",
        demo=genesis.demo,
    )
    return HTMLResponse(render(page))


async def _offline(_request: Request) -> Response:
    page = bundle.verify_page()
    headers = {
        "content-security-policy": bundle.page_policy(page),
        "content-disposition": 'inline; filename="verify.html"',
    }
    return HTMLResponse(page, headers=headers)


async def _script(_request: Request) -> Response:
    headers = {"content-disposition": 'attachment; filename="verify.py"'}
    return Response(bundle.verify_program(), headers=headers, media_type="text/x-python")


def _no_such_page(otherwise: Callable[..., object]) -> Callable[..., Awaitable[Response]]:
    """A page for a browser; programs get what the API says."""

    async def answer(request: Request, e: HTTPException) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return await otherwise(request, e)  # type: ignore[misc,no-any-return]
        return problem(request, of_http(e), dict(e.headers or {}))

    return answer


GET: dict[str, Endpoint] = {
    "/": _home,
    "/console/assets/{name}": _assets(),
    "/console/sign-in": guarded(door.sign_in),
    "/console/enrol/{token}": guarded(door.knocking(door.enrol)),
    "/console/charter": signed_in(charter_page.show),
    "/console/people": signed_in(people_page.show),
    "/console/holds": signed_in(holds_page.show),
    "/console/erase": signed_in(erase_page.show),
    "/console/ledger": signed_in(ledger_page.show),
    "/console/signals": signed_in(signals_page.show),
    "/console/signals/alarms/{alarm}": signed_in(signals_page.alarm),
    "/console/signals/{table}": signed_in(signals_page.table),
    "/console/signals/{table}/{field}": signed_in(field_page.show),
    "/verify": guarded(_verify),
    "/verify/offline": _offline,
    "/verify/verify.py": _script,
}
POST: dict[str, Endpoint] = {
    "/console/signals/alarms/{alarm}": signed_in(signals_page.answer),
    "/console/passkey/sign-in/begin": guarded(door.knocking(door.begin_sign_in)),
    "/console/passkey/sign-in/finish": guarded(door.knocking(door.finish_sign_in)),
    "/console/passkey/enrol/begin": guarded(door.knocking(door.begin_enrol)),
    "/console/passkey/enrol/finish": guarded(door.knocking(door.finish_enrol)),
    "/console/passkey/another": signed_in(door.another),
    "/console/sign-out": signed_in(door.sign_out),
    "/console/charter/countersign/begin": signed_in(charter_page.begin),
    "/console/charter/countersign/finish": signed_in(charter_page.finish),
    "/console/people/{person}/invite": signed_in(people_page.invite),
    "/console/people/{person}/revoke": signed_in(people_page.revoke_passkey),
    "/console/systems/{system}/keys": signed_in(people_page.issue_key),
    "/console/systems/{system}/keys/{key}/revoke": signed_in(people_page.revoke_key),
    "/console/holds": signed_in(holds_page.raise_hold),
    "/console/holds/{hold}/lift": signed_in(holds_page.lift_hold),
    "/console/erase": signed_in(erase_page.erase),
    "/console/ledger/verify": signed_in(ledger_page.verify),
}
