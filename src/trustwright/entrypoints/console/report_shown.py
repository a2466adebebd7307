"""What did the last check of a table say? As the table's page tells it."""

from datetime import datetime

from trustwright.charter.fieldmap.model import TableMap
from trustwright.charter.model import Charter
from trustwright.entrypoints.console.clock import age, written, zone
from trustwright.entrypoints.console.signals import Example, Report, Rule, State
from trustwright.ledger.work import View
from trustwright.signals import queries
from trustwright.signals.reports import Judged, Kept, last_report, since_when

ORDER = ("fail", "not-run", "accepted")
WORDS = {"pass": "passed", "fail": "failed", "not-run": "not run", "accepted": "accepted"}
GRAVITY = ("block", "warn", "note")
TONES = {"block": "bad", "warn": "warn", "note": ""}


def report(view: View, charter: Charter, table: TableMap) -> Report | None:
    """The last report, the gravest first; None where there never was one."""
    last = last_report(view, table.name)
    if last is None:
        return None
    since, opens = since_when(view, table.name), may_see(view, charter, table)
    told = last.told or ()
    wrong = [j for j in told if j.ended.verdict != "pass"]
    wrong.sort(key=lambda j: (ORDER.index(j.ended.verdict), GRAVITY.index(j.severity)))
    return Report(
        sentence=counted(last),
        checked=age(last.at, view.now, zone(view)),
        as_of=written(last.as_of),
        wrong=tuple(
            _rule(charter, j, since.get(queries.digest(j.ended.rule)), opens) for j in wrong
        ),
        passed=tuple(j.ended.rule for j in told if j.ended.verdict == "pass"),
        erased=last.told is None,
    )


def may_see(view: View, charter: Charter, table: TableMap) -> bool:
    """Whether examples, which have customers' keys, open to the viewer: to who owns one of its fields,
    and to those who may read what a workflow writes to them."""
    me = view.actor.id
    owners = {field.owner for field in table.fields} | {rule.owner for rule in table.rules}
    reads = {w.id for f in table.fields for w in charter.readers_of(table.name, f.name)}
    reads |= {table.audience} if table.audience else set()
    return me in owners or any(charter.may_read(me, workflow) for workflow in reads)


def counted(last: Kept) -> str:
    """`12,000 rows, 17 rules: 2 failed, 15 passed`."""
    verdicts = [each.verdict for each in last.counts]
    told = ", ".join(f"{verdicts.count(v)} {WORDS[v]}" for v in (*ORDER, "pass") if v in verdicts)
    rules = f"{len(verdicts)} rules: {told}" if verdicts else "nothing was asked of it"
    return f"{last.rows:,} rows, {rules}."


def state(last: Kept | None) -> State:
    """The one word a table is seen by."""
    if last is None:
        return State("never checked", "warn")
    found = {each.verdict for each in last.counts}
    if "fail" in found:
        return State("failed", "bad")
    if "not-run" in found or not found:
        return State("not run", "warn")
    return State("passed, some accepted" if "accepted" in found else "passed", "good")


def _rule(charter: Charter, judged: Judged, since: datetime | None, opens: bool) -> Rule:
    ended = judged.ended
    undecided = ended.verdict == "not-run"
    share = f" ({100 * ended.k / ended.n:.2g} %)" if ended.n else ""
    return Rule(
        id=ended.rule,
        check=f"{judged.check} {ended.version}".strip(),
        state=_state(judged),
        counted="" if undecided else f"{ended.k:,} of {ended.n:,} {ended.unit}s{share}",
        says=ended.why if undecided else f"{ended.says}.",
        flaws=ended.flaws,
        examples=tuple(
            Example(e.key, ", ".join(f"{name} {value}" for name, value in e.values.items()))
            for e in (ended.examples if opens else ())
        ),
        hidden=bool(ended.examples) and not opens,
        agreed=judged.agreed,
        owner=charter.person(judged.owner).name if judged.owner else "",
        since=written(since) if since else "",
        remedy="" if undecided else ended.remedy,
        accepted=judged.accepted_until,
    )


def _state(judged: Judged) -> State:
    match judged.ended.verdict:
        case "accepted":
            return State("accepted", "good")
        case "not-run":
            return State("not run", "warn" if judged.severity != "block" else "bad")
    tone = TONES[judged.severity]
    return State({"block": "stop", "warn": "look at it", "note": "note"}[judged.severity], tone)  # type: ignore[arg-type]
