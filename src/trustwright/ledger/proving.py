"""Proofs, verification, export: what somebody needs who doesn't take our word for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from trustwright.kernel.errors import NotFound, Problem
from trustwright.ledger import guards, store, tiles
from trustwright.ledger.facts import decode, stamp
from trustwright.ledger.note import Checkpoint, Signer
from trustwright.ledger.proof import Proof
from trustwright.ledger.tree import Frontier, inclusion_proof, leaf_hash
from trustwright.ledger.work import View

CHUNK = 4096
Rows = Callable[[Select[Any]], Sequence[Any]]


@dataclass(frozen=True)
class Verification:
    """What a full walk over the log found. `problems` are sentences; none means verified."""

    entries: int
    problems: tuple[str, ...]
    checkpoint: str

    @property
    def verified(self) -> bool:
        return not self.problems


def checkpoint(view: View) -> bytes:
    """The newest signed checkpoint in this snapshot."""
    (note,) = view.rows(select(store.head.c.checkpoint))[0]
    return _bytes(note)


def size(view: View) -> int:
    """How many entries the log has in this snapshot."""
    return int(view.rows(select(store.head.c.size))[0][0])


def prove(view: View, index: int) -> bytes:
    """The `.tlog-proof` of an entry against the newest checkpoint."""
    so_far = size(view)
    if not 0 <= index < so_far:
        raise NotFound("no-such-entry", f"The log has {so_far} entries; there is no entry {index}.")
    hashes = inclusion_proof(index, so_far, nodes(view.rows))
    return Proof(index, tuple(hashes), checkpoint(view)).encode()


def nodes(rows: Rows) -> tiles.NodeReader:
    """Any node of the tree, from the hashes stored."""
    return tiles.NodeReader(lambda *at: _hashes(rows, *at))


def _hashes(rows: Rows, level: int, start: int, count: int) -> list[bytes]:
    last = start + count - 1
    if level == 0:
        f = store.facts.c
        query = select(f.leaf_hash).where(f.leaf_index.between(start, last)).order_by(f.leaf_index)
    else:
        t = store.tiles.c
        query = select(t.hash).where(t.level == level, t.position.between(start, last))
        query = query.order_by(t.position)
    return [bytes(h) for (h,) in rows(query)]


def entry(view: View, index: int) -> bytes:
    """An entry's bytes as stored."""
    rows = view.rows(select(store.facts.c.entry).where(store.facts.c.leaf_index == index))
    if not rows:
        raise NotFound("no-such-entry", f"There is no entry {index}.")
    return bytes(rows[0][0])


def export(view: View) -> Iterator[tuple[str, bytes]]:
    """The log as a static directory: (path, bytes) of tiles, entries, and last the checkpoint."""

    def entries(start: int, count: int) -> list[bytes]:
        f = store.facts.c
        query = select(f.entry).where(f.leaf_index.between(start, start + count - 1))
        return [bytes(e) for (e,) in view.rows(query.order_by(f.leaf_index))]

    yield from tiles.export(size(view), lambda start, n: _hashes(view.rows, 0, start, n), entries)
    # Last, so that whoever copies while it is written never sees a checkpoint ahead of its tiles.
    yield "checkpoint", checkpoint(view)


def verify(view: View, signer: Signer) -> Verification:
    """Hash every entry as stored and hold the root against the signed checkpoint."""
    problems: list[str] = []
    tree = Frontier()
    while rows := _stored(view, tree.size):
        for row in rows:
            problems += _wrong(row, tree.size)
            tree.append(leaf_hash(_bytes(getattr(row, "entry", b""))))
    note = checkpoint(view)
    problems += _against(tree, note, signer)
    problems += _guards(view)
    return Verification(tree.size, tuple(problems[:50]), note.decode(errors="replace"))


def _stored(view: View, start: int) -> list[object]:
    f = store.facts
    query = select(f).where(f.c.leaf_index >= start).order_by(f.c.leaf_index).limit(CHUNK)
    return list(view.rows(query))


def _bytes(value: object) -> bytes:
    # SQLite gives back whatever type somebody stored: that is a finding, not a crash.
    return value if isinstance(value, bytes) else str(value).encode()


def _wrong(row: object, index: int) -> list[str]:
    """What is wrong with one stored entry, its columns included."""
    at = getattr(row, "leaf_index", None)
    raw = _bytes(getattr(row, "entry", b""))
    if at != index:
        return [f"Entry {index} is missing: the next one stored is {at}."]
    if leaf_hash(raw) != getattr(row, "leaf_hash", None):
        return [f"Entry {index} was changed: its bytes don't match the hash stored with it."]
    try:
        fact = decode(index, raw)
    except Problem as e:
        return [e.sentence]
    stored = tuple(getattr(row, name, None) for name in ("stream", "kind", "at"))
    if stored != (fact.stream, fact.kind, stamp(fact.at)):
        return [f"Entry {index} is stored under columns that aren't its own."]
    return []


def _against(tree: Frontier, note: bytes, signer: Signer) -> list[str]:
    try:
        signed: Checkpoint = signer.verify(note)
    except Problem as e:
        return [f"The last checkpoint can't be believed: {e.sentence}"]
    if signed.size != tree.size:
        return [f"The checkpoint speaks of {signed.size} entries, the log holds {tree.size}."]
    if signed.root != tree.root():
        return ["The root over all entries isn't the one that was signed."]
    return []


def _guards(view: View) -> list[str]:
    if guards.stand(view.connection):
        return []
    return ["A trigger that keeps facts from being edited was dropped."]
