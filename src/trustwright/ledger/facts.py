"""A fact says what happened, past tense, and never changes. One fact = one leaf of the log.

An entry holds ids, codes, numbers, offsets and salted commitments: never content, free text or a
name. Its bytes are canonical JSON, ASCII, without floats, at most 16 KiB, with 128 random bits.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import ClassVar, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from trustwright.kernel.canonical import b64u, canonical
from trustwright.kernel.errors import Invalid

MAX_ENTRY = 16 * 1024


class Body(BaseModel):
    """What a kind of fact says. A new shape is a new kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: ClassVar[str]


B = TypeVar("B", bound=type[Body])
KINDS: dict[str, type[Body]] = {}


def fact(kind: str) -> Callable[[B], B]:
    """The class is the meaning, `kind` only its name on disk."""

    def declare(body: B) -> B:
        assert kind not in KINDS, f"two facts are called {kind}"
        body.kind = kind
        KINDS[kind] = body
        return body

    return declare


@dataclass(frozen=True)
class Fact:
    """A recorded fact: its leaf index, who acted (a pseudonym), when, and the bytes as stored."""

    index: int
    stream: str
    actor: str
    at: datetime
    body: Body
    entry: bytes

    @property
    def kind(self) -> str:
        return self.body.kind


def encode(stream: str, actor: str, at: datetime, body: Body) -> bytes:
    """Entry bytes of a new fact."""
    entry = canonical(
        {
            "actor": actor,
            "at": stamp(at),
            "body": body.model_dump(mode="json"),
            "kind": body.kind,
            "nonce": b64u(secrets.token_bytes(16)),
            "stream": stream,
        }
    )
    if not entry.isascii():
        raise Invalid("entry-not-ascii", f"A fact {body.kind} would hold text that isn't ASCII.")
    if len(entry) > MAX_ENTRY:
        raise Invalid("entry-too-large", f"A fact {body.kind} would take {len(entry)} bytes.")
    return entry


@lru_cache(1024)
def decode(index: int, entry: bytes) -> Fact:
    """As `parse`. Whatever decides reads the charter's facts anew each time: the last are kept."""
    return parse(index, entry)


def parse(index: int, entry: bytes) -> Fact:
    """The fact in an entry. Bytes that aren't a fact of ours are `Invalid`, never a crash."""
    try:
        raw = orjson.loads(entry)
        body = KINDS[raw["kind"]].model_validate(raw["body"])
        return Fact(index, raw["stream"], raw["actor"], moment(raw["at"]), body, entry)
    except (ValidationError, ValueError, KeyError, TypeError) as e:
        raise Invalid(
            "entry-unreadable",
            f"Entry {index} of the log can't be read as a fact.",
            "Run `trustwright verify` to see whether it was changed.",
        ) from e


@lru_cache(256)
def stamp(at: datetime) -> str:
    """`2026-11-22T12:00:00.123456Z`. An operation has one moment, and writes it a dozen times."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    """The inverse of `stamp`."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is not UTC:
        raise ValueError(f"{text} isn't a moment in UTC")
    return at


@fact("ledger.created")
class Created(Body):
    """The genesis: whose log this is, where its console lives, which key signs its checkpoints."""

    origin: str
    demo: bool
    rp_id: str
    site: str
    log_key: str
    format: int = 1


@fact("ledger.rotated")
class Rotated(Body):
    """Another key signs the log's checkpoints from here on; both keys signed that (base64url)."""

    old: str
    new: str
    signed_by_old: str
    signed_by_new: str


@fact("ledger.rekeyed")
class Rekeyed(Body):
    """Every key in the vault was wrapped anew, under the master key with this fingerprint."""

    keys: int
    fingerprint: str


@fact("ledger.erased")
class Erased(Body):
    """Somebody's keys and content were deleted. Whose is deliberately not said."""

    items: int
    cases: int


@fact("ledger.read")
class Read(Body):
    """Customer content was opened, once per sign-in and case."""

    case: str
