"""May this table be used? Its rules in one pass, without a server and without a workspace."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, System, caller
from trustwright.kernel.errors import Unavailable

if TYPE_CHECKING:
    from trustwright.charter.fieldmap.model import TableMap
    from trustwright.signals.model import Report
    from trustwright.signals.table import Table

Format = Literal["text", "json", "sarif", "junit", "md", "html"]


def check(  # noqa: PLR0913 - each is an option of the command line
    table: Annotated[str, typer.Argument(metavar="TABLE", help="A file, or a database's address.")],
    map: Annotated[Path, typer.Option(metavar="FILE", help="The field map: ODCS in YAML.")],
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="[NAME=]TABLE", help="A table the rules refer to; repeatable."),
    ] = None,
    format: Annotated[Format, typer.Option(help="For people, or for programs.")] = "text",
    failing: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write every failing row to Parquet here.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day to judge for; else today."),
    ] = None,
    fail_on: Annotated[
        Literal["note", "warn", "block"], typer.Option(help="The mildest failure to exit 1 for.")
    ] = "warn",
    record: Annotated[
        bool, typer.Option("--record", help="Record it in the workspace; its console shows it.")
    ] = False,
    system: System = None,
    dir: Dir = None,
) -> int:
    """Check a table against its field map, in one pass.

    Exit: 0 sound, 1 a rule fails, 2 input that can't be read, 3 a rule could not be run.
    """
    from trustwright.charter.fieldmap.reading import read
    from trustwright.connectors.tables.opening import opened
    from trustwright.signals import preflight

    found = opened(table)
    agreed = read(terminal.read(str(map)), str(map)).demand(found.name)
    others = dict(_named(address) for address in against or ())
    moment = as_of.replace(tzinfo=UTC) if as_of else datetime.now(UTC)
    terminal.note(f"Reading {found.name} ...")
    report = preflight.check(found, agreed, moment, others, failing)
    terminal.data(_told(report, format, agreed))
    moved = record and _recorded(report, agreed, tuple(found.columns), system, dir)
    verdict = _verdict(report, fail_on)
    return 1 if moved else verdict


def _recorded(
    report: "Report",
    agreed: "TableMap",
    columns: tuple[str, ...],
    system: str | None,
    dir: Path | None,
) -> bool:
    """Whether a watched field moved; what stands still now is said."""
    with caller(dir, system) as ask:
        sent = ask.signals.send(report, agreed, columns)
    said = sent.moved.said if sent.moved else ()
    for each in said:
        if each.verdict != "quiet":
            terminal.note(terminal.visible(f"{each.verdict}: {each.sentence}"))
    if sent.held:
        terminal.note(f"On hold until a person says what it was: {', '.join(sent.held)}.")
    terminal.note(f"Recorded: {sent.recorded.report}.")
    return any(each.verdict == "alarm" for each in said)


def _named(address: str) -> "tuple[str, Table]":
    """NAME=TABLE, or a table under its own name."""
    from trustwright.connectors.tables.opening import opened

    name, equals, rest = address.partition("=")
    if equals and name.replace("_", "").replace("-", "").replace(".", "").isalnum():
        return name, opened(rest)
    table = opened(address)
    return table.name, table


def _told(report: "Report", format: Format, agreed: "TableMap") -> str:
    from trustwright.signals import telling

    if format == "html":
        return terminal.visible(_pictured(report, agreed))
    forms = {
        "text": telling.as_text,
        "json": telling.as_json,
        "sarif": telling.as_sarif,
        "junit": telling.as_junit,
        "md": telling.as_markdown,
    }
    return terminal.visible(forms[format](report))


def _pictured(report: "Report", agreed: "TableMap") -> str:
    try:
        from trustwright.entrypoints.cli.signals_html import as_html
    except ImportError as e:
        raise Unavailable(
            "server-missing",
            "No page can be drawn: Jinja isn't installed.",
            "Install it with `pip install 'trustwright[server]'`.",
        ) from e
    return as_html(report, {field.name for field in agreed.fields if field.personal})


def _verdict(report: "Report", fail_on: str) -> int:
    from trustwright.checks.model import Severity

    if failed := report.failed(Severity(fail_on)):
        rule = failed[0].use.check
        terminal.then(f"trustwright signals rules {rule}", "says what it looks for, and why.")
        return 1
    return 0 if report.complete else 3


def rules(
    rule: Annotated[str | None, typer.Argument(metavar="[RULE]", help="Its id.")] = None,
) -> None:
    """List the rules there are, or say all about one."""
    from trustwright.signals.shelf import find, page, shelf

    if rule:
        terminal.data(page(find(rule)))
        return
    width = max(map(len, shelf()))
    lines = [f"{r.id:<{width}}  {r.severity:<5}  {r.title}" for r in shelf().values()]
    terminal.data("\n".join(lines))
    terminal.then("trustwright signals rules RULE", "tells more of one.")
