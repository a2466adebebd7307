"""The proof of a case: a receipt for its release, and the bundle that tells the whole story."""

from collections.abc import Iterator, Sequence

from trustwright.charter.adoption import Adopted
from trustwright.charter.service import STREAM as CHARTER
from trustwright.identity.model import Enrolled, Revoked, stream_of
from trustwright.kernel.errors import NotFound
from trustwright.ledger import bundle as bundles
from trustwright.ledger import proving
from trustwright.ledger.facts import Body, Created, Fact, Rotated
from trustwright.ledger.work import GENESIS, View
from trustwright.proposals.model import Case, Routed


def receipt(view: View, of: Case) -> str:
    """The `.tlog-proof` of the release."""
    if of.released is None:
        raise NotFound("no-receipt", "This case wasn't released, so there is no receipt.")
    return proving.prove(view, of.released_at).decode()


def bundle(view: View, of: Case) -> bytes:
    """A zip an outsider verifies with nothing of ours but the log's public key."""
    facts = sorted(_story(view, of), key=lambda fact: fact.index)
    return bundles.write_bundle(
        bundles.Evidence(
            case=of.id,
            released=of.released_at if of.released else None,
            origin=view.genesis.origin,
            log_key=view.genesis.log_key,
            checkpoint=proving.checkpoint(view),
            entries={fact.index: fact.entry for fact in facts},
            proofs={fact.index: proving.prove(view, fact.index) for fact in facts},
            disclosures=[
                opened.disclosure()
                for commitment in dict.fromkeys(c for fact in facts for c in _sealed(fact.body))
                if (opened := view.open(commitment))
            ],
        )
    )


def _story(view: View, of: Case) -> Iterator[Fact]:
    """Genesis, the case, everybody who acted on it, and the charters it was decided under."""
    yield from (x for x in view.facts(GENESIS) if isinstance(x.body, Created | Rotated))
    yield from of.facts
    for person in sorted({fact.actor for fact in of.facts if fact.actor.startswith("p:")}):
        for fact in view.facts(stream_of(person)):
            if isinstance(fact.body, Enrolled | Revoked):
                yield fact
    charters = {fact.body.charter for fact in of.facts if isinstance(fact.body, Routed)}
    for fact in view.facts(CHARTER):
        if isinstance(fact.body, Adopted) and fact.body.digest in charters:
            yield fact


# The charter's text names everybody who works here: its digest is proof enough for an outsider.
SEALED = ("content", "sources", "details", "report", "note", "reason", "question", "name")


def _sealed(body: Body) -> Iterator[str]:
    for name in SEALED:
        value: str | Sequence[str] | None = getattr(body, name, None)
        if isinstance(value, str):
            yield value
        else:
            yield from value or ()
