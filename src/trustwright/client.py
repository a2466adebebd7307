"""How does a program ask? Over HTTP with an API key, or embedded in a workspace's folder.

Both ask as one AI system and offer the same verbs. Every request carries an idempotency key, so
that "not now" and a lost answer are tried again without anything happening twice.
"""

import json
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypedDict, TypeVar, Unpack

import httpx2
from pydantic import BaseModel

from trustwright.app import OPERATIONS, App, Settings, clock
from trustwright.charter.fieldmap.model import TableMap
from trustwright.charter.fieldmap.reading import read
from trustwright.kernel.actors import Machine
from trustwright.kernel.canonical import from_b64u
from trustwright.kernel.errors import Invalid, NotFound, Problem, Refused, Unavailable
from trustwright.kernel.operations import Operation, for_machines
from trustwright.proposals.answers import CaseLine, Cases, Evidence
from trustwright.proposals.lifetime import TakenAnswer
from trustwright.proposals.model import OPEN, Status
from trustwright.proposals.orders import Promise, Source, Standing
from trustwright.signals import preflight, reports, snapshot
from trustwright.signals.model import Report
from trustwright.signals.preflight import CHANGED
from trustwright.signals.reports import ReportedAnswer
from trustwright.signals.service import RecordedAnswer

VERBS = for_machines(OPERATIONS)
PAUSES = (0.2, 0.6, 1.8)
TIMEOUT = 30.0
PROBLEMS = {kind.status: kind for kind in (Invalid, NotFound, Refused, Unavailable)}
NOT_NOW = frozenset({408, 429, 502, 503, 504})

A = TypeVar("A", bound=BaseModel)


class Said(TypedDict, total=False):
    """What may be said beside the text; docs/api.md has the meaning of each."""

    system: str
    title: str
    confidence: float | None
    subject: str | None
    recipient: Sequence[str]
    facts: Mapping[str, str]
    promises: Sequence[Promise]
    topics: Sequence[str] | None


class Caller(ABC):
    """The verbs of an AI system. What is for people only can't be asked here."""

    system: str
    site: str

    @abstractmethod
    def _send(self, verb: Operation, order: bytes, key: str) -> BaseModel: ...

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    def call(self, operation: str, order: object, key: str | None = None) -> BaseModel:
        """Any operation by name; `order` as an order, plain values or JSON bytes."""
        verb, asked, key = _verb(operation), encode(order), key or uuid.uuid4().hex
        for pause in PAUSES:
            try:
                return self._send(verb, asked, key)
            except Unavailable:
                time.sleep(pause)
        return self._send(verb, asked, key)

    def submit(
        self,
        text: str | Mapping[str, str],
        *,
        workflow: str,
        sources: Sequence[Source | Mapping[str, str] | str] = (),
        key: str | None = None,
        **said: Unpack[Said],
    ) -> Standing:
        """Ask to put a text, or named parts of one, into the world; sources are what it rests on."""
        if not (self.system or said.get("system")):
            raise Invalid(
                "no-system",
                "It isn't said which AI system asks.",
                "Add --system ID, or set TRUSTWRIGHT_SYSTEM; in Python, `system=`.",
            )
        parts = {"body": text} if isinstance(text, str) else text
        order = {
            "system": self.system,
            "workflow": workflow,
            "parts": [{"name": name, "text": part} for name, part in parts.items()],
            "sources": [_source(n, source) for n, source in enumerate(sources, 1)],
            **said,
        }
        return self._ask(Standing, "proposals.submit", order, key)

    def status(self, case: str) -> Standing:
        """Where a case stands and what it waits for."""
        return self._ask(Standing, "proposals.status", {"case": case})

    def wait(self, case: str, timeout: float = 300.0, every: float = 1.0) -> Standing:
        """The case once nothing more will be decided about it, or as it stands after `timeout` s."""
        until = time.monotonic() + timeout
        while (now := self.status(case)) and is_open(now) and time.monotonic() < until:
            time.sleep(max(min(every, until - time.monotonic()), 0))
        return now

    def take(self, case: str, key: str | None = None) -> TakenAnswer:
        """The released text with its label and receipt: once, or again with the same key."""
        return self._ask(TakenAnswer, "proposals.take", {"case": case}, key)

    def delivered(self, case: str) -> Standing:
        """Say that a taken text went out."""
        return self._ask(Standing, "proposals.delivered", {"case": case})

    def withdraw(self, case: str, reason: str = "") -> Standing:
        """Take a proposal back before it is released."""
        return self._ask(Standing, "proposals.withdraw", {"case": case, "reason": reason})

    def list(self, status: str | None = None) -> Iterator[CaseLine]:
        """The system's cases, oldest first, as many as there are."""
        after: str | None = None
        while True:
            page = self._ask(Cases, "proposals.list", {"status": status, "after": after})
            yield from page.cases
            after = page.next
            if after is None:
                return

    def evidence(self, case: str) -> bytes:
        """The evidence bundle: a zip to give to somebody who trusts nobody."""
        return from_b64u(self._ask(Evidence, "proposals.evidence", {"case": case}).bundle)

    @property
    def signals(self) -> "Signals":
        """The verbs about tables."""
        return Signals(self)

    def _ask(self, kind: type[A], operation: str, order: object, key: str | None = None) -> A:
        answer = self.call(operation, order, key)
        assert isinstance(answer, kind)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Checked:
    """A report, and what became of it. `moved` is None where the map watches no field, and of a table
    that changed while it was read."""

    report: Report
    recorded: ReportedAnswer
    moved: RecordedAnswer | None

    @property
    def held(self) -> tuple[str, ...]:
        """The workflows that stand still because of it."""
        return tuple(sorted({*self.recorded.held, *(self.moved.held if self.moved else ())}))

    @property
    def sound(self) -> bool:
        """Whether everything asked was decided, nothing fails, and nothing moved."""
        quiet = self.moved is None or all(s.verdict == "quiet" for s in self.moved.said)
        return self.report.complete and not self.report.failed() and quiet


class Signals:
    """Tables are checked where they are; what is sent is the report and the shares, never the table.

    `client.signals.check("customers.parquet", "customers.odcs.yaml").sound` says whether it may be used.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def check(
        self,
        table: str,
        map: Path | str,
        against: Mapping[str, str] | None = None,
        as_of: datetime | None = None,
    ) -> Checked:
        """Check a table against its field map, and record it. Needs the extra `tables`."""
        from trustwright.connectors.tables.opening import opened  # noqa: PLC0415 - an extra

        found = opened(table)
        agreed = read(Path(map).read_text(encoding="utf-8"), str(map)).demand(found.name)
        others = {name: opened(other) for name, other in (against or {}).items()}
        report = preflight.check(found, agreed, as_of or clock(), others)
        return self.send(report, agreed, tuple(found.columns))

    def send(self, report: Report, agreed: TableMap, columns: tuple[str, ...]) -> Checked:
        """Record a report, and the snapshot of what the map watches."""
        ask, moved = self._caller._ask, None
        recorded = ask(ReportedAnswer, "signals.report", reports.order(report, agreed))
        changed = any(r.undecided and r.undecided.reason == CHANGED for r in report.results)
        if agreed.watches and not changed:
            period = snapshot.period_of(agreed, report.as_of.date())
            order = {"snapshot": snapshot.taken(report, agreed, columns, period)}
            moved = ask(RecordedAnswer, "signals.record", order)
        return Checked(report, recorded, moved)


class Client(Caller):
    """Over HTTP. `url` is the server's address; `system` is needed to submit alone.

    >>> with Client(url, api_key, system="copilot") as client:
    ...     standing = client.submit("Warsaw is Poland's capital.", workflow="replies")
    >>> standing.status, standing.outcome
    ('waiting', 'owner')
    """

    def __init__(self, url: str, api_key: str, system: str = "", timeout: float = TIMEOUT) -> None:
        self.site, self.system = url.rstrip("/"), system
        if not (api_key and api_key.isascii() and api_key.isprintable()):
            raise Invalid("api-key-malformed", "This can't be an API key.", "Copy it anew.")
        self._http = httpx2.Client(
            base_url=_web_address(self.site),
            headers={"authorization": f"Bearer {api_key}", "content-type": "application/json"},
            timeout=timeout,
        )

    def _send(self, verb: Operation, order: bytes, key: str) -> BaseModel:
        try:
            answer = self._http.post(
                f"/v1/{verb.name}", content=order, headers={"idempotency-key": key}
            )
        except httpx2.HTTPError as e:
            raise Unavailable(
                "server-unreachable",
                f"{self.site} doesn't answer ({e}).",
                "Check the address, and that `trustwright serve` runs there.",
            ) from e
        if not answer.is_success:
            raise problem(answer)
        return _read(verb.answer, answer)

    def close(self) -> None:
        self._http.close()


class Gate(Caller):
    """Embedded: opens a workspace's folder, which is full trust, and asks as a registered system.

    >>> with Gate(workspace, system="copilot") as gate:
    ...     standing = gate.submit("Warsaw is Poland's capital.", workflow="replies")
    >>> standing.status, standing.outcome
    ('waiting', 'owner')
    """

    def __init__(self, workspace: Path | str | None = None, *, system: str) -> None:
        settings = Settings.read()
        self.app = App(replace(settings, dir=Path(workspace)) if workspace else settings)
        with self.app.ledger.view() as view:
            self.site = view.genesis.site
        self.system = system

    def _send(self, verb: Operation, order: bytes, key: str) -> BaseModel:
        answer = self.app.call(verb.name, Machine(self.system), order, key)
        assert isinstance(answer, BaseModel)
        return answer

    def close(self) -> None:
        self.app.close()


def is_open(standing: Standing) -> bool:
    """Whether something may still be decided about the case."""
    return Status(standing.status) in OPEN


def encode(order: object) -> bytes:
    """JSON as it was meant: a number that isn't one stays wrong, so that it is refused, not dropped."""
    if isinstance(order, bytes):
        return order
    try:
        return json.dumps(order, default=_plain).encode()
    except (TypeError, ValueError, RecursionError) as e:
        raise Invalid("malformed", f"The request isn't JSON: {e}.") from e


def _plain(value: object) -> object:
    match value:
        case BaseModel():
            return value.model_dump(mode="json")
        case date():
            return value.isoformat()
        case Mapping():
            return dict(value)
        case Sequence():
            return [*value]
    raise TypeError(f"{type(value).__name__} has no form in it")


def _verb(operation: str) -> Operation:
    if operation in VERBS:
        return VERBS[operation]
    known = OPERATIONS.get(operation)
    raise NotFound(
        "no-such-operation",
        f"No operation {operation!r} can be asked for here.",
        "People do that in the console."
        if known and known.people_only
        else "`trustwright call` lists those there are.",
    )


def _source(n: int, source: Source | Mapping[str, str] | str) -> object:
    return {"id": f"{n}", "text": source} if isinstance(source, str) else source


def _web_address(url: str) -> httpx2.URL:
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL:
        address = httpx2.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise Invalid("server-address", f"{url!r} isn't a web address.", "Begin with https://.")
    return address


def _read(kind: type[BaseModel], answer: httpx2.Response) -> BaseModel:
    try:
        return kind.model_validate_json(answer.content)
    except ValueError as e:
        raise Unavailable(
            "server-unreadable",
            f"{answer.url} answered something that isn't Trustwright's.",
            "Check the address, and that client and server have the same version.",
        ) from e


def problem(answer: httpx2.Response) -> Problem:
    """The error a server answered with, as it would have been raised there."""
    try:
        told = json.loads(answer.content)
        words = str(told["code"]), str(told["title"]), str(told.get("remedy", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        words = "server-unreadable", f"{answer.url} answered {answer.status_code}.", ""
    kind = Unavailable if answer.status_code in NOT_NOW else PROBLEMS.get(answer.status_code)
    found = (kind or Problem)(*words)
    found.status = answer.status_code if kind is None else found.status
    return found
