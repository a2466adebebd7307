"""API keys: how an AI system shows which one it is. Shown once; the log holds only a digest.

Each key has a stream of its own, so its facts are found by its id and need no read model.
"""

import hmac
import secrets

from trustwright.identity.model import KeyIssued, KeyRevoked, digest_of
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import Invalid, NotFound
from trustwright.ledger.facts import Fact
from trustwright.ledger.work import UnitOfWork, View


def issue(uow: UnitOfWork, system: str) -> str:
    """A new key for one AI system, `tw_<key id>_<43 characters>`. That it exists the caller knows."""
    if system == WORKER.id:
        raise Invalid("system-reserved", f"{system} is Trustwright itself and has no API key.")
    key, secret = uow.begin("key"), secrets.token_urlsafe(32)
    uow.append(key, KeyIssued(key=key, system=system, digest=digest_of(secret), by=uow.me))
    return f"tw_{key}_{secret}"


def authenticate(view: View, presented: str) -> Machine | None:
    """The AI system a key belongs to; None if it is unknown, revoked or not a key at all."""
    word, _, rest = presented.partition("_")
    id, _, secret = rest.partition("_")
    key = _live(view, id) if word == "tw" else None
    same = key and hmac.compare_digest(key.digest, digest_of(secret))
    return Machine(key.system) if key and same else None


def keys_of(view: View, system: str) -> list[Fact]:
    """The `KeyIssued` facts of a system's keys that open something now, the oldest first."""
    issued = view.of_kind(KeyIssued)
    return [fact for fact in issued if (k := _live(view, fact.stream)) and k.system == system]


def system_of(view: View, key: str) -> str:
    """The AI system a key is for."""
    if found := _live(view, key):
        return found.system
    raise NotFound("no-api-key", "There is no such API key, or it was revoked already.")


def revoke(uow: UnitOfWork, key: str) -> None:
    """End a key. Who may is the caller's to know."""
    system_of(uow, key)
    uow.append(key, KeyRevoked(key=key, by=uow.me))


def _live(view: View, key: str) -> KeyIssued | None:
    match [fact.body for fact in view.facts(key)]:
        case [KeyIssued() as issued]:
            return issued
    return None
