"""What must every request keep to, and what does every answer carry? Nothing gets past this door.

Sizes and time are limited before anybody acts, every answer has the headers, and an accident is
told to the caller as a sentence and to the log as a place, never with what was sent.
"""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Any

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trustwright.kernel.errors import Problem, trace

MAX_BODY = 4 * 1024 * 1024
MAX_HEADERS, MAX_FIELDS = 32 * 1024, 100
LITTLE = 64 * 1024  # bytes of a body nobody read that are waited for, to keep a connection
PATIENCE = 30.0  # seconds for a whole body
AT_ONCE = 500  # requests under way
MOST = 10_000  # names a set of buckets remembers
log = logging.getLogger("trustwright.web")

# There is no inline script or style anywhere, so none is allowed.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    # Not `no-referrer`: under it a browser says `Origin: null` where we must know who posts.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
A_YEAR = "max-age=31536000"


class TwoLengths(Problem):
    """Where the request ends can be read two ways."""

    status = 400


class TooSlow(Problem):
    """The body didn't come in time."""

    status = 408


class TooLarge(Problem):
    """More bytes than anything here takes."""

    status = 413


class TooManyFields(Problem):
    """More headers than anybody needs."""

    status = 431


class TooMany(Problem):
    """Asked more often than agreed; the detail `retry_after` is in seconds."""

    status = 429


class Busy(Problem):
    """As many requests are under way as are taken."""

    status = 503


class Buckets:
    """Token buckets by name: `rate` a second, and `burst` at once. In this process alone."""

    def __init__(
        self, rate: float, burst: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.rate, self.burst, self.now = rate, burst, now
        self._kept: dict[str, tuple[float, float]] = {}

    def demand(self, name: str) -> None:
        """`TooMany`, or one token less."""
        now = self.now()
        left, since = self._kept.pop(name, (self.burst, now))
        left = min(self.burst, left + (now - since) * self.rate)
        self._kept[name] = (left - 1 if left >= 1 else left, now)
        if len(self._kept) > MOST:  # Who was silent longest has a full bucket anyway.
            del self._kept[next(iter(self._kept))]
        if left < 1:
            wait = int((1 - left) / self.rate) + 1
            raise TooMany(
                "too-many-requests",
                "You ask more often than is allowed here.",
                f"Wait {wait} s and try again, with the same key.",
                retry_after=wait,
            )


def address(request: Request) -> str:
    """Who knocks: the address, or of IPv6 the network, which one machine may have to itself."""
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return found.exploded[:19] if isinstance(found, IPv6Address) else host


class Guard:
    """The outermost part of the web application."""

    def __init__(self, app: ASGIApp, https: bool, patience: float) -> None:
        self.app, self.patience, self.running = app, patience, 0
        self.headers = HEADERS | ({"strict-transport-security": A_YEAR} if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        incoming = Incoming(Headers(scope=scope), receive, self.patience)
        answer = Answer(send, self.headers, incoming)
        self.running += 1
        try:
            self._demand_room(scope, incoming)
            await self.app(scope, incoming.receive, answer.send)
        except Exception as e:
            if not isinstance(e, Problem):
                log.error("%s failed. %s", named(scope), trace(e))
            if not answer.begun:
                found = e if isinstance(e, Problem) else BUG
                await answered(found)(scope, receive, answer.send)
        finally:
            self.running -= 1

    def _demand_room(self, scope: Scope, incoming: "Incoming") -> None:
        fields = scope["headers"]
        if len(fields) > MAX_FIELDS or sum(len(n) + len(v) for n, v in fields) > MAX_HEADERS:
            raise TooManyFields(
                "headers-too-large",
                f"A request has at most {MAX_FIELDS} headers of {MAX_HEADERS:,} bytes.",
            )
        if self.running > AT_ONCE:
            raise Busy(
                "too-busy", "Too much is asked at once.", "Try again in a second.", retry_after=1
            )
        if incoming.announced > MAX_BODY:
            raise too_large()
        if incoming.ambiguous:
            raise TwoLengths(
                "two-lengths",
                "Content-Length and Transfer-Encoding can't both be meant.",
                "Send one of them.",
            )


class Incoming:
    """The body as it comes, for as long as there is patience."""

    def __init__(self, headers: Headers, receive: Receive, patience: float) -> None:
        length = headers.get("content-length", "0")
        self.announced = int(length) if re.fullmatch(r"\d{1,18}", length) else 0
        chunked = "transfer-encoding" in headers
        # A proxy in front that believes the other one would take what follows for another request.
        self.ambiguous = chunked and "content-length" in headers
        self.open = self.announced > 0 or chunked
        self._receive, self._patience = receive, patience
        self._until: float | None = None
        self._late = False

    @property
    def hopeless(self) -> bool:
        """Whether what is still to come isn't worth the wait, even to keep the connection."""
        unread = self.open and not 0 < self.announced <= LITTLE
        return self.ambiguous or self._late or unread

    async def receive(self) -> Message:
        if not self.open:
            return await self._receive()
        now = asyncio.get_running_loop().time()
        self._until = self._until or now + self._patience
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as e:
            self._late = True
            raise TooSlow("too-slow", "The request didn't come in time.", "Send it faster.") from e
        self.open = message["type"] == "http.request" and message.get("more_body", False)
        return message


class Answer:
    """What goes out: with the headers, and the end of a connection on which more would come."""

    def __init__(self, send: Send, headers: dict[str, str], incoming: Incoming) -> None:
        self.begun, self._send, self._headers, self._incoming = False, send, headers, incoming

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            if self._incoming.hopeless:
                headers["connection"] = "close"
        await self._send(message)


BUG = Problem("internal", "Something went wrong here.", "The server's log says where.")


def named(scope: Scope) -> str:
    """Method and route of a request, its parameters left out: one may be a link's secret."""
    path = str(scope["path"])
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(str(value), f"{{{name}}}")
    return f"{scope['method']} {path[:200]!r}"


def too_large(most: int = MAX_BODY) -> TooLarge:
    return TooLarge("body-too-large", f"A request has at most {most:,} bytes.")


async def body(request: Request, most: int = MAX_BODY) -> bytes:
    """The request's bytes, up to a limit."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise too_large(most)
    return bytes(read)


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


def answered(e: Problem, headers: dict[str, str] | None = None) -> Response:
    """A problem as a program reads it."""
    also = {"www-authenticate": "Bearer"} if e.status == 401 else {}
    if "retry_after" in e.detail:
        also["retry-after"] = str(e.detail["retry_after"])
    return Response(
        orjson.dumps(problem_json(e)),
        e.status,
        also | (headers or {}),
        media_type="application/problem+json",
    )
