import base64
import hashlib
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.kernel.errors import Invalid
from trustwright.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = json.loads((Path(__file__).parent / "vectors" / "merkle.json").read_text("utf-8"))
LEAVES = [leaf_hash(str(i).encode()) for i in range(300)]


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as written there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def node(level: int, index: int) -> bytes:
    return mth(LEAVES[index << level : (index + 1) << level])


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, as written there."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if index < k:
        return [*path(index, leaves[:k]), mth(leaves[k:])]
    return [*path(index - k, leaves[k:]), mth(leaves[:k])]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == root_of([]) == mth([]) == EMPTY_ROOT


@pytest.mark.parametrize("first", [0, 1, 6, 64, 255])
def test_many_leaves_at_once_grow_the_same_tree(first: int) -> None:
    grown = Frontier()
    for leaf in LEAVES[:first]:
        grown.append(leaf)
    grown.extend(LEAVES[first:])
    assert (grown.size, grown.root()) == (300, mth(LEAVES))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 255, 256, 257])
def test_the_frontier_has_the_root_of_the_recursive_definition(size: int) -> None:
    assert root_of(LEAVES[:size]) == mth(LEAVES[:size])


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_inclusion_agrees_with_the_rfc_and_holds_nowhere_else(size: int, data: Any) -> None:
    index = data.draw(st.integers(0, size - 1))
    root, proof = mth(LEAVES[:size]), inclusion_proof(index, size, node)
    assert proof == path(index, LEAVES[:size])
    assert verify_inclusion(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, 400).filter(lambda i: i != index))
    assert not verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not verify_inclusion(LEAVES[index], index, size, [*proof, root], root)
    assert not verify_inclusion(LEAVES[index], size, size, proof, root)
    if proof:
        assert not verify_inclusion(LEAVES[index], index, size, proof[:-1], root)
        assert not verify_inclusion(LEAVES[index], index, size, [proof[0][:31], *proof[1:]], root)


@given(st.integers(1, 300), st.data())
@settings(max_examples=60, deadline=None)
def test_a_tree_is_consistent_with_its_own_beginnings_only(new: int, data: Any) -> None:
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, node)
    roots = mth(LEAVES[:old]), mth(LEAVES[:new])
    assert verify_consistency(old, new, proof, *roots)
    assert not verify_consistency(old, new, [*proof, roots[0]], *roots)
    forked = mth([LEAVES[-1], *LEAVES[1:old]])
    assert not verify_consistency(old, new, proof, forked, roots[1])


@pytest.mark.parametrize("vector", VECTORS["inclusion"], ids=lambda v: v["file"])
def test_inclusion_vectors_of_others(vector: dict[str, Any]) -> None:
    leaf, root = (base64.b64decode(vector[name] or "") for name in ("leafHash", "root"))
    proof = [base64.b64decode(step) for step in vector["proof"] or []]
    held = verify_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof, root)
    assert held is not vector["wantErr"]


@pytest.mark.parametrize("vector", VECTORS["consistency"], ids=lambda v: v["file"])
def test_consistency_vectors_of_others(vector: dict[str, Any]) -> None:
    roots = [base64.b64decode(vector[name] or "") for name in ("root1", "root2")]
    proof = [base64.b64decode(step) for step in vector["proof"] or []]
    held = verify_consistency(vector["size1"], vector["size2"], proof, roots[0], roots[1])
    # One vector's equal roots are twelve bytes of "don't care"; to us a root is 32 bytes.
    hashes = all(len(root) == 32 for root in roots)
    assert held is (hashes and not vector["wantErr"])


def test_index_beyond_size_is_refused() -> None:
    for index, size in ((0, 0), (7, 7), (8, 7), (-1, 7)):
        with pytest.raises(Invalid):
            inclusion_proof(index, size, node)
    for old, new in ((0, 5), (6, 5)):
        with pytest.raises(Invalid):
            consistency_proof(old, new, node)


@given(st.integers(0, 300))
def test_a_frontier_survives_being_written_down(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    again = Frontier.from_bytes(frontier.to_bytes())
    assert (again.size, again.root()) == (size, frontier.root())


@pytest.mark.parametrize(
    "data", [b"", bytes(7), bytes(8) + b"x" * 32, (3).to_bytes(8, "big") + bytes(63)]
)
def test_a_frontier_that_isnt_one_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        Frontier.from_bytes(data)


def test_append_is_cheap() -> None:
    frontier, leaf = Frontier(), random.Random(1).randbytes(32)
    start = time.process_time()
    for _ in range(100_000):
        frontier.append(leaf)
    assert time.process_time() - start < 2
