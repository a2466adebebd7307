"""What happened so far, and what is still to come? Every fact of a case in plain words."""

from collections import Counter
from collections.abc import Iterator

from trustwright.duties import model as duties
from trustwright.duties.queries import duties_of
from trustwright.entrypoints.console.case import Step
from trustwright.entrypoints.console.clock import exactly, stamp
from trustwright.entrypoints.console.page import Tone
from trustwright.entrypoints.console.reading import Reading
from trustwright.entrypoints.console.refuse import WHYS
from trustwright.ledger.facts import Fact
from trustwright.proposals import model
from trustwright.proposals.accepting import FindingsAccepted
from trustwright.proposals.judging import FindingJudged
from trustwright.proposals.model import ran_out
from trustwright.rights.model import Outcome

ROUTED = {
    "automate": "it may go by itself",
    "owner": "its owner decides",
    "two_person": "two people decide",
    "block": "it is stopped",
}
MOVED = {
    "away": "is away",
    "left": "left the charter",
    "signed": "has signed",
}
Said = tuple[str, Tone, str | None]


def trail(r: Reading) -> tuple[Step, ...]:
    """Oldest first; what is still to come has no moment."""
    owed = [x for id in duties_of(r.view, r.of.id) for x in r.view.facts(id)]
    facts = sorted([*r.of.facts, *owed], key=lambda x: x.index)
    return (*(step for x in facts for step in _step(r, x)), *_ahead(r))


def _step(r: Reading, x: Fact) -> Iterator[Step]:
    said = _duty(r, x) if x.kind.startswith("duty.") else _told(r, x)
    if said:
        words, tone, quoted = said
        yield Step(words, r.at(x), stamp(x.at), tone, r.words(quoted), exactly(x.at, r.zone))


def _told(r: Reading, x: Fact) -> Said | None:
    who = r.names(x.actor)
    match x.body:
        case model.Submitted(system=system):
            return f"proposed by {system}", "info", None
        case model.Routed():
            return _decided(r, x, x.body)
        case model.Edited(note=note):
            return f"edited by {who}", "info", note
        case model.Countersigned(role=role):
            return f"countersigned by {who} as {role}", "good", None
        case FindingsAccepted(findings=findings, reason=reason):
            return f"{who} accepts {', '.join(f.code for f in findings)}", "warn", reason
        case model.CountersignatureWithdrawn():
            return f"countersignature taken back by {who}", "warn", None
        case model.HandedOn(to=to, question=question):
            return f"handed on by {who} to {r.names(to)}", "warn", question
        case model.RefusedByPerson(reason=reason, why=why):
            return f"refused by {who}: {WHYS.get(why, why).lower()}", "bad", reason
        case FindingJudged(finding=f, right=right):
            return f"was {f.code} right? {right}, says {who}", "info", None
        case model.Withdrawn(reason=reason):
            return f"withdrawn by {who}", "warn", reason
        case model.Released(basis=basis):
            return f"released{' by itself' if basis == 'automate' else ''}", "good", None
        case model.Outdated(findings=findings):
            return (
                f"its evidence ran out ({len(findings)} claims); it had been released",
                "warn",
                None,
            )
        case model.Taken():
            return f"taken by {who}", "good", None
        case model.Delivered():
            return f"delivered, says {who}", "good", None
        case model.Expired():
            return "expired: nobody decided in time", "warn", None
        case model.Voided():
            return "void: its text was erased", "warn", None
    return x.kind, "info", None


def _decided(r: Reading, x: Fact, routed: model.Routed) -> Said:
    counts = Counter(f.severity for f in routed.findings)
    found = ", ".join(f"{n} {severity}" for severity, n in counts.items()) or "nothing found"
    unsure = "" if routed.complete else ", not all could decide"
    tone: Tone = "bad" if Outcome(routed.outcome) is Outcome.BLOCK else "info"
    earlier = [y.body for y in r.of.facts if y.index < x.index and isinstance(y.body, model.Routed)]
    if earlier and decided_again(earlier[-1], routed):
        why = (
            "evidence ran out" if ran_out(routed) - ran_out(earlier[-1]) else "the charter changed"
        )
        return f"decided again, {why}: {ROUTED[routed.outcome]}", "warn", None
    checks = f"{len(routed.checks)} checks: {found}{unsure}"
    return f"{checks}; {ROUTED[routed.outcome]}", tone, None


def decided_again(old: model.Routed, new: model.Routed) -> bool:
    """Whether not the text changed between two decisions, but the charter, or what evidence is good for."""
    return old.content == new.content


def _duty(r: Reading, x: Fact) -> Said | None:
    match x.body:
        case duties.Opened(what="keep-promise", owner=owner, due=due):
            return f"{r.names(owner)} keeps its promise until {exactly(due, r.zone)}", "info", None
        case duties.Opened(owner=owner, due=due, instead_of=away):
            said = f"asked of {r.names(owner)}, due {exactly(due, r.zone)}"
            return f"{r.names(away)} is away; {said}" if away else said, "info", None
        case duties.Reminded():
            return "little time left: its owner is reminded", "warn", None
        case duties.Moved(to=to, because=because):
            before = [y for y in r.view.facts(x.stream) if y.index < x.index]
            who = r.names(duties.duty(x.stream, before).owner)
            return f"{who} {MOVED[because]}; asked of {r.names(to)}", "warn", None
        case duties.Escalated(to=to):
            return f"no answer in time; asked of {r.names(to)}", "warn", None
        case duties.Closed(how="kept"):
            return f"promise kept, says {r.names(x.actor)}", "good", None
        case duties.Kept(proof=proof):
            return f"promise kept, says {r.names(x.actor)}", "good", proof
        case duties.Broken(reason=reason):
            return f"promise broken, says {r.names(x.actor)}", "bad", reason
    return None


def _ahead(r: Reading) -> Iterator[Step]:
    if r.of.open and r.of.outcome is not Outcome.BLOCK:
        for slot in r.of.missing:
            yield Step(f"a countersignature as {' or '.join(slot)}")
        yield Step("release")
