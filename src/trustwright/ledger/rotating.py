"""New keys for an old log: the one that signs its checkpoints, and the one its vault is under.

Each is put down as `keys/NAME.new`, comes into force with a fact, and takes the old one's place
after that commit. Whatever moment this ends at, opening the workspace tells by the facts which fits.

No remedy for a stolen key by itself: who has the old one can name a successor too, and read what
they copied. Hence others are told the new key, and not by the log alone.
"""

import secrets
from contextlib import closing
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, select

from trustwright.kernel.actors import WORKER
from trustwright.kernel.errors import Invalid
from trustwright.ledger import keys as key_files
from trustwright.ledger import store, succession
from trustwright.ledger.facts import Rekeyed
from trustwright.ledger.ledger import Ledger
from trustwright.ledger.note import Checkpoint, Signer
from trustwright.ledger.work import GENESIS, UnitOfWork
from trustwright.ledger.writer import Job


@dataclass(frozen=True)
class Handover(Signer):
    """Goes on from a checkpoint of the old key and signs with the new one alone, so that a process
    which still holds the old key can't go on beside it."""

    old: Signer

    def verify(self, note: bytes) -> Checkpoint:
        try:
            return self.old.verify(note)
        except Invalid:
            return super().verify(note)


def rotate_log(ledger: Ledger) -> str:
    """Let a fresh key sign from now on, named and signed by the old one; the new vkey. Closes the ledger."""
    folder, secret, old = ledger.settings.folder / "keys", secrets.token_bytes(32), ledger.signer
    new = Handover(old.name, Ed25519PrivateKey.from_private_bytes(secret), old)
    body = succession.endorse(old, new)
    key_files.prepare(folder, key_files.LOG, secret)
    with closing(ledger), closing(ledger.writer(new)) as writer:
        job = Job(WORKER, lambda uow: uow.append(GENESIS, body))
        writer.submit(job).result()
    key_files.succeed(folder, key_files.LOG, lambda keys: True)
    return new.vkey


def rotate_vault(ledger: Ledger) -> int:
    """Wrap every key of the vault anew under a fresh master key; how many. Closes the ledger."""
    folder, secret, old = ledger.settings.folder / "keys", secrets.token_bytes(32), ledger.keys
    new, keys = replace(old, master=secret), store.vault_keys

    def rewrap(uow: UnitOfWork) -> int:
        rows = [
            {
                "holder": holder,
                "lookup": lookup,
                "box": new.wrap(holder, lookup, old.unwrap(holder, lookup, box)),
            }
            for holder, lookup, box in uow.rows(select(keys))
        ]
        uow.writes.deletes.append((delete(keys), keys))
        uow.writes.inserts[keys] += rows
        uow.append(GENESIS, Rekeyed(keys=len(rows), fingerprint=new.fingerprint))
        return len(rows)

    if not (folder / key_files.NAMES).exists():
        key_files.write(folder / key_files.NAMES, old.names)
    key_files.prepare(folder, key_files.VAULT, secret)
    with closing(ledger):
        count: int = ledger.write(WORKER, rewrap).result()
    key_files.succeed(folder, key_files.VAULT, lambda keys: True)
    return count
