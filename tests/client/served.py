"""A company's workspace behind a real HTTP server."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from trustwright.app import App
from trustwright.entrypoints import guard
from trustwright.entrypoints.server import SPEAK, server
from trustwright.identity import keys
from trustwright.kernel.actors import Person


@contextmanager
def served(app: App, speak: float = SPEAK, patience: float = guard.PATIENCE) -> Iterator[str]:
    """The server's address."""
    running = server(app, speak, patience)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = Thread(target=running.run, args=([bound],))
        thread.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        running.should_exit = True
        thread.join()


def api_key(app: App, system: str = "copilot") -> str:
    """A key for one AI system."""
    key: str = app.write(Person("ada"), lambda uow: keys.issue(uow, system))
    return key
