"""Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint, Ed25519 (type 0x01).

A note is text that ends in a newline, an empty line, and signature lines. Nothing in a note is
believed before the log's own signature has verified.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from trustwright.kernel.errors import Invalid

ED25519 = b"\x01"
MAX_NOTE = 1024 * 1024
SIGNATURE_LINE = re.compile("— ([^ \n]+) ([A-Za-z0-9+/]+=*)\n")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
DECIMAL = re.compile("0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class VerifierKey:
    """A log's name and public key (32 bytes), written as a vkey: `name+key id in hex+base64`."""

    name: str
    public: bytes

    @cached_property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """The key in a vkey; another algorithm, or an id that doesn't fit, is `Invalid`."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        data = from_base64(encoded)
        key = cls(name, data[1:])
        if not _is_name(name) or data[:1] != ED25519 or len(data) != 33:
            raise Invalid("key-malformed", "This isn't an Ed25519 verifier key.")
        if key.key_id.hex() != key_id:
            raise Invalid("key-malformed", "The verifier key's id doesn't belong to it.")
        return key


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: `size` leaves with this root (32 bytes)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        lines = (self.origin, str(self.size), _base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint in a note's text; anything not byte for byte in form is `Invalid`."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or not all(lines):
            raise Invalid("checkpoint-malformed", "A checkpoint is three or more full lines.")
        origin, size, root, *extensions = lines
        if not DECIMAL.fullmatch(size) or len(from_base64(root)) != 32:
            raise Invalid("checkpoint-malformed", "A checkpoint's size or root isn't in form.")
        return cls(origin, int(size), from_base64(root), tuple(extensions))


@dataclass(frozen=True)
class Signer:
    """A log's name and private key: signs its checkpoints and knows its own again."""

    name: str
    private: Ed25519PrivateKey

    @cached_property
    def key(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    @property
    def vkey(self) -> str:
        return str(self.key)

    def sign(self, size: int, root: bytes) -> bytes:
        """A signed checkpoint of this log."""
        return self.sign_text(Checkpoint(self.name, size, root).text())

    def sign_text(self, text: str) -> bytes:
        """A signed note with this text, which ends in a newline."""
        _demand_text(text)
        if not text.endswith("\n") or not _is_name(self.name):
            raise Invalid(
                "note-malformed", "A note's text ends in a newline; its signer has a name."
            )
        signature = self.key.key_id + self.private.sign(text.encode())
        return f"{text}\n— {self.name} {_base64(signature)}\n".encode()

    def verify(self, note: bytes) -> Checkpoint:
        """The checkpoint in a note we signed; any other is `Invalid`."""
        return open_checkpoint(note, self.key)


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that this log signed, with the log's own origin."""
    checkpoint = Checkpoint.parse(open_note(note, key))
    if checkpoint.origin != key.name:
        raise Invalid(
            "checkpoint-malformed", f"A checkpoint of {checkpoint.origin}, not of {key.name}."
        )
    return checkpoint


def open_note(note: bytes, key: VerifierKey) -> str:
    """The text of a note signed by `key`. Unknown signers are ignored, a bad signature never is."""
    text, lines = _split(note)
    ours = [sig[4:] for name, sig in lines if name == key.name and sig[:4] == key.key_id]
    if not ours:
        raise Invalid("note-unsigned", f"The note isn't signed by {key.name}.")
    public = Ed25519PublicKey.from_public_bytes(key.public)
    for signature in ours:
        try:
            public.verify(signature, text.encode())
        except InvalidSignature as e:
            raise Invalid(
                "note-unsigned", f"The signature of {key.name} doesn't fit the note."
            ) from e
    return text


def _split(note: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """Text and (name, key id and signature) of each line."""
    try:
        whole = note.decode() if len(note) <= MAX_NOTE else ""
    except UnicodeDecodeError as e:
        raise Invalid("note-malformed", "A note is UTF-8.") from e
    _demand_text(whole)
    text, separator, tail = whole.rpartition("\n\n")
    found = SIGNATURE_LINE.findall(tail)
    if not separator or not found or "".join(f"— {n} {s}\n" for n, s in found) != tail:
        raise Invalid("note-malformed", "A note ends in an empty line and signature lines.")
    lines = [(name, from_base64(signature)) for name, signature in found]
    if any(len(sig) < 5 or not _is_name(name) for name, sig in lines):
        raise Invalid("note-malformed", "A signature line isn't in form.")
    return text + "\n", lines


def _demand_text(text: str) -> None:
    # CR and other controls would let two readers see different lines in the same signed bytes.
    if CONTROL.search(text):
        raise Invalid("note-malformed", "A note has no control characters but newline.")


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """Standard base64, padded; only the one spelling an encoder would write."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as e:
        raise Invalid("not-base64", "A value isn't base64.") from e
    if _base64(data) != text:
        raise Invalid("not-base64", "A value isn't base64 in its one proper spelling.")
    return data
