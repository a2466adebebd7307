"""The sample pages behind real HTTP, and the passkey endpoints as the console's routes answer them."""

import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import webauthn
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from trustwright.entrypoints.console.case import Part
from trustwright.entrypoints.console.page import Page
from trustwright.entrypoints.console.render import ASSETS, render
from trustwright.entrypoints.guard import CSP
from trustwright.kernel.canonical import b64u, canonical

from .sample import PAGES

TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
Json = dict[str, Any]


def commitment(tag: str, salt: bytes, value: bytes) -> str:
    return sha256(b"trustwright/commitment/v1\0" + tag.encode() + b"\0" + salt + value).hexdigest()


@dataclass
class Site:
    """`pages` by path; `parts` is what the server holds to be the text of the open case."""

    pages: dict[str, Page] = field(default_factory=lambda: dict(PAGES))
    parts: list[list[str]] = field(default_factory=list)
    statement: Json = field(default_factory=dict)
    challenge: bytes = b""
    key: bytes = b""
    credential: bytes = b""
    done: list[str] = field(default_factory=list)
    posted: list[tuple[str, bytes]] = field(default_factory=list)

    def __enter__(self) -> "Site":
        handler = type("Bound", (Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def origin(self) -> str:
        return f"http://localhost:{self._server.server_port}"

    def show(self, path: str, page: Page, parts: tuple[Part, ...]) -> str:
        """Serve a page that shows these parts; they become what the server would have signed."""
        self.pages[path] = page
        self.parts = [
            [p.name, "".join(run.text for s in p.stretches for run in s.runs)] for p in parts
        ]
        return f"{self.origin}/{path}"

    def answer(self, path: str, asked: Json) -> Json:
        kind, _, step = path.rpartition("/")
        kind = kind.removeprefix("/console/").removeprefix("passkey/")
        if step == "begin":
            return self._begin(kind)
        assert asked.get("statement") == ("statement-1" if "countersign" in kind else None)
        self._finish(kind, asked["credential"])
        self.done.append(kind)
        return {"location": "/queue"}

    def _begin(self, kind: str) -> Json:
        if kind == "enrol":
            options = webauthn.generate_registration_options(
                rp_id="localhost",
                rp_name="Lindenhof & Vale",
                user_name="Lena Brandt",
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
            self.challenge = options.challenge
            return {"options": json.loads(webauthn.options_to_json(options))}
        extra = {} if kind == "sign-in" else self._state(kind)
        request = webauthn.generate_authentication_options(
            rp_id="localhost",
            challenge=self.challenge if extra else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        self.challenge = request.challenge
        return extra | {"options": json.loads(webauthn.options_to_json(request))}

    def _state(self, kind: str) -> Json:
        salt = secrets.token_bytes(32)
        content = commitment("content", salt, canonical(self.parts))
        statement = canonical(self.statement | {"id": "statement-1", "content": content})
        self.challenge = sha256(b"trustwright/approval/v1\0" + statement).digest()
        return {"statement": b64u(statement), "salt": b64u(salt)}

    def _finish(self, kind: str, credential: Json) -> None:
        if kind == "enrol":
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=self.challenge,
                expected_rp_id="localhost",
                expected_origin=self.origin,
                require_user_verification=True,
            )
            self.key, self.credential = made.credential_public_key, made.credential_id
            return
        webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=self.challenge,
            expected_rp_id="localhost",
            expected_origin=self.origin,
            credential_public_key=self.key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )


class Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/console/assets/"):
            name = path.rpartition("/")[2]
            self._send(200, TYPES[name.rpartition(".")[2]], (ASSETS / name).read_bytes())
        elif page := self.site.pages.get(path[1:]):
            self._send(200, "text/html; charset=utf-8", render(page).encode())
        else:
            self._send(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Content-Type"] != "application/json":
            self.site.posted.append((self.path, body))
            self._send(200, "text/html; charset=utf-8", render(PAGES["queue"]).encode())
            return
        assert self.headers["X-CSRF-Token"] == PAGES["case"].frame.csrf
        answer = self.site.answer(self.path, json.loads(body))
        self._send(200, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        with suppress(BrokenPipeError):  # A browser that was closed doesn't read to the end.
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""
