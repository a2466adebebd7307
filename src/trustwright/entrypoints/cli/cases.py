"""What becomes of what an AI system proposes? The verbs of the SDK, and the way to the console.

With TRUSTWRIGHT_SERVER set they ask that server; otherwise they open the workspace's folder.
"""

import json
import shlex
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.kernel.errors import Invalid, NotFound

if TYPE_CHECKING:
    from trustwright.app import Settings
    from trustwright.client import Caller
    from trustwright.proposals.orders import Standing

Dir = Annotated[
    Path | None, typer.Option("--dir", help="The workspace's folder; else TRUSTWRIGHT_DIR.")
]
System = Annotated[
    str | None, typer.Option("--system", help="The AI system that asks; else TRUSTWRIGHT_SYSTEM.")
]
Key = Annotated[
    str | None, typer.Option("--key", help="Idempotency key: the same one repeats a request.")
]
Case = Annotated[str, typer.Argument(metavar="CASE", help="Its id, such as case-4fz9k2m8q0tw.")]
Format = Annotated[
    Literal["text", "json"], typer.Option("--format", help="For people, or for programs.")
]
Named = Annotated[
    list[str] | None, typer.Option("--part", metavar="NAME=TEXT", help="A named part; repeatable.")
]
Sourced = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="ID=FILE", help="What it rests on; repeatable."),
]

# Where in the console a room's verbs are done, where that isn't the page named as the room.
PAGES = {
    "proposals": "cases/{case}",
    "batches": "batches/{case}",
    "subjects": "erase",
    "absences": "duties",
    "promises": "duties",
}


def settings_of(dir: Path | None) -> "Settings":
    """Settings from the environment, with what the command line says over them."""
    from trustwright.app import Settings

    settings = Settings.read()
    return replace(settings, dir=dir) if dir else settings


def at(dir: Path | None) -> str:
    """What makes the next command speak of the same workspace."""
    return f" --dir {shlex.quote(str(dir))}" if dir else ""


def site_of(settings: "Settings") -> str:
    """The address the workspace was made for; without one, the address it would get."""
    from trustwright.app import App

    try:
        with closing(App(settings)) as app, app.ledger.view() as view:
            return view.genesis.site
    except NotFound:
        return settings.url


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
            "It isn't said which AI system asks.",
            "Add --system ID, or set TRUSTWRIGHT_SYSTEM.",
        )
    return Gate(settings.dir, system=asking or WORKER.id)


def propose(  # noqa: PLR0913 - a command's options are its parameters
    workflow: Annotated[str, typer.Option(help="Where in the work it belongs.")],
    file: Annotated[
        str | None, typer.Option(help="The text, as the part `body`; else standard input.")
    ] = None,
    part: Named = None,
    source: Sourced = None,
    confidence: Annotated[
        float | None, typer.Option(help="As the system states it, 0 to 1.")
    ] = None,
    subject: Annotated[str | None, typer.Option(help="Whom it is written to.")] = None,
    system: System = None,
    key: Key = None,
    dir: Dir = None,
    format: Format = "text",
) -> None:
    """Ask to put a text into the world.

    Says whether it may go, waits for people or is stopped.
    """
    parts = dict(_pair(given, "NAME=TEXT") for given in part or ())
    if file is not None or not parts:
        parts["body"] = terminal.read(file or "-")
    if not any(text.strip() for text in parts.values()):
        raise Invalid("nothing-to-propose", "The text is empty.", "See what was to write it.")
    pairs = [_pair(given, "ID=FILE") for given in source or ()]
    sources = [{"id": id, "text": terminal.read(path)} for id, path in pairs]
    with caller(dir, system) as ask:
        standing = ask.submit(
            parts,
            workflow=workflow,
            sources=sources,
            key=key,
            confidence=confidence,
            subject=subject,
        )
        _tell(standing, ask, format, at(dir))


def _pair(given: str, form: str) -> tuple[str, str]:
    name, sign, value = given.partition("=")
    if not (sign and name):
        raise Invalid("not-a-pair", f"{given!r} isn't {form}.", "Put = between the two.")
    return name, value


def status(
    case: Case,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until people have decided.")] = False,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", help="For so long at most.")] = 300.0,
    system: System = None,
    dir: Dir = None,
    format: Format = "text",
) -> int:
    """Say where a case stands.

    With --wait, exit 0 if it was released, 1 if it won't be, 3 if nobody decided in time.
    """
    from trustwright.client import is_open

    with caller(dir, system, reads=True) as ask:
        standing = ask.wait(case, timeout) if wait else ask.status(case)
        _tell(standing, ask, format, at(dir))
    if not wait:
        return 0
    if is_open(standing):
        return 3
    return 0 if standing.status in ("released", "taken", "delivered") else 1


def _tell(standing: "Standing", ask: "Caller", format: str, where: str) -> None:
    if format == "json":
        terminal.data(standing.model_dump_json(indent=2))
    else:
        terminal.data(terminal.visible("\n".join(_lines(standing))))
    case, page = standing.case, f"{ask.site}/console/cases/{standing.case}"
    match standing.status:
        case "waiting" | "signed":
            terminal.note(f"People decide at {page}")
            terminal.then(f"trustwright status {case} --wait{where}", "waits for them.")
        case "stopped":
            terminal.note(f"This text can't be released; people edit or refuse it at {page}")
        case "released":
            terminal.then(
                f"trustwright take {case}{where}", "gives the text, its label and its receipt."
            )
        case "taken":
            terminal.then(f"trustwright delivered {case}{where}", "says that it went out.")
        case _:
            terminal.then(
                f"trustwright evidence {case}{where}", "writes its whole story with proofs."
            )


def _lines(standing: "Standing") -> Iterator[str]:
    yield f"{standing.case}: {standing.status} (outcome: {standing.outcome})"
    yield f"  decided by: {', '.join([*standing.rules, *standing.floors]) or 'nothing yet'}"
    if standing.restraints:
        yield f"  AI isn't used for: {', '.join(standing.restraints)}"
    if standing.waits_for:
        yield f"  waits for: {', '.join(standing.waits_for)}"
    for f in standing.findings:
        yield f"  {f['part']} {f['start']}-{f['end']}: {f['severity']} [{f['check']}/{f['code']}]"


def take(case: Case, system: System = None, key: Key = None, dir: Dir = None) -> None:
    """Take a released text to send it.

    As JSON, with label and receipt: once, or again with the same --key.
    """
    with caller(dir, system) as ask:
        terminal.data(ask.take(case, key).model_dump_json(indent=2))
    terminal.then(f"trustwright delivered {case}{at(dir)}", "says that it went out.")


def delivered(case: Case, system: System = None, dir: Dir = None, format: Format = "text") -> None:
    """Say that a taken text went out."""
    with caller(dir, system) as ask:
        _tell(ask.delivered(case), ask, format, at(dir))


def withdraw(
    case: Case,
    reason: Annotated[str, typer.Option(help="Why, for those who look later.")] = "",
    system: System = None,
    dir: Dir = None,
    format: Format = "text",
) -> None:
    """Take a proposal back before it is released."""
    with caller(dir, system) as ask:
        _tell(ask.withdraw(case, reason), ask, format, at(dir))


def listing(
    status: Annotated[
        str | None, typer.Option(help="Only those waiting, released, refused ...")
    ] = None,
    system: System = None,
    dir: Dir = None,
    format: Format = "text",
) -> None:
    """List the cases of an AI system, oldest first."""
    with caller(dir, system) as ask:
        cases = list(ask.list(status))
    if format == "json":
        terminal.data(json.dumps([line.model_dump() for line in cases], indent=2))
        return
    for c in cases:
        terminal.data(
            f"{c.case}  {c.submitted[:19]}Z  {c.status:<9}  {c.outcome:<10}  {c.workflow}"
        )
    terminal.note(f"{len(cases)} cases.")
    terminal.then(f"trustwright status CASE{at(dir)}", "says where one stands.")


def evidence(
    case: Case,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Else CASE.zip.")
    ] = None,
    system: System = None,
    dir: Dir = None,
) -> None:
    """Write the evidence bundle of a case.

    Its whole story with proofs, for somebody who trusts nobody.
    """
    path = out or Path(f"{case}.zip")
    with caller(dir, system, reads=True) as ask:
        bundle = ask.evidence(case)
    terminal.write(path, bundle)
    terminal.data(str(path))
    terminal.then(f"trustwright verify {path} --key LOG_KEY", "verifies it; no server is needed.")


def call(
    operation: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Without one, all are listed.")
    ] = None,
    order: Annotated[
        str, typer.Argument(metavar="[JSON]", help="What it takes; - is standard input.")
    ] = "{}",
    system: System = None,
    key: Key = None,
    dir: Dir = None,
) -> None:
    """Call any operation a machine may call.

    Takes and gives JSON; without a name, lists them.
    """
    from trustwright.client import VERBS

    if operation is None:
        terminal.data("\n".join(f"{verb.name:<28}  {verb.help}" for verb in VERBS.values()))
        return
    asked = terminal.read_bytes("-") if order == "-" else order.encode(errors="surrogateescape")
    verb = VERBS.get(operation)
    with caller(dir, system, reads=bool(verb and verb.reads)) as ask:
        terminal.data(ask.call(operation, asked, key).model_dump_json(indent=2))


def console(
    verb: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Without one, all are listed.")
    ] = None,
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="Which case.")] = "",
    dir: Dir = None,
) -> None:
    """Say where people do what is for people only."""
    verbs = _people_verbs()
    if verb is not None and verb not in verbs:
        raise NotFound(
            "no-such-command",
            f"There is no command {verb!r}.",
            "`trustwright --help` lists them; `trustwright console` lists what people do.",
        )
    settings = settings_of(dir)
    server = settings.server if dir is None else None
    site = server or site_of(settings)
    links = {
        name: f"{site}/console/{page.format(case=case or 'CASE')}"
        for name, (page, _) in verbs.items()
    }
    if verb:
        terminal.data(links[verb])
    else:
        wide = max(map(len, links.values()))
        told = (f"{name:<19}  {link:<{wide}}  {verbs[name][1]}" for name, link in links.items())
        terminal.data("\n".join(told))
    terminal.note("This is for people alone: they sign in there with their own passkey.")


def _people_verbs() -> dict[str, tuple[str, str]]:
    """Each verb for people only with its page and what it does, from the operation table."""
    from trustwright.app import OPERATIONS

    verbs: dict[str, tuple[str, str]] = {}
    for name, operation in sorted(OPERATIONS.items(), reverse=True):
        room, _, word = name.partition(".")
        word = word.replace("_", "-")
        if operation.people_only:
            verbs[f"{word}-{room}" if word in verbs else word] = (
                PAGES.get(room, room),
                operation.help,
            )
    return dict(sorted(verbs.items()))
