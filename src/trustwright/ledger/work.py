"""View and UnitOfWork: what an operation may see, and what it may do, in one moment as one actor.

Writes are buffered until the operation has succeeded; one that fails leaves no trace. Reads inside
an operation therefore see everything before it and nothing of it.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, select

from trustwright.kernel.actors import Actor, Machine, Person
from trustwright.kernel.errors import NotFound, Refused
from trustwright.kernel.ids import new_id
from trustwright.ledger import facts as f
from trustwright.ledger import store, vault
from trustwright.ledger.facts import Body, Fact
from trustwright.ledger.keys import Keys

GENESIS = "ledger"
B = TypeVar("B", bound=Body)


class View:
    """One snapshot, seen by one actor at one moment."""

    def __init__(self, connection: Connection, keys: Keys, actor: Actor, now: datetime) -> None:
        self.connection = connection
        self.keys = keys
        self.actor = actor
        self.now = now
        self._streams: dict[str, list[Fact]] = {}

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        return self.connection.execute(query).all()

    def facts(self, stream: str) -> list[Fact]:
        """A stream's facts, oldest first."""
        if stream not in self._streams:
            self._streams[stream] = self._recorded(store.facts.c.stream == stream)
        return list(self._streams[stream])

    def of_kind(self, kind: type[B], after: int = -1) -> list[Fact]:
        """All facts of one kind beyond a leaf index, oldest first."""
        return self._recorded(store.facts.c.kind == kind.kind, store.facts.c.leaf_index > after)

    def after(self, position: int, limit: int = 500) -> list[Fact]:
        """The log from a leaf index on, oldest first."""
        return self._recorded(store.facts.c.leaf_index >= position, limit=limit)

    def _recorded(self, *where: Any, limit: int | None = None) -> list[Fact]:
        query = select(store.facts.c.leaf_index, store.facts.c.entry).where(*where)
        query = query.order_by(store.facts.c.leaf_index).limit(limit)
        return [f.decode(index, entry) for index, entry in self.rows(query)]

    @property
    def genesis(self) -> f.Created:
        """What this log was created as."""
        body = self.facts(GENESIS)[0].body
        assert isinstance(body, f.Created)
        return body

    def open(self, commitment: str) -> vault.Opened | None:
        """The value behind a commitment, or None if it was erased."""
        query = select(store.vault.c.holder, store.vault.c.tag, store.vault.c.box)
        for holder, tag, box in self.rows(query.where(store.vault.c.commitment == commitment)):
            key = self._key(holder)
            return vault.unseal(key, commitment, tag, box) if key else None
        return None

    def _key(self, holder: str) -> bytes | None:
        # Asked anew each time: a key kept in memory could outlive its erasure by another process.
        query = select(store.vault_keys.c.box).where(store.vault_keys.c.holder == holder)
        return next((self.keys.unwrap(holder, box) for (box,) in self.rows(query)), None)

    def pseudonym(self, actor: Actor) -> str:
        """How an actor stands in the log: `p:...` for a person, `m:...` for a machine."""
        match actor:
            case Person(id):
                return "p:" + self.keys.pseudonym("person", id)
            case Machine(id):
                return "m:" + id

    @property
    def me(self) -> str:
        return self.pseudonym(self.actor)

    def find_subject(self, subject: str) -> str | None:
        """The pseudonym of somebody written to, if they are known and not erased."""
        lookup = self.keys.pseudonym("subject", subject)
        query = select(store.vault_keys.c.holder).where(store.vault_keys.c.lookup == lookup)
        return next((holder for (holder,) in self.rows(query)), None)

    def remembered(self, what: str, id: str) -> str | None:
        """A value of scratch that hasn't run out."""
        s = store.scratch.c
        query = select(s.value).where(s.what == what, s.id == id, s.until > f.stamp(self.now))
        return next((value for (value,) in self.rows(query)), None)


class UnitOfWork(View):
    """One operation's writes. The writer flushes them if, and only if, the operation succeeds."""

    def __init__(
        self, connection: Connection, keys: Keys, actor: Actor, now: datetime, size: int
    ) -> None:
        super().__init__(connection, keys, actor, now)
        self.size = size
        self.new_facts: list[Fact] = []
        self.inserts: dict[Table, list[store.Row]] = defaultdict(list)
        self.deletes: list[Any] = []
        self._new_keys: dict[str, bytes] = {}
        self._sealed: dict[str, tuple[str, str, bytes]] = {}
        self._new_subjects: dict[str, str] = {}

    def append(self, stream: str, body: Body) -> Fact:
        """Record what happened. Its leaf index is certain once the operation has committed."""
        index = self.size + len(self.new_facts)
        entry = f.encode(stream, self.me, self.now, body)
        fact = Fact(index, stream, self.me, self.now, body, entry)
        self.facts(stream)
        self._streams[stream].append(fact)
        self.new_facts.append(fact)
        return fact

    def begin(self, what: str) -> str:
        """A new stream: its id is random, so there is nothing to read."""
        stream = new_id(what)
        self._streams[stream] = []
        return stream

    def seal(self, holder: str, tag: str, value: bytes) -> str:
        """Put a value into the vault under its holder's key; the commitment goes into facts."""
        commitment, box = vault.seal(self._holder_key(holder), tag, value)
        self._sealed[commitment] = (holder, tag, box)
        self.inserts[store.vault].append(
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
        self.deletes += [
            t.delete().where(t.c.holder == holder) for t in (store.vault, store.vault_keys)
        ]
        return count

    def remember(self, what: str, id: str, value: str, until: datetime) -> None:
        """Put a value into scratch: it may be lost, and ends by itself."""
        self.forget(what, id)
        self.inserts[store.scratch].append(
            {"what": what, "id": id, "value": value, "until": f.stamp(until)}
        )

    def forget(self, what: str, id: str) -> None:
        s = store.scratch
        self.deletes.append(s.delete().where(s.c.what == what, s.c.id == id))

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
        key = self._new_keys.get(holder) or self._key(holder)
        if key is None and holder.startswith("s:"):
            # A new key under an old pseudonym would quietly undo an erasure.
            raise Refused("erased", "What is known of this person was erased.")
        return key or self._new_key(holder, None)

    def _new_key(self, holder: str, lookup: str | None) -> bytes:
        key = secrets.token_bytes(32)
        self._new_keys[holder] = key
        self.inserts[store.vault_keys].append(
            {"holder": holder, "lookup": lookup, "box": self.keys.wrap(holder, key)}
        )
        return key
