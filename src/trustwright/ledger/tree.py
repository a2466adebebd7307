"""The Merkle tree of the log: RFC 6962 with SHA-256.

A node is named by (level, index): it covers the 2**level leaves from index * 2**level on. All
hashes are 32 bytes. Proofs are lists of hashes, from the leaf's neighbour up to the root's.
"""

import hashlib
from collections.abc import Callable, Sequence

from trustwright.kernel.errors import Invalid

Node = Callable[[int, int], bytes]
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of an entry's bytes exactly as stored."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: its size and the roots of its complete subtrees.

    Append is amortised O(1), `root` O(log size). Not for sharing between threads.
    """

    __slots__ = ("edge", "size")

    def __init__(self, size: int = 0, edge: Sequence[bytes] = ()) -> None:
        if size < 0 or len(edge) != size.bit_count() or any(len(h) != 32 for h in edge):
            raise Invalid("frontier-malformed", f"This isn't the right edge of {size} leaves.")
        self.size = size
        self.edge = list(edge)

    def append(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        self._add(leaf, 0)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Add leaves by their hashes: whole subtrees at a time, three times as fast as one by one."""
        start = 0
        while count := len(leaves) - start:
            level = count.bit_length() - 1
            if self.size:
                level = min(level, (self.size & -self.size).bit_length() - 1)
            nodes = leaves[start : start + (1 << level)]
            for _ in range(level):
                nodes = parents(nodes)
            self._add(nodes[0], level)
            start += 1 << level

    def _add(self, node: bytes, level: int) -> None:
        carry = self.size >> level
        while carry & 1:
            node = node_hash(self.edge.pop(), node)
            carry >>= 1
        self.edge.append(node)
        self.size += 1 << level

    def root(self) -> bytes:
        if not self.edge:
            return EMPTY_ROOT
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """Eight bytes of size, then the edge from left to right."""
        return self.size.to_bytes(8, "big") + b"".join(self.edge)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Frontier":
        """The inverse of `to_bytes`; anything else is `Invalid`."""
        edge = [data[i : i + 32] for i in range(8, len(data), 32)]
        if len(data) < 8:
            raise Invalid("frontier-malformed", "A right edge has at least eight bytes.")
        return cls(int.from_bytes(data[:8], "big"), edge)


def parents(nodes: Sequence[bytes]) -> list[bytes]:
    """The nodes above, of neighbours in pairs; a last one without a neighbour has none yet."""
    pairs = zip(nodes[::2], nodes[1::2], strict=False)
    return [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes, or over the equal-sized subtrees whose roots these are."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Proof that leaf `index` is in the tree of the first `size` leaves."""
    if not 0 <= index < size:
        raise Invalid("no-such-leaf", f"There is no leaf {index} in a tree of {size}.")
    proof, low, high = [], 0, size
    while high - low > 1:
        middle = low + _left_part(high - low)
        if index < middle:
            proof.append(_range_root(middle, high, node))
            high = middle
        else:
            proof.append(_range_root(low, middle, node))
            low = middle
    return proof[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """Proof that the tree of `old` leaves is a beginning of the tree of `new` leaves."""
    if not 0 < old <= new:
        raise Invalid("no-such-size", f"A tree of {old} isn't a beginning of one of {new}.")
    proof, low, high = [], 0, new
    while old != high:
        middle = low + _left_part(high - low)
        if old <= middle:
            proof.append(_range_root(middle, high, node))
            high = middle
        else:
            proof.append(_range_root(low, middle, node))
            low = middle
    # The verifier has the old root itself unless the walk turned right.
    return ([_range_root(low, high, node)] if low else []) + proof[::-1]


def root_at(size: int, node: Node) -> bytes:
    """The root the tree had when it had `size` leaves."""
    return _range_root(0, size, node) if size else EMPTY_ROOT


def _left_part(count: int) -> int:
    """The largest power of two smaller than `count` (RFC 6962's k); count >= 2."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_root(low: int, high: int, node: Node) -> bytes:
    """Root of the leaves [low, high): complete subtrees from left to right, folded from the right."""
    parts: list[bytes] = []
    while low < high:
        level = (high - low).bit_length() - 1
        parts.append(node(level, low >> level))
        low += 1 << level
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """RFC 9162, 2.1.3.2. A proof of the wrong length, or index >= size, is simply not a proof."""
    if not 0 <= index < size or any(len(h) != 32 for h in (leaf, root, *proof)):
        return False
    last, reached = size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if index & 1 or index == last:
            reached = node_hash(step, reached)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            reached = node_hash(reached, step)
        index, last = index >> 1, last >> 1
    return last == 0 and reached == root


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """RFC 9162, 2.1.4.2. Nothing is consistent with the empty tree: it proves nothing."""
    if not 0 < old <= new or any(len(h) != 32 for h in (old_root, new_root, *proof)):
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    trailing = (old & -old).bit_length() - 1
    index, last = (old - 1) >> trailing, (new - 1) >> trailing
    old_reached = new_reached = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if index & 1 or index == last:
            old_reached, new_reached = node_hash(step, old_reached), node_hash(step, new_reached)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            new_reached = node_hash(new_reached, step)
        index, last = index >> 1, last >> 1
    return last == 0 and old_reached == old_root and new_reached == new_root
