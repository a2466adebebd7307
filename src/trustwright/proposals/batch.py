"""A batch: many like cases decided by one signature, once enough of them were opened. Pure.

The signature covers the root of a Merkle tree (RFC 6962) whose leaves each say a case, its content
and whether it was opened; so every case can be proved by itself, and shows nothing of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustwright.kernel.canonical import canonical
from trustwright.ledger import tree
from trustwright.ledger.facts import Body, Fact, fact
from trustwright.proposals.model import Case, Countersigned, Edited, HandedOn, RefusedByPerson

MEDIA = "application/vnd.trustwright.batch+json"
MOST = 300  # Their ids fit into one entry.


@fact("batch.drawn")
class Drawn(Body):
    """Like cases, put together by a person; of them `sample` must be opened before they sign."""

    workflow: str
    cases: tuple[str, ...]
    sample: tuple[str, ...]


@fact("batch.opened")
class Opened(Body):
    """One of them was read."""

    case: str
    content: str


@fact("batch.signed")
class Signed(Body):
    """All of them were countersigned by one signature, of which `opened` had been read."""

    root: str
    size: int
    opened: int


@fact("proposal.batch-countersigned")
class BatchCountersigned(Countersigned):
    """A countersignature over a batch of `size`, of which `read` were opened, this one or not; `path`
    leads from the leaf at `place` to the signed root."""

    place: int
    size: int
    read: int
    path: tuple[str, ...]
    opened: bool


@dataclass(frozen=True)
class Batch:
    """A batch as it stands. `by` is a pseudonym; `opened` maps cases to the content that was read."""

    id: str
    by: str
    drawn: datetime
    at: int
    workflow: str
    cases: tuple[str, ...]
    sample: tuple[str, ...]
    opened: dict[str, str]
    signed: Signed | None

    def left(self, contents: dict[str, str]) -> tuple[str, ...]:
        """Whom of the sample to open still: what changed since must be read again."""
        return tuple(case for case in self.sample if self.opened.get(case) != contents[case])


def batch(stream: str, facts: Sequence[Fact]) -> Batch:
    """The batch a stream's facts add up to."""
    first = facts[0]
    assert isinstance(first.body, Drawn)
    b = first.body
    opened = {x.body.case: x.body.content for x in facts if isinstance(x.body, Opened)}
    signed = next((x.body for x in facts if isinstance(x.body, Signed)), None)
    at = (stream, first.actor, first.at, first.index)
    return Batch(*at, b.workflow, b.cases, b.sample, opened, signed)


def dissent(of: Case, since: int) -> bool:
    """Whether a person edited, refused or handed on the case after a leaf of the log."""
    kinds = (Edited, RefusedByPerson, HandedOn)
    return any(isinstance(x.body, kinds) and x.index > since for x in of.facts)


def leaf(case: str, content: str, opened: bool) -> bytes:
    """Hash of what the signature says of one case."""
    return tree.leaf_hash(canonical([case, content, opened]))


@dataclass(frozen=True)
class Root:
    """The tree over a batch's leaves, in order."""

    leaves: tuple[bytes, ...]

    @property
    def digest(self) -> str:
        return tree.root_of(self.leaves).hex()

    def path(self, place: int) -> tuple[str, ...]:
        """From the leaf's neighbour up to the root's, hex."""
        proof = tree.inclusion_proof(place, len(self.leaves), self._node)
        return tuple(step.hex() for step in proof)

    def _node(self, level: int, index: int) -> bytes:
        return tree.root_of(self.leaves[index << level : (index + 1) << level])
