"""How do people get in? The server with API and console, and the way to it."""

import getpass
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, Format, at, settings_of, site_of
from trustwright.kernel.errors import Invalid

if TYPE_CHECKING:
    from trustwright.app import App
    from trustwright.app.worker import Worker
    from trustwright.charter.model import Charter
    from trustwright.connectors.channels.events import Events

LOOPBACK = "127.0.0.1"
PORT = 8787


def serve(
    dir: Dir = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = LOOPBACK,
    port: Annotated[int | None, typer.Option(help="Else the port of TRUSTWRIGHT_URL.")] = None,
    anchor: Annotated[
        Path | None, typer.Option(help="A folder on another disk that keeps checkpoints too.")
    ] = None,
    first: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Whom the first link lets in.")
    ] = None,
) -> None:
    """Serve the API and the console.

    And do the work nobody asks for: escalate, expire, release what was held back, send events.
    """
    from trustwright.app import App

    settings = settings_of(dir)
    with closing(App(replace(settings, anchor=anchor or settings.anchor))) as app:
        site, worker = _site(app), _worker(app)
        with _bound(host, port or _port(site)) as bound:
            _way_in(site, bound)
            _welcome(app, site, first)
            _listen(app, bound, worker)


def demo(
    dir: Annotated[Path, typer.Option("--dir", help="The folder of its workspace.")] = Path(
        "trustwright-demo"
    ),
    serve: Annotated[bool, typer.Option(help="Open the console afterwards.")] = True,
    format: Format = "text",
) -> int:
    """See the main job done on real AI output.

    For an invented company; run again, it continues.
    """
    from trustwright.app import App, passkey_host
    from trustwright.demo import run, telling

    settings = settings_of(dir)
    settings = replace(settings, url=site_of(settings))
    passkey_host(settings.url)
    with ExitStack() as stack:
        # Before the work: a port that is taken is said at once, not a minute later.
        bound = stack.enter_context(_bound(LOOPBACK, _port(settings.url))) if serve else None
        with telling.progress(quiet=not terminal.chatty()) as watch:
            result = run(dir, settings.url, watch=watch)
        app = stack.enter_context(closing(App(settings)))
        if bound:
            _way_in(settings.url, bound)
        told = json.dumps(result.as_json(), indent=2)
        terminal.data(told if format == "json" else telling.summary(result))
        if bound:
            _listen(app, bound, _worker(app))
    terminal.then(f"trustwright serve{at(dir)}", "opens its console, and the link with it.")
    return 0 if result.ledger.verified else 1


def _listen(app: "App", bound: socket.socket, worker: "Worker") -> None:
    """Until Ctrl-C or SIGTERM."""
    from trustwright.entrypoints.server import server

    served = server(app)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _working(worker), suppress(KeyboardInterrupt):
        served.run([bound])


def _site(app: "App") -> str:
    """The address the workspace was made for: passkeys work under no other."""
    with app.ledger.view() as view:
        site = view.genesis.site
    if app.settings.url not in (site, type(app.settings).url):
        terminal.note(f"This workspace belongs to {site}, so links and passkeys use that address.")
    app.settings = replace(app.settings, url=site)
    return site


def _port(site: str) -> int:
    return urlsplit(site).port or PORT


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    try:
        bound = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as e:
        raise Invalid(
            "address-taken",
            f"Nothing can listen on {host} port {port} ({_why(e)}).",
            "Stop what listens there, or make a workspace for another port: with --dir and "
            "TRUSTWRIGHT_URL=http://localhost:8788. Behind a proxy --port is enough.",
        ) from e
    with bound:
        yield bound


def _why(e: Exception) -> str:
    """The system's words, without the address Python repeats behind them."""
    return str(getattr(e, "strerror", None) or e).split(" (while")[0].rstrip(".")


def _events(app: "App") -> "Events | None":
    """Where events go, if anywhere."""
    from trustwright.app import clock
    from trustwright.connectors.channels.events import Events
    from trustwright.connectors.channels.webhook import Webhook

    s = app.settings
    if s.webhook_url is None:
        return None
    return Events(Webhook(s.webhook_url, s.webhook_secret, s.webhook_private), s.url, clock)


def _worker(app: "App") -> "Worker":
    """With whom it tells; a setting that can't be is said before anything else."""
    from trustwright.app.notices import Notices
    from trustwright.app.worker import Worker
    from trustwright.connectors.channels.mail import Mail
    from trustwright.connectors.channels.pulse import Pulse

    s = app.settings
    notices = Notices(app, Mail(s.smtp_url, s.mail_from)) if s.smtp_url else None
    return Worker(app, _events(app), notices, Pulse(s.alive_url) if s.alive_url else None)


@contextmanager
def _working(worker: "Worker") -> Iterator[None]:
    """The worker beside the server, in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(10)


def _welcome(app: "App", site: str, first: str | None) -> None:
    """While nobody has a passkey, a link that lets the first person in."""
    from trustwright.charter.service import known
    from trustwright.identity import passkeys, queries
    from trustwright.kernel.actors import WORKER

    terminal.data(f"{site}/console")
    with app.ledger.view() as view:
        charter, enrolled = known(view), queries.enrolled_people(view)
        demo = view.genesis.demo
    if charter is None:
        terminal.note("There is no charter yet, so nobody can enter.")
        terminal.then(f"trustwright charter adopt{at(app.settings.dir)}", "puts one forward.")
    elif not enrolled:
        person = charter.person(first or _first(charter, demo))
        token = app.write(WORKER, lambda uow: passkeys.recover(uow, person.id))
        terminal.note(f"Nobody has a passkey. For {person.name} alone, once, within 24 hours:")
        terminal.data(f"{site}/console/enrol/{token}")


def _first(charter: "Charter", demo: bool) -> str:
    """Whom the first link is for: in a demonstration, whoever its case waits for."""
    from trustwright.demo.story import WORKFLOW

    asked = [w.owner for w in charter.workflows if demo and w.id == WORKFLOW]
    return (*asked, charter.people[0].id)[0]


def recover(person: str, dir: Dir = None) -> None:
    """Make a link that lets somebody in whose colleagues can't invite them.

    For keys that are lost: it is on record, and everybody sees who let them in.
    """
    from trustwright.app import App
    from trustwright.charter.service import demand_charter
    from trustwright.identity import passkeys
    from trustwright.kernel.actors import WORKER

    with closing(App(settings_of(dir))) as app:
        with app.ledger.view() as view:
            name, site = demand_charter(view).person(person).name, view.genesis.site
        token = app.write(WORKER, lambda uow: passkeys.recover(uow, person))
    terminal.note(
        f"For {name} alone, once, within 24 hours; the ledger says that it was made here:"
    )
    terminal.data(f"{site}/console/enrol/{token}")


def _way_in(site: str, bound: socket.socket) -> None:
    """How to reach it from another machine: passkeys need the very address of the site."""
    host, port = bound.getsockname()[:2]
    elsewhere = not ip_address(host).is_loopback or os.environ.get("SSH_CONNECTION")
    if elsewhere and urlsplit(site).hostname == "localhost":
        there, wanted = f"{getpass.getuser()}@{socket.gethostname()}", urlsplit(site).port or 80
        terminal.note("From your own machine, first open a way here, then the link:")
        terminal.note(f"  ssh -N -L {wanted}:localhost:{port} {there}")
    terminal.note(f"Serving {site} on {host} port {port}. Ctrl-C stops it.")
