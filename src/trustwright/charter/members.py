"""Who of the charter's people and systems may enter: invitations and API keys."""

from trustwright.charter import service
from trustwright.charter.model import Charter
from trustwright.identity import keys, passkeys
from trustwright.kernel.errors import Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View


class Invite(Order):
    """A person of the charter, by id."""

    person: str


class Invited(Answer):
    """The one-time link's token once enough others have asked; else how many are still needed."""

    token: str | None
    still_needed: int


class IssueKey(Order):
    """An AI system of the charter, by id."""

    system: str


class KeyIssued(Answer):
    """The key, shown this once."""

    key: str


class RevokeKey(Order):
    key: str


class RevokePasskey(Order):
    """One passkey; `reason` is a code such as lost, left, replaced."""

    credential: str
    reason: str


class Gone(Answer):
    """What can't be used any more."""

    revoked: str


@operation("people.invite", people_only=True)
def invite(uow: UnitOfWork, order: Invite) -> Invited:
    """Ask for somebody of the charter to be let in; a link is made once enough others have asked."""
    _people(uow).person(order.person)
    invitation = passkeys.invite(uow, order.person, service.members(uow))
    return Invited(token=invitation.token, still_needed=invitation.still_needed)


@operation("people.revoke_passkey", people_only=True)
def revoke_passkey(uow: UnitOfWork, order: RevokePasskey) -> Gone:
    """Make a passkey useless: your own, or anybody's if your role adopts charters."""
    owner = passkeys.owner_of(uow, order.credential)
    if owner != uow.me:
        _demand(uow, "")
    passkeys.revoke(uow, order.credential, order.reason)
    return Gone(revoked=order.credential)


@operation("people.issue_key", people_only=True)
def issue_key(uow: UnitOfWork, order: IssueKey) -> KeyIssued:
    """Make an API key for one AI system; it is shown this once."""
    system = _people(uow).system(order.system)
    _demand(uow, system.owner or "")
    return KeyIssued(key=keys.issue(uow, system.id))


@operation("people.revoke_key", people_only=True)
def revoke_key(uow: UnitOfWork, order: RevokeKey) -> Gone:
    """Make an API key useless from now on."""
    system = keys.system_of(uow, order.key)
    known = {s.id: s.owner or "" for s in _people(uow).systems}
    _demand(uow, known.get(system, ""))
    keys.revoke(uow, order.key)
    return Gone(revoked=order.key)


def _people(view: View) -> Charter:
    charter = service.known(view)
    return charter or service.demand_charter(view)


def may(view: View, owner: str) -> bool:
    """Whether the acting person is the owner, or has a role that adopts charters."""
    charter = _people(view)
    person = charter.person(view.actor.id)
    return person.id == owner or bool(set(person.roles) & set(charter.company.adopts))


def _demand(view: View, owner: str) -> None:
    charter = _people(view)
    if not may(view, owner):
        raise Refused(
            "not-yours",
            "Only the owner, or a role that adopts charters, may do this.",
            f"Ask {charter.person(owner).name}." if owner else "",
        )
