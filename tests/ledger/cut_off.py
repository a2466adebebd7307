"""A process that dies without warning at the n-th thing it does to a database or a file."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from trustwright.app import App, Settings

# Forked from a process that has imported everything and opened nothing: a start costs 30 ms.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(
    [
        "tests.ledger.cut_off",
        "trustwright.ledger.moving",
        "trustwright.entrypoints.api",
        "uvicorn",
        "psycopg",
    ]
)
Work = Callable[[App, str], object]


def steps(work: Work, settings: Settings, argument: str) -> list[str]:
    """What the work does, one step after another."""
    here, there = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=_told, args=(work, settings, argument, there))
    child.start()
    told: list[str] = here.recv()
    child.join()
    return told


def killed_before(step: int, work: Work, settings: Settings, argument: str) -> None:
    """Do the work and die just before that step."""
    child = CONTEXT.Process(target=_work, args=(work, settings, argument, step, []))
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL


def _told(work: Work, settings: Settings, argument: str, answer: "object") -> None:
    seen: list[str] = []
    _work(work, settings, argument, -1, seen)
    answer.send(seen)  # type: ignore[attr-defined]


def _work(work: Work, settings: Settings, argument: str, fatal: int, seen: list[str]) -> None:
    app = App(settings)

    def step(what: str) -> None:
        if len(seen) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(what)

    def said(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        step(" ".join(statement.split()[:3]))

    def changed(name: str, args: tuple[object, ...]) -> None:
        if name in ("os.rename", "os.remove"):
            step(f"{name} {Path(str(args[0])).name}")

    event.listen(Engine, "before_cursor_execute", said)
    sys.addaudithook(changed)
    work(app, argument)
    app.close()
