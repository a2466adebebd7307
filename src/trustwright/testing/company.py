"""A company for stories: its people hold software passkeys, its AI systems propose, time is told.

Everything is real but the browser and the clock: the ledger, the vault, the checks, the signatures.
"""

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from trustwright.app import App, Settings, create
from trustwright.charter import service as charter
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER, Actor, Machine, Person
from trustwright.ledger.work import View
from trustwright.proposals import review
from trustwright.proposals.model import Case, case
from trustwright.testing.authenticator import Authenticator

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


def files(**changed: str) -> dict[str, str]:
    """The company's charter as YAML files; `rights="..."` puts another rights.yaml in its place."""
    folder = resources.files(__package__).joinpath("charter")
    found = {f.name: f.read_text(encoding="utf-8") for f in folder.iterdir()}
    return {**found, **{f"{name}.yaml": text for name, text in changed.items()}}


class Company:
    """An open workspace and the people around it."""

    def __init__(
        self, folder: Path, demo: bool = True, database: str | None = None, **changed: str
    ) -> None:
        self.now = START
        settings = Settings(dir=folder, database=database)
        self.app: App = create(settings, demo=demo, now=lambda: self.now)
        self.files = files(**changed)
        self._people: dict[str, Employee] = {}
        if demo:
            self.app.write(WORKER, lambda uow: charter.adopt_for_demo(uow, self.files))

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def system(self, id: str = "copilot") -> "System":
        return System(self, id)

    def person(self, id: str) -> "Employee":
        """Somebody of the charter, let in with a passkey the first time they are asked for."""
        if id not in self._people:
            self._people[id] = Employee(self, id)
            self._people[id].enroll()
        return self._people[id]

    def asks(self, name: str, actor: Actor, once: str | None = None, **order: Any) -> Any:
        """Run an operation; `once` is its idempotency key."""
        return self.app.call(name, actor, order, once)

    def case(self, id: str) -> Case:
        """The case as its facts tell it."""
        with self.app.ledger.view() as view:
            return case(id, view.facts(id))

    def view(self) -> AbstractContextManager[View]:
        """A look at the ledger."""
        return self.app.ledger.view()

    def adopts(self, *people: str, **changed: str) -> Any:
        """Propose the charter, with some files changed, and have people countersign it."""
        self.files = {**self.files, **{f"{n}.yaml": text for n, text in changed.items()}}
        answer = self.asks("charter.propose", WORKER, files=self.files)
        for person in people:
            answer = self.person(person).signs_charter()
        return answer

    def close(self) -> None:
        self.app.close()


class System:
    """An AI system of the company."""

    def __init__(self, company: Company, id: str) -> None:
        self.company, self.actor = company, Machine(id)

    def proposes(self, text: str, workflow: str = "replies", **more: Any) -> Any:
        """Submit one text; `source="..."` is what it rests on."""
        once, parts = more.pop("once", None), more.pop("parts", [{"name": "body", "text": text}])
        if source := more.pop("source", None):
            more["sources"] = [{"id": "source", "text": source}]
        order = {"system": self.actor.id, "workflow": workflow, "parts": parts, **more}
        return self.company.asks("proposals.submit", self.actor, once, **order)

    def asks(self, verb: str, case: str, once: str | None = None) -> Any:
        return self.company.asks(f"proposals.{verb}", self.actor, once, case=case)


class Employee:
    """Somebody with a passkey."""

    def __init__(self, company: Company, id: str) -> None:
        self.company, self.id, self.actor = company, id, Person(id)
        self.device = Authenticator()
        self.credential = ""

    def enroll(self) -> None:
        """Invited by as many colleagues as it takes, then enrolled behind the link."""
        invited = self._invited()
        write = self.company.app.write
        options = write(WORKER, lambda uow: passkeys.begin_enrol(uow, invited, self.id))
        answer = self.device.create(options)
        write(WORKER, lambda uow: passkeys.finish_enrol(uow, invited, answer, self.id))
        self.credential = answer["id"]

    def _invited(self) -> str:
        colleagues = [p.actor for p in self.company._people.values() if p.credential]
        sponsors: list[Actor] = [*colleagues] or [WORKER]
        for sponsor in sponsors:
            sponsored = self.company.app.write(sponsor, lambda uow: passkeys.invite(uow, self.id))
            if sponsored.token:
                return str(sponsored.token)
        raise AssertionError("nobody may invite")

    def asks(self, verb: str, case: str, **order: Any) -> Any:
        return self.company.asks(f"proposals.{verb}", self.actor, case=case, **order)

    def prepares(self, case: str) -> tuple[str, str]:
        """Statement id and options, as the page gets them."""
        _, prepared = self.company.app.write(
            self.actor, lambda uow: review.prepare(uow, self.actor, case, self.credential)
        )
        return prepared.statement.id, prepared.options

    def countersigns(self, case: str) -> Any:
        statement, options = self.prepares(case)
        credential = self.device.get(options)
        return self.asks("countersign", case, statement=statement, credential=credential)

    def edits(self, case: str, **parts: str) -> Any:
        """All parts anew, with whatever is found in them accepted."""
        texts = [{"name": name, "text": text} for name, text in parts.items()]
        found = self.asks("look", case, parts=texts).findings
        keys = [x.key for x in found if x.key]
        why = {"accepted": keys, "because": "Right as it stands."} if keys else {}
        return self.asks("edit", case, seen=self.company.case(case).content, parts=texts, **why)

    def signs_charter(self) -> Any:
        prepared = self.company.app.write(
            self.actor, lambda uow: charter.prepare(uow, self.actor, self.credential)
        )
        credential = self.device.get(prepared.options)
        return self.company.asks(
            "charter.countersign",
            self.actor,
            statement=prepared.statement.id,
            credential=credential,
        )
