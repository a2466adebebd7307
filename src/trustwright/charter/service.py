"""A charter is proposed, countersigned by people, and then in force. Who may join is decided here too."""

from datetime import date
from typing import Any

from trustwright.charter import adoption, model, reading
from trustwright.charter.adoption import Adopted, Countersigned, Proposed
from trustwright.charter.model import Charter
from trustwright.identity import countersignature as sign
from trustwright.kernel.actors import WORKER, Machine, Person
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import UnitOfWork, View
from trustwright.rights import surface
from trustwright.rights.understanding import overdue

STREAM = "charter"
MEDIA = "application/vnd.trustwright.parts+json"


class Propose(Order):
    """The charter's files: name to YAML text."""

    files: dict[str, str]


class Proposal(Answer):
    """`waits`: what is still missing before it is in force."""

    digest: str
    waits: str


class Sign(Order):
    """The statement the page showed, and what the passkey answered."""

    statement: str
    credential: dict[str, Any]


class Show(Order):
    """Nothing to say."""


class InForce(Answer):
    """What is in force and on what basis, and in Markdown: everything AI may do alone under it, and
    what its rules leave out."""

    digest: str
    basis: str
    company: str
    surface: str
    understanding: str


def in_force(view: View) -> Charter | None:
    """The charter that decides now."""
    adopted = adoption.adopted(view.facts(STREAM))
    return _opened(view, adopted.digest, adopted.text) if adopted else None


def demand_charter(view: View) -> Charter:
    """The charter in force; without one nothing can be decided."""
    charter = in_force(view)
    if charter is None:
        raise Refused(
            "no-charter",
            "No charter is in force, so nothing can be decided.",
            "Propose one with `trustwright charter adopt`, then countersign it in the console.",
        )
    return charter


def belongs(view: View, person: Person) -> bool:
    """Whether they are of the charter; before there is one, whoever has a passkey does."""
    charter = known(view)
    return charter is None or person.id in {each.id for each in charter.people}


def members(view: View) -> frozenset[str] | None:
    """Pseudonyms of everybody of the charter; None before there is one."""
    charter = known(view)
    return frozenset(view.pseudonym(Person(p.id)) for p in charter.people) if charter else None


def demand_member(view: View) -> None:
    """Somebody who left the charter does nothing here any more, whatever passkey they still hold."""
    if isinstance(view.actor, Person) and not belongs(view, view.actor):
        raise left()


def left() -> Refused:
    """What somebody is told who isn't of the charter any more."""
    return Refused(
        "not-in-charter",
        "You aren't in the charter any more, so you can't act here.",
        "Ask somebody whose role adopts charters to add you again.",
    )


def of_digest(view: View, digest: str) -> Charter | None:
    """A charter that was in force once."""
    bodies = (x.body for x in view.facts(STREAM))
    texts = [x.text for x in bodies if isinstance(x, Adopted) and x.digest == digest]
    return _opened(view, digest, texts[0]) if texts else None


def demand_author(view: View) -> None:
    """Charters are for people, and for the machine that serves them."""
    if isinstance(view.actor, Machine) and view.actor != WORKER:
        raise Refused(
            "not-your-charter",
            "An AI system has no say in the rules it works under.",
            "Run `trustwright charter` on the machine that serves.",
        )


def basis(view: View) -> str:
    """`bootstrap`, `agreed` or `demo`; `none` before the first adoption."""
    adopted = adoption.adopted(view.facts(STREAM))
    return adopted.basis if adopted else "none"


def proposed(view: View) -> tuple[Fact, Charter] | None:
    """The newest charter that waits for signatures, the bootstrap one included."""
    waiting = adoption.waiting(view.facts(STREAM))
    if waiting is None or not isinstance(waiting.body, Proposed):
        return None
    charter = _opened(view, waiting.body.digest, waiting.body.text)
    return (waiting, charter) if charter else None


def known(view: View) -> Charter | None:
    """The charter whose people may enter: the one in force, else the one proposed."""
    waiting = proposed(view)
    return in_force(view) or (waiting[1] if waiting else None)


def person_behind(view: View, charter: Charter, pseudonym: str) -> model.Person | None:
    """The person of the charter a pseudonym stands for."""
    return next((p for p in charter.people if view.pseudonym(Person(p.id)) == pseudonym), None)


def _opened(view: View, digest: str, text: str) -> Charter | None:
    """Parsed once per process: a digest never means another charter."""
    if digest not in _PARSED and (opened := view.open(text)):
        charter = Charter.from_json(opened.value)
        if charter.digest != digest:
            raise Refused("charter-changed", "The stored charter isn't the one that was adopted.")
        _PARSED[digest] = charter
    return _PARSED.get(digest)


_PARSED: dict[str, Charter] = {}


@operation("charter.propose")
def propose(uow: UnitOfWork, order: Propose) -> Proposal:
    """Put a charter forward; it decides nothing until people have countersigned it."""
    demand_author(uow)
    charter = reading.read(order.files)
    before = adoption.adopted(uow.facts(STREAM))
    if before and before.digest == charter.digest and before.basis != "bootstrap":
        raise Invalid("charter-unchanged", "This charter is in force already.")
    text = uow.seal(STREAM, "charter", charter.as_json())
    content = uow.seal(STREAM, "content", canonical(_parts(charter, order.files)))
    uow.append(STREAM, Proposed(digest=charter.digest, text=text, content=content))
    return Proposal(digest=charter.digest, waits="countersignatures in the console")


def _parts(charter: Charter, files: dict[str, str]) -> list[list[str]]:
    """What people are shown and sign: what AI may do alone, first; then every file."""
    alone = surface.surface(charter.table).as_markdown()
    texts = [
        [name, text.replace("\r\n", "\n").replace("\r", "\n")]
        for name, text in sorted(files.items())
    ]
    return [["What AI may do alone", alone], *texts]


def adopt_for_demo(uow: UnitOfWork, files: dict[str, str]) -> None:
    """An invented company's charter, in force without a signature: in a demo workspace alone."""
    if not uow.genesis.demo:
        raise Refused("not-a-demo", "Only a demo workspace has a charter nobody signed.")
    charter = reading.read(files)
    text = uow.seal(STREAM, "charter", charter.as_json())
    uow.append(STREAM, Adopted(digest=charter.digest, text=text, basis="demo", signatures=()))


def prepare(uow: UnitOfWork, person: Person, credential: str) -> sign.Prepared:
    """The statement a person is asked to sign over the proposed charter."""
    waiting, _ = _demand_proposed(uow)
    assert isinstance(waiting.body, Proposed)
    now = adoption.adopted(uow.facts(STREAM))
    return sign.prepare(
        uow,
        person,
        sign.Terms(
            case=STREAM,
            decision="adopt",
            role="adopter",
            content=waiting.body.content,
            media_type=MEDIA,
            channel="charter",
            charter=now.digest if now else "",
            rules=(),
            label="",
        ),
        credential,
    )


@operation("charter.countersign", people_only=True)
def countersign(uow: UnitOfWork, order: Sign) -> Proposal:
    """Sign the proposed charter with your passkey; the last signature needed adopts it."""
    waiting, charter = _demand_proposed(uow)
    signed = sign.verify(uow, order.statement, order.credential)
    assert isinstance(waiting.body, Proposed)
    if signed.statement.content != waiting.body.content or signed.statement.case != STREAM:
        raise Refused("another-charter", "That signature was given for another charter.")
    uow.append(
        STREAM, Countersigned(digest=charter.digest, content=waiting.body.content, **signed.raw())
    )
    return _adopt_if_complete(uow, waiting, charter)


def _adopt_if_complete(uow: UnitOfWork, waiting: Fact, charter: Charter) -> Proposal:
    assert isinstance(waiting.body, Proposed)
    before, stands = in_force(uow), basis(uow)
    signed = adoption.signatures(waiting, uow.facts(STREAM))
    roles = {person: _roles(uow, before, person) for person in signed}
    reached = adoption.basis_reached(before, stands, roles)
    if reached:
        uow.append(
            STREAM,
            Adopted(
                digest=charter.digest,
                text=waiting.body.text,
                basis=reached,
                signatures=tuple(signed.values()),
            ),
        )
    return Proposal(digest=charter.digest, waits=adoption.waits_for(before, stands, roles))


def _roles(view: View, charter: Charter | None, pseudonym: str) -> frozenset[str]:
    person = charter and person_behind(view, charter, pseudonym)
    return frozenset(person.roles) if person else frozenset()


def _demand_proposed(view: View) -> tuple[Fact, Charter]:
    found = proposed(view)
    if found is None:
        raise NotFound(
            "no-proposed-charter",
            "No charter waits for signatures.",
            "Propose one with `trustwright charter adopt`.",
        )
    return found


@operation("charter.show", reads=True)
def show(view: View, order: Show) -> InForce:
    """The charter in force, its basis, everything AI may do alone under it, and what no rule says."""
    charter = demand_charter(view)
    return InForce(
        digest=charter.digest,
        basis=basis(view),
        company=charter.company.name,
        surface=_surface(view, charter),
        understanding=_understanding(charter, view.now.date()),
    )


ALONE_LATER = (
    "Nothing goes alone yet: one person adopted this charter, and until a second countersigns it every "
    "outcome is at least owner. Then AI may do alone:"
)


def _surface(view: View, charter: Charter) -> str:
    told = surface.surface(charter.table).as_markdown()
    bootstrap = basis(view) == "bootstrap" and not view.genesis.demo
    return f"{ALONE_LATER}\n\n{told}" if bootstrap else told


def _understanding(charter: Charter, today: date) -> str:
    late = [f"- {r.id} was to be reviewed by {r.review_by}." for r in overdue(charter.table, today)]
    return "\n\n".join(filter(None, (charter.understood.as_markdown(), "\n".join(late))))
