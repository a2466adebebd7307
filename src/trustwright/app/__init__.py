"""Who knows everyone? Settings, wiring, the operation table, followers and worker.

The only reader of environment and clock.
"""

import asyncio
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ValidationError

from trustwright.charter import members
from trustwright.charter import service as charter
from trustwright.duties import absences, holds
from trustwright.duties import queries as duty_queries
from trustwright.duties import service as duties
from trustwright.identity import queries as identity_queries
from trustwright.kernel.actors import WORKER, Actor, Person
from trustwright.kernel.errors import Invalid, NotFound, Refused, Unavailable
from trustwright.kernel.operations import Operation, Order, table
from trustwright.ledger import ledger as ledgers
from trustwright.ledger.ledger import Ledger
from trustwright.ledger.work import UnitOfWork, View, pseudonym
from trustwright.ledger.writer import ANSWER
from trustwright.proposals import (
    answers,
    batches,
    expiring,
    judging,
    lifetime,
    promises,
    replaying,
    reservations,
    review,
)
from trustwright.proposals import queries as proposal_queries
from trustwright.proposals import service as proposals
from trustwright.signals import queries as signal_queries
from trustwright.signals import reports, sending
from trustwright.signals import service as signals

OPERATIONS = table(
    (
        charter,
        members,
        duties,
        absences,
        holds,
        proposals,
        review,
        reservations,
        judging,
        batches,
        lifetime,
        promises,
        expiring,
        answers,
        replaying,
        signals,
        reports,
        sending,
    )
)
PROJECTIONS = (
    *identity_queries.PROJECTIONS,
    *duty_queries.PROJECTIONS,
    *proposal_queries.PROJECTIONS,
    *signal_queries.PROJECTIONS,
)
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Settings:
    """Every setting, read once from `TRUSTWRIGHT_...`; docs/settings.md explains each."""

    dir: Path = Path("trustwright")
    url: str = "http://localhost:8787"
    anchor: Path | None = None
    database: str | None = field(default=None, repr=False)
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    webhook_private: bool = False
    alive_url: str | None = field(default=None, repr=False)
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    api_rate: float = 2000.0
    door_rate: float = 120.0
    proxies: str | None = None
    server: str | None = None
    api_key: str | None = field(default=None, repr=False)
    system: str | None = None

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Settings from the environment; what isn't set keeps its default."""

        def get(name: str) -> str | None:
            return environ.get(f"TRUSTWRIGHT_{name}") or None

        anchor = get("ANCHOR")
        return cls(
            dir=Path(get("DIR") or cls.dir),
            url=(get("URL") or cls.url).rstrip("/"),
            anchor=Path(anchor) if anchor else None,
            database=get("DATABASE"),
            webhook_url=get("WEBHOOK_URL"),
            webhook_secret=get("WEBHOOK_SECRET"),
            webhook_private=get("WEBHOOK_PRIVATE") == "1",
            alive_url=get("ALIVE_URL"),
            smtp_url=get("SMTP_URL"),
            mail_from=get("MAIL_FROM"),
            api_rate=_rate("API_RATE", get("API_RATE"), cls.api_rate),
            door_rate=_rate("DOOR_RATE", get("DOOR_RATE"), cls.door_rate),
            proxies=get("PROXIES"),
            server=get("SERVER"),
            api_key=get("API_KEY"),
            system=get("SYSTEM"),
        )


def _rate(name: str, text: str | None, default: float) -> float:
    try:
        rate = float(text) if text else default
    except ValueError:
        rate = 0.0
    if not 1 <= rate <= 1e9:
        raise Invalid(
            "rate-malformed",
            f"TRUSTWRIGHT_{name} is {text!r}, which isn't a number of requests.",
            "Give a number of 1 or more, or leave it out.",
        )
    return rate


def clock() -> datetime:
    return datetime.now(UTC)


def create(settings: Settings, *, demo: bool = False, now: Callable[[], datetime] = clock) -> "App":
    """Make a workspace and open it."""
    host = passkey_host(settings.url)
    origin = f"{host}/{secrets.token_hex(6)}"
    Ledger.create(_ledger(settings, now), origin, settings.url, host, demo).close()
    return App(settings, now)


def passkey_host(url: str) -> str:
    """The name that passkeys of this address belong to."""
    host = _host(url)
    if host is None:
        raise Invalid(
            "url-malformed",
            f"TRUSTWRIGHT_URL is {url!r}, which isn't the address of a site.",
            "Write http://localhost:8787, or https:// and a name; no path after it.",
        )
    if _is_address(host):
        raise Invalid(
            "url-is-an-address",
            f"{host} is an IP address, and no browser lets a passkey belong to one.",
            "Set TRUSTWRIGHT_URL to a name; for this machine that is http://localhost:8787.",
        )
    return host


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        bare = parts._replace(path="", query="", fragment="") == parts and parts.port != 0
    except ValueError:
        return None
    return parts.hostname if bare and parts.scheme in ("http", "https") else None


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _ledger(settings: Settings, now: Callable[[], datetime]) -> ledgers.Settings:
    return ledgers.Settings(settings.dir, now, PROJECTIONS, settings.anchor, settings.database)


class App:
    """An open workspace and everything that can be asked of it."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = clock) -> None:
        self.settings = settings
        self.ledger = Ledger.open(_ledger(settings, now))
        self.operations = OPERATIONS

    def close(self) -> None:
        self.ledger.close()

    def call(self, name: str, actor: Actor, order: object, key: str | None = None) -> Any:
        """Run an operation to its end and return its answer, or raise a `Problem`."""
        op, parsed = self._parsed(name, actor, order)
        if op.reads:
            return self._read(op, actor, parsed)
        ran = self._again(op, actor, parsed, key)
        return self._present(op, actor, parsed, ran)

    async def acall(self, name: str, actor: Actor, order: object, key: str | None = None) -> Any:
        """As `call`, without holding up the event loop while the disk commits."""
        op, parsed = self._parsed(name, actor, order)
        if op.reads:
            return await asyncio.to_thread(self._read, op, actor, parsed)
        gathered = await asyncio.to_thread(self._gather, op, actor, parsed, key)
        future = self.start(op, actor, parsed, gathered, key)
        try:
            ran = await asyncio.wrap_future(future)
        except Unavailable as e:
            if e.code != "charter-moved":
                raise
            ran = await asyncio.to_thread(self._again, op, actor, parsed, key)
        return self._present(op, actor, parsed, _unless_refused(ran))

    def many(self, name: str, actor: Actor, orders: Mapping[str, object]) -> dict[str, Any]:
        """Answers by idempotency key: gathered in one snapshot, written in as few commits as may be.

        The first `Problem` is raised; what was started by then is recorded all the same.
        """
        started = {}
        with self.ledger.view(actor) as view:
            for key, order in orders.items():
                op, parsed = self._parsed(name, actor, order)
                gathered = _gathered(view, op, parsed, key)
                started[key] = self.start(op, actor, parsed, gathered, key)
        return {key: _unless_refused(future.result()) for key, future in started.items()}

    def parse(self, op: Operation, order: object) -> Order:
        """A typed order from JSON bytes or plain values; the path of what is wrong is named."""
        if isinstance(order, Order):
            return order
        try:
            # Not orjson here: it would quietly turn NaN into null, "not stated".
            raw = order if isinstance(order, bytes | str) else json.dumps(order)
            return op.order.model_validate_json(raw or b"{}")
        except ValidationError as e:
            raise invalid(e) from e
        except (TypeError, ValueError, RecursionError) as e:
            raise Invalid("malformed", f"The request isn't JSON: {e}.") from e

    def start(
        self, op: Operation, actor: Actor, order: Order, gathered: object, key: str | None
    ) -> Future[Any]:
        """Queue the writing part of an operation; a returned `Refused` is a result here."""
        if isinstance(gathered, Given):
            repeated: Future[Any] = Future()
            repeated.set_result(gathered.answer)
            return repeated

        def run(uow: UnitOfWork) -> Any:
            charter.demand_member(uow)
            arguments = (uow, order) if op.gather is None else (uow, order, gathered)
            if key is None:
                return op.run(*arguments)
            return _once(uow, op, order, key, lambda: op.run(*arguments))

        asked = _answer_id(pseudonym(self.ledger.keys, actor), op, key) if key else None
        return self.ledger.write(actor, run, asked)

    def write(self, actor: Actor, run: Callable[[UnitOfWork], Any]) -> Any:
        """Run a ceremony that isn't an operation: sign-in, enrolment, a statement to sign."""
        return self.ledger.write(actor, run).result()

    def _parsed(self, name: str, actor: Actor, order: object) -> tuple[Operation, Order]:
        op = self.operations.get(name)
        if op is None:
            raise NotFound("no-such-operation", f"There is no operation {name!r}.")
        if op.people_only and not isinstance(actor, Person):
            raise Refused("people-only", f"{name} is for people only, in the console.")
        if op.worker_only and actor != WORKER:
            raise Refused("worker-only", f"{name} is what the worker does by itself.")
        return op, self.parse(op, order)

    def _gather(self, op: Operation, actor: Actor, order: Order, key: str | None = None) -> object:
        if op.gather is None:
            return None
        with self.ledger.view(actor) as view:
            return _gathered(view, op, order, key)

    def _again(self, op: Operation, actor: Actor, order: Order, key: str | None) -> Any:
        """Gather and run; once more if the charter changed in between."""
        for last in (False, True):
            gathered = self._gather(op, actor, order, key)
            try:
                return _unless_refused(self.start(op, actor, order, gathered, key).result())
            except Unavailable as e:
                if last or e.code != "charter-moved":
                    raise
        raise AssertionError("unreachable")

    def _read(self, op: Operation, actor: Actor, order: Order) -> Any:
        with self.ledger.view(actor) as view:
            charter.demand_member(view)
            return op.run(view, order)

    def _present(self, op: Operation, actor: Actor, order: Order, ran: object) -> Any:
        if op.present is None:
            return ran
        with self.ledger.view(actor) as view:
            return op.present(view, order, ran)


def _unless_refused(result: Any) -> Any:
    if isinstance(result, Refused):
        raise result
    return result


@dataclass(frozen=True)
class Given:
    """The answer given under this key before."""

    answer: Any


def _gathered(view: View, op: Operation, order: Order, key: str | None) -> object:
    """What is looked at before the transaction. A request that is only repeated isn't judged anew:
    by now it might be refused, and its caller would never learn that it was recorded."""
    if op.gather is None:
        return None
    return (key and _given(view, op, order, key)) or op.gather(view, order)


def _once(uow: UnitOfWork, op: Operation, order: Order, key: str, run: Callable[[], Any]) -> Any:
    """The answer given under this key before, or a first run whose answer is kept."""
    if given := _given(uow, op, order, key):
        return given.answer
    answer = run()
    if isinstance(answer, BaseModel):
        record = {"asked": _digest(order), "answer": answer.model_dump(mode="json")}
        kept = orjson.dumps(record).decode()
        uow.remember(ANSWER, _answer_id(uow.me, op, key), kept, uow.now + KEPT)
    return answer


def _answer_id(me: str, op: Operation, key: str) -> str:
    return hashlib.sha256(f"{op.name}\0{me}\0{key}".encode()).hexdigest()


def _digest(order: Order) -> str:
    return hashlib.sha256(order.model_dump_json().encode()).hexdigest()


def _given(view: View, op: Operation, order: Order, key: str) -> Given | None:
    kept = view.remembered(ANSWER, _answer_id(view.me, op, key))
    if kept is None:
        return None
    record = orjson.loads(kept)
    if record["asked"] != _digest(order):
        raise Invalid(
            "key-reused",
            "This idempotency key was used for another request.",
            "Use a fresh key for a new request, and the same one only to repeat it.",
        )
    return Given(op.ran.model_validate(record["answer"]))


def invalid(e: ValidationError) -> Invalid:
    """What is wrong with a request, with the path of the first field at fault."""
    first = e.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(step) for step in first["loc"])
    unknown = first["type"] == "extra_forbidden"
    code = "unknown-field" if unknown else "malformed"
    where = f"{path}: " if path else ""
    said = "there is no such field" if unknown else first["msg"][:1].lower() + first["msg"][1:]
    others = f" ({e.error_count() - 1} more)" if e.error_count() > 1 else ""
    return Invalid(
        code, f"{where}{said}{others}.", "The API's description is at /openapi.json.", field=path
    )
