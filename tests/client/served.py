"""A company's workspace behind a real HTTP server."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

from trustwright.app import App
from trustwright.entrypoints import api
from trustwright.identity import keys
from trustwright.kernel.actors import Person


@contextmanager
def served(app: App) -> Iterator[str]:
    """The server's address."""
    config = uvicorn.Config(api.create(app), log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = Thread(target=server.run, args=([bound],))
        thread.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def api_key(app: App, system: str = "copilot") -> str:
    """A key for one AI system."""
    key: str = app.write(Person("ada"), lambda uow: keys.issue(uow, system))
    return key
