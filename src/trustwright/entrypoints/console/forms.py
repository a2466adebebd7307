"""The forms of a case: edit, refuse, hand on. What was typed is there again when something is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from trustwright.charter.service import demand_charter
from trustwright.entrypoints.console import reading
from trustwright.entrypoints.console.case import Finding
from trustwright.entrypoints.console.edit import EditForm, Field
from trustwright.entrypoints.console.hand_on import Colleague, HandOnForm
from trustwright.entrypoints.console.queue_page import SEVERITIES, title
from trustwright.entrypoints.console.reading import Reading
from trustwright.entrypoints.console.refuse import RefuseForm
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.errors import Problem
from trustwright.proposals import answers, review
from trustwright.proposals.content import Parts
from trustwright.proposals.orders import Look, Part


@dataclass(frozen=True)
class Edited:
    """What somebody typed over which text."""

    parts: Parts
    seen: str
    note: str = ""
    accepted: tuple[str, ...] = ()
    because: str = ""

    @property
    def order(self) -> list[dict[str, str]]:
        """The parts as an operation takes them."""
        return [{"name": name, "text": text} for name, text in self.parts]


def edit(visit: Visit, typed: Edited | None = None, problem: str = "") -> EditForm:
    with _reading(visit, problem) as r:
        now = typed or Edited(r.parts, r.of.content)
        return EditForm(
            frame=visit.frame(r.view),
            id=r.of.id,
            title=title(r.view, r.of.submitted),
            seen=now.seen,
            fields=tuple(Field(name, text) for name, text in now.parts),
            findings=_found(r, now),
            note=now.note,
            because=now.because,
            problem=problem,
        )


def _found(r: Reading, typed: Edited) -> tuple[Finding, ...]:
    """What the checks say of the text as it is typed now; of a case that closed meanwhile, nothing."""
    parts = tuple(Part(name=name, text=text) for name, text in typed.parts)
    try:
        looked = answers.look(r.view, Look(case=r.of.id, parts=parts))
    except Problem:
        return ()
    return tuple(
        Finding(
            number,
            SEVERITIES[f.severity],
            f.check,
            f.sentence,
            f.remedy,
            f.part,
            f.excerpt,
            f.key,
            f.key in typed.accepted,
        )
        for number, f in enumerate(looked.findings, 1)
    )


def refuse(visit: Visit, reason: str = "", why: str = "other", problem: str = "") -> RefuseForm:
    with _reading(visit, problem) as r:
        return RefuseForm(
            frame=visit.frame(r.view),
            id=r.of.id,
            title=title(r.view, r.of.submitted),
            why=why,
            reason=reason,
            problem=problem,
        )


def hand_on(visit: Visit, to: str = "", question: str = "", problem: str = "") -> HandOnForm:
    with _reading(visit, problem) as r:
        workflow, to = r.of.submitted.workflow, to or visit.request.query_params.get("to", "")
        others = [p for p in r.charter.people if p.id != visit.person.id]
        return HandOnForm(
            frame=visit.frame(r.view),
            id=r.of.id,
            title=title(r.view, r.of.submitted),
            colleagues=tuple(
                Colleague(p.id, p.name, ", ".join(p.roles), p.id == to)
                for p in others
                if r.charter.may_read(p.id, workflow)
            ),
            question=question,
            problem=problem,
        )


@contextmanager
def _reading(visit: Visit, problem: str) -> Iterator[Reading]:
    """The case of the form. One that is closed has none, unless typed words would be lost with it."""
    with visit.view() as view:
        charter = demand_charter(view)
        if not problem:
            of = review.demand_open(view, charter, visit.path("id"))
            review.demand_actor(view, charter, of)
        yield reading.read(view, charter, visit.path("id"))
