"""The HTTP API: one POST per operation a machine may ask for, from the operation table.

JSON in and out, problem+json (RFC 9457) when something is wrong, `Idempotency-Key` on every write.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException

import trustwright
from trustwright.app import OPERATIONS, App
from trustwright.identity import keys
from trustwright.kernel.actors import Machine
from trustwright.kernel.errors import Invalid, Problem
from trustwright.kernel.operations import Operation, for_machines
from trustwright.ledger import proving

MAX_BODY = 4 * 1024 * 1024


class NotSignedIn(Problem):
    """Nobody we know is asking."""

    status = 401


def offered() -> dict[str, Operation]:
    """What the API offers: never a verb for people only."""
    return for_machines(OPERATIONS)


def create(app: App) -> FastAPI:
    """The web application over an open workspace; the console is mounted beside by `serve`."""
    web = FastAPI(
        title="Trustwright", version=trustwright.__version__, docs_url=None, redoc_url=None
    )
    web.state.app = app
    for op in offered().values():
        web.add_api_route(f"/v1/{op.name}", _endpoint(app, op), methods=["POST"])
    web.add_api_route("/healthz", _health(app), methods=["GET"])
    web.add_api_route("/log/checkpoint", _checkpoint(app), methods=["GET"])
    web.add_exception_handler(Problem, _problem)
    web.add_exception_handler(HTTPException, _http_problem)
    web.add_exception_handler(Exception, _bug)
    web.openapi = document  # type: ignore[method-assign]
    return web


def _endpoint(app: App, op: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        actor = _who(app, request)
        key = request.headers.get("idempotency-key")
        if key is not None and not 0 < len(key) <= 200:
            raise Invalid("key-malformed", "An idempotency key has 1 to 200 characters.")
        answer = await app.acall(op.name, actor, await body(request), key)
        return Response(answer.model_dump_json(), media_type="application/json")

    return endpoint


def _who(app: App, request: Request) -> Machine:
    word, _, key = request.headers.get("authorization", "").partition(" ")
    with app.ledger.view() as view:
        machine = keys.authenticate(view, key.strip()) if word.lower() == "bearer" else None
    if machine is None:
        raise NotSignedIn(
            "not-signed-in",
            "No valid API key was sent.",
            "Send `Authorization: Bearer tw_...`; the console's people page makes keys.",
        )
    return machine


async def body(request: Request) -> bytes:
    """The request's bytes, up to a limit."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MAX_BODY:
            raise Invalid("body-too-large", f"A request has at most {MAX_BODY:,} bytes.")
    return bytes(read)


def _health(app: App) -> Callable[[], Awaitable[dict[str, object]]]:
    async def health() -> dict[str, object]:
        with app.ledger.view() as view:
            return {"status": "ok", "entries": proving.size(view)}

    return health


def _checkpoint(app: App) -> Callable[[], Awaitable[Response]]:
    async def checkpoint() -> Response:
        with app.ledger.view() as view:
            return Response(proving.checkpoint(view), media_type="text/plain; charset=utf-8")

    return checkpoint


def problem_json(e: Problem) -> dict[str, Any]:
    """RFC 9457, with our stable code and the remedy."""
    known = {k: v for k, v in e.detail.items() if isinstance(v, str | int | list)}
    return {
        "type": f"urn:trustwright:problem:{e.code}",
        "title": e.sentence,
        "status": e.status,
        "code": e.code,
        "remedy": e.remedy,
        **known,
    }


async def _problem(_request: Request, e: Exception) -> Response:
    assert isinstance(e, Problem)
    return _answer(e)


def _answer(e: Problem) -> Response:
    headers = {"www-authenticate": "Bearer"} if e.status == 401 else {}
    return Response(
        orjson.dumps(problem_json(e)), e.status, headers, media_type="application/problem+json"
    )


async def _http_problem(_request: Request, e: Exception) -> Response:
    assert isinstance(e, HTTPException)
    found = Problem("no-such-page", f"{e.detail}.", "The API's description is at /openapi.json.")
    found.status = e.status_code
    return _answer(found)


async def _bug(_request: Request, e: Exception) -> Response:
    # Starlette logs the trace; the caller gets a sentence.
    return _answer(Problem("internal", "Something went wrong here.", "The server's log says what."))


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
        "requestBody": {"required": True, "content": {"application/json": {"schema": order}}},
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
    409: "Refused by what was agreed.",
    422: "The request can't be understood.",
    503: "Not now; try again with the same key.",
}
