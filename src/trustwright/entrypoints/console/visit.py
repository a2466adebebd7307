"""Who is asking, and what do they get to see around it?

A session is a cookie that no other site's page can make a browser send. What goes wrong becomes a
page, or JSON for a fetch.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any, TypeVar
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from trustwright.app import App
from trustwright.charter import service as charter
from trustwright.duties import queries as duties
from trustwright.entrypoints import guard
from trustwright.entrypoints.api import NotSignedIn
from trustwright.entrypoints.console import posted, standing
from trustwright.entrypoints.console.error import Error
from trustwright.entrypoints.console.page import Frame, Link, Notice, Page
from trustwright.entrypoints.console.render import render
from trustwright.identity import passkeys
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Problem, trace
from trustwright.ledger.work import UnitOfWork, View

T = TypeVar("T")
COOKIE = "tw_session"
SIGN_IN = "/console/sign-in"
log = logging.getLogger("trustwright.console")


@dataclass(frozen=True)
class Visit:
    """One request of somebody signed in, with this `credential`. `belongs`: they are of the charter."""

    app: App
    request: Request
    person: Person
    credential: str
    csrf: str
    belongs: bool = True

    def path(self, name: str) -> str:
        """What the route's `{name}` stands for."""
        return str(self.request.path_params[name])

    @contextmanager
    def view(self) -> Iterator[View]:
        """A snapshot of the ledger, seen by them. Never hold it over an `await`.

        `Refused` for somebody who left the charter.
        """
        with self.app.ledger.view(self.person) as view:
            charter.demand_member(view)
            yield view

    async def call(self, name: str, **order: object) -> Any:
        """The operation's answer, or its `Problem`."""
        return await self.app.acall(name, self.person, order)

    async def write(self, run: Callable[[UnitOfWork], T]) -> T:
        """A step of a ceremony that isn't an operation."""
        return await asyncio.wrap_future(self.app.ledger.write(self.person, run))

    async def fields(self) -> posted.Fields:
        """The fields of a form of ours in order, checked; line ends as `\\n`."""
        fields = await posted.form(self.app, self.request)
        posted.demand_token(dict(fields).get("csrf", ""), self.csrf)
        return [(name, value) for name, value in fields if name != "csrf"]

    async def form(self) -> dict[str, str]:
        """`fields` by name; of a name sent twice, the last."""
        return dict(await self.fields())

    async def json(self) -> dict[str, Any]:
        """What a fetch of ours sent, checked."""
        sent = await posted.json(self.app, self.request)
        posted.demand_token(self.request.headers.get("x-csrf-token", ""), self.csrf)
        return sent

    def frame(self, view: View, notices: tuple[Notice, ...] = ()) -> Frame:
        """What surrounds a page; `notices` of its own come first."""
        known = charter.known(view)
        people = known.people if known else ()
        name = next((p.name for p in people if p.id == self.person.id), self.person.id)
        waiting = duties.owes(view, view.me)
        return Frame(
            self.csrf,
            name,
            waiting,
            (*notices, *standing.notices(view)),
            bool(known and known.fields),
        )

    async def end(self) -> None:
        """Sign out."""
        token = self.request.cookies[cookie(self.app)]
        await self.write(lambda uow: passkeys.sign_out(uow, token))

    def without_cookie(self, answer: Response) -> Response:
        """The answer, after which the browser forgets the session."""
        https = self.app.settings.url.startswith("https:")
        answer.delete_cookie(cookie(self.app), secure=https, httponly=True, samesite="strict")
        return answer

    def show(self, page: Page, status: int = 200) -> HTMLResponse:
        """The page as HTML; `Guard` adds the headers that every answer carries."""
        return HTMLResponse(render(page), status)


Endpoint = Callable[[Request], Awaitable[Response]]


def signed_in(handler: Callable[[Visit], Awaitable[Response]]) -> Endpoint:
    """A route for people who are signed in; the others are sent to sign in first."""

    async def endpoint(request: Request) -> Response:
        visit = find(request)
        if visit is None:
            return _to_sign_in(request)
        if visit.belongs:
            return await handler(visit)
        await visit.end()
        return visit.without_cookie(problem(request, charter.left()))

    return guarded(endpoint)


def guarded(endpoint: Endpoint) -> Endpoint:
    """A route for everybody, whose problems are answered the way it was asked."""

    async def answering(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HTTPException:
            raise
        except Problem as e:
            return problem(request, e)
        except Exception as e:
            log.error("%s failed. %s", guard.named(request.scope), trace(e))
            return problem(request, Problem("internal", "Something went wrong here.", BUG))

    return answering


BUG = "Try again. If it stays so, the server's log says what it is."


def app_of(request: Request) -> App:
    """The open workspace behind a request."""
    app = request.app.state.app
    assert isinstance(app, App)
    return app


def find(request: Request) -> Visit | None:
    """The visit of whoever is signed in."""
    app = app_of(request)
    token = request.cookies.get(cookie(app), "")
    with app.ledger.view() as view:
        session = passkeys.session(view, token) if token else None
        if session is None:
            return None
        belongs = charter.belongs(view, session.person)
    csrf = posted.csrf_of(token)
    return Visit(app, request, session.person, session.credential, csrf, belongs)


def cookie(app: App) -> str:
    """The session cookie's name. Over https one that no other host of the domain can plant."""
    return f"__Host-{COOKIE}" if app.settings.url.startswith("https:") else COOKIE


def problem(request: Request, e: Problem, headers: dict[str, str] | None = None) -> Response:
    """A page that says what went wrong, or the same as JSON for a fetch."""
    told = guard.answered(e, headers)
    if _is_fetch(request):
        return told
    page = Error(
        frame=frame_of(request),
        status=e.status,
        code=e.code,
        sentence=e.sentence,
        remedy=e.remedy,
        back=Link("To the console", "/console"),
    )
    kept = {k: v for k, v in told.headers.items() if k in ("allow", "retry-after")}
    return HTMLResponse(render(page), e.status, kept)


def frame_of(request: Request) -> Frame:
    """What surrounds a page that everybody may see."""
    try:
        if visit := find(request):
            with visit.view() as view:
                return visit.frame(view)
    except Problem:  # Somebody who left the charter, or a database that can't be read.
        pass
    except Exception as e:  # Whatever is broken: saying so may not fail for the same reason.
        log.error("No frame for an error page. %s", trace(e))
    return Frame(csrf="")


def _is_fetch(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


def _to_sign_in(request: Request) -> Response:
    if _is_fetch(request):
        raise NotSignedIn("not-signed-in", "You aren't signed in any more.", "Sign in again.")
    if request.method == "POST":
        return RedirectResponse(SIGN_IN, 303)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("sec-fetch-site") == "cross-site":
        # Behind a link in a mail the browser keeps our cookie back (SameSite=Strict). This page
        # asks again, and then it is us who ask.
        again = f'<!doctype html><meta http-equiv="refresh" content="0;url={escape(here)}">'
        return HTMLResponse(again)
    return RedirectResponse(f"{SIGN_IN}?next={quote(here, safe='')}", 303)
