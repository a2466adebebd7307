"""What becomes of what an AI system proposes? The verbs of the SDK, and the way to the console.

With TRUSTWRIGHT_SERVER set they ask that server; otherwise they open the workspace's folder.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.kernel.errors import Invalid, NotFound

if TYPE_CHECKING:
    from trustwright.app import Settings
    from trustwright.client import Caller
    from trustwright.proposals.orders import Source, Standing

Dir = Annotated[Path | None, typer.Option("--dir", help="The workspace; else TRUSTWRIGHT_DIR.")]
System = Annotated[
    str | None, typer.Option("--system", help="The AI system asking; else TRUSTWRIGHT_SYSTEM.")
]
Key = Annotated[
    str | None, typer.Option("--key", help="Idempotency key: the same one repeats a request.")
]
Case = Annotated[str, typer.Argument(metavar="CASE", help="Its id, such as case-4fz9k2m8q0tw.")]
Format = Annotated[Literal["text", "json"], typer.Option("--format", help="How to tell.")]

# Where in the console a room's verbs are done.
PAGES = {
    "proposals": "cases/{case}",
    "charter": "charter",
    "people": "people",
    "holds": "holds",
    "subjects": "people",
}


def settings_of(dir: Path | None) -> "Settings":
    """Settings from the environment, with what the command line says over them."""
    from trustwright.app import Settings

    settings = Settings.read()
    return replace(settings, dir=dir) if dir else settings


def caller(dir: Path | None, system: str | None, *, reads: bool = False) -> "Caller":
    """Whom to ask: the server where one is set, else the workspace's folder."""
    from trustwright.client import Client, Gate
    from trustwright.kernel.actors import WORKER

    settings = settings_of(dir)
    asking = system or settings.system or ""
    if settings.server and dir is None:
        return Client(settings.server, settings.api_key or "", asking)
    if not (asking or reads):
        raise Invalid(
            "no-system",
            "It isn't said which AI system is asking.",
            "Add --system ID, or set TRUSTWRIGHT_SYSTEM.",
        )
    return Gate(settings.dir, system=asking or WORKER.id)


def propose(
    workflow: Annotated[str, typer.Option(help="Where in the work it belongs.")],
    file: Annotated[str | None, typer.Option(help="The text; - is standard input.")] = None,
    part: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TEXT", help="A named part; repeatable.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(metavar="ID=FILE", help="What it rests on; repeatable.")
    ] = None,
    confidence: Annotated[float | None, typer.Option(help="As the system states it, 0 to 1.")] = None,
    subject: Annotated[str | None, typer.Option(help="Whom it is written to.")] = None,
    system: System = None,
    key: Key = None,
    dir: Dir = None,
    format: Format = "text",
) -> None:
    """Ask to put a text into the world; says whether it may go, waits or is stopped."""
    parts = dict(_pair(given, "--part NAME=TEXT") for given in part or ())
    if file is not None or not parts:
        parts["body"] = terminal.read(file or "-")
    sources = [_source(given) for given in source or ()]
    said = {"confidence": confidence, "subject": subject}
    with caller(dir, system) as ask:
        standing = ask.submit(
            parts, workflow=workflow, sources=sources, key=key, confidence=confidence, subject=subject
        )
        _tell(standing, ask, format)


def _pair(given: str, form: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not (sign and name):
        raise Invalid("not-a-pair", f"{given!r} isn't {form}.", "Put = between the two.")
    return name, value
