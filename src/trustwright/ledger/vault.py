"""Content and free text: sealed under its holder's key, named by its commitment, erasable.

A commitment is SHA-256 over tag, 32-byte salt and value: it proves the value and tells nothing of it
once the salt is gone. The holder is a subject's pseudonym, or the case where there is no subject.
Deleting a holder's key makes every sealed value of theirs noise, in old copies of the file too.
"""

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trustwright.kernel.canonical import b64u
from trustwright.kernel.errors import Unavailable

MAX_VALUE = 256 * 1024


@dataclass(frozen=True)
class Opened:
    """A value as sealed, with the salt that ties it to its commitment."""

    commitment: str
    tag: str
    salt: bytes
    value: bytes

    def disclosure(self) -> dict[str, str]:
        """What an outsider needs to check the commitment."""
        return {
            "commitment": self.commitment,
            "salt": b64u(self.salt),
            "tag": self.tag,
            "value": b64u(self.value),
        }


def commit(tag: str, salt: bytes, value: bytes) -> str:
    """The commitment, in hex."""
    return hashlib.sha256(
        b"trustwright/commitment/v1\0" + tag.encode() + b"\0" + salt + value
    ).hexdigest()


def seal(key: bytes, tag: str, value: bytes) -> tuple[str, bytes]:
    """A fresh commitment and the box to store under it."""
    salt, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
    commitment = commit(tag, salt, value)
    return commitment, nonce + AESGCM(key).encrypt(nonce, salt + value, commitment.encode())


def unseal(key: bytes, commitment: str, tag: str, box: bytes) -> Opened:
    """The value in a box; one that was changed or swapped is refused."""
    try:
        plain = AESGCM(key).decrypt(box[:12], box[12:], commitment.encode())
    except (InvalidTag, TypeError, ValueError) as e:
        raise _changed(commitment) from e
    opened = Opened(commitment, tag, plain[:32], plain[32:])
    if commit(tag, opened.salt, opened.value) != commitment:
        raise _changed(commitment)
    return opened


def _changed(commitment: str) -> Unavailable:
    return Unavailable(
        "vault-changed",
        f"The sealed value {commitment[:12]}... was changed where it is stored.",
        "Restore the database from a backup; the log still shows what was committed to.",
    )
