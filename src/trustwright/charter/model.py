"""The charter: everything agreed beforehand, as one frozen value with one canonical text.

The text (`as_json`) is what is hashed, countersigned and kept; YAML is only how people write it.
Nothing here is repaired or guessed: what doesn't fit is pydantic's `ValidationError`.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Annotated, Literal, Protocol, TypeVar, get_args

from pydantic import Field, JsonValue

from trustwright.charter.calendars import Calendar
from trustwright.charter.fieldmap.meaning import map_of
from trustwright.charter.fieldmap.model import FieldMap
from trustwright.charter.fieldmap.stored import unpacked
from trustwright.charter.parts import (
    Email,
    Hours,
    Line,
    Part,
    People,
    Share,
    Slug,
    Text,
    Url,
    Words,
    unset,
)
from trustwright.charter.restraints import Restrained, Restraint, judged
from trustwright.charter.voice import VoiceRule
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import NotFound
from trustwright.rights.load import load
from trustwright.rights.table import Table
from trustwright.rights.understanding import Understanding, understand

Risk = Literal["low", "medium", "high"]
Outcome = Literal["opt-outs", "complaints", "bounces"]
Channel = Literal["chat", "email", "internal", "letter", "push", "sms", "social", "web"]

REGISTER = (
    "purpose",
    "owner",
    "oversight",
    "acceptable_use",
    "data_use",
    "test_results",
    "incident_contact",
)
"""What a system must state before it may submit anything."""

_BOOL: dict[str, JsonValue] = {"type": "bool"}
STANDARD_FACTS: Mapping[str, dict[str, JsonValue]] = {
    "confidence": {"type": "number", "min": 0, "max": 1},
    "sourced": _BOOL,
    "checkable": _BOOL,
    "channel": {"type": "enum", "values": list(get_args(Channel))},
    "sensitive": _BOOL,
    "edited": _BOOL,
    "subject_known": _BOOL,
    "promises": _BOOL,
}
"""With `system`, what describes a proposal beside the safety facts; see docs/charter.md."""

RESERVED_SYSTEMS = ("trustwright", "any")  # The worker; and any value, in a decision table.
SLOTS = ("owner", "second")  # Who signs without being a role; so no role may be called that.


class DueHours(Part):
    """How long a case waits for one person before the next is asked, by its workflow's risk."""

    low: Hours = 72
    medium: Hours = 24
    high: Hours = 8

    def within(self, risk: Risk) -> timedelta:
        return timedelta(hours=getattr(self, risk))


PerMille = Annotated[int, Field(ge=1, le=200)]


class Batches(Part):
    """At most how many like cases one signature may decide, and how many of a thousand may be wrong:
    so many are opened first, by the workflow's risk, that more are ruled out with 95 % confidence.
    """

    most: Annotated[int, Field(ge=2, le=300)]
    low: PerMille = 50
    medium: PerMille = 20
    high: PerMille = 5


class Company(Part):
    name: Line
    url: Url | None = None
    invented: bool = False
    time_zone: Line = "UTC"
    calendar: Slug | None = Field(None, exclude_if=unset)
    adopts: Annotated[tuple[Slug, ...], Field(min_length=1)]
    topics: tuple[Slug, ...] = Field((), exclude_if=unset)
    due_hours: DueHours = DueHours()
    expire_days: Annotated[int, Field(ge=1, le=365)] = 30
    statement_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    batches: Batches | None = Field(None, exclude_if=unset)


class Person(Part):
    id: Slug
    name: Line
    email: Email
    roles: tuple[Slug, ...] = ()
    substitute: Slug | None = None
    calendar: Slug | None = Field(None, exclude_if=unset)


class Role(Part):
    """`reads_all`: may open every case (auditors); otherwise a workflow names its readers."""

    id: Slug
    answers_for: Text
    reads_all: bool = False


class System(Part):
    """An AI system. Only what `REGISTER` names is needed to submit; `missing` says what lacks."""

    id: Slug
    purpose: Text | None = None
    owner: Slug | None = None
    oversight: Text | None = None
    acceptable_use: Text | None = None
    data_use: Text | None = None
    test_results: Text | None = None
    incident_contact: Slug | None = None
    vendor: Line | None = None
    model: Line | None = None


class Label(Part):
    """What is said about AI to the outside; inside, the label is always there.

    `unless_countersigned`: only on what went out without a person's countersignature.
    """

    external: Literal["always", "unless_countersigned", "never"] = "always"
    countersigned: Words = "Written with AI, answered for by {name}"
    alone: Words = "Written by AI ({system}) for {company}"

    def shown(self, countersigned: bool) -> bool:
        """Whether somebody outside is told."""
        return self.external == "always" or (self.external != "never" and not countersigned)

    def words(self, company: str, system: str, names: Sequence[str]) -> str:
        """The sentence for people; `names` are those who countersigned, none if it went alone."""
        said = self.countersigned if names else self.alone
        # One pass: a name that contains "{company}" stays as it is.
        spoken = {"{name}": " and ".join(names), "{company}": company, "{system}": system}
        return re.sub(r"\{\w+\}", lambda found: spoken[found[0]], said)


class Workflow(Part):
    id: Slug
    title: Line
    owner: Slug
    channel: Channel
    risk: Risk
    sensitive: bool
    readers: tuple[Slug, ...] = ()
    systems: tuple[Slug, ...] = ()
    label: Label = Label()
    escalation: People = ()
    attention_seconds: Annotated[int, Field(ge=1, le=3600)] | None = Field(None, exclude_if=unset)
    reads: tuple[Line, ...] = Field((), exclude_if=unset)
    tolerates: dict[Outcome, Share] = Field({}, exclude_if=unset)

    def tolerated(self, outcome: str) -> float | None:
        """The rate of an outcome that a running send may have (0.0045 is 0.45 %); None: nobody said."""
        said = next((share for what, share in self.tolerates.items() if what == outcome), None)
        return float(said[:-1]) / 100 if said else None


class Evidence(Part):
    """The proof of a claim. `valid_until` is the last day on which it may be relied on."""

    id: Slug
    claim: Text
    proof: Text
    owner: Slug
    valid_until: date


P = TypeVar("P", bound="_Named")


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def _by_id(parts: Iterable[P]) -> dict[str, P]:
    return {part.id: part for part in reversed([*parts])}


def _ids(parts: Sequence[P], most: int = 12) -> str:
    ids = ", ".join(part.id for part in parts[:most]) or "none"
    return f"{ids} and {len(parts) - most} more" if len(parts) > most else ids


def with_standard_facts(rights: Mapping[str, object], systems: Sequence[str]) -> dict[str, object]:
    """The decision table as `rights.load` takes it: every fact declared, fractions as numbers."""
    facts: dict[str, object] = dict(STANDARD_FACTS)
    if systems:
        facts["system"] = {"type": "enum", "values": [*systems]}
    return {key: _numbers(value) for key, value in {**rights, "facts": facts}.items()}


def _numbers(value: object) -> object:
    """Fractions are text in the canonical form; a table compares numbers."""
    match value:
        case dict():
            return {key: _numbers(inner) for key, inner in value.items()}
        case list():
            return [_numbers(inner) for inner in value]
        case str() if re.fullmatch(r"-?\d+\.\d+", value, re.ASCII):
            return float(value)
    return value


class Charter(Part):
    """`rights` is the decision table as written; `table` is what it says. So `fields` and `maps`."""

    company: Company
    people: tuple[Person, ...]
    roles: tuple[Role, ...]
    systems: tuple[System, ...]
    workflows: tuple[Workflow, ...]
    rights: dict[str, JsonValue]
    restraints: tuple[Restraint, ...]
    evidence: tuple[Evidence, ...]
    voice: tuple[VoiceRule, ...] = Field((), exclude_if=unset)
    fields: tuple[dict[str, JsonValue], ...] = Field((), exclude_if=unset)
    calendars: tuple[Calendar, ...] = Field((), exclude_if=unset)

    def as_json(self) -> bytes:
        """The canonical text, UTF-8: what is hashed, countersigned and kept."""
        return canonical(self.model_dump(mode="json"))

    @classmethod
    def from_json(cls, text: bytes) -> "Charter":
        """The inverse of `as_json`. Raises pydantic's `ValidationError`."""
        return cls.model_validate_json(text)

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 of the canonical text."""
        return hashlib.sha256(self.as_json()).hexdigest()

    @cached_property
    def table(self) -> Table:
        """The decision table with the standard facts declared. Raises `rights.form.Flawed`."""
        rights = with_standard_facts(self.rights, [system.id for system in self.systems])
        return load(rights, [workflow.id for workflow in self.workflows])

    @cached_property
    def maps(self) -> tuple[FieldMap, ...]:
        """The field maps; `reads` of a workflow names their fields as "table.field"."""
        return tuple(map_of(unpacked(document)) for document in self.fields)

    def readers_of(self, table: str, field: str) -> tuple[Workflow, ...]:
        """The workflows that read a field."""
        return tuple(each for each in self.workflows if f"{table}.{field}" in each.reads)

    @cached_property
    def understood(self) -> Understanding:
        """Gaps and dead rules of the table. A workflow says what goes with it."""
        fixed = ("risk", "channel", "sensitive")
        return understand(
            self.table,
            [
                {"workflow": each.id, "system": system} | {f: getattr(each, f) for f in fixed}
                for each in self.workflows
                for system in each.systems
            ],
        )

    @cached_property
    def _person(self) -> dict[str, Person]:
        return _by_id(self.people)

    @cached_property
    def _workflow(self) -> dict[str, Workflow]:
        return _by_id(self.workflows)

    @cached_property
    def _system(self) -> dict[str, System]:
        return _by_id(self.systems)

    def person(self, id: str) -> Person:
        """NotFound where there is none; so `workflow` and `system`."""
        if found := self._person.get(id):
            return found
        raise NotFound("unknown-person", f"The charter names no person {id!r}.", "See people.yaml.")

    def workflow(self, id: str) -> Workflow:
        if found := self._workflow.get(id):
            return found
        raise NotFound(
            "unknown-workflow",
            f"The charter has no workflow {id!r}.",
            f"It has {_ids(self.workflows)}: name one of these, or add it and adopt the charter.",
        )

    def system(self, id: str) -> System:
        if found := self._system.get(id):
            return found
        raise NotFound(
            "unknown-system",
            f"The charter registers no AI system {id!r}.",
            f"It has {_ids(self.systems)}: name one of these, or add it and adopt the charter.",
        )

    def in_role(self, role: str) -> tuple[Person, ...]:
        """Everybody who has the role, in the order of the charter."""
        return tuple(person for person in self.people if role in person.roles)

    def substitute(self, person: str) -> Person | None:
        """Who stands in: one step, never further, so that two may stand in for each other."""
        stands_in = self.person(person).substitute
        return self.person(stands_in) if stands_in else None

    def workflow_left(self, id: str) -> Workflow | None:
        """None where it was taken out."""
        return self._workflow.get(id)

    def calendar_of(self, person: str | None) -> Calendar | None:
        """When somebody works: their calendar, else the company's. None: every hour counts."""
        known = self._person.get(person or "")
        kept_by = (known and known.calendar) or self.company.calendar
        return _by_id(self.calendars).get(kept_by or "")

    def answering(self, workflow: str) -> tuple[Person, ...]:
        """Whom a case goes to, one after the other: owner, substitute, then the path of escalation.

        Nobody, where the workflow is no more.
        """
        at = self.workflow_left(workflow)
        if at is None:
            return ()
        path = (at.owner, self.person(at.owner).substitute, *at.escalation)
        return tuple(self.person(id) for id in dict.fromkeys(path) if id)

    def missing(self, system: str) -> tuple[str, ...]:
        """What the register lacks about a system; while it lacks anything, it may not submit."""
        known = self.system(system)
        return tuple(field for field in REGISTER if getattr(known, field) is None)

    def restrained(
        self, workflow: str, system: str, topics: Collection[str] | None = None, text: str = ""
    ) -> Restrained:
        """Whether AI isn't used for this. `topics` None: the submitter stated none."""
        covering = [r for r in self.restraints if r.covers(workflow, system)]
        return judged(covering, self.topics, topics, text)

    @cached_property
    def topics(self) -> frozenset[str]:
        """All there are: a submitter who states another may mean one of these."""
        return frozenset(self.company.topics).union(*(r.topics for r in self.restraints))

    def may_read(self, person: str, workflow: str) -> bool:
        """Whether cases of the workflow open to the person; False for anybody unknown.

        Those of a workflow that is no more open to the roles that read everything.
        """
        reader = next((known for known in self.people if known.id == person), None)
        if reader is None:
            return False
        roles = {role.id for role in self.roles if role.reads_all}
        roles |= self.readers(workflow)
        return bool(roles & set(reader.roles)) or reader in self.answering(workflow)

    def readers(self, workflow: str) -> set[str]:
        """The roles it names; none where it is no more."""
        at = self.workflow_left(workflow)
        return set(at.readers) if at else set()

    def current_evidence(self, today: date) -> tuple[Evidence, ...]:
        """What may still be relied on today."""
        return tuple(proof for proof in self.evidence if today <= proof.valid_until)
