import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trustwright.kernel.errors import Invalid
from trustwright.ledger.note import Checkpoint, Signer, VerifierKey, open_checkpoint, open_note

# golang.org/x/mod/sumdb/note, note_test.go
VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
NOTE = f"{TEXT}\n{LINE}"
# C2SP tlog-checkpoint and signed-note, the examples at the top
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
POEM = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
POET = "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"

KEY = VerifierKey.parse(VKEY)
PETER = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(SEED))
OURS = Signer("trustwright.test/log", Ed25519PrivateKey.from_private_bytes(b"1" * 32))


def test_signing_writes_the_very_bytes_of_the_reference_implementation() -> None:
    assert PETER.vkey == VKEY
    assert PETER.sign_text(TEXT) == NOTE.encode()


def test_a_note_opens_with_its_key() -> None:
    assert open_note(NOTE.encode(), KEY) == TEXT


def test_unknown_signers_are_ignored_before_and_after_ours() -> None:
    assert open_note(f"{TEXT}\n{ENOCH}{LINE}{ENOCH}".encode(), KEY) == TEXT


def test_ours_is_demanded() -> None:
    for note in (f"{TEXT}\n{ENOCH}", f"{POEM}\n{POET}"):
        with pytest.raises(Invalid) as refused:
            open_note(note.encode(), KEY)
        assert refused.value.code == "note-unsigned"


def test_a_bad_signature_of_ours_spoils_the_note_even_beside_a_good_one() -> None:
    bad = LINE[:40] + ("A" if LINE[40] != "A" else "B") + LINE[41:]
    with pytest.raises(Invalid):
        open_note(f"{TEXT}\n{LINE}{bad}".encode(), KEY)


def test_the_same_name_with_another_id_is_another_signer() -> None:
    other = VerifierKey("PeterNeumann", OURS.key.public)
    with pytest.raises(Invalid):
        open_note(NOTE.encode(), other)


def test_the_text_ends_at_the_last_empty_line() -> None:
    poem = f"{POEM}\n{POET}"
    signed = OURS.sign_text(POEM)
    assert open_note(signed, OURS.key) == POEM
    assert signed.decode().split("\n\n")[:2] == poem.split("\n\n")[:2]


@pytest.mark.parametrize(
    "note",
    [
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("problem,\n", "problem,\r\n"),
        NOTE.replace("problem", "prob\tlem"),
        TEXT,
        TEXT + "\n",
        TEXT + LINE,
        NOTE + "\n",
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("PeterNeumann ", "PeterNeumann  "),
        NOTE.replace("wJnAM=", "wJnAN="),
        NOTE + "more\n",
        f"{TEXT}\n— a+b {LINE.split()[2]}\n{LINE}",
        f"{TEXT}\n— short AAAAAA==\n{LINE}",
        "",
    ],
)
def test_a_note_out_of_form_is_refused(note: str) -> None:
    with pytest.raises(Invalid):
        open_note(note.encode(), KEY)


def test_bytes_that_are_not_text_and_notes_without_end_are_refused() -> None:
    for note in (b"\xff" + NOTE.encode(), b"a\n" * 700_000 + NOTE.encode()):
        with pytest.raises(Invalid):
            open_note(note, KEY)


def test_no_part_of_a_verifier_key_may_change() -> None:
    assert str(KEY) == VKEY
    mangled = [VKEY[:i] + chr(ord(VKEY[i]) + 1) + VKEY[i + 1 :] for i in range(len(VKEY))]
    for vkey in [*mangled, *(VKEY[:i] for i in range(len(VKEY)))]:
        with pytest.raises(Invalid):
            VerifierKey.parse(vkey)
    # Wrong length and unknown algorithm, each with a fitting id (also note_test.go).
    for vkey in (
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ):
        with pytest.raises(Invalid):
            VerifierKey.parse(vkey)


def test_a_checkpoint_is_written_as_it_is_read() -> None:
    read = Checkpoint.parse(CHECKPOINT)
    assert (read.origin, read.size, len(read.root)) == ("example.com/behind-the-sofa", 20852163, 32)
    assert read.text() == CHECKPOINT
    extended = CHECKPOINT + "an extension\nand another\n"
    assert Checkpoint.parse(extended).extensions == ("an extension", "and another")
    assert Checkpoint.parse(extended).text() == extended


@pytest.mark.parametrize(
    "text",
    [
        CHECKPOINT[:-1],
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "٣"),
        CHECKPOINT.replace("20852163", ""),
        CHECKPOINT.replace("CsUY", "CsU"),
        CHECKPOINT.replace("q2I=", "q2J="),
        CHECKPOINT + "\n",
        CHECKPOINT + "\nextension\n",
        "\n" + CHECKPOINT,
        "example.com/log\n1\n",
        "",
    ],
)
def test_a_checkpoint_out_of_form_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        Checkpoint.parse(text)


def test_our_checkpoint_opens_and_another_logs_under_our_key_does_not() -> None:
    assert OURS.verify(OURS.sign(7, b"r" * 32)) == Checkpoint(OURS.name, 7, b"r" * 32)
    strange = OURS.sign_text(Checkpoint("elsewhere.test/log", 7, b"r" * 32).text())
    with pytest.raises(Invalid):
        open_checkpoint(strange, OURS.key)
