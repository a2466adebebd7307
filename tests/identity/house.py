"""A house with a real ledger, where people are let in with software passkeys."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from trustwright.identity import keys, passkeys, queries
from trustwright.identity.countersignature import Prepared, Signed, Terms, prepare, verify
from trustwright.kernel.actors import WORKER, Actor, Machine, Person
from trustwright.kernel.errors import Problem
from trustwright.ledger.ledger import Ledger, Settings
from trustwright.ledger.work import UnitOfWork, View
from trustwright.testing.authenticator import Authenticator

T = TypeVar("T")
ORIGIN, SITE = "trustwright.local/test", "http://localhost:8787"
TERMS = Terms(
    case="case-4fz9k2m8q0tw",
    decision="release",
    role="legal",
    content="c0" * 32,
    media_type="application/vnd.trustwright.parts+json",
    channel="email",
    charter="ab" * 32,
    rules=("no-prices-alone",),
    label="ai-edited",
)


class House:
    """Writes and reads as somebody; time moves only when told to."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 22, 12, tzinfo=UTC)
        settings = Settings(folder / "workspace", lambda: self.now, queries.PROJECTIONS)
        self.ledger = Ledger.create(settings, ORIGIN, SITE, "localhost", demo=False)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def does(self, run: Callable[[UnitOfWork], T], actor: Actor = WORKER) -> T:
        return self.ledger.write(actor, run).result()

    def sees(self, look: Callable[[View], T], actor: Actor = WORKER) -> T:
        with self.ledger.view(actor) as view:
            return look(view)

    def refuses(self, run: Callable[[UnitOfWork], Any], actor: Actor = WORKER) -> str:
        """The code it fails with, having recorded nothing."""
        size = self.sees(lambda v: len(v.after(0)))
        with pytest.raises(Problem) as refusal:
            self.does(run, actor)
        assert refusal.value.sentence.endswith(".")
        assert self.sees(lambda v: len(v.after(0))) == size
        return refusal.value.code

    def pseudonym(self, person: str) -> str:
        return self.sees(lambda v: v.pseudonym(Person(person)))

    def invites(self, sponsor: str | None, person: str) -> passkeys.Invitation:
        actor = Person(sponsor) if sponsor else WORKER
        return self.does(lambda uow: passkeys.invite(uow, person), actor)

    def opens(self, token: str | None, device: Authenticator, name: str = "Anna Weber") -> str:
        """Enroll behind a link; the credential's id."""
        assert token
        options = self.does(lambda uow: passkeys.begin_enrol(uow, token, name))
        answer = device.create(options)
        self.does(lambda uow: passkeys.finish_enrol(uow, token, answer, name))
        return str(answer["id"])

    def enrolls(
        self, person: str, *sponsors: str, device: Authenticator | None = None
    ) -> Authenticator:
        """Invited by everybody named (`trustwright` where nobody is), then enrolled."""
        device = device or Authenticator()
        token = [self.invites(sponsor, person) for sponsor in sponsors or [None]][-1].token
        self.opens(token, device)
        return device

    def signs_in(self, device: Authenticator) -> passkeys.SignIn:
        answer = device.get(self.does(passkeys.begin_sign_in))
        return self.does(lambda uow: passkeys.sign_in(uow, answer))

    def who(self, token: str) -> str | None:
        person = self.sees(lambda v: passkeys.who(v, token))
        return person.id if person else None

    def prepares(self, person: str, credential: str = "") -> Prepared:
        me = Person(person)
        return self.does(lambda uow: prepare(uow, me, TERMS, credential), me)

    def countersigns(self, person: str, device: Authenticator) -> Signed:
        prepared = self.prepares(person)
        return self.does(signing(prepared, device), Person(person))

    def issues(self, system: str) -> str:
        return self.does(lambda uow: keys.issue(uow, system), Person("anna"))

    def authenticates(self, presented: str) -> Machine | None:
        return self.sees(lambda v: keys.authenticate(v, presented))


def signing(prepared: Prepared, device: Authenticator) -> Callable[[UnitOfWork], Signed]:
    answer = device.get(prepared.options)
    return lambda uow: verify(uow, prepared.statement.id, answer)
