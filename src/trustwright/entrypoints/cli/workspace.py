"""What is agreed, and is the log what it was? Making a workspace, its charter, its ledger."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, Format, at, settings_of
from trustwright.kernel.errors import Invalid

if TYPE_CHECKING:
    from trustwright.app import App
    from trustwright.proposals.replaying import Replayed

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="The charter's folder, or the workspace's.")
]
CHARTER = "charter"
IGNORED = """\
# The charter belongs in Git. Keys, database and marks never do.
*
!/.gitignore
!/charter/
!/charter/**
"""


@contextmanager
def opened(dir: Path | None) -> "Iterator[App]":
    """The workspace, closed again afterwards."""
    from trustwright.app import App

    with closing(App(settings_of(dir))) as app:
        yield app


def init(
    dir: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="Else TRUSTWRIGHT_DIR.")
    ] = None,
    company: Annotated[str, typer.Option(help="Whose charter it is.")] = "Example Company",
) -> None:
    """Make a workspace and a charter to fill in.

    Every line of the charter is explained; nothing that is there is overwritten.
    """
    from trustwright.app import create
    from trustwright.charter import template

    settings = settings_of(dir)
    texts = template.write(company)
    try:
        create(settings).close()
        terminal.note(f"{settings.dir} is a workspace now.")
    except Invalid as e:
        if e.code != "workspace-exists":
            raise
        terminal.note(f"{e.sentence} It is kept as it is.")
    files = {f"{CHARTER}/{name}": text for name, text in texts.items()} | {".gitignore": IGNORED}
    for name, text in files.items():
        path = settings.dir / name
        kept = path.exists()
        terminal.note(f"{path} {'is there already and is kept' if kept else 'is written'}.")
        if not kept:
            terminal.write(path, text.encode())
    terminal.then(
        f"trustwright charter check{at(dir)}", "checks it, once it names your people and systems."
    )
    terminal.then(f"trustwright charter adopt{at(dir)}", "puts it forward for signature.")


def charter_in(folder: Path | None, dir: Path | None = None) -> Path:
    """The folder named, or `charter` in it or in the workspace."""
    inner = (folder or settings_of(dir).dir) / CHARTER
    return inner if folder is None or inner.is_dir() else folder


def _workspace_of(folder: Path | None) -> Path | None:
    """The workspace that is named, or in which the named charter lies; none if that is elsewhere."""
    if folder is None:
        return None
    inside = (folder, folder.parent)
    return next((x for x in inside if (x / CHARTER).is_dir() and (x / "keys").is_dir()), None)


def charter_files(folder: Path) -> dict[str, str]:
    """The charter's texts by file name; those of its field maps as "fields/name"."""
    if not folder.is_dir():
        raise Invalid(
            "no-charter-folder",
            f"There is no charter in {folder}.",
            "Write one with `trustwright init`, or name its folder.",
        )
    paths = [*folder.iterdir(), *(folder / "fields").glob("*")]
    texts = sorted(path for path in paths if path.suffix in (".yaml", ".yml"))
    return {path.relative_to(folder).as_posix(): terminal.read(str(path)) for path in texts}


def charter_check(folder: Folder = None, dir: Dir = None) -> int:
    """Name every problem of a charter.

    With file, line and remedy; exit 2 unless it can be adopted.
    """
    from trustwright.charter.reading import examine

    folder = charter_in(folder, dir)
    reading = examine(charter_files(folder), datetime.now(UTC).date())
    for problem in (*reading.problems, *reading.notes):
        tell = terminal.note if problem.warning or problem.note else terminal.data
        tell(terminal.visible(f"{folder}/{problem}"))
    if reading.charter is None:
        terminal.note("This can't be adopted yet.")
        return 2
    terminal.note("This holds together and can be adopted.")
    named = f" {folder}" if dir is None else at(dir)
    terminal.then(f"trustwright charter adopt{named}", "puts it forward.")
    return 0


def charter_adopt(folder: Folder = None, dir: Dir = None) -> None:
    """Put a charter forward; people countersign it in the console."""
    from trustwright.kernel.actors import WORKER

    files = charter_files(charter_in(folder, dir))
    dir = dir or _workspace_of(folder)
    with opened(dir) as app:
        proposal = app.call("charter.propose", WORKER, {"files": files})
        with app.ledger.view() as view:
            site = view.genesis.site
    terminal.data(f"{site}/console/charter")
    terminal.note(f"The charter {proposal.digest[:12]} waits for {proposal.waits}.")
    terminal.then(f"trustwright serve{at(dir)}", "opens the console; sign at the address above.")


def charter_show(
    dir: Dir = None,
    format: Annotated[
        Literal["text", "json", "md", "csv", "sql"],
        typer.Option("--format", help="md, csv: the decision table; sql: one expression of it."),
    ] = "text",
) -> None:
    """Show the charter in force.

    Its basis, everything AI may do alone under it, and what its rules leave out.
    """
    from trustwright.charter.service import demand_charter
    from trustwright.kernel.actors import WORKER
    from trustwright.rights import export, sql

    with opened(dir) as app:
        shown = app.call("charter.show", WORKER, {})
        with app.ledger.view() as view:
            table = demand_charter(view).table
    write = {"md": export.as_markdown, "csv": export.as_csv, "sql": sql.expression}.get(format)
    if write:
        terminal.data(write(table))
        return
    if format == "json":
        terminal.data(shown.model_dump_json(indent=2))
        return
    head = f"{shown.company}: charter {shown.digest[:12]}, {shown.basis}"
    terminal.data("\n\n".join((head, shown.surface, shown.understanding)))


def charter_replay(
    folder: Folder = None,
    last: Annotated[int, typer.Option(min=1, help="Over so many cases, the newest.")] = 1000,
    all_: Annotated[bool, typer.Option("--all", help="Over all cases.")] = False,
    dir: Dir = None,
    format: Format = "text",
) -> None:
    """Say what a charter would have decided about recorded cases.

    On the facts as recorded; nothing is checked anew, and nothing is written.
    """
    from trustwright.kernel.actors import WORKER

    order = {"files": charter_files(charter_in(folder, dir)), "last": None if all_ else last}
    with opened(dir) as app:
        found = app.call("charter.replay", WORKER, order)
    if format == "json":
        terminal.data(found.model_dump_json(indent=2))
        return
    terminal.data("\n".join(_replayed(found)))


def _replayed(found: "Replayed") -> Iterator[str]:
    yield f"{found.n} cases under charter {found.digest[:12]}; {found.unchanged} decided as before."
    for words, n, cases in (
        ("would newly have gone out alone", found.newly_alone, found.newly_alone_cases),
        ("would no longer have gone out alone", found.no_longer_alone, found.no_longer_alone_cases),
    ):
        yield f"{n} {words}" + ("." if n == 0 else f", the newest {len(cases)}:")
        yield from (f"  {case}" for case in cases)
    yield from (f"{move.n} from {move.then} to {move.now}." for move in found.moves)
    if found.skipped:
        yield f"{found.skipped} can't be told: what AI isn't used for changed there."


def verify(
    bundle: Annotated[
        str | None,
        typer.Argument(
            metavar="[BUNDLE]", help="An evidence bundle; without one, the workspace's log."
        ),
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The log's key, from somebody else than the bundle.")
    ] = None,
    dir: Dir = None,
    format: Format = "text",
) -> int:
    """Verify an evidence bundle, or the whole log and all that lies beside it.

    Exit 0 if it is proved, 1 if something is false, 2 if something is missing.
    """
    report = _bundle(bundle, key) if bundle else _log(dir)
    if format == "json":
        terminal.data(json.dumps(report, indent=2))
    else:
        terminal.data(terminal.visible("\n".join(_told(report))))
    return {"ok": 0, "invalid": 1}.get(report["verdict"], 2)


def _bundle(path: str, key: str | None) -> dict[str, Any]:
    from trustwright.ledger import verifier

    return verifier.verify(terminal.read_bytes(path), key)


def _log(dir: Path | None) -> dict[str, Any]:
    with opened(dir) as app, app.ledger.view() as view:
        found = app.ledger.verify(view)
        problems = [*found.problems, *app.ledger.examine(view)]
    return {
        "verdict": "invalid" if problems else "ok",
        "entries": found.entries,
        "problems": problems,
        "checkpoint": found.checkpoint,
    }


def _told(report: dict[str, Any]) -> Iterator[str]:
    if "entries" in report:
        yield f"{report['entries']} entries hashed and held against the signed checkpoint:"
        yield report["checkpoint"]
        yield from report["problems"]
    else:
        yield "The bundle says (believe it if the verdict is ok):"
        yield from report["story"]
        for name, text in report["content"] or ():
            yield from ("", f"{name}:", text)
        yield from ("", *(f"{r['code']}: {r['sentence']} {r['where']}" for r in report["reasons"]))
    yield f"VERDICT: {report['verdict']}"


def log_key(dir: Dir = None) -> None:
    """Print the log's key, which others need to verify.

    Publish it where whoever serves this workspace can't change it.
    """
    with opened(dir) as app:
        terminal.data(app.ledger.signer.vkey)


def log_export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.")],
    dir: Dir = None,
) -> None:
    """Write the log as static files.

    C2SP tlog-tiles, which any web server can hand out.
    """
    from trustwright.ledger import proving

    with opened(dir) as app, app.ledger.view() as view:
        files = dict(proving.export(view))
    # Last: whoever reads a checkpoint finds every tile it speaks of.
    files["checkpoint"] = files.pop("checkpoint")
    for name, content in files.items():
        terminal.write(folder / name, content)
    terminal.data(str(folder))
    terminal.note(f"{len(files)} files. Entries hold no text: ids, codes and commitments alone.")


def rebuild(dir: Dir = None) -> None:
    """Fold every list anew from the facts.

    Nothing is lost by it.
    """
    with opened(dir) as app:
        rows = app.ledger.rebuild()
    terminal.note(f"{rows} rows were folded from the facts.")
    terminal.then(f"trustwright doctor{at(dir)}", "says what else to look at.")


def move(
    to: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="postgresql://USER@HOST/DATABASE; else TRUSTWRIGHT_DATABASE."
        ),
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="Take back a move that was cut off before it arrived.")
    ] = False,
    dir: Dir = None,
) -> None:
    """Take a workspace from its file into an empty PostgreSQL database.

    Everything is copied and verified there; the file is renamed and never written again. A move
    that was cut off goes on when it is asked for again.
    """
    from trustwright.app import App
    from trustwright.ledger import moving

    settings = settings_of(dir)
    url = to or settings.database
    if url is None:
        raise Invalid("no-database", "It isn't said where to.", "Name a database with --to.")
    with closing(App(replace(settings, database=None))) as app:
        if back:
            moving.back(app.ledger, url)
            terminal.note("The file takes facts again.")
            return
        moved = moving.move(app.ledger, url)
    terminal.data(moved.checkpoint.rstrip())
    terminal.note(
        f"{moved.entries} entries were copied and verified: size, root and checkpoint fit."
    )
    terminal.note("Set TRUSTWRIGHT_DATABASE to that address wherever this workspace is used.")
    terminal.then(f"trustwright doctor{at(dir)}", "says how it is there.")
