"""Who owns which field? The map of a charter at a glance, and a first one from a table."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir
from trustwright.entrypoints.cli.workspace import charter_files, charter_in
from trustwright.kernel.errors import Invalid

if TYPE_CHECKING:
    from trustwright.charter.fieldmap.model import FieldMap
    from trustwright.charter.fieldmap.showing import Readers
    from trustwright.signals.profile import Profile


def infer(
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A file: Parquet, CSV, JSONL.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="MAP", help="Else standard output.")
    ] = None,
    rows: Annotated[
        int, typer.Option(min=100, max=5_000_000, help="The most rows looked at, over all of it.")
    ] = 200_000,
) -> None:
    """Draw a first field map from a table.

    A data contract (ODCS) with every field, likely keys, and rules the rows seem to follow, each
    with how many break it. Owners stay open; a file that is there isn't overwritten.
    """
    from trustwright.charter.fieldmap.writing import write
    from trustwright.connectors.tables.opening import opened
    from trustwright.connectors.tables.profiling import profile
    from trustwright.signals.drafting import draft

    if output and output.exists():
        raise Invalid("file-exists", f"{output} is there already.", "Name another file.")
    seen = profile(opened(table), rows)
    text = write(draft(seen))
    if output:
        terminal.write(output, text.encode())
    else:
        terminal.data(text)
    _say(seen)
    named = output or "MAP"
    terminal.then(f"trustwright signals check {table} --map {named}", "checks the table with it.")


def _say(seen: "Profile") -> None:
    from trustwright.signals import proposing

    for words in seen.notes:
        terminal.note(words)
    if seen.looked < seen.rows:
        terminal.note(f"Looked at {seen.looked:,} of {seen.rows:,} rows, spread over the table.")
    found = proposing.key(seen)
    named = f"`{found}` names the rows" if found else "no column names the rows"
    terminal.note(f"{len(seen.columns)} fields; {named}.")
    broken = [each for each in proposing.propose(seen) if each.k]
    for each in broken[:TOLD]:
        terminal.note(f"  {', '.join(each.columns)}: {each.says}")
    if len(broken) > TOLD:
        terminal.note(f"  ... and {len(broken) - TOLD} more that rows break; all are in the map.")
    terminal.note(f"The owners of all {len(seen.columns)} fields are open: name them in the map.")


TOLD = 12


def map(
    file: Annotated[
        Path | None, typer.Argument(metavar="[MAP]", help="One field map; else the charter's.")
    ] = None,
    charter: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The charter's folder.")
    ] = None,
    format: Annotated[
        Literal["text", "json"], typer.Option(help="For people, or for programs.")
    ] = "text",
    dir: Dir = None,
) -> None:
    """Show fields, owners, sources, gaps, and which workflows read them."""
    from trustwright.charter.fieldmap import showing

    maps, readers = _one(file) if file else _all(charter, dir)
    if format == "json":
        fields = [asdict(each) for each in showing.shown(maps, readers)]
        terminal.data(json.dumps(fields, indent=2, ensure_ascii=False))
    else:
        terminal.data(showing.as_text(maps, readers))


def _one(file: Path) -> "tuple[tuple[FieldMap, ...], Readers]":
    from trustwright.charter.fieldmap.reading import read

    return (read(terminal.read(str(file)), str(file)),), lambda table, field: ()


def _all(folder: Path | None, dir: Path | None) -> "tuple[tuple[FieldMap, ...], Readers]":
    from trustwright.charter.reading import read

    charter = read(charter_files(charter_in(folder, dir)))
    return charter.maps, lambda table, field: [w.id for w in charter.readers_of(table, field)]
