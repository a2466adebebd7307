"""Did this key sign that, and do these hashes lead there? The arithmetic under the verifier.

COSE keys (RFC 9052) of passkeys, signed notes (C2SP) of checkpoints, and paths in Merkle trees (RFC 6962).
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from trustwright.ledger.evidence import b64, b64u

SIGNATURE = re.compile("— ([^ \n]+) ([A-Za-z0-9+/]+=*)\n")


def cose_key(data: bytes) -> dict[int, Any]:
    """A COSE key: one CBOR map from whole numbers to whole numbers and byte strings, nothing else."""
    at = 0

    def item(majors: str) -> Any:
        nonlocal at
        major, size = data[at] >> 5, data[at] & 31
        width = {24: 1, 25: 2, 26: 4}[size] if size > 23 else 0
        size = int.from_bytes(data[at + 1 : at + 1 + width], "big") if width else size
        at += 1 + width + (size if major == 2 else 0)
        if str(major) not in majors:
            raise ValueError
        return data[at - size : at] if major == 2 else -1 - size if major == 1 else size

    pairs = [(item("01"), item("012")) for _ in range(min(item("5"), 16))]
    if at != len(data) or data[0] & 31 != len(dict(pairs)):
        raise ValueError
    return dict(pairs)


def signed_by(cose: bytes, signature: bytes, signed: bytes) -> bool:
    """Whether this COSE key (ES256, EdDSA or RS256) made the signature."""
    key = cose_key(cose)
    kind = key.get(1), key.get(3), key.get(-1) if key.get(1) != 3 else None
    try:
        if kind == (2, -7, 1):
            point = b"\x04" + key[-2] + key[-3]
            public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            public.verify(signature, signed, ec.ECDSA(SHA256()))
        elif kind == (1, -8, 6):
            ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, signed)
        elif kind == (3, -257, None) and 256 <= len(key[-1]) <= 1024:
            numbers = rsa.RSAPublicNumbers(*(int.from_bytes(key[n], "big") for n in (-2, -1)))
            numbers.public_key().verify(signature, signed, padding.PKCS1v15(), SHA256())
        else:
            raise ValueError
    except InvalidSignature:
        return False
    return True


def log_key(vkey: str) -> tuple[str, bytes, ed25519.Ed25519PublicKey]:
    """Name, id and key of a vkey; ValueError if it isn't an Ed25519 key with its own id."""
    name, key_id, encoded = vkey.split("+", 2)
    key = b64(encoded)
    known = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    if key[:1] != b"\x01" or known.hex() != key_id:
        raise ValueError
    return name, known, ed25519.Ed25519PublicKey.from_public_bytes(key[1:])


def open_note(raw: bytes, vkey: str) -> str:
    """The text of a signed note; `InvalidSignature` or ValueError if this key didn't sign it."""
    name, known, public = log_key(vkey)
    text, _, tail = raw.decode().rpartition("\n\n")
    lines = SIGNATURE.findall(tail)
    ours = [
        s[4:] for who, s in ((who, b64(s)) for who, s in lines) if (who, s[:4]) == (name, known)
    ]
    in_form = tail == "".join(f"— {who} {signature}\n" for who, signature in lines)
    if not in_form or not ours:
        raise ValueError
    # Controls, CR above all, would let two readers see other lines in the same signed bytes.
    if re.search(rb"[\0-\x09\x0b-\x1f]", raw):
        raise ValueError
    for signature in ours:
        public.verify(signature, (text + "\n").encode())
    return text + "\n"


def succeeds(said: dict[str, Any], old: str) -> bool:
    """Whether the log's key `old` named this successor, and both signed that."""
    told = f"trustwright/log-key/v1\0{said['old']}\n{said['new']}\n".encode()
    try:
        (name, _, before), (same, _, after) = log_key(said["old"]), log_key(said["new"])
        before.verify(b64u(said["signed_by_old"]), told)
        after.verify(b64u(said["signed_by_new"]), told)
    except (ValueError, InvalidSignature):
        return False
    return said["old"] == old and name == same


def reached(entry: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to from the entry at that index of a tree; None: not such a path."""
    inner = (index ^ (size - 1)).bit_length()
    if index >= size or [len(step) for step in path] != [32] * (
        inner + (index >> inner).bit_count()
    ):
        return None
    found = hashlib.sha256(b"\0" + entry).digest()
    for level, step in enumerate(path):
        on_left = level >= inner or index >> level & 1
        found = hashlib.sha256(b"\1" + (step + found if on_left else found + step)).digest()
    return found
