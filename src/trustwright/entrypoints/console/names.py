"""Whom does a pseudonym of the log stand for? Names for a page, from the charter and the vault."""

from collections.abc import Sequence

from trustwright.charter import service as charter
from trustwright.identity import queries
from trustwright.kernel.actors import WORKER, Person
from trustwright.ledger.work import View


class Names:
    """Everybody of the charter, worked out once for a page; leavers are looked up."""

    def __init__(self, view: View) -> None:
        known = charter.known(view)
        self._view = view
        self._of = {view.pseudonym(Person(p.id)): p.name for p in known.people} if known else {}
        self._of[view.pseudonym(WORKER)] = WORKER.id

    def __call__(self, actor: str) -> str:
        """The name behind `p:...`, the id behind `m:...`; of somebody erased, the pseudonym."""
        if actor not in self._of:
            left = queries.name_of(self._view, actor) if actor.startswith("p:") else None
            self._of[actor] = left.name if left else actor.removeprefix("m:")[:14]
        return self._of[actor]


def either(names: Sequence[str], word: str = "or") -> str:
    """`Ada, Bo or Cy`."""
    return f" {word} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
