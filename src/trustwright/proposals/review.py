"""What people do with a case: open it, edit, countersign, refuse, hand on. For people only."""

from datetime import timedelta

from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.duties import service as duties
from trustwright.duties.asked import standing_in
from trustwright.duties.queries import open_duties
from trustwright.identity import countersignature as sign
from trustwright.kernel.actors import Machine, Person
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.kernel.operations import operation
from trustwright.ledger.facts import Read
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import content
from trustwright.proposals.accepting import FindingsAccepted, accepted
from trustwright.proposals.checking import (
    Checked,
    demand_same,
    details_of,
    look,
    parts_of,
    sources_of,
)
from trustwright.proposals.deciding import ask, decide, decide_again, fold, standing
from trustwright.proposals.model import (
    Case,
    CountersignatureWithdrawn,
    Countersigned,
    Edited,
    HandedOn,
    RefusedByPerson,
    Status,
    case,
)
from trustwright.proposals.orders import (
    Countersign,
    Edit,
    HandOn,
    Look,
    OfCase,
    Refuse,
    Standing,
)
from trustwright.proposals.release import signed_now
from trustwright.proposals.reservations import demand_free, let_go, reserve


def readable(view: View, charter: Charter, stream: str) -> Case:
    """The case, if the actor may know of it: an AI system its own, a person their workflows'."""
    facts = view.facts(stream) if stream.startswith("case-") else []
    if facts:
        found = case(stream, facts)
        if may_read(view, charter, found):
            return found
    raise NotFound(
        "no-such-case",
        f"There is no case {stream[:40]!r} for you.",
        "Check the id. A case opens to the system that proposed it, and to people who may read it.",
    )


def may_read(view: View, charter: Charter, of: Case) -> bool:
    """Whether the actor may know of a case."""
    match view.actor:
        case Machine(id):
            return id in (of.submitted.system, "trustwright")
        case Person(id):
            asked = role_for(view, charter, of) or view.me in {*of.handed_to, *of.signers}
            return bool(asked) or charter.may_read(id, of.submitted.workflow)


def demand_open(view: View, charter: Charter, stream: str) -> Case:
    """A readable case nobody has closed yet, nor time."""
    of = readable(view, charter, stream)
    late = of.open and of.submitted.expires <= view.now  # The worker hasn't come by yet.
    if late or not of.open:
        status = Status.EXPIRED if late else of.status
        raise Refused("case-closed", f"This case is {status.value} already.")
    return of


def demand_actor(view: View, charter: Charter, of: Case) -> None:
    """Reading isn't acting: an auditor may see a case and change nothing about it."""
    match view.actor:
        case Person(id):
            person = charter.person(id)
            workflow = of.submitted.workflow
            acts = (
                person in charter.answering(workflow)
                or view.me in {*of.handed_to, *standing_in(view, workflow)}
                or set(person.roles) & charter.readers(workflow)
                or role_for(view, charter, of)
            )
            if not acts:
                raise Refused("may-only-read", "You may read this case, but not act on it.")
        case Machine():
            pass


@operation("proposals.open", people_only=True)
def open_case(uow: UnitOfWork, order: OfCase) -> Standing:
    """Open a case to read it: that is recorded, and it is decided again if the charter changed."""
    of, charter = read_case(uow, order.case), demand_charter(uow)
    if of.open and role_for(uow, charter, of) and not _passed_on(uow, of):
        reserve(uow, of.id)
    return standing(of)


def read_case(uow: UnitOfWork, stream: str) -> Case:
    """The case as it is decided now; that it was read is recorded."""
    charter = demand_charter(uow)
    of = readable(uow, charter, stream)
    if uow.remembered("read", f"{uow.me} {of.id}") is None:
        uow.remember("read", f"{uow.me} {of.id}", "", uow.now + timedelta(hours=12))
        uow.append(uow.begin("read"), Read(case=of.id))
    if charter.workflow_left(of.submitted.workflow) is None:
        return of  # It can be read, and nothing more.
    return decide_again(uow, charter, of)


def _passed_on(view: View, of: Case) -> bool:
    """Whether the acting person just gave it to somebody else."""
    handed = [x for x in of.facts if isinstance(x.body, HandedOn)]
    return bool(handed) and handed[-1].actor == view.me != of.handed_to[-1]


@operation("proposals.reserve", people_only=True)
def take_up(uow: UnitOfWork, order: OfCase) -> Standing:
    """Begin to work on a case: while you do, others see it and can't decide it."""
    charter = demand_charter(uow)
    of = demand_open(uow, charter, order.case)
    demand_actor(uow, charter, of)
    demand_free(uow, of.id)
    reserve(uow, of.id)
    return standing(of)


def check_edit(view: View, order: Edit) -> Checked:
    """Look at an edit before the transaction."""
    content.demand_clean(order.note, "note")
    content.demand_clean(order.because, "because")
    return look_at(view, order)


def look_at(view: View, order: Look) -> Checked:
    """What the checks say of a case's text as it would be."""
    charter = demand_charter(view)
    of = demand_open(view, charter, order.case)
    parts = content.demand_parts([(p.name, p.text) for p in order.parts])
    content.to_bytes(parts)
    if [name for name, _ in parts] != [name for name, _ in parts_of(view, of.content)]:
        raise Invalid("parts-differ", "An edit keeps the parts of the proposal.", field="parts")
    sources, details = sources_of(view, of), details_of(view, of)
    return look(charter, of.submitted.workflow, parts, sources, details, view.now.date())


@operation("proposals.edit", people_only=True, gather=check_edit)
def edit(uow: UnitOfWork, order: Edit, seen: Checked) -> Standing:
    """Change the text; it is checked and routed anew, and somebody else countersigns it."""
    charter = demand_charter(uow)
    demand_same(charter, seen)
    of = demand_open(uow, charter, order.case)
    demand_actor(uow, charter, of)
    demand_free(uow, of.id)
    _demand_seen(of, order.seen)
    findings = accepted(order, seen)
    holder = of.submitted.subject or of.id
    sealed = uow.seal(holder, "content", content.to_bytes(seen.parts))
    note = uow.seal(holder, "note", order.note.encode()) if order.note else None
    uow.append(of.id, Edited(content=sealed, before=of.content, note=note))
    if findings:
        why = uow.seal(holder, "reason", order.because.encode())
        uow.append(of.id, FindingsAccepted(content=sealed, findings=findings, reason=why))
    let_go(uow)
    return standing(decide(uow, charter, fold(uow, of.id), details_of(uow, of), seen))


def _demand_seen(of: Case, seen: str) -> None:
    if of.content != seen:
        raise Refused(
            "edited-meanwhile",
            "Somebody changed the text since you opened it.",
            "Open the case again; your words are still in your browser.",
        )


def role_for(view: View, charter: Charter, of: Case) -> str | None:
    """The free slot the acting person may fill with a countersignature; None if there is none."""
    if view.me in of.editors | of.signers or not isinstance(view.actor, Person):
        return None
    person = charter.person(view.actor.id)
    answering = _answers(view, charter, of)
    may = {*person.roles}
    may |= {"owner"} if answering else set()
    second = set(person.roles) & charter.readers(of.submitted.workflow)
    may |= {"second"} if answering or second else set()
    return next((role for slot in of.missing for role in slot if role in may), None)


def _answers(view: View, charter: Charter, of: Case) -> bool:
    """Whether the acting person owns the case, stands in for who does, or was handed it by one of them.

    A reader may ask a colleague, but makes nobody its owner, least of all themselves.
    """
    owners = {view.pseudonym(Person(p.id)) for p in charter.answering(of.submitted.workflow)}
    owners |= standing_in(view, of.submitted.workflow)
    for x in of.facts:
        if isinstance(x.body, HandedOn) and x.actor in owners:
            owners.add(x.body.to)
    return view.me in owners


def prepare(
    uow: UnitOfWork, person: Person, stream: str, credential: str
) -> tuple[Case, sign.Prepared]:
    """The statement a person is asked to sign over exactly the content the case has now."""
    charter = demand_charter(uow)
    of = decide_again(uow, charter, demand_open(uow, charter, stream))
    role = _demand_role(uow, charter, of)
    demand_free(uow, of.id)
    assert of.routed is not None
    terms = sign.Terms(
        case=of.id,
        decision="release",
        role=role,
        content=of.content,
        media_type=of.submitted.media,
        channel=of.submitted.channel,
        charter=charter.digest,
        rules=of.routed.rules,
        label=of.routed.label,
    )
    return of, sign.prepare(uow, person, terms, credential, charter.company.statement_minutes)


def _demand_role(view: View, charter: Charter, of: Case) -> str:
    role = role_for(view, charter, of)
    if role is None:
        why = (
            ("editor-signs", "Whoever edited a text can't countersign it.")
            if view.me in of.editors
            else ("signed-already", "You countersigned this already.")
            if view.me in of.signers
            else ("not-a-signer", "This case doesn't ask for your countersignature.")
        )
        raise Refused(*why, "Hand it on to somebody who may.")
    return role


@operation("proposals.countersign", people_only=True)
def countersign(uow: UnitOfWork, order: Countersign) -> Standing:
    """Answer for exactly this content with your passkey; the last signature needed releases it."""
    charter = demand_charter(uow)
    of = decide_again(uow, charter, demand_open(uow, charter, order.case))
    signed = sign.verify(uow, order.statement, order.credential)
    _demand_same_decision(of, charter, signed.statement)
    role = _demand_role(uow, charter, of)
    if signed.statement.role != role:
        raise Refused("role-differs", "The role you signed for was filled meanwhile.")
    demand_free(uow, of.id)
    let_go(uow)
    uow.append(of.id, Countersigned(content=of.content, role=role, **signed.raw()))
    signed_now(uow, charter, fold(uow, of.id))
    return standing(fold(uow, of.id))


def _demand_same_decision(of: Case, charter: Charter, statement: sign.Statement) -> None:
    for code, same in (
        ("another-case", statement.case == of.id and statement.decision == "release"),
        ("content-differs", statement.content == of.content),
        ("charter-differs", statement.charter == charter.digest),
        ("rules-differ", of.routed is not None and statement.rules == of.routed.rules),
    ):
        if not same:
            raise Refused(
                code,
                "What was signed isn't what would be released now.",
                "Open the case again, read it, and countersign what you see.",
            )


@operation("proposals.take_back", people_only=True)
def take_back(uow: UnitOfWork, order: OfCase) -> Standing:
    """Take your countersignature back while the text isn't released."""
    charter = demand_charter(uow)
    of = demand_open(uow, charter, order.case)
    mine = [x for x in of.signatures if x.actor == uow.me]
    if not mine:
        raise Refused("not-signed", "No countersignature of yours stands here.")
    for x in mine:
        uow.append(of.id, CountersignatureWithdrawn(signature=x.index))
    if not open_duties(uow, of.id):
        ask(uow, charter, fold(uow, of.id))
    return standing(fold(uow, of.id))


@operation("proposals.refuse", people_only=True)
def refuse(uow: UnitOfWork, order: Refuse) -> Standing:
    """Say no, and why; the case is closed."""
    charter = demand_charter(uow)
    of = demand_open(uow, charter, order.case)
    demand_actor(uow, charter, of)
    demand_free(uow, of.id)
    let_go(uow)
    reason = uow.seal(of.submitted.subject or of.id, "reason", order.reason.encode())
    uow.append(of.id, RefusedByPerson(content=of.content, reason=reason, why=order.why))
    duties.close_duties(uow, of.id, "refused")
    return standing(fold(uow, of.id))


@operation("proposals.hand_on", people_only=True)
def hand_on(uow: UnitOfWork, order: HandOn) -> Standing:
    """Give the case to somebody else who may read it, with a question."""
    charter = demand_charter(uow)
    of = demand_open(uow, charter, order.case)
    demand_actor(uow, charter, of)
    demand_free(uow, of.id)
    to = charter.person(order.to)
    if not charter.may_read(to.id, of.submitted.workflow):
        raise Refused(
            "may-not-read",
            f"{to.name} may not read cases of this workflow.",
            "Give it to one of its readers.",
        )
    question = uow.seal(of.submitted.subject or of.id, "note", order.question.encode())
    let_go(uow)
    uow.append(of.id, HandedOn(to=uow.pseudonym(Person(to.id)), question=question))
    duties.hand_on(uow, of.id, to.id)
    return standing(fold(uow, of.id))
