"""View and UnitOfWork: what an operation may see, and what it may do, in one moment as one actor.

Writes are kept apart until the operation has succeeded; one that fails leaves no trace. Reads inside
an operation therefore see everything before it, and of itself only its facts, sealed values and
what it put into scratch.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, bindparam, select
from sqlalchemy.exc import DBAPIError

from trustwright.kernel.actors import Actor, Machine, Person
from trustwright.kernel.errors import NotFound, Refused
from trustwright.kernel.ids import new_id
from trustwright.ledger import facts as f
from trustwright.ledger import store, vault
from trustwright.ledger.batch import Batch, Writes
from trustwright.ledger.facts import Body, Fact
from trustwright.ledger.keys import Keys

GENESIS = "ledger"
B = TypeVar("B", bound=Body)

# Built once: putting a statement together costs more than running it.
_STREAM = (
    select(store.facts.c.leaf_index, store.facts.c.entry)
    .where(store.facts.c.stream == bindparam("stream"))
    .order_by(store.facts.c.leaf_index)
)
_SEALED = select(store.vault.c.holder, store.vault.c.tag, store.vault.c.box).where(
    store.vault.c.commitment == bindparam("commitment")
)
_KEY = select(store.vault_keys.c.lookup, store.vault_keys.c.box).where(
    store.vault_keys.c.holder == bindparam("holder")
)
_SUBJECT = select(store.vault_keys.c.holder).where(store.vault_keys.c.lookup == bindparam("lookup"))
_SCRATCH = select(store.scratch.c.value, store.scratch.c.until).where(
    store.scratch.c.what == bindparam("what"), store.scratch.c.id == bindparam("id")
)


def pseudonym(keys: Keys, actor: Actor) -> str:
    """How an actor stands in the log: `p:...` for a person, `m:...` for a machine."""
    match actor:
        case Person(id):
            return "p:" + keys.pseudonym("person", id)
        case Machine(id):
            return "m:" + id


class View:
    """One snapshot, seen by one actor at one moment."""

    def __init__(self, connection: Connection, keys: Keys, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.keys = keys
        self.actor = actor
        self.now = now
        self._streams: dict[str, list[Fact]] = {}

    def rows(self, query: Select[Any], **params: Any) -> Sequence[Any]:
        """A query's rows."""
        return self.connection.execute(query, params).all()

    def walked(self, query: Select[*tuple[Any, ...]], **params: Any) -> list[tuple[Any, ...]]:
        """As `rows`, as the driver hands them out: twice as fast, for a walk over the whole log."""
        with self.connection.execute(query, params) as result:
            try:
                return list(result.cursor.fetchall())
            except self.connection.dialect.loaded_dbapi.Error as e:
                raise DBAPIError(None, None, e) from e

    def facts(self, stream: str) -> list[Fact]:
        """A stream's facts, oldest first."""
        if stream not in self._streams:
            self._streams[stream] = _decoded(self.rows(_STREAM, stream=stream))
        return list(self._streams[stream])

    def of_kind(self, kind: type[B]) -> list[Fact]:
        """All facts of one kind, oldest first."""
        query = select(store.facts.c.leaf_index, store.facts.c.entry)
        query = query.where(store.facts.c.kind == kind.kind).order_by(store.facts.c.leaf_index)
        return _decoded(self.rows(query))

    def after(self, position: int, limit: int = 500) -> list[Fact]:
        """The log from a leaf index on, oldest first."""
        query = select(store.facts.c.leaf_index, store.facts.c.entry)
        query = query.where(store.facts.c.leaf_index >= position).limit(limit)
        return _decoded(self.rows(query.order_by(store.facts.c.leaf_index)))

    @property
    def genesis(self) -> f.Created:
        """What this log was created as."""
        body = self.facts(GENESIS)[0].body
        assert isinstance(body, f.Created)
        return body

    @property
    def log_key(self) -> str:
        """The vkey that signs the log's checkpoints now."""
        rotated = [x.body.new for x in self.facts(GENESIS) if isinstance(x.body, f.Rotated)]
        return rotated[-1] if rotated else self.genesis.log_key

    def open(self, commitment: str) -> vault.Opened | None:
        """The value behind a commitment, or None if it was erased."""
        for holder, tag, box in self.rows(_SEALED, commitment=commitment):
            key = self._key(holder)
            return vault.unseal(key, commitment, tag, box) if key else None
        return None

    def _key(self, holder: str) -> bytes | None:
        # Asked anew each time: a key kept in memory could outlive its erasure by another process.
        for lookup, box in self.rows(_KEY, holder=holder):
            return self.keys.unwrap(holder, lookup, box)
        return None

    def pseudonym(self, actor: Actor) -> str:
        """How an actor stands in the log."""
        return pseudonym(self.keys, actor)

    @property
    def me(self) -> str:
        return self.pseudonym(self.actor)

    def find_subject(self, subject: str) -> str | None:
        """The pseudonym of somebody written to, if they are known and not erased."""
        found = self.rows(_SUBJECT, lookup=self.keys.pseudonym("subject", subject))
        return str(found[0][0]) if found else None

    def remembered(self, what: str, id: str) -> str | None:
        """A value of scratch that hasn't run out."""
        found = self._scratch(what, id)
        return found[0] if found and found[1] > f.stamp(self.now) else None

    def all_remembered(self, what: str, ids: Sequence[str] | None = None) -> dict[str, str]:
        """Those values of scratch, by id, that haven't run out; of what was committed."""
        c, now = store.scratch.c, f.stamp(self.now)
        query = select(c.id, c.value).where(c.what == what, c.until > now)
        query = query if ids is None else query.where(c.id.in_(ids))
        return {row.id: row.value for row in self.rows(query)}

    def _scratch(self, what: str, id: str) -> tuple[str, str] | None:
        found = self.rows(_SCRATCH, what=what, id=id)
        return (found[0].value, found[0].until) if found else None


def _decoded(rows: Sequence[Any]) -> list[Fact]:
    return [f.decode(index, entry) for index, entry in rows]


class UnitOfWork(View):
    """One operation's writes. The batch takes them if, and only if, the operation succeeds."""

    def __init__(self, batch: Batch, keys: Keys, actor: Actor, now: datetime) -> None:
        super().__init__(batch.connection, keys, actor, now)
        self.batch = batch
        self.writes = Writes()
        self._streams = self.writes.streams
        self._new_keys: dict[str, bytes] = {}
        self._sealed: dict[str, tuple[str, str, bytes]] = {}
        self._new_subjects: dict[str, str] = {}

    def rows(self, query: Select[Any], **params: Any) -> Sequence[Any]:
        return self.batch.rows(query, params)

    def facts(self, stream: str) -> list[Fact]:
        if stream not in self._streams and stream in self.batch.streams:
            self._streams[stream] = list(self.batch.streams[stream])
        return super().facts(stream)

    def _scratch(self, what: str, id: str) -> tuple[str, str] | None:
        for known in (self.writes.scratch, self.batch.scratch, self.batch.foreseen):
            if (what, id) in known:
                return known[what, id]
        return super()._scratch(what, id)

    def append(self, stream: str, body: Body) -> Fact:
        """Record what happened. Its leaf index is certain once the operation has committed."""
        index = self.batch.size + len(self.writes.facts)
        entry = f.encode(stream, self.me, self.now, body)
        fact = Fact(index, stream, self.me, self.now, body, entry)
        self.facts(stream)
        self._streams[stream].append(fact)
        self.writes.facts.append(fact)
        return fact

    def begin(self, what: str) -> str:
        """A new stream: its id is random, so there is nothing to read."""
        stream = new_id(what)
        self._streams[stream] = []
        self.writes.begun.add(stream)
        return stream

    def seal(self, holder: str, tag: str, value: bytes) -> str:
        """Put a value into the vault under its holder's key; the commitment goes into facts."""
        commitment, box = vault.seal(self._holder_key(holder), tag, value)
        self._sealed[commitment] = (holder, tag, box)
        self.writes.inserts[store.vault].append(
            {"commitment": commitment, "holder": holder, "tag": tag, "box": box}
        )
        return commitment

    def open(self, commitment: str) -> vault.Opened | None:
        """As `View.open`, this operation's own sealed values included."""
        if commitment not in self._sealed:
            return super().open(commitment)
        holder, tag, box = self._sealed[commitment]
        return vault.unseal(self._holder_key(holder), commitment, tag, box)

    def subject(self, subject: str) -> str:
        """The pseudonym of somebody written to. It is random: after an erasure nothing leads back."""
        known = self._new_subjects.get(subject) or self.find_subject(subject)
        if known:
            return known
        holder = "s:" + secrets.token_hex(16)
        self._new_key(holder, self.keys.pseudonym("subject", subject))
        self._new_subjects[subject] = holder
        return holder

    def erase(self, holder: str) -> int:
        """Delete a holder's key and sealed values; how many values."""
        count = len(self.rows(select(store.vault.c.tag).where(store.vault.c.holder == holder)))
        for table in (store.vault, store.vault_keys):
            self.writes.deletes.append((table.delete().where(table.c.holder == holder), table))
        return count

    def remember(self, what: str, id: str, value: str, until: datetime) -> None:
        """Put a value into scratch: it may be lost, and ends by itself."""
        self.writes.scratch[what, id] = (value, f.stamp(until))

    def forget(self, what: str, id: str) -> None:
        self.writes.scratch[what, id] = None

    def prune(self) -> None:
        """Drop from scratch what has run out."""
        gone = store.scratch.delete().where(store.scratch.c.until <= f.stamp(self.now))
        self.writes.deletes.append((gone, store.scratch))

    def consume(self, what: str, id: str) -> str:
        """A single-use value of scratch; used up or run out is `NotFound`."""
        value = self.remembered(what, id)
        if value is None:
            raise NotFound(
                "used-or-expired",
                f"This {what} was used already or has run out.",
                "Ask for a new one.",
            )
        self.forget(what, id)
        return value

    def _holder_key(self, holder: str) -> bytes:
        fresh = holder in self.writes.begun
        key = self._new_keys.get(holder) or (None if fresh else self._key(holder))
        if key is None and holder.startswith("s:"):
            # A new key under an old pseudonym would quietly undo an erasure.
            raise Refused("erased", "What is known of this person was erased.")
        return key or self._new_key(holder, None)

    def _new_key(self, holder: str, lookup: str | None) -> bytes:
        key = secrets.token_bytes(32)
        self._new_keys[holder] = key
        self.writes.inserts[store.vault_keys].append(
            {"holder": holder, "lookup": lookup, "box": self.keys.wrap(holder, lookup, key)}
        )
        return key
