"""The workspace's two secrets: the log's signing key and the vault's master key.

Lost log key: no further checkpoint can be signed; what was proved stays proved. Lost vault key:
content and names are gone, the log still verifies. Stolen: see docs/operations.md.

A third file, `names.key`, is there once the vault's key was rotated: pseudonyms stand in facts, so
what they are made with stays what it was.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from trustwright.kernel.errors import Unavailable

LOG, VAULT, NAMES = "log.key", "vault.key", "names.key"


@dataclass(frozen=True)
class Keys:
    """Secrets of one workspace, read once at start."""

    log: Ed25519PrivateKey
    master: bytes
    names: bytes

    @property
    def fingerprint(self) -> str:
        """Which master key this is, and what pseudonyms are made with; tells nothing of either."""
        return derived(self.master, b"fingerprint" + self.names).hex()[:32]

    def pseudonym(self, what: str, name: str) -> str:
        """A keyed, stable stand-in for a name: 128 bits, base 32."""
        mac = hmac.digest(self.names, f"{what}\0{name}".encode(), "sha256")
        return base64.b32encode(mac[:16]).decode().rstrip("=").lower()

    def wrap(self, holder: str, lookup: str | None, key: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return nonce + self._cipher.encrypt(nonce, key, _bound(holder, lookup))

    def unwrap(self, holder: str, lookup: str | None, box: bytes) -> bytes:
        try:
            return self._cipher.decrypt(box[:12], box[12:], _bound(holder, lookup))
        except (InvalidTag, TypeError, ValueError) as e:
            raise Unavailable(
                "vault-changed",
                f"The key of {holder} was changed where it is stored.",
                "Restore the database from a backup; the log still shows what was committed to.",
            ) from e

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(derived(self.master, b"wrap"))


def derived(master: bytes, purpose: bytes) -> bytes:
    return hmac.digest(master, b"trustwright/" + purpose, hashlib.sha256)


def _bound(holder: str, lookup: str | None) -> bytes:
    # Under another name the key of one customer would quietly serve another.
    return f"{holder}\0{lookup or ''}".encode()


def create(folder: Path) -> Keys:
    """Make both keys, readable by this account alone."""
    folder.mkdir(mode=0o700, parents=True)
    for name in (LOG, VAULT):
        write(folder / name, secrets.token_bytes(32))
    return load(folder)


def load(folder: Path) -> Keys:
    """Read the keys; a missing or short one says which and what it means."""
    log, master = (read(folder / name) for name in (LOG, VAULT))
    names = read(folder / NAMES) if (folder / NAMES).exists() else derived(master, b"pseudonym")
    return Keys(Ed25519PrivateKey.from_private_bytes(log), master, names)


def write(path: Path, secret: bytes) -> None:
    """Put down a secret, durable and for this account alone, where nothing is."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def prepare(folder: Path, name: str, secret: bytes) -> None:
    """Put down the successor of a key; one that never came into force is dropped."""
    (folder / f"{name}.new").unlink(missing_ok=True)
    write(folder / f"{name}.new", secret)


def succeed(folder: Path, name: str, fits: Callable[[Keys], bool]) -> Keys | None:
    """Let a successor that was put down take its place, if it fits; None if none does."""
    successor = folder / f"{name}.new"
    if not successor.exists():
        return None
    kept, new = load(folder), read(successor)
    log = Ed25519PrivateKey.from_private_bytes(new) if name == LOG else kept.log
    keys = Keys(log, new if name == VAULT else kept.master, kept.names)
    if not fits(keys):
        return None
    successor.replace(folder / name)
    sync(folder)
    return keys


def sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def read(path: Path) -> bytes:
    """The secret in a file."""
    try:
        secret = path.read_bytes()
    except OSError as e:
        raise Unavailable(
            "key-missing", f"{path} can't be read.", "Restore it from the backup of the keys."
        ) from e
    if len(secret) != 32:
        raise Unavailable("key-missing", f"{path} isn't 32 bytes.", "Restore it from the backup.")
    return secret
