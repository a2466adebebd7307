"""The workspace's two secrets: the log's signing key and the vault's master key.

Lost log key: no further checkpoint can be signed; what was proved stays proved. Lost vault key:
content and names are gone, the log still verifies. Stolen: see docs/operations.md.
"""

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trustwright.kernel.errors import Unavailable


@dataclass(frozen=True)
class Keys:
    """Secrets of one workspace, read once at start."""

    log: Ed25519PrivateKey
    master: bytes

    def pseudonym(self, what: str, name: str) -> str:
        """A keyed, stable stand-in for a name: 128 bits, base 32."""
        mac = hmac.digest(self._names, f"{what}\0{name}".encode(), "sha256")
        return base64.b32encode(mac[:16]).decode().rstrip("=").lower()

    def wrap(self, holder: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._wraps.encrypt(nonce, key, holder.encode())

    def unwrap(self, holder: str, box: bytes) -> bytes:
        return self._wraps.decrypt(box[:12], box[12:], holder.encode())

    @cached_property
    def _names(self) -> bytes:
        return self._derived(b"pseudonym")

    @cached_property
    def _wraps(self) -> AESGCM:
        return AESGCM(self._derived(b"wrap"))

    def _derived(self, purpose: bytes) -> bytes:
        return hmac.digest(self.master, b"trustwright/" + purpose, hashlib.sha256)


def create(folder: Path) -> Keys:
    """Make both keys, readable by this account alone."""
    folder.mkdir(mode=0o700, parents=True)
    for name in ("log.key", "vault.key"):
        with open(
            os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(secrets.token_bytes(32))
            file.flush()
            os.fsync(file.fileno())
    return load(folder)


def load(folder: Path) -> Keys:
    """Read both keys; a missing or short one says which and what it means."""
    log, master = (_read(folder / name) for name in ("log.key", "vault.key"))
    return Keys(Ed25519PrivateKey.from_private_bytes(log), master)


def _read(path: Path) -> bytes:
    try:
        secret = path.read_bytes()
    except OSError as e:
        raise Unavailable(
            "key-missing", f"{path} can't be read.", "Restore it from the backup of the keys."
        ) from e
    if len(secret) != 32:
        raise Unavailable("key-missing", f"{path} isn't 32 bytes.", "Restore it from the backup.")
    return secret
