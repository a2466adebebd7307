"""Which keys a log has had and which are in force: each signing key names the next, and both sign that."""

from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, select

from trustwright.kernel.canonical import b64u, from_b64u
from trustwright.kernel.errors import Invalid, Problem, Unavailable
from trustwright.ledger import keys as key_files
from trustwright.ledger import store
from trustwright.ledger.facts import Rekeyed, Rotated, decode
from trustwright.ledger.keys import Keys
from trustwright.ledger.note import Signer, VerifierKey
from trustwright.ledger.work import GENESIS, View

REKEYED = (
    select(store.facts.c.leaf_index, store.facts.c.entry)
    .where(store.facts.c.kind == Rekeyed.kind)
    .order_by(store.facts.c.leaf_index.desc())
    .limit(1)
)


def endorse(old: Signer, new: Signer) -> Rotated:
    """The fact that `new` signs from now on."""
    told = _statement(old.vkey, new.vkey)
    return Rotated(
        old=old.vkey,
        new=new.vkey,
        signed_by_old=b64u(old.private.sign(told)),
        signed_by_new=b64u(new.private.sign(told)),
    )


def _statement(old: str, new: str) -> bytes:
    return f"trustwright/log-key/v1\0{old}\n{new}\n".encode()


def chain(view: View) -> list[VerifierKey]:
    """Every key that signed this log's checkpoints, the first one first; `Invalid` if forged."""
    keys = [VerifierKey.parse(view.genesis.log_key)]
    for fact in view.facts(GENESIS):
        if isinstance(fact.body, Rotated):
            keys.append(_next(keys[-1], fact.body, fact.index))
    return keys


def _next(old: VerifierKey, said: Rotated, index: int) -> VerifierKey:
    new, told = VerifierKey.parse(said.new), _statement(said.old, said.new)
    try:
        for key, signature in ((old, said.signed_by_old), (new, said.signed_by_new)):
            Ed25519PublicKey.from_public_bytes(key.public).verify(from_b64u(signature), told)
    except InvalidSignature as e:
        raise _forged(index) from e
    if said.old != str(old) or new.name != old.name:
        raise _forged(index)
    return new


def _forged(index: int) -> Invalid:
    return Invalid(
        "rotation-forged",
        f"Entry {index} names a new key of the log without the signatures of both.",
        "Run `trustwright verify`; docs/operations.md says how to go on.",
    )


def broken(view: View) -> list[str]:
    """What is wrong with the succession of keys, as sentences."""
    try:
        chain(view)
    except Problem as e:
        return [e.sentence]
    return []


def fitting(view: View, folder: Path) -> Keys:
    """The keys in the folder if they are in force. A successor that came into force moves up first."""
    origin, log_key, keys = view.genesis.origin, view.log_key, view.keys
    fingerprint = _fingerprint(view.connection)
    if fingerprint is not None:
        # Without it pseudonyms would be made with the new master key: everybody a stranger.
        key_files.read(folder / key_files.NAMES)
    checks: dict[str, Callable[[Keys], bool]] = {
        key_files.LOG: lambda k: Signer(origin, k.log).vkey == log_key,
        key_files.VAULT: lambda k: fingerprint in (None, k.fingerprint),
    }
    for name, fits in checks.items():
        found = keys if fits(keys) else key_files.succeed(folder, name, fits)
        if found is None:
            raise Unavailable(
                "keys-of-another",
                f"{folder / name} isn't the key of the log in this database.",
                "Name the folder and the database that belong together. If keys were rotated on "
                "another machine, copy its `keys` here.",
            )
        keys = found
    return keys


def demand_master(connection: Connection, keys: Keys) -> None:
    """Refuse to seal anything more under a master key that was replaced."""
    if _fingerprint(connection) not in (None, keys.fingerprint):
        raise keys_rotated()


def keys_rotated() -> Unavailable:
    return Unavailable(
        "keys-rotated",
        "The last checkpoint isn't of the keys that this process holds.",
        "If they were rotated, bring `keys` up to date here and start again; "
        "else run `trustwright verify`.",
    )


def _fingerprint(connection: Connection) -> str | None:
    for index, entry in connection.execute(REKEYED):
        body = decode(index, entry).body
        return body.fingerprint if isinstance(body, Rekeyed) else None
    return None
