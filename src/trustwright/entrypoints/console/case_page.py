"""The page of a case, for one person: what they may do with it, and everything they should know."""

from collections.abc import Iterator
from dataclasses import replace

from trustwright.charter.model import Label as Policy
from trustwright.charter.service import demand_charter
from trustwright.duties.queries import holds_on, open_duties, standing_holds
from trustwright.entrypoints.console import batch_page, queue_page, reading
from trustwright.entrypoints.console.case import Actions, Case, Label, Slot
from trustwright.entrypoints.console.clock import Clock, briefly, clock, exactly, zone
from trustwright.entrypoints.console.names import either
from trustwright.entrypoints.console.page import Link, Notice, Signing
from trustwright.entrypoints.console.queue_page import Beside, Wanted
from trustwright.entrypoints.console.reading import Reading, read
from trustwright.entrypoints.console.trail import decided_again, trail
from trustwright.entrypoints.console.visit import Visit
from trustwright.entrypoints.console.why import why
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Refused
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import View
from trustwright.proposals import batches, labels, model, review
from trustwright.proposals.model import Status
from trustwright.proposals.reservations import Reservation, reservation
from trustwright.rights.model import Outcome


def build(visit: Visit) -> Case:
    """The page of the case in the address. `NotFound` for whoever may not know of it."""
    wanted = Wanted.of(visit.request.query_params)
    with visit.view() as view:
        charter = demand_charter(view)
        r = read(view, charter, visit.path("id"))
        batch = visit.request.query_params.get("batch", "")
        around = queue_page.beside(view, charter, wanted, r.of.id)
        if batch:
            around = _within(view, around, batch)
        duty = next(iter(open_duties(view, r.of.id)), None)
        submitted = r.of.submitted
        workflow = charter.workflow_left(submitted.workflow)
        where = workflow.title if workflow else f"{submitted.workflow} (no longer in the charter)"
        return Case(
            frame=visit.frame(view),
            id=r.of.id,
            title=queue_page.title(view, submitted),
            about=f"{where} · {submitted.system} · {submitted.channel} · {r.of.id}",
            state=r.of.status.value,
            because=_because(r),
            notices=tuple(_notices(r)),
            clock=clock(duty.due, view.now, zone(view)) if duty and r.of.open else None,
            duty=_owed(r) if r.of.open else "",
            confidence=submitted.confidence or "not stated",
            entries=around.entries,
            parts=reading.parts(r),
            author=_author(r),
            findings=reading.findings(r),
            checks=_checks(r),
            edit=reading.edit(r),
            sources=reading.sources(r),
            evidence=reading.evidence(r),
            why=why(r),
            slots=tuple(_slots(r)),
            label=_label(r),
            trail=trail(r),
            actions=_actions(r, around, wanted),
        )


def _within(view: View, around: Beside, stream: str) -> Beside:
    """The way through a batch: to the next of its sample still unopened, then to its list."""
    of = batches.demand_batch(view, stream)
    left = batches.standing(view, of).left
    onward = batch_page.address(left[0], of.id) if left else batch_page.HERE.format(id=of.id)
    opened = f"{len(of.sample) - len(left)} of {len(of.sample)} opened"
    return replace(around, previous="", next=onward, position=opened)


def _author(r: Reading) -> str:
    edits = [x for x in r.of.facts if isinstance(x.body, model.Edited)]
    return (
        f"As edited by {r.names(edits[-1].actor)}"
        if edits
        else f"What {r.of.submitted.system} wrote"
    )


def _checks(r: Reading) -> str:
    n = len(r.routed.checks)
    unsure = [f"{u.check} ({u.reason.replace('-', ' ')})" for u in r.undecided]
    return (
        f"{n} checks; not decided: {', '.join(unsure)}" if unsure else f"{n} checks, all complete"
    )


def _because(r: Reading) -> str:
    """What completes the sentence about its state."""
    last = next((x for x in reversed(r.of.facts) if type(x.body) in model.CLOSED), None)
    match r.of.status:
        case Status.SIGNED:
            return _kept_back(r)
        case Status.RELEASED | Status.TAKEN | Status.DELIVERED:
            names = [f"{r.names(x.actor)}, {r.at(x)}" for x in r.of.signatures]
            return (
                f"Countersigned by {either(names, 'and')}."
                if names
                else "No rule asked for a person."
            )
        case Status.REFUSED if last:
            return f"By {r.names(last.actor)}, {r.at(last)}."
    return ""


def _kept_back(r: Reading) -> str:
    on = holds_on(r.view, r.of.submitted.workflow, r.of.submitted.subject)
    holds = [hold for hold in standing_holds(r.view) if hold.id in on]
    if holds:
        return f"Held by {r.names(holds[0].by)}: {r.words(holds[0].reason)}"
    return f"It cools off until {exactly(r.of.cool, r.zone)}." if r.of.cool else ""


def _others(r: Reading) -> Reservation | None:
    """Who works on it just now, if it is somebody else."""
    now = reservation(r.view, r.of.id) if r.of.open else None
    return now if now and now.by != r.view.me else None


def _notices(r: Reading) -> Iterator[Notice]:
    if other := _others(r):
        since, until = (briefly(at, r.view.now, r.zone) for at in (other.since, other.until))
        yield Notice(
            "info",
            f"{r.names(other.by)} has been working on it since {since}, so you can only read it.",
            f"It is free once they leave it, at the latest at {until} unless they go on.",
        )
    routes = [x.body for x in r.of.facts if isinstance(x.body, model.Routed)]
    if r.of.open and len(routes) > 1 and decided_again(*routes[-2:]):
        yield _charter_changed(r, routes[-2])
    handed = [x for x in r.of.facts if isinstance(x.body, model.HandedOn)]
    if r.of.open and handed and isinstance(body := handed[-1].body, model.HandedOn):
        to = "you" if body.to == r.view.me else r.names(body.to)
        yield Notice("info", f"{r.names(handed[-1].actor)} asks {to}:", r.words(body.question))
    names = {person.id: person.name for person in r.charter.people}
    for promise in r.details.promises if r.details else ():
        who = names.get(promise.owner, promise.owner)
        yield Notice(
            "info",
            f"It promises “{promise.quote}”",
            f"{who} keeps it until {promise.due.day} {promise.due:%b %Y}.",
        )


def _charter_changed(r: Reading, before: model.Routed) -> Notice:
    lapsed = model.ran_out(r.routed) - model.ran_out(before)
    void = [x for x in r.of.voided if _why_void(r, x) in (STRICTER, LAPSED)]
    why = "Whoever signed saw it proved:" if lapsed else "It is stricter now:"
    was, now = (queue_page.OUTCOMES[each.outcome] for each in (before, r.routed))
    moved = "It still goes to: " if was == now else f"It went to: {was}. Now: "
    return Notice(
        "warn",
        ("Evidence ran out" if lapsed else "The charter changed")
        + ", so this was decided again."
        + (f" {why} countersignatures given before are void." if void else ""),
        f"{moved}{now}.",
        Link("The charter in force", "/console/charter"),
    )


STRICTER = "decided again under a stricter charter"
LAPSED = "evidence it rests on ran out"


def _why_void(r: Reading, signature: Fact) -> str:
    """The first fact with which it didn't stand any more."""
    for n, x in enumerate(r.of.facts, 1):
        if signature in model.case(r.of.id, r.of.facts[:n]).voided:
            if isinstance(x.body, model.Edited):
                return f"the text was edited by {r.names(x.actor)}"
            if isinstance(x.body, model.CountersignatureWithdrawn):
                return "taken back"
            lapsed = isinstance(x.body, model.Routed) and model.ran_out(x.body)
            return LAPSED if lapsed else STRICTER
    return ""


def _owed(r: Reading) -> str:
    duty = next(iter(open_duties(r.view, r.of.id)), None)
    if duty is None:
        return ""
    then = f"; late, it goes to {r.names(duty.then[0])}" if duty.then else ""
    late = "Nobody answered in time. " if duty.escalated else ""
    return f"{late}{r.names(duty.owner)} owes it{then}."


def _slots(r: Reading) -> Iterator[Slot]:
    for x in r.of.voided:
        yield Slot(model.role_of(x), "", r.names(x.actor), r.at(x), _why_void(r, x))
    for x in r.of.signatures:
        yield Slot(model.role_of(x), "", r.names(x.actor), r.at(x))
    for slot in r.of.missing if r.of.open else ():
        yield Slot(" or ".join(slot), either(_may_sign(r, slot)) or "nobody of the charter may")


def _may_sign(r: Reading, slot: tuple[str, ...]) -> list[str]:
    """Whose countersignature would fill a slot: asked of the rule itself, as each of them."""
    alone = replace(r.of, routed=r.routed.model_copy(update={"signers": (slot,)}), signatures=[])
    people = [
        (p, View(r.view.connection, r.view.keys, Person(p.id), r.view.now))
        for p in r.charter.people
    ]
    return [
        p.name
        for p, view in people
        if view.me not in r.of.signers and review.role_for(view, r.charter, alone)
    ]


def _label(r: Reading) -> Label:
    """As it would read with the countersignatures that stand and the viewer's, if it is asked for."""
    workflow = r.charter.workflow_left(r.of.submitted.workflow)
    policy = workflow.label if workflow else Policy()
    names = [r.names(signer) for signer in sorted(r.of.signers)]
    if r.of.open and r.of.outcome is not Outcome.AUTOMATE and r.of.missing:
        mine = review.role_for(r.view, r.charter, r.of)
        names += [r.names(r.view.me)] if mine else [] if names else ["whoever countersigns"]
    said = labels.label(r.routed.label, edited=bool(r.of.editors))
    return Label(
        words=policy.words(r.charter.company.name, r.of.submitted.system, names),
        outside=policy.shown(bool(names)),
        source_type=said.digital_source_type.rpartition("/")[2],
    )


def _actions(r: Reading, around: Beside, wanted: Wanted) -> Actions:
    free = not _others(r)
    acts = r.of.open and free and _acts(r)
    waits = r.of.status is Status.WAITING and free
    role = review.role_for(r.view, r.charter, r.of) if waits else None
    at = f"/console/cases/{r.of.id}"
    proofs = (Link("Evidence bundle", f"{at}/evidence.zip"), Link("How to verify it", "/verify"))
    return Actions(
        signing=_signing(r, role, f"{at}/countersign", wanted.query()) if role else None,
        cannot=_cannot(r, acts) if free and not role else "",
        edit=acts,
        hand_on=acts,
        refuse=acts,
        previous=around.previous,
        next=around.next,
        position=around.position,
        query=wanted.query(),
        proofs=proofs if r.of.released else (),
        undo=r.of.open and r.view.me in r.of.signers,
        out=_out(r),
        judge=bool(r.parts) and _acts(r),
        owner=_owner(r) if acts else None,
    )


def _owner(r: Reading) -> Link | None:
    """The way to ask whom the register names as owner of the AI system, if they may read the case."""
    system = next((s for s in r.charter.systems if s.id == r.of.submitted.system), None)
    if not system or not system.owner or system.owner == r.view.actor.id:
        return None
    if not r.charter.may_read(system.owner, r.of.submitted.workflow):
        return None
    words = f"Ask {r.charter.person(system.owner).name}, who owns {system.id}"
    return Link(words, f"/console/cases/{r.of.id}/hand-on?to={system.owner}")


def _out(r: Reading) -> Clock | None:
    """When time alone keeps it back, and until when."""
    cools = r.of.status is Status.SIGNED and r.of.cool and r.of.cool > r.view.now
    held = cools and holds_on(r.view, r.of.submitted.workflow, r.of.submitted.subject)
    if not cools or not r.of.cool or held:
        return None
    minutes, seconds = divmod(int((r.of.cool - r.view.now).total_seconds()), 60)
    return replace(clock(r.of.cool, r.view.now, r.zone), words=f"in {minutes}:{seconds:02}")


def _acts(r: Reading) -> bool:
    try:
        review.demand_actor(r.view, r.charter, r.of)
    except Refused:
        return False
    return True


def _cannot(r: Reading, acts: bool) -> str:
    if not r.of.open:
        return ""
    if not acts:
        return "You may read this case, but not act on it."
    if r.of.status is not Status.WAITING:
        return ""
    if r.view.me in r.of.editors:
        return "You edited this text, so somebody else countersigns it."
    waits = "; ".join(f"{' or '.join(s)}: {either(_may_sign(r, s))}" for s in r.of.missing)
    if r.view.me in r.of.signers:
        return f"You countersigned it. It still needs {waits}."
    return f"It doesn't ask for your countersignature. It needs {waits}."


def _signing(r: Reading, role: str, at: str, query: str) -> Signing:
    n, channel = len(r.parts), r.of.submitted.channel
    what = "this text" if n == 1 else f"these {n} parts"
    return Signing(
        begin=f"{at}/begin",
        finish=f"{at}/finish{query}",
        sentence=f"You countersign {what} as {role}, for {channel}, with the label shown.",
        must=(
            ("case", r.of.id),
            ("decision", "release"),
            ("role", role),
            ("channel", channel),
            ("charter", r.charter.digest),
            ("label", r.routed.label),
        ),
    )
