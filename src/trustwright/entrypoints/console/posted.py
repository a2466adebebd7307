"""Was this really sent from a page of ours, and what does it say? Forms and fetches, before anybody acts on them."""

import hmac
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson
from fastapi import Request

from trustwright.app import App
from trustwright.entrypoints.guard import body
from trustwright.kernel.errors import Invalid, Problem

MAX_FIELDS = 200
MAX_JSON = 64 * 1024
Fields = list[tuple[str, str]]


class NotFromHere(Problem):
    """The request doesn't come from a page of ours, or not from this session's."""

    status = 403


async def form(app: App, request: Request) -> Fields:
    """The fields of a form from our origin, in order, line ends as `\\n`."""
    _demand_own_origin(app, request)
    try:
        text = (await body(request)).decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as e:
        raise Invalid("form-malformed", "The form can't be read.", "Load the page again.") from e
    return [(name, value.replace("\r\n", "\n")) for name, value in pairs]


async def json(app: App, request: Request) -> dict[str, Any]:
    """The JSON object of a fetch from our origin."""
    _demand_own_origin(app, request)
    try:
        sent = orjson.loads(await body(request, MAX_JSON))
    except orjson.JSONDecodeError as e:
        raise Invalid("malformed", "The request isn't JSON.") from e
    if not isinstance(sent, dict):
        raise Invalid("malformed", "The request should be a JSON object.")
    return sent


def _demand_own_origin(app: App, request: Request) -> None:
    parts = urlsplit(app.settings.url)
    ours = f"{parts.scheme}://{parts.netloc}"
    if request.headers.get("origin", "") != ours:
        raise NotFromHere(
            "wrong-site",
            f"This was not sent from a page of {ours}.",
            f"Open the console at {ours} and do it there.",
        )


def csrf_of(session: str) -> str:
    """The token that a session's forms carry: worked out from the cookie; nothing leads back."""
    return hmac.digest(session.encode(), b"trustwright/csrf/v1", "sha256").hex()


def demand_token(given: str, expected: str) -> None:
    """The form was made for the session that sends it."""
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise NotFromHere(
            "form-outdated",
            "This form was made for another sign-in.",
            "Go back, load the page again and send it once more. Nothing was changed.",
        )
