"""`.tlog-proof`: an entry's inclusion proof and the checkpoint it leads to, in one text (C2SP).

```
c2sp.org/tlog-proof@v1
index 7
<base64 hash, one a line, from the leaf's neighbour upwards>

<the checkpoint, verbatim>
```
"""

import base64
from dataclasses import dataclass

from trustwright.kernel.errors import Invalid
from trustwright.ledger.note import DECIMAL, Checkpoint, VerifierKey, from_base64, open_checkpoint
from trustwright.ledger.tree import leaf_hash, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Proof:
    """`hashes` lead from leaf `index` to the root in `checkpoint`, a signed note. `extra` is
    authenticated by nothing and carries no meaning here."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        lines = [HEADER, f"index {self.index}"]
        if self.extra:
            lines.insert(1, f"extra {base64.b64encode(self.extra).decode()}")
        lines += [base64.b64encode(h).decode() for h in self.hashes]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "Proof":
        """The proof in a `.tlog-proof`; anything not in form is `Invalid`."""
        head, separator, checkpoint = data.partition(b"\n\n")
        lines = head.decode("utf-8", "replace").split("\n")
        extra = b""
        if lines[0] != HEADER or not separator:
            raise Invalid("proof-malformed", f"A proof begins with {HEADER}.")
        if lines[1:] and lines[1].startswith("extra "):
            extra = from_base64(lines.pop(1)[len("extra ") :])
        word, _, index = lines[1].partition(" ") if lines[1:] else ("", "", "")
        hashes = tuple(from_base64(line) for line in lines[2:])
        if word != "index" or not DECIMAL.fullmatch(index) or any(len(h) != 32 for h in hashes):
            raise Invalid("proof-malformed", "A proof's index or hashes aren't in form.")
        return cls(int(index), hashes, checkpoint, extra)

    def verify(self, entry: bytes, key: VerifierKey) -> Checkpoint:
        """The checkpoint under which `key`'s log holds this entry; otherwise `Invalid`."""
        checkpoint = open_checkpoint(self.checkpoint, key)
        root, size = checkpoint.root, checkpoint.size
        if not verify_inclusion(leaf_hash(entry), self.index, size, self.hashes, root):
            raise Invalid("not-in-log", f"The entry isn't leaf {self.index} of this checkpoint.")
        return checkpoint
