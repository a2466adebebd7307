"""Everything an operator could put into a bundle, and what the verifier says to it."""

import copy
import hashlib
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from webauthn.helpers import parse_attestation_object

from tests.ledger.synthetic import (
    CASE,
    FORGED,
    GOOD,
    MACHINE,
    ORIGIN,
    World,
    automated,
    edited,
    owner_case,
    signer,
)
from trustwright.kernel.canonical import canonical
from trustwright.ledger.evidence import FIELDS, INCOMPLETE, REASONS, pack, unpack, visible
from trustwright.ledger.note import Signer
from trustwright.ledger.signatures import cose_key, signed_by
from trustwright.ledger.verifier import verify

UNPROVED = {"README.txt", "verify.py", "verify.html"}
ROOT = Path(__file__).parents[2]


def codes(archive: bytes, key: str | None) -> list[str]:
    return [reason["code"] for reason in verify(archive, key)["reasons"]]


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_what_is_true_is_ok(make: Callable[[], World]) -> None:
    world = make()
    report = verify(world.bundle(), world.signer.vkey)
    assert (report["verdict"], report["reasons"]) == ("ok", [])
    assert report["content"]
    assert report["story"]


@pytest.mark.parametrize(("make", "code"), FORGED.values(), ids=FORGED)
def test_what_is_false_is_refused_by_name(make: Callable[[], World], code: str) -> None:
    world = make()
    report = verify(world.bundle(), world.signer.vkey)
    found = [reason["code"] for reason in report["reasons"]]
    assert code in found
    assert report["verdict"] == ("incomplete" if code in INCOMPLETE else "invalid")


def test_without_a_key_nothing_is_ok_and_falsehood_still_shows() -> None:
    assert codes(owner_case().bundle(), None) == ["log-key-not-given"]
    assert codes(owner_case().bundle(), "") == ["log-key-not-given"]
    forged = FORGED["signed after it expired"][0]()
    assert verify(forged.bundle(), None)["verdict"] == "invalid"


def test_another_key_than_the_logs_is_a_mismatch() -> None:
    world = owner_case()
    stranger = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"s" * 32))
    assert codes(world.bundle(), stranger.vkey) == ["log-key-mismatch"]
    assert codes(world.bundle(), "no key at all") == ["log-key-mismatch"]


def test_every_key_the_log_had_leads_to_the_one_that_signs_now() -> None:
    world = GOOD["the log's key changed twice"]()
    for secret in (b"k", b"n", b"o"):
        assert codes(world.bundle(), signer(secret).vkey) == []
    assert codes(world.bundle(), signer(b"s").vkey) == ["log-key-mismatch"]
    assert codes(world.bundle(), None) == ["log-key-not-given"]


def test_a_bundle_from_before_a_new_key_needs_the_key_of_its_time() -> None:
    """Whoever stole the old key must not speak to those who were told the new one."""
    before = owner_case().bundle()
    assert codes(before, signer(b"k").vkey) == []
    assert codes(before, signer(b"n").vkey) == ["log-key-mismatch"]


def test_a_new_key_that_is_left_out_is_missed() -> None:
    world = GOOD["the log's key changed meanwhile"]()
    index = next(i for i, e in enumerate(world.entries) if b'"ledger.rotated"' in e)
    for secret in (b"k", b"n"):
        found = codes(world.bundle(index), signer(secret).vkey)
        assert "checkpoint-unsigned" in found


def test_a_log_rewritten_under_another_key_is_not_the_one_you_trust() -> None:
    forger = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"f" * 32))
    world = automated()
    trusted, world.signer = world.signer.vkey, forger
    # The genesis still names the true key, but the forger can't sign with it.
    assert "checkpoint-unsigned" in codes(world.bundle(), trusted)


def test_wrong_log_in_the_genesis() -> None:
    world = World()
    world.genesis(origin="elsewhere.test/log")
    world.adopt()
    world.submit()
    world.route("automate")
    world.release()
    assert "wrong-log" in codes(world.bundle(), world.signer.vkey)


def without(world: World, kind: str) -> list[str]:
    (index, *_) = [i for i, e in enumerate(world.entries) if f'"kind":"{kind}"'.encode() in e]
    return codes(world.bundle(index), world.signer.vkey)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ledger.created", "genesis-missing"),
        ("identity.enrolled", "credential-unknown"),
        ("charter.adopted", "charter-mismatch"),
        ("proposal.submitted", "stray-entry"),
        ("proposal.countersigned", "signature-missing"),
        ("proposal.released", "not-released"),
    ],
)
def test_a_fact_left_out_is_missed(kind: str, code: str) -> None:
    assert code in without(owner_case(), kind)


def test_an_edit_left_out_is_missed() -> None:
    assert "content-mismatch" in without(edited("Ann"), "proposal.edited")


def test_an_entry_of_another_case_is_refused() -> None:
    world = automated()
    world.add("proposal.taken", {"content": world.content}, stream="case-another")
    assert "stray-entry" in codes(world.bundle(), world.signer.vkey)


def forge(archive: bytes, name: str, data: bytes | None) -> bytes:
    """The archive with one file changed, added, or (None) removed; its checksums are right."""
    files = unpack(archive)
    files.pop(name, None)
    return pack({**files, **({name: data} if data is not None else {})})


def test_every_file_but_the_verifiers_and_the_readme_is_proved() -> None:
    world = owner_case()
    archive, key, dice = world.bundle(), world.signer.vkey, random.Random(11)
    for name, data in unpack(archive).items():
        proved = name not in UNPROVED
        gone = codes(forge(archive, name, None), key)
        # A text that isn't told makes nothing false; the charter's and bystanders' aren't asked for.
        assert gone or not proved or name.startswith("disclosures/"), name
        assert not name.startswith("disclosures/") or set(gone) <= {"content-erased"}
        spots = dice.sample(range(len(data)), min(len(data), 12 if proved else 4))
        for spot in {*spots, 0, len(data) - 1}:
            flipped = data[:spot] + bytes([data[spot] ^ 1 << dice.randrange(8)]) + data[spot + 1 :]
            assert bool(codes(forge(archive, name, flipped), key)) is proved, (name, spot)
        for other in (data + b"\n", b""):
            assert bool(codes(forge(archive, name, other), key)) is proved, name


def test_one_byte_changed_anywhere_in_the_archive_is_refused() -> None:
    world = owner_case()
    archive, dice = bytearray(world.bundle()), random.Random(12)
    for spot in dice.sample(range(len(archive)), 150):
        old = archive[spot]
        archive[spot] ^= 1 << dice.randrange(8)
        assert verify(bytes(archive), world.signer.vkey)["verdict"] == "invalid"
        archive[spot] = old


@pytest.mark.parametrize("name", ["note-to-you.txt", "../evil", "/etc/passwd", "entries/00.json"])
def test_a_file_nobody_accounts_for_is_refused(name: str) -> None:
    world = owner_case()
    assert codes(forge(world.bundle(), name, b"hi"), world.signer.vkey) == ["manifest-mismatch"]


def test_a_value_no_entry_commits_to_is_refused() -> None:
    world = owner_case()
    world.seal("content", b'[["body","I never said this"]]')
    assert codes(world.bundle(), world.signer.vkey) == ["manifest-mismatch"]


def test_altered_display_of_the_disclosed_text_is_refused() -> None:
    world = owner_case()
    world.disclosures[world.content]["value"] = "W1siYm9keSIsIk90aGVyIl1d"
    assert codes(world.bundle(), world.signer.vkey) == ["disclosure-mismatch"]


def zipped(method: int, *members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def test_archives_that_are_traps_are_refused_unread() -> None:
    bomb = zipped(zipfile.ZIP_DEFLATED, ("bundle.json", bytes(50_000_000)))
    with pytest.warns(UserWarning, match="Duplicate name"):
        twins = zipped(zipfile.ZIP_STORED, ("checkpoint", b"a"), ("checkpoint", b"b"))
    again = zipped(zipfile.ZIP_STORED, *unpack(owner_case().bundle()).items())
    for archive in (
        bomb,
        twins,
        again,
        b"",
        b"PK\x03\x04",
        b"x" * 70_000_000,
        owner_case().bundle() + b"!",
    ):
        assert codes(archive, None) == ["archive-damaged"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":9007199254740993}',
        b'{"a":"\\ud800"}',
        "{'ä':1}".encode(),
        b"[" * 100_000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"9" * 5000,
    ],
)
def test_hostile_json_is_malformed_wherever_it_stands(raw: bytes) -> None:
    world = owner_case()
    archive = world.bundle()
    told = next(name for name in unpack(archive) if name.startswith("disclosures/"))
    for name in ("entries/4.json", told):
        assert codes(forge(archive, name, raw), world.signer.vkey) == ["malformed"]
    assert codes(forge(archive, "bundle.json", raw), world.signer.vkey) == ["manifest-mismatch"]


def test_hostile_entries_under_a_true_proof_never_make_a_trace_or_an_ok() -> None:
    """The operator signs anything: every field of every fact replaced by every kind of value."""
    strange: list[object] = [None, True, -1, "", "x", [], {}, [[]], [{}], {"code": None}, "0" * 64]
    true, dice = owner_case(), random.Random(13)
    facts = [(at, json.loads(entry)) for at, entry in enumerate(true.entries)][1:]
    every = [(at, fact, name, v) for at, fact in facts for name in fact["body"] for v in strange]
    for at, fact, name, value in dice.sample(every, 150):
        world = copy.copy(true)
        world.entries = list(true.entries)
        world.entries[at] = canonical({**fact, "body": {**fact["body"], name: value}})
        assert verify(world.bundle(), None)["verdict"] in ("invalid", "incomplete")


@pytest.mark.parametrize(
    "cose",
    [
        "",
        "a0ff",
        "bf",
        "a1",
        "a10102",
        "a2010201",
        "b9ffff",
        "a1015affffffff",
        "a10120f6",
        "80",
        "a101a0",
    ],
)
def test_hostile_cbor_is_an_error_of_value(cose: str) -> None:
    with pytest.raises((ValueError, IndexError, KeyError)):
        signed_by(bytes.fromhex(cose), b"", b"")


W3C = json.loads((ROOT / "tests/identity/w3c_vectors.json").read_text("utf-8"))["vectors"]


@pytest.mark.parametrize("name", W3C)
def test_the_signatures_of_the_webauthn_specification_verify(name: str) -> None:
    vector = {part: W3C[name][part] for part in ("registration", "authentication")}
    attested = parse_attestation_object(bytes.fromhex(vector["registration"]["attestationObject"]))
    assert attested.auth_data.attested_credential_data
    cose = attested.auth_data.attested_credential_data.credential_public_key
    auth, client, signature = (
        bytes.fromhex(vector["authentication"][part])
        for part in ("authenticatorData", "clientDataJSON", "signature")
    )
    signed = auth + hashlib.sha256(client).digest()
    if cose_key(cose)[3] in (-7, -8, -257):
        assert signed_by(cose, signature, signed)
        assert not signed_by(cose, signature, signed + b"!")
    else:
        with pytest.raises(ValueError, match=r"^$"):
            signed_by(cose, signature, signed)


def test_hostile_names_and_texts_are_told_without_acting() -> None:
    assert visible("a\u202eb\u200bc\x1b[2Jd\n") == "a<U+202E>b<U+200B>c<U+001B>[2Jd<U+000A>"
    assert visible("grüß dich, 你好") == "grüß dich, 你好"


def test_an_unknown_witness_beside_the_log_changes_nothing() -> None:
    world = owner_case()
    witness = Signer("witness.test/w", Ed25519PrivateKey.from_private_bytes(b"w" * 32))
    files = unpack(world.bundle())
    note = files["checkpoint"]
    text = note.decode().rpartition("\n\n")[0] + "\n"
    line = witness.sign_text(text).decode().rpartition("\n\n")[2].encode()
    cosigned = {name: data.replace(note, note + line) for name, data in files.items()}
    assert verify(pack(cosigned), world.signer.vkey)["verdict"] == "ok"


def test_the_story_tells_who_did_what() -> None:
    lines = "\n".join(verify(edited().bundle(), None)["story"])
    assert "AI system reply-bot proposed a text" in lines
    assert "checks found claims (warn); faq-1 of charter" in lines
    assert "Bob (p:" in lines
    assert "Ann (p:" in lines
    assert MACHINE not in lines
    assert CASE not in lines


def test_a_reason_is_documented_and_said_alike_by_the_page() -> None:
    page = (ROOT / "src/trustwright/ledger/verify.html").read_text("utf-8")
    for table, name in ((REASONS, "REASONS"), (FIELDS, "FIELDS")):
        found = re.search(rf"const {name} = (\{{.*?\n\}});", page, re.DOTALL)
        assert found, name
        assert json.loads(found[1]) == table
    documented = re.findall(
        r"^\| `([a-z-]+)` \| (?:invalid|incomplete) \|",
        (ROOT / "docs/formats.md").read_text("utf-8"),
        re.M,
    )
    assert sorted(documented) == sorted(REASONS)
    raised = {code for _, code in FORGED.values()}
    assert raised <= set(REASONS)
