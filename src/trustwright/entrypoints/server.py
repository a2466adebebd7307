"""How is it put on a socket? API and console on uvicorn, with a caller's time to speak limited."""

import asyncio

import h11
import orjson
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from trustwright.app import App
from trustwright.entrypoints import api, guard
from trustwright.entrypoints.console.routes import mount
from trustwright.kernel.errors import Problem

SPEAK = 10.0  # seconds from the connection, or the last answer, to a whole request line and headers
NOT_HTTP = Problem("not-http", "That isn't a request as HTTP has it.", "Use an HTTP client.")
NOT_HTTP.status = 400


def web(app: App, patience: float = guard.PATIENCE) -> FastAPI:
    """The API with the console beside it."""
    made = api.create(app, patience)
    mount(made, app)
    return made


def server(app: App, speak: float = SPEAK, patience: float = guard.PATIENCE) -> uvicorn.Server:
    """Ready to run on a bound socket. No access log: an address may hold a link's secret."""
    proxies = app.settings.proxies
    return uvicorn.Server(
        uvicorn.Config(
            web(app, patience),
            http=type("Spoken", (Patient,), {"speak": speak}),
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            # Links and passkeys go by the workspace's own address; a proxy tells who asks, if trusted.
            proxy_headers=proxies is not None,
            forwarded_allow_ips=proxies or "",
        )
    )


class Patient(H11Protocol):
    """Ends a connection that dribbles its headers; says in our words what isn't HTTP."""

    speak = SPEAK
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def handle_events(self) -> None:
        super().handle_events()
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop()

    def _watch(self) -> None:
        """The clock runs while no request is under way, or one is answered already, whatever comes."""
        if self.conn.their_state is not h11.IDLE and self.conn.our_state is not h11.DONE:
            self._stop()
        elif self._late is None:
            self._late = self.loop.call_later(self.speak, self.transport.abort)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def send_400_response(self, msg: str) -> None:
        body = orjson.dumps(guard.problem_json(NOT_HTTP))
        headers = {
            **guard.HEADERS,
            "content-type": "application/problem+json",
            "content-length": str(len(body)),
            "connection": "close",
        }
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        for event in (
            h11.Response(status_code=400, headers=told, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
