import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trustwright.kernel.errors import Invalid
from trustwright.ledger.note import Signer
from trustwright.ledger.proof import Proof
from trustwright.ledger.tiles import NodeReader
from trustwright.ledger.tree import inclusion_proof, leaf_hash, root_of

LOG = Signer("trustwright.test/log", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
ENTRIES = [f"entry {i}".encode() for i in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
NODE = NodeReader(lambda level, start, count: [] if level else LEAVES[start : start + count])


def proof_of(index: int, size: int = 11) -> Proof:
    checkpoint = LOG.sign(size, root_of(LEAVES[:size]))
    return Proof(index, tuple(inclusion_proof(index, size, NODE)), checkpoint)


def test_a_proof_reads_as_it_was_written_and_proves_its_entry_only() -> None:
    for index, entry in enumerate(ENTRIES):
        proof = Proof.parse(proof_of(index).encode())
        assert proof == proof_of(index)
        assert proof.verify(entry, LOG.key).size == 11
        with pytest.raises(Invalid) as refused:
            proof.verify(ENTRIES[index - 1], LOG.key)
        assert refused.value.code == "not-in-log"


def test_the_text_is_the_one_of_the_specification() -> None:
    text = proof_of(3, 4).encode().decode()
    head, checkpoint = text.split("\n\n", 1)
    assert head.split("\n")[:2] == ["c2sp.org/tlog-proof@v1", "index 3"]
    assert [len(line) for line in head.split("\n")[2:]] == [44, 44]
    assert checkpoint.encode() == LOG.sign(4, root_of(LEAVES[:4]))


def test_a_tree_of_one_leaf_needs_no_hashes() -> None:
    data = proof_of(0, 1).encode()
    assert data.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\ntrustwright.test/log\n1\n")
    assert Proof.parse(data).verify(ENTRIES[0], LOG.key).size == 1


def test_extra_data_is_carried_and_means_nothing() -> None:
    plain = proof_of(2)
    extra = Proof(plain.index, plain.hashes, plain.checkpoint, b"extra information")
    lines = extra.encode().split(b"\n")
    assert lines[1] == b"extra ZXh0cmEgaW5mb3JtYXRpb24="
    assert Proof.parse(extra.encode()) == extra
    assert extra.verify(ENTRIES[2], LOG.key)


def test_another_logs_key_and_a_changed_index_prove_nothing() -> None:
    stranger = Signer(LOG.name, Ed25519PrivateKey.from_private_bytes(b"2" * 32))
    with pytest.raises(Invalid):
        proof_of(2).verify(ENTRIES[2], stranger.key)
    for index in (1, 3, 11, 2**60):
        changed = Proof(index, proof_of(2).hashes, proof_of(2).checkpoint)
        with pytest.raises(Invalid):
            changed.verify(ENTRIES[2], LOG.key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"proof@v1", b"proof@v2"),
        (b"index 5", b"index 05"),
        (b"index 5", b"index"),
        (b"index 5", b"index five"),
        (b"index 5", b"extra !!\nindex 5"),
        (b"index 5\n", b"index 5\nAAAA\n"),
        (b"index 5\n", b""),
        (b"\n\n", b"\n"),
        (b"=\n", b"\n"),
        (b"\n", b"\r\n"),
    ],
)
def test_a_proof_out_of_form_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Invalid):
        Proof.parse(proof_of(5).encode().replace(old, new)).verify(ENTRIES[5], LOG.key)
