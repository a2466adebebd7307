import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.kernel.errors import Invalid
from trustwright.ledger.tiles import NodeReader, decode_entries, encode_entries, export, tile_path
from trustwright.ledger.tree import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)


def levels(leaves: list[bytes]) -> list[list[bytes]]:
    """Stored hashes by tile level: leaves, roots of full tiles, roots of full tiles of those."""
    found = [leaves]
    while len(found[-1]) >= 256:
        below = found[-1]
        found.append([root_of(below[i : i + 256]) for i in range(0, len(below) - 255, 256)])
    return found


def reader(stored: list[list[bytes]]) -> NodeReader:
    return NodeReader(
        lambda level, start, n: stored[level][start : start + n] if level < len(stored) else []
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (tile_path(0, 1234067), "tile/0/x001/x234/067"),
        (tile_path(0, 0), "tile/0/000"),
        (tile_path(1, 999, 3), "tile/1/999.p/3"),
        (tile_path(0, 273, 112), "tile/0/273.p/112"),
        (tile_path("entries", 1000), "tile/entries/x001/000"),
    ],
)
def test_paths_are_those_of_the_specification(path: str, expected: str) -> None:
    assert path == expected


def test_a_tree_of_70000_has_the_tiles_of_the_specification() -> None:
    leaves = [leaf_hash(i.to_bytes(4, "big")) for i in range(70_000)]
    read = dict(export(70_000, lambda s, n: leaves[s : s + n], lambda s, n: [b"e"] * n))
    full = [path for path in read if path.startswith("tile/0/") and ".p/" not in path]
    partial = {
        path: len(read[path]) // 32 for path in read if ".p/" in path and "entries" not in path
    }
    assert len(full) == 273
    assert partial == {"tile/0/273.p/112": 112, "tile/1/001.p/17": 17, "tile/2/000.p/1": 1}
    assert len(read["tile/1/000"]) == 8192
    assert len(decode_entries(read["tile/entries/273.p/112"])) == 112
    assert read["tile/2/000.p/1"] == root_of(leaves[:65_536])


def test_a_tree_of_256_is_a_full_tile_and_one_above() -> None:
    leaves = [leaf_hash(bytes([i])) for i in range(256)]
    read = dict(export(256, lambda s, n: leaves[s : s + n], lambda s, n: [b""] * n))
    assert sorted(read) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"]
    assert read["tile/1/000.p/1"] == root_of(leaves)
    assert not list(export(0, lambda s, n: [], lambda s, n: []))


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_entries_read_as_they_were_written(entries: list[bytes]) -> None:
    bundle = encode_entries(entries)
    assert decode_entries(bundle) == entries
    if bundle:
        assert bundle[:2] == len(entries[0]).to_bytes(2, "big")


def test_an_entry_bundle_that_stops_in_the_middle_is_refused() -> None:
    for bundle in (b"\0", b"\0\5abcd", encode_entries([b"abc"]) + b"\xff\xff"):
        with pytest.raises(Invalid):
            decode_entries(bundle)


@given(st.integers(1, 1500), st.data())
@settings(max_examples=40, deadline=None)
def test_proofs_from_stored_tiles_hold(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(i.to_bytes(4, "big")) for i in range(size)]
    node, root = reader(levels(leaves)), root_of(leaves)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert verify_inclusion(leaves[index], index, size, inclusion_proof(index, size, node), root)
    proof = consistency_proof(old, size, node)
    assert verify_consistency(old, size, proof, root_of(leaves[:old]), root)


def test_a_reader_sees_the_log_grow_and_refuses_what_is_not_there_yet() -> None:
    leaves = [leaf_hash(bytes([i])) for i in range(100)]
    stored = [leaves[:60]]
    node = reader(stored)
    assert node(2, 14) == root_of(leaves[56:60])
    with pytest.raises(Invalid):
        node(2, 15)
    stored[0] = leaves
    assert node(2, 15) == root_of(leaves[60:64])


def test_an_inclusion_proof_in_a_million_entries_takes_about_a_millisecond() -> None:
    size, spread = 1_000_000, random.Random(7)
    leaf = [spread.randbytes(32) for _ in range(256)]  # the hashes don't matter, their number does
    node = NodeReader(lambda level, start, n: leaf[: min(n, (size >> 8 * level) - start)])
    proofs, start = 200, time.process_time()
    for _ in range(proofs):
        assert inclusion_proof(spread.randrange(size), size, node)
    assert (time.process_time() - start) / proofs < 0.004
