"""Letting people in: a one-time link, a passkey, a sign-in, and the end of a key.

What waits between two steps lies in scratch, secrets only as their SHA-256. A step that is refused
leaves everything as it was, so a passkey held wrongly costs nobody their link.
"""

import hmac
import secrets
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from webauthn import generate_authentication_options, generate_registration_options
from webauthn.helpers import options_to_json
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from trustwright.identity import answers, model, queries
from trustwright.identity.model import Sponsorship, digest_of, stream_of
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.canonical import b64u, canonical, from_b64u
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import UnitOfWork, View

LINK = timedelta(hours=24)
CEREMONY = timedelta(minutes=10)
SESSION = timedelta(hours=12)
COUNTER = timedelta(days=3650)
OPERATOR = "operator"


@dataclass(frozen=True)
class Invitation:
    """The link's token, shown once; None while others still have to ask."""

    token: str | None
    still_needed: int


@dataclass(frozen=True)
class Link:
    """Whom it lets in (id, pseudonym), who answers for that (pseudonyms), and until when."""

    person_id: str
    person: str
    sponsors: frozenset[str]
    until: datetime


@dataclass(frozen=True)
class Session:
    """Who is signed in, and with which passkey."""

    person: Person
    credential: str


@dataclass(frozen=True)
class SignIn:
    """A session's token, for the cookie and nothing else, and whose it is."""

    token: str
    person: Person


def standing(view: View, person: str, members: Set[str] | None = None) -> Sponsorship:
    """Who asked for a person (pseudonym) since their last key, and how many must.

    `members`: pseudonyms of those who belong here, so that nobody who left is waited for.
    """
    history = (fact.body for fact in view.facts(stream_of(person)))
    known = queries.ever_enrolled(view)
    known = known if members is None else known & members
    return model.sponsorship(person, history, known, queries.enrolled_people(view))


def invite(uow: UnitOfWork, person_id: str, members: Set[str] | None = None) -> Invitation:
    """Ask for somebody to be given a passkey. That they are of the charter is the caller's to know.

    The link comes with the last request needed and voids the one before. Until somebody else is
    enrolled, `trustwright` itself may ask: whoever runs it reads its terminal anyway.
    """
    person = uow.pseudonym(Person(person_id))
    needs, enrolled = standing(uow, person, members).needs, queries.enrolled_people(uow)
    if uow.me not in (enrolled - {person} if needs else enrolled | {uow.pseudonym(WORKER)}):
        raise Refused(
            "may-not-invite",
            "Only somebody with a passkey here may invite, and nobody invites themselves.",
            "Ask a colleague who is enrolled.",
        )
    uow.append(stream_of(person), model.Invited(person=person, by=uow.me, needs=needs))
    missing = standing(uow, person, members).missing
    return Invitation(None if missing else _new_link(uow, person_id), missing)


def recover(uow: UnitOfWork, person_id: str) -> str:
    """A link made by whoever has the workspace's files, when colleagues can't; it is on record."""
    person = uow.pseudonym(Person(person_id))
    uow.append(stream_of(person), model.Invited(person=person, by=uow.me, needs=0))
    return _new_link(uow, person_id, OPERATOR)


def another(uow: UnitOfWork, answer: dict[str, Any]) -> str:
    """A link to one more passkey for whoever signs here with one they have: a session isn't enough."""
    key = _presented(uow, answer)
    if key.person != uow.me:
        raise Refused("other-person", "This passkey belongs to somebody else.")
    uow.append(stream_of(key.person), model.Invited(person=key.person, by=uow.me, needs=0))
    return _new_link(uow, uow.actor.id, key.credential)


def _new_link(uow: UnitOfWork, person_id: str, vouch: str = "") -> str:
    """`vouch`: empty for colleagues, `OPERATOR`, or the person's own passkey that asked."""
    person, secret = uow.pseudonym(Person(person_id)), secrets.token_urlsafe(32)
    kept = f"{digest_of(secret)} {person_id} {vouch}"
    uow.remember("link", person, kept, uow.now + _lasts(vouch))
    return f"{person.removeprefix('p:')}.{secret}"


def _lasts(vouch: str) -> timedelta:
    return LINK if vouch in ("", OPERATOR) else CEREMONY


def open_link(view: View, token: str) -> str | None:
    """The id of the person a link is for, if it can still be used."""
    return _opened(view, token)[0]


def _opened(view: View, token: str) -> tuple[str | None, str]:
    """The person's id, and who vouches for them."""
    pseudonym, _, secret = token.partition(".")
    kept = view.remembered("link", f"p:{pseudonym}") or ""
    digest, person_id, vouch = (*kept.split(" "), "", "")[:3]
    fits = hmac.compare_digest(digest, digest_of(secret))
    return (person_id, vouch) if fits else (None, "")


def begin_enrol(uow: UnitOfWork, token: str, name: str, members: Set[str] | None = None) -> str:
    """Options (JSON) for `navigator.credentials.create` on the page behind a link."""
    asked = link(uow, token, members)
    person_id, person = asked.person_id, asked.person
    challenge = secrets.token_bytes(32)
    uow.remember("enrolment", person, b64u(challenge), uow.now + CEREMONY)
    options = generate_registration_options(
        rp_id=uow.genesis.rp_id,
        rp_name="Trustwright",
        user_id=person.encode(),
        user_name=person_id,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_named(k.credential) for k in queries.credentials_of(uow, person)],
    )
    return options_to_json(options)


def finish_enrol(
    uow: UnitOfWork,
    token: str,
    answer: dict[str, Any],
    name: str,
    members: Set[str] | None = None,
) -> Fact:
    """Make the passkey just created the person's, and use the link up."""
    asked = link(uow, token, members)
    person_id, person = asked.person_id, asked.person
    challenge = from_b64u(uow.consume("enrolment", person))
    new = answers.demand_registered(answer, _asked(uow, challenge))
    enrolled = model.Enrolled(
        person=person,
        name=uow.seal(stream_of(person), "name", canonical({"id": person_id, "name": name})),
        credential=b64u(new.credential_id),
        cose=b64u(new.credential_public_key),
        synced=new.credential_device_type == "multi_device",
        sponsors=tuple(sorted(asked.sponsors)),
    )
    if queries.credential(uow, enrolled.credential):
        raise Refused(
            "credential-known", "This passkey is or was enrolled here.", "Create another."
        )
    uow.forget("link", person)
    _keep_counter(uow, enrolled.credential, new.sign_count)
    return uow.append(stream_of(person), enrolled)


def link(view: View, token: str, members: Set[str] | None = None) -> Link:
    """What a link's token stands for, if it lets somebody in now."""
    person_id, vouch = _opened(view, token)
    if person_id is None:
        raise NotFound(
            "used-or-expired", "This link was used already or has run out.", "Ask for a new one."
        )
    person = view.pseudonym(Person(person_id))
    asked = [f.at for f in view.facts(stream_of(person)) if isinstance(f.body, model.Invited)]
    until = asked[-1] + _lasts(vouch)
    if vouch == OPERATOR:
        return Link(person_id, person, frozenset({view.pseudonym(WORKER)}), until)
    if vouch:  # A passkey revoked as stolen brings no other one in.
        queries.demand_live(view, vouch)
        return Link(person_id, person, frozenset({person}), until)
    # Asked again: others may have been enrolled, or a sponsor revoked, since the link was made.
    colleagues = standing(view, person, members)
    if colleagues.missing:
        raise Refused(
            "sponsor-missing",
            f"{colleagues.missing} more of the people enrolled must invite you first.",
            "Ask a colleague who is enrolled, then open the new link.",
        )
    return Link(person_id, person, colleagues.sponsors, until)


def begin_sign_in(uow: UnitOfWork) -> str:
    """Options (JSON) for `navigator.credentials.get`: any passkey of this site."""
    challenge = secrets.token_bytes(32)
    uow.remember("sign-in", b64u(challenge), "", uow.now + CEREMONY)
    return request(uow, challenge)


def sign_in(uow: UnitOfWork, answer: dict[str, Any]) -> SignIn:
    """A session for whoever the passkey belongs to."""
    key = _presented(uow, answer)
    person = queries.person_of(uow, key.person)
    if person is None:
        raise Refused("erased", "What is known of this person was erased.")
    return start_session(uow, person, key.credential)


def _presented(uow: UnitOfWork, answer: dict[str, Any]) -> queries.Credential:
    """The passkey that answered a challenge of ours just now; the challenge is used up."""
    given = answers.assertion(answer)
    challenge = answers.challenge_of(given)
    uow.consume("sign-in", b64u(challenge))
    return demand_signed(uow, given, challenge)


def start_session(uow: UnitOfWork, person: Person, credential: str) -> SignIn:
    """Twelve hours, or until the passkey it was opened with is revoked."""
    token = secrets.token_urlsafe(32)
    uow.remember("session", digest_of(token), f"{credential} {person.id}", uow.now + SESSION)
    return SignIn(token, person)


def session(view: View, token: str) -> Session | None:
    """The session behind a cookie, while its passkey counts."""
    kept = view.remembered("session", digest_of(token)) or ""
    credential, _, person_id = kept.partition(" ")
    key = queries.credential(view, credential)
    return Session(Person(person_id), credential) if key and not key.revoked_at else None


def who(view: View, token: str) -> Person | None:
    """The person signed in behind a cookie."""
    found = session(view, token)
    return found.person if found else None


def sign_out(uow: UnitOfWork, token: str) -> None:
    """End a session."""
    uow.forget("session", digest_of(token))


def owner_of(view: View, credential: str) -> str:
    """The pseudonym of the person a passkey belongs to, or belonged to."""
    return queries.demand_known(view, credential).person


def revoke(uow: UnitOfWork, credential: str, reason: str) -> Fact:
    """End a passkey, and every session opened with it. Who may is the caller's to know."""
    if reason not in model.REASONS:
        raise Invalid(
            "reason-unknown",
            "This isn't a reason to revoke a passkey.",
            "Say lost, stolen, left or replaced.",
        )
    person = queries.demand_live(uow, credential).person
    body = model.Revoked(person=person, credential=credential, reason=reason)
    return uow.append(stream_of(person), body)


def demand_signed(
    uow: UnitOfWork, given: AuthenticationCredential, challenge: bytes
) -> queries.Credential:
    """The passkey that counts now and signed this challenge on our site; its counter is kept."""
    key = queries.demand_live(uow, given.id)
    if given.response.user_handle not in (None, b"", key.person.encode()):
        raise Refused("other-person", "This passkey belongs to somebody else.")
    last = int(uow.remembered("counter", key.credential) or 0)
    asked = _asked(uow, challenge)
    count = answers.demand_signed(given, asked, from_b64u(key.cose), last)
    _keep_counter(uow, key.credential, count)
    return key


def request(view: View, challenge: bytes, *allowed: str) -> str:
    """Options (JSON) for `navigator.credentials.get`, with the passkeys allowed or any."""
    options = generate_authentication_options(
        rp_id=view.genesis.rp_id,
        challenge=challenge,
        allow_credentials=[_named(credential) for credential in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def _named(credential: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=from_b64u(credential))


def _asked(view: View, challenge: bytes) -> answers.Asked:
    return answers.Asked(challenge, view.genesis.site, view.genesis.rp_id)


def _keep_counter(uow: UnitOfWork, credential: str, count: int) -> None:
    if count:
        uow.remember("counter", credential, str(count), uow.now + COUNTER)
