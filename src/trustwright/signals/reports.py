"""What did a check say of a table? Its report is recorded, held against the charter's own map, and
what fails there stops the workflows that read the table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from trustwright.charter.fieldmap.model import RuleSeverity, RuleUse, TableMap
from trustwright.charter.service import demand_charter
from trustwright.kernel.errors import Invalid
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View
from trustwright.signals import facts, queries
from trustwright.signals.alarms import GRAVITY, Concern, Picture, raise_alarm
from trustwright.signals.facts import Ruled, Verdict
from trustwright.signals.judging import agreed_table
from trustwright.signals.model import Report, Result
from trustwright.signals.service import Table, demand_known, held
from trustwright.signals.snapshot import Count
from trustwright.signals.telling import EXAMPLES, shortened

Short = Annotated[str, Field(max_length=300)]
Said = Annotated[str, Field(max_length=2000)]
COLUMNS = "columns"  # Not a rule of the map: whether its columns are there.


class Example(Order):
    """A failing row: its key, and the columns at fault."""

    key: Short
    values: Annotated[dict[Short, Short], Field(max_length=20)] = {}


class Ended(Order):
    """How a rule ended: `k` of `n` fail. `says` is what failing means; `why` it wasn't run."""

    rule: Short
    verdict: Verdict
    k: Count = 0
    n: Count = 0
    unit: Short = "row"
    version: Short = ""
    says: Said = ""
    remedy: Said = ""
    why: Said = ""
    flaws: Annotated[tuple[tuple[Short, Count], ...], Field(max_length=EXAMPLES)] = ()
    examples: Annotated[tuple[Example, ...], Field(max_length=EXAMPLES)] = ()


class Checked(Order):
    """A table's report, as `trustwright signals check` comes to it."""

    table: Annotated[str, Field(min_length=1, max_length=300)]
    as_of: datetime
    fingerprint: Annotated[str, Field(min_length=1, max_length=200)]
    rows: Count
    results: Annotated[tuple[Ended, ...], Field(max_length=5000)]


class Judged(BaseModel):
    """A rule's end by what the charter agreed of it: `severity`, `owner` and waiver are the charter's."""

    model_config = ConfigDict(frozen=True)
    ended: Ended
    check: str
    columns: tuple[str, ...]
    severity: RuleSeverity
    owner: str | None
    accepted_until: str = ""
    agreed: str = ""


class ReportedAnswer(Answer):
    """How many rules ended how; alarms raised or going on; the workflows that stand still."""

    report: str
    passed: int
    failed: int
    not_run: int
    accepted: int
    alarms: tuple[str, ...]
    held: tuple[str, ...]


class Counted(Answer):
    """One rule's count. `since`: the first of the checks in a row that ended so."""

    rule: str
    verdict: Verdict
    k: int
    n: int
    since: datetime


class LastReport(Answer):
    """The last report's counts, without examples; `as_of` None: never checked."""

    as_of: datetime | None
    rows: int
    results: tuple[Counted, ...]


@dataclass(frozen=True)
class Kept:
    """The last report of a table. `told` is None where its content was erased."""

    at: datetime
    as_of: datetime
    rows: int
    told: tuple[Judged, ...] | None
    counts: tuple[Ruled, ...]


def order(report: Report, agreed: TableMap) -> Checked:
    """The report to send; of its examples five a rule, and no value in full length."""
    return Checked(
        table=agreed.name,
        as_of=report.as_of,
        fingerprint=report.fingerprint[:200],
        rows=report.rows,
        results=tuple(_ended(result) for result in report.results),
    )


def _ended(result: Result) -> Ended:
    undecided = result.undecided
    samples = dict.fromkeys((shortened(s.key), tuple(s.values.items())) for s in result.samples)
    return Ended(
        rule=result.use.id,
        verdict=result.verdict.value,
        k=result.k,
        n=result.n,
        unit=result.unit,
        version=result.version,
        says=result.says[:2000],
        remedy=result.remedy[:2000],
        why=f"{undecided.sentence} {undecided.remedy}".strip()[:2000] if undecided else "",
        flaws=tuple((f.words[:300], k) for f, k in result.flaws[:EXAMPLES] if f.words),
        examples=tuple(
            Example(key=key, values={name: shortened(v) for name, v in values[:20]})
            for key, values in list(samples)[:EXAMPLES]
        ),
    )


@operation("signals.report")
def report(uow: UnitOfWork, order: Checked) -> ReportedAnswer:
    """Record what a check said of a table; a failure that blocks stops the workflows that read it."""
    charter = demand_known(uow)
    agreed = agreed_table(charter, order.table)
    found = tuple(judge(agreed, order))
    stream = _keep(uow, order, found)
    concerns = _concerns(agreed, order, found)
    alarms = [raise_alarm(uow, charter, agreed, concern, stream) for concern in concerns]
    n = {
        v: sum(each.ended.verdict == v for each in found)
        for v in ("pass", "fail", "not-run", "accepted")
    }
    return ReportedAnswer(
        report=stream,
        passed=n["pass"],
        failed=n["fail"],
        not_run=n["not-run"],
        accepted=n["accepted"],
        alarms=tuple(alarms),
        held=held(uow, alarms),
    )


def judge(agreed: TableMap, order: Checked) -> Iterator[Judged]:
    """Every rule of the charter's map exactly once: one that wasn't reported was not run."""
    sent = {ended.rule: ended for ended in order.results}
    uses = {use.id: use for use in agreed.rules}
    if other := next((id for id in sent if id not in uses and id != COLUMNS), None):
        raise Invalid(
            "rule-not-agreed",
            f"The charter's map of {agreed.name} has no rule {other!r}.",
            "Check against the map that is in force, or adopt this one first.",
        )
    if missing := sent.get(COLUMNS):
        yield Judged(
            ended=missing, check=COLUMNS, columns=(), severity="block", owner=_anybody(agreed)
        )
    for id, use in uses.items():
        unsaid = Ended(
            rule=id, verdict="not-run", n=order.rows, why="The check said nothing of it."
        )
        yield _judged(agreed, use, sent.get(id, unsaid), order)


def _anybody(agreed: TableMap) -> str | None:
    return next((field.owner for field in agreed.fields if field.owner), None)


def _judged(agreed: TableMap, use: RuleUse, ended: Ended, order: Checked) -> Judged:
    """Its own word on what may fail and who accepted it is the charter's, whatever was sent."""
    hidden = {field.name for field in agreed.fields if field.personal}
    shown = [
        e.model_copy(update={"values": {c: v for c, v in e.values.items() if c not in hidden}})
        for e in ended.examples
    ]
    waiver, verdict = use.waiver, ended.verdict
    waived = waiver is not None and order.as_of.date() <= waiver.until
    if verdict == "pass" and ended.k and not use.most.allows(ended.k, ended.n):
        verdict = "fail" if "most" in use.model_fields_set else verdict
    if verdict in ("fail", "accepted"):
        verdict = "accepted" if waived else "fail"
    return Judged(
        ended=ended.model_copy(update={"verdict": verdict, "examples": tuple(shown)}),
        check=use.check,
        columns=use.columns,
        severity=use.severity,
        owner=agreed.owner(use),
        accepted_until=f"{waiver.until} by {waiver.by}: {waiver.reason}"
        if waiver and waived
        else "",
        agreed=use.description or "",
    )


def _keep(uow: UnitOfWork, order: Checked, found: Sequence[Judged]) -> str:
    """The examples name customers: of a table only its last report has any."""
    before = queries.reports_of(uow, order.table, limit=1)
    stream = uow.begin("check")
    text = _Content(told=tuple(found)).model_dump_json().encode()
    reported = facts.Reported(
        table=queries.digest(order.table),
        as_of=order.as_of,
        fingerprint=queries.digest(order.fingerprint),
        rows=order.rows,
        results=tuple(_ruled(each.ended) for each in found),
        content=uow.seal(stream, "report", text),
    )
    uow.append(stream, reported)
    for old in before:
        uow.erase(old.stream)
    return stream


class _Content(BaseModel):
    told: tuple[Judged, ...]


def _ruled(ended: Ended) -> Ruled:
    return Ruled(rule=queries.digest(ended.rule), verdict=ended.verdict, k=ended.k, n=ended.n)


def _concerns(agreed: TableMap, order: Checked, found: Sequence[Judged]) -> Iterator[Concern]:
    """By field, what fails or wasn't run, the gravest first."""
    by_field: dict[str, list[Judged]] = {}
    for each in found:
        if each.ended.verdict in ("fail", "not-run"):
            first = next(iter(each.columns), "")
            by_field.setdefault(first if agreed.field(first) else "", []).append(each)
    for field, bad in by_field.items():
        bad.sort(key=lambda j: -GRAVITY.index(j.severity))
        picture = Picture(
            table=order.table,
            field=field,
            why="rule",
            period=order.as_of.date(),
            rows=order.rows,
            sentences=tuple(_sentence(each) for each in bad[:10]),
        )
        owners = dict.fromkeys(each.owner for each in bad if each.owner)
        yield Concern(picture, bad[0].severity, tuple(owners))


def _sentence(judged: Judged) -> str:
    ended = judged.ended
    if ended.verdict == "not-run":
        return f"{ended.rule} was not run. {ended.why}"
    return f"{ended.k:,} of {ended.n:,} {ended.unit}s: {ended.says}."


@operation("signals.reported", reads=True)
def reported(view: View, order: Table) -> LastReport:
    """The counts of a table's last check, and since when each rule ends so; never its examples."""
    agreed = agreed_table(demand_charter(view), order.table)
    last = last_report(view, order.table)
    if last is None:
        return LastReport(as_of=None, rows=0, results=())
    since, names = since_when(view, order.table), {queries.digest(u.id): u.id for u in agreed.rules}
    return LastReport(
        as_of=last.as_of,
        rows=last.rows,
        results=tuple(
            Counted(
                rule=names.get(c.rule, COLUMNS),
                verdict=c.verdict,
                k=c.k,
                n=c.n,
                since=since[c.rule],
            )
            for c in last.counts
        ),
    )


def last_report(view: View, table: str) -> Kept | None:
    """The last report recorded of a table."""
    for fact in queries.reports_of(view, table, limit=1):
        body = fact.body
        assert isinstance(body, facts.Reported)
        opened = view.open(body.content)
        told = _Content.model_validate_json(opened.value).told if opened else None
        return Kept(fact.at, body.as_of, body.rows, told, body.results)
    return None


def since_when(view: View, table: str) -> dict[str, datetime]:
    """By digest of a rule: the first of its last checks in a row that ended as the last one did."""
    found: dict[str, tuple[Verdict, datetime]] = {}
    over: set[str] = set()
    for fact in queries.reports_of(view, table):
        body = fact.body
        assert isinstance(body, facts.Reported)
        now = {each.rule: each.verdict for each in body.results}
        first = not found
        for rule, verdict in now.items():
            if first or (rule in found and rule not in over and found[rule][0] == verdict):
                found[rule] = (verdict, body.as_of)
        over |= {rule for rule in found if now.get(rule) != found[rule][0]}
    return {rule: at for rule, (_, at) in found.items()}
