"""Proofs, verification, export: what somebody needs who doesn't take our word for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select, type_coerce
from sqlalchemy.types import NullType

from trustwright.kernel.errors import NotFound, Problem
from trustwright.ledger import guards, store, tiles
from trustwright.ledger.facts import moment
from trustwright.ledger.note import Checkpoint, Signer
from trustwright.ledger.proof import Proof
from trustwright.ledger.tree import Frontier, inclusion_proof, leaf_hash
from trustwright.ledger.work import View

CHUNK = 4096
Rows = Callable[..., Sequence[Any]]

# As they lie in the database: SQLite may hold another type, and taking bytes for bytes costs time.
_FACT = [type_coerce(column, NullType()) for column in store.facts.c]
_INDEX = store.facts.c.leaf_index
_AFTER = select(*_FACT).where(bindparam("first") <= _INDEX).order_by(_INDEX).limit(CHUNK)
_LEAVES = (
    select(type_coerce(store.facts.c.leaf_hash, NullType()))
    .where(_INDEX.between(bindparam("first"), bindparam("last")))
    .order_by(_INDEX)
)
_TILES = (
    select(type_coerce(store.tiles.c.hash, NullType()))
    .where(
        store.tiles.c.level == bindparam("level"),
        store.tiles.c.position.between(bindparam("first"), bindparam("last")),
    )
    .order_by(store.tiles.c.position)
)
_HEAD = select(store.head.c.size, store.head.c.checkpoint)
_WHOLE_HEAD = select(*[type_coerce(column, NullType()) for column in store.head.c])


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
    return _bytes(view.rows(_HEAD)[0].checkpoint)


def size(view: View) -> int:
    """How many entries the log has in this snapshot."""
    return int(view.rows(_HEAD)[0].size)


def latest(view: View) -> datetime:
    """When the newest entry was recorded: no later one is dated before it."""
    return moment(view.rows(select(store.head.c.at))[0].at)


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
    found = {"first": start, "last": start + count - 1}
    hashes = rows(_TILES, level=level, **found) if level else rows(_LEAVES, **found)
    return [_bytes(h) for (h,) in hashes]


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
    tree, size, last = tiles.Tiled(), 0, None
    while rows := view.walked(_AFTER, first=size):
        leaves = [leaf_hash(_bytes(entry)) for *_, entry, _ in rows]
        for index, (row, leaf) in enumerate(zip(rows, leaves, strict=True), size):
            if wrong := _wrong(index, row, leaf):
                problems.append(wrong)
        tree.extend(leaves)
        size, last = size + len(rows), rows[-1]
    head = view.walked(_WHOLE_HEAD)
    if len(head) != 1:
        return Verification(size, (*problems, "There is no head, or more than one."), "")
    edge, (*_, signed) = tree.frontier, head[0]
    note = _bytes(signed)
    problems += _against(edge, note, signer)
    problems += _head(head[0], edge, last)
    problems += _tiles(view, tree)
    problems += _guards(view)
    return Verification(size, tuple(problems[:50]), note.decode(errors="replace"))


def _bytes(value: object) -> bytes:
    # SQLite gives back whatever type somebody stored: that is a finding, not a crash.
    return value if isinstance(value, bytes) else str(value).encode()


def _wrong(index: int, row: tuple[Any, ...], leaf: bytes) -> str | None:
    """What is wrong with one stored entry, its columns included. Its body isn't read."""
    at, stream, kind, moment, entry, kept = row
    if at != index:
        return f"Entry {index} is missing: the next one stored is {at}."
    if leaf != kept or not isinstance(entry, bytes):
        return f"Entry {index} was changed: its bytes don't match the hash stored with it."
    try:
        said = orjson.loads(entry)
        own = said["stream"] == stream and said["kind"] == kind and said["at"] == moment
    except (ValueError, KeyError, TypeError):
        return f"Entry {index} of the log can't be read as a fact."
    return None if own else f"Entry {index} is stored under columns that aren't its own."


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


def _head(row: tuple[Any, ...], edge: Frontier, last: tuple[Any, ...] | None) -> list[str]:
    """What is wrong with the head beside its checkpoint."""
    id, size, at, frontier, _ = row
    due = at if last is None else last[3]
    if (id, size, at, frontier) == (1, edge.size, due, edge.to_bytes()):
        return []
    return ["The head isn't that of the last entry: its size, moment or right edge was changed."]


def _tiles(view: View, tree: tiles.Tiled) -> list[str]:
    """Which stored roots of tiles aren't those of the entries."""
    stored = {(t.level, t.position): t.hash for t in view.rows(select(store.tiles))}
    wrong = [at for at in stored.keys() | tree.roots if stored.get(at) != tree.roots.get(at)]
    return [
        f"Tile {number} of level {level} isn't what the entries give: run `trustwright rebuild`."
        for level, number in sorted(wrong, key=str)
    ]


def _guards(view: View) -> list[str]:
    if guards.stand(view.connection):
        return []
    return ["A trigger that keeps facts from being edited was dropped."]
