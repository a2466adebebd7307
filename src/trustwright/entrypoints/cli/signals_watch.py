"""Has a watched field moved? Snapshots of a table, its past, and what a watch would cost and find."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, System, at, caller
from trustwright.kernel.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from trustwright.charter.fieldmap.model import TableMap
    from trustwright.signals.model import Report
    from trustwright.signals.simulating import World
    from trustwright.signals.snapshot import Snapshot
    from trustwright.stats.bands import Limits

Name = Annotated[str, typer.Argument(metavar="TABLE", help="A file, or a database's address.")]
Map = Annotated[Path, typer.Option("--map", metavar="FILE", help="The field map: ODCS in YAML.")]
Day = Annotated[str, typer.Option("--date", metavar="COLUMN", help="The column with a row's day.")]
MANY = 400  # snapshots in one request


def record(
    table: Name,
    map: Map,
    period: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day or week it stands for; else today's."),
    ] = None,
    system: System = None,
    dir: Dir = None,
) -> int:
    """Take a table's snapshot; what moved stops the workflows that read it.

    Its rules are checked too. Exit: 0 as usual, 1 an alarm or a rule fails, 3 not decided.
    """
    from trustwright.connectors.tables.opening import opened
    from trustwright.signals import preflight

    found, moment = opened(table), (period or datetime.now(UTC)).replace(tzinfo=UTC)
    agreed = _watched(map, found.name)
    report = preflight.check(found, agreed, moment)
    if found.fingerprint() != report.fingerprint:
        raise Unavailable(
            "table-moved",
            f"{found.name} changed while it was read, so nothing was recorded.",
            "Record it when nothing writes to it, or record a copy.",
        )
    with caller(dir, system) as ask:
        sent = ask.signals.send(report, agreed, tuple(found.columns))
    answer = sent.moved
    assert answer is not None
    for said in answer.said:
        if said.verdict != "quiet":
            terminal.data(terminal.visible(f"{said.verdict}: {said.sentence}"))
    if sent.held:
        terminal.note(f"On hold until a person says what it was: {', '.join(sent.held)}.")
    verdicts: set[str] = {said.verdict for said in answer.said}
    if report.failed() or _open(report, set()):
        terminal.then(f"trustwright signals check {table} --map {map}", "tells of the rules.")
    if not verdicts - {"quiet"}:
        terminal.data(f"{agreed.name}: {len(answer.said)} series as usual.")
    return 1 if "alarm" in verdicts or report.failed() else 3 if _open(report, verdicts) else 0


def _open(report: "Report", verdicts: set[str]) -> bool:
    """Whether anything could not be decided."""
    return "not-run" in verdicts or any(r.undecided for r in report.results)


def backfill(table: Name, map: Map, day: Day, system: System = None, dir: Dir = None) -> None:
    """Record the past of a table whose rows have a day, so that its next snapshots can be judged."""
    past = _past(table, map, day)[1]
    alarms: dict[str, list[date]] = {}
    recorded = 0
    with caller(dir, system) as ask:
        for start in range(0, len(past), MANY):
            part = [snapshot.model_dump(mode="json") for snapshot in past[start : start + MANY]]
            answer: Any = ask.call("signals.backfill", {"snapshots": part})
            recorded, alarms = recorded + answer.recorded, answer.alarms
    known = len(past) - recorded
    also = f", {known} known already" if known else ""
    terminal.data(f"{recorded} snapshots recorded, {past[0].period} to {past[-1].period}{also}.")
    for series, periods in alarms.items():
        days = ", ".join(_days(periods)) or "none"
        terminal.data(terminal.visible(f"{series}: would have alarmed in {days}"))


def _days(periods: list[date]) -> list[str]:
    return [str(period) for period in periods]


def watch(
    table: Annotated[str, typer.Argument(metavar="NAME", help="As the field map names it.")],
    system: System = None,
    dir: Dir = None,
) -> None:
    """List a table's alarms, and how many of those answered were false."""
    with caller(dir, system, reads=True) as ask:
        seen: Any = ask.call("signals.watched", {"table": table})
    for alarm in seen.alarms:
        shown = alarm.picture
        told = shown.sentences[0] if shown else "what it showed was erased"
        span = " to ".join(_days(sorted({alarm.periods[0], alarm.periods[-1]})))
        terminal.data(
            terminal.visible(f"{alarm.alarm}  {span}  {alarm.answer or 'not answered'}  {told}")
        )
    terminal.data(
        f"Last snapshot: {seen.latest or 'none'}. False alarms: {seen.false} of {seen.n}."
    )
    if any(alarm.answer is None for alarm in seen.alarms):
        terminal.then(f"trustwright console{at(dir)}", "is where a person says what it was.")


def simulate(  # noqa: PLR0913 - each is an option of the command line
    table: Annotated[
        str | None, typer.Argument(metavar="[TABLE]", help="Your history: a row for each day.")
    ] = None,
    map: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The field map: ODCS in YAML.")
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="COLUMN", help="The column with a row's day.")
    ] = None,
    shares: Annotated[
        str | None, typer.Option(metavar="LIST", help="Without a table: 0.6,0.3,0.1.")
    ] = None,
    rows: Annotated[int, typer.Option(min=1, help="Without a table: rows a week.")] = 10_000,
    wander: Annotated[
        float, typer.Option(min=0, help="Without a table: percent of itself a share moves a week.")
    ] = 1.0,
    floor: Annotated[float, typer.Option(min=0.001, help="Your limit, in points.")] = 1.0,
) -> None:
    """Say how many false alarms a watch would raise, and how small a shift it would find when."""
    from trustwright.signals.judging import watching

    watching()
    from trustwright.signals.simulating import World, world_of
    from trustwright.stats.bands import Limits

    if table and map and day:
        agreed, past = _past(table, map, day)
        for each in agreed.watches:
            if each.kind != "number":
                terminal.data(_table(each.field, world_of(each, past), watching().limits(each)))
        return
    if not shares:
        raise Invalid(
            "nothing-to-simulate",
            "Neither a history nor shares are given.",
            "Name a table with --map and --date, or --shares 0.6,0.3,0.1 and --rows.",
        )
    usual = _numbers(shares)
    own = World(usual, tuple(share * wander / 100 for share in usual), rows)
    terminal.data(_table("", own, Limits(floor=floor / 100)))


def _numbers(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(word) for word in text.split(","))
    except ValueError:
        found = ()
    if len(found) < 2 or min(found) < 0 or sum(found) <= 0:
        raise Invalid("no-shares", f"{text!r} are no shares.", "Write two or more: 0.6,0.3,0.1.")
    return tuple(share / sum(found) for share in found)


def _table(field: str, world: "World", limits: "Limits") -> str:
    from trustwright.signals.simulating import simulate

    cost, period = simulate(world, limits), "day" if limits.daily else "week"
    usual = 100 * max(world.wander)
    head = f"{field}: " if field else ""
    lines = [
        f"{head}{world.rows:,} rows a {period}; {period}s usually move ±{usual:.2g} points.",
        f"False alarms in 100 {period}s: {100 * cost.false:.1f}.",
        f"{'a shift of':>12}  {f'found in {period} 1':>16}  {f'by {period} 4':>10}",
        *(f"{100 * s:>5.2f} points  {w:>16.0%}  {m:>10.0%}" for s, w, m in cost.found),
    ]
    return "\n".join(lines)


def _past(table: str, map: Path, day: str) -> "tuple[TableMap, list[Snapshot]]":
    from trustwright.connectors.tables.opening import opened
    from trustwright.signals.past import asked, past

    found = opened(table)
    agreed = _watched(map, found.name)
    if day not in found.columns:
        raise Invalid("no-such-column", f"{found.name} has no column {day!r}.", "See --date.")
    snapshots = past(agreed, day, found.measure(asked(agreed, day), {}), found.fingerprint())
    if not snapshots:
        raise Invalid("no-past", f"No row of {found.name} has a day in {day}.", "See --date.")
    return agreed, snapshots


def _watched(map: Path, name: str) -> "TableMap":
    from trustwright.charter.fieldmap.reading import read

    agreed = read(terminal.read(str(map)), str(map)).demand(name)
    if not agreed.watches:
        raise Invalid(
            "nothing-watched",
            f"{map} watches no field of {agreed.name}.",
            "Add `check: shift` to a field's quality; docs/fieldmap.md shows how.",
        )
    return agreed
