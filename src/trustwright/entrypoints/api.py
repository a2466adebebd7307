"""The HTTP API: one POST per operation a machine may ask for, from the operation table.

JSON in and out, problem+json (RFC 9457) when something is wrong, `Idempotency-Key` on every write.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

import trustwright
from trustwright.app import OPERATIONS, App
from trustwright.app.worker import health
from trustwright.entrypoints import guard
from trustwright.identity import keys
from trustwright.kernel.actors import Machine
from trustwright.kernel.errors import Invalid, NotFound, Problem
from trustwright.kernel.operations import Operation, for_machines
from trustwright.ledger import proving

JSON = "application/json"


class NotSignedIn(Problem):
    """Nobody we know is asking."""

    status = 401


class WrongMethod(Problem):
    """There is such an address, but not for that."""

    status = 405


class NotAcceptable(Problem):
    """An answer is wanted in a form we don't have."""

    status = 406


class WrongType(Problem):
    """Something else was sent than what is read here."""

    status = 415


def offered() -> dict[str, Operation]:
    """What the API offers: never a verb for people only."""
    return for_machines(OPERATIONS)


def create(app: App, patience: float = guard.PATIENCE) -> FastAPI:
    """The web application over an open workspace; the console is mounted beside by `serve`."""
    web = FastAPI(
        title="Trustwright",
        version=trustwright.__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # It would send people to whatever host a request names.
    )
    web.state.app = app
    # An address that guesses; a key that asks too often. Each process counts for itself.
    web.state.door = guard.Buckets(app.settings.door_rate / 60, app.settings.door_rate)
    web.state.keys = guard.Buckets(app.settings.api_rate, 2 * app.settings.api_rate)
    for op in offered().values():
        # Not FastAPI's own way: what it works out for each request is in the operation already.
        web.add_route(f"/v1/{op.name}", _endpoint(app, op), methods=["POST"])
    web.add_api_route("/healthz", _health(app), methods=["GET", "HEAD"])
    web.add_api_route("/healthz/worker", _worker(app), methods=["GET", "HEAD"])
    web.add_api_route("/log/checkpoint", _checkpoint(app), methods=["GET", "HEAD"])
    web.add_exception_handler(Problem, _problem)
    web.add_exception_handler(HTTPException, _http_problem)
    https = app.settings.url.startswith("https:")
    web.add_middleware(guard.Guard, https=https, patience=patience)
    web.openapi = document  # type: ignore[method-assign]
    return web


def _endpoint(app: App, op: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        actor = _who(app, request)
        _demand_json(request)
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= 200:
            raise Invalid("key-malformed", "An idempotency key has 1 to 200 characters.")
        answer = await app.acall(op.name, actor, await guard.body(request), key)
        return Response(answer.model_dump_json(), media_type="application/json")

    return endpoint


def _who(app: App, request: Request) -> Machine:
    word, _, key = request.headers.get("authorization", "").partition(" ")
    with app.ledger.view() as view:
        machine = keys.authenticate(view, key.strip()) if word.lower() == "bearer" else None
    if machine is None:
        request.app.state.door.demand(guard.address(request))
        raise NotSignedIn(
            "not-signed-in",
            "No valid API key was sent.",
            "Send `Authorization: Bearer tw_...`; the console's people page makes keys.",
        )
    request.app.state.keys.demand(key.split("_")[1])
    return machine


def _demand_json(request: Request) -> None:
    """JSON in UTF-8, or nothing said; an answer in JSON, or nothing said."""
    kind = request.headers.get("content-type", JSON).lower().replace(" ", "")
    coded = request.headers.get("content-encoding", "identity")
    if kind.split(";")[0] != JSON or kind.partition("charset=")[2].strip('"') not in ("", "utf-8"):
        raise WrongType(
            "wrong-type", "A request is JSON in UTF-8.", f"Send `Content-Type: {JSON}`."
        )
    if coded != "identity":
        raise WrongType("compressed", "A request isn't compressed.", "Send it as it is.")
    wanted = request.headers.get("accept", "*/*").lower()
    if not re.search(r"\*/\*|application/(\*|json|problem\+json)", wanted):
        raise NotAcceptable("only-json", "Answers are JSON.", f"Send `Accept: {JSON}`.")


def _health(app: App) -> Callable[[], Awaitable[dict[str, object]]]:
    async def health() -> dict[str, object]:
        with app.ledger.view() as view:
            return {"status": "ok", "entries": proving.size(view)}

    return health


def _worker(app: App) -> Callable[[], Awaitable[Response]]:
    """503 unless a worker is alive: for a monitor that only looks at the status."""

    async def worker() -> Response:
        with app.ledger.view() as view:
            life = health(view)
        return JSONResponse({"worker": life}, 200 if life == "alive" else 503)

    return worker


def _checkpoint(app: App) -> Callable[[], Awaitable[Response]]:
    async def checkpoint() -> Response:
        with app.ledger.view() as view:
            return Response(proving.checkpoint(view), media_type="text/plain; charset=utf-8")

    return checkpoint


async def _problem(_request: Request, e: Exception) -> Response:
    assert isinstance(e, Problem)
    return guard.answered(e)


async def _http_problem(_request: Request, e: Exception) -> Response:
    assert isinstance(e, HTTPException)
    return guard.answered(of_http(e), dict(e.headers or {}))


def of_http(e: HTTPException) -> Problem:
    """What the web framework found wrong: an address that isn't, or a method it hasn't."""
    where = "The API's description is at /openapi.json; the console begins at /console."
    if e.status_code == 405:
        offered = (e.headers or {}).get("Allow", "another")
        return WrongMethod("wrong-method", f"This address takes {offered} alone.", where)
    return NotFound("no-such-page", "There is no such page.", where)


def document() -> dict[str, Any]:
    """OpenAPI 3.1, from the operation table."""
    ops = offered().values()
    models: list[tuple[type[BaseModel], Any]] = []
    for op in ops:
        models += [(op.order, "validation"), (op.answer, "serialization")]
    refs, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")
    schemas["$defs"]["Problem"] = PROBLEM
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trustwright", "version": trustwright.__version__},
        "security": [{"key": []}],
        "paths": {
            f"/v1/{op.name}": {
                "post": _described(
                    op, refs[op.order, "validation"], refs[op.answer, "serialization"]
                )
            }
            for op in ops
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "remedy"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "remedy": {"type": "string"},
    },
}


def _described(op: Operation, order: object, answer: object) -> dict[str, Any]:
    wrong = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    }
    described: dict[str, Any] = {
        "operationId": op.name,
        "summary": op.help,
        "requestBody": {
            "required": any(field.is_required() for field in op.order.model_fields.values()),
            "content": {"application/json": {"schema": order}},
        },
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": answer}}},
            **{str(code): {"description": why, "content": wrong} for code, why in WRONG.items()},
        },
    }
    if not op.reads:
        described["parameters"] = [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200},
            }
        ]
    return described


WRONG = {
    401: "No valid API key.",
    404: "There is no such thing for you.",
    405: "Another method.",
    406: "Answers are JSON.",
    408: "The request didn't come in time.",
    409: "Refused by what was agreed.",
    413: "Too large.",
    415: "The request isn't JSON.",
    422: "The request can't be understood.",
    429: "Too many requests; `Retry-After` says when.",
    503: "Not now; try again with the same key.",
}
