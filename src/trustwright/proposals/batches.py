"""Deciding many like cases as one: drawn, sampled, opened, signed. For people only.

Nothing here decides more than a person could case by case: each case is released by itself, on the
terms it had when it was signed. One dissent ends the batch, and its cases are then decided one by one.
"""

from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.identity import countersignature as sign
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.kernel.operations import Answer, Order, operation
from trustwright.ledger.work import UnitOfWork, View
from trustwright.proposals import queries
from trustwright.proposals.batch import (
    MEDIA,
    MOST,
    Batch,
    BatchCountersigned,
    Drawn,
    Opened,
    Root,
    Signed,
    batch,
    dissent,
    leaf,
)
from trustwright.proposals.deciding import decide_again, fold
from trustwright.proposals.model import Case, Status, case
from trustwright.proposals.release import signed_now
from trustwright.proposals.reservations import demand_free
from trustwright.proposals.review import demand_open, read_case, role_for
from trustwright.rights.model import Outcome
from trustwright.stats.sampling import zero_failure_size

Ids = Annotated[tuple[str, ...], Field(min_length=2, max_length=MOST)]


class Draw(Order):
    """Cases of one workflow, decided alike."""

    cases: Ids


class OfBatch(Order):
    """A batch, by id."""

    batch: str


class OpenInBatch(OfBatch):
    """One of its cases."""

    case: str


class CountersignBatch(OfBatch):
    """The statement the page showed, and what the passkey answered."""

    statement: str
    credential: dict[str, Any]


class BatchStanding(Answer):
    """What is to be opened still before the batch can be signed; then, how many were released."""

    batch: str
    size: int
    sample: tuple[str, ...]
    left: tuple[str, ...]
    released: int = 0


@operation("batches.draw", people_only=True)
def draw(uow: UnitOfWork, order: Draw) -> BatchStanding:
    """Put like cases together, and learn which of them to open before one signature may decide all."""
    charter = demand_charter(uow)
    ids = tuple(dict.fromkeys(order.cases))
    if len(ids) < 2:
        raise Invalid("too-few-cases", "A batch has two different cases or more.", field="cases")
    cases = [decide_again(uow, charter, demand_open(uow, charter, id)) for id in ids]
    _demand_alike(uow, charter, cases)
    _demand_unbroken(uow, cases)
    size = _sample_size(charter, cases)
    # Ranked under the log's own key: nobody can foresee the sample, nor draw again for a better one.
    ranked = sorted(cases, key=lambda of: uow.keys.pseudonym("sample", f"{of.id} {of.content}"))
    stream = uow.begin("batch")
    workflow, sample = cases[0].submitted.workflow, tuple(of.id for of in ranked[:size])
    uow.append(stream, Drawn(workflow=workflow, cases=ids, sample=sample))
    return BatchStanding(batch=stream, size=len(ids), sample=sample, left=sample)


@operation("batches.open", people_only=True)
def open_in_batch(uow: UnitOfWork, order: OpenInBatch) -> BatchStanding:
    """Read one case of a batch: that is recorded, and counts towards its sample."""
    of = demand_batch(uow, order.batch)
    if order.case not in of.cases:
        raise NotFound("not-in-batch", "This case isn't in the batch.")
    content = read_case(uow, order.case).content
    if of.opened.get(order.case) != content:
        uow.append(of.id, Opened(case=order.case, content=content))
    return standing(uow, demand_batch(uow, of.id))


@operation("batches.countersign", people_only=True)
def countersign(uow: UnitOfWork, order: CountersignBatch) -> BatchStanding:
    """Answer for all cases of a batch with one touch, once its sample was opened."""
    charter, of = demand_charter(uow), demand_batch(uow, order.batch)
    cases = _demand_ready(uow, charter, of)
    signed = sign.verify(uow, order.statement, order.credential)
    root, terms = _root(of, cases), _terms(uow, charter, of, cases)
    if any(getattr(signed.statement, name) != value for name, value in terms):
        raise Refused("batch-differs", "What was signed isn't what would be released now.", AGAIN)
    assert terms.size is not None
    assert terms.opened is not None
    for place, (id, content, opened) in enumerate(leaves(of, cases)):
        body = BatchCountersigned(
            content=content,
            role=terms.role,
            **signed.raw(),
            place=place,
            size=terms.size,
            read=terms.opened,
            path=root.path(place),
            opened=opened,
        )
        uow.append(id, body)
    uow.append(of.id, Signed(root=root.digest, size=terms.size, opened=terms.opened))
    released = [signed_now(uow, charter, fold(uow, one.id)) for one in cases]
    return standing(uow, demand_batch(uow, of.id)).model_copy(update={"released": sum(released)})


AGAIN = "Open the batch again, and sign what you see."


def prepare(uow: UnitOfWork, person: Person, stream: str, credential: str) -> sign.Prepared:
    """The statement a person is asked to sign over all cases of their batch."""
    charter, of = demand_charter(uow), demand_batch(uow, stream)
    cases = _demand_ready(uow, charter, of)
    terms = _terms(uow, charter, of, cases)
    return sign.prepare(uow, person, terms, credential, charter.company.statement_minutes)


def demand_batch(view: View, stream: str) -> Batch:
    """A batch of the acting person's own; `NotFound` for everybody else."""
    facts = view.facts(stream) if stream.startswith("batch-") else []
    if not facts or facts[0].actor != view.me:
        raise NotFound("no-such-batch", "You drew no batch under that id.")
    return batch(stream, facts)


def standing(view: View, of: Batch) -> BatchStanding:
    """The answer to "and what now?"."""
    contents = {id: case(id, view.facts(id)).content for id in of.sample}
    left = () if of.signed else of.left(contents)
    return BatchStanding(batch=of.id, size=len(of.cases), sample=of.sample, left=left)


def leaves(of: Batch, cases: list[Case]) -> list[tuple[str, str, bool]]:
    """The list that is signed, in order: case, content, whether it was opened."""
    return [(one.id, one.content, of.opened.get(one.id) == one.content) for one in cases]


def _root(of: Batch, cases: list[Case]) -> Root:
    return Root(tuple(leaf(*said) for said in leaves(of, cases)))


def _terms(view: View, charter: Charter, of: Batch, cases: list[Case]) -> sign.Terms:
    first = cases[0]
    role = role_for(view, charter, first)
    assert first.routed is not None
    assert role is not None
    return sign.Terms(
        case=of.id,
        decision="release",
        basis="batch",
        role=role,
        content=_root(of, cases).digest,
        media_type=MEDIA,
        channel=first.submitted.channel,
        charter=charter.digest,
        rules=first.routed.rules,
        label=first.routed.label,
        size=len(cases),
        opened=sum(opened for _, _, opened in leaves(of, cases)),
    )


def _demand_ready(uow: UnitOfWork, charter: Charter, of: Batch) -> list[Case]:
    """Its cases, all still as they were put together and its sample opened; or why not."""
    if of.signed:
        raise Refused("batch-signed", "You countersigned this batch already.")
    now = [case(id, uow.facts(id)) for id in of.cases]
    _demand_undisputed(now, of)
    cases = [decide_again(uow, charter, demand_open(uow, charter, one.id)) for one in now]
    for one in cases:
        demand_free(uow, one.id)
    _demand_alike(uow, charter, cases)
    if left := of.left({one.id: one.content for one in cases}):
        raise Refused(
            "sample-unopened",
            f"{len(left)} of the {len(of.sample)} cases drawn as a sample were not opened yet.",
            "Open each of them; then one signature decides all.",
        )
    return cases


def _demand_undisputed(cases: list[Case], of: Batch) -> None:
    if any(dissent(one, of.at) for one in cases):
        raise Refused(
            "batch-broken",
            "One of its cases was edited, refused or handed on, so they aren't alike after all.",
            "Decide its cases one by one.",
        )


def _demand_unbroken(view: View, cases: list[Case]) -> None:
    """A batch broken once isn't put together anew without the one that broke it."""
    ids = [of.id for of in cases]
    for stream in queries.batches_of(view, ids):
        earlier = batch(stream, view.facts(stream))
        if earlier.signed is None:
            _demand_undisputed([case(id, view.facts(id)) for id in earlier.cases], earlier)


def _sample_size(charter: Charter, cases: list[Case]) -> int:
    rules = charter.company.batches
    if rules is None:
        raise Refused(
            "no-batches",
            "The charter doesn't let cases be decided together.",
            "Decide them one by one, or state `batches` in company.yaml and adopt it.",
        )
    if len(cases) > rules.most:
        raise Refused(
            "batch-too-large",
            f"The charter lets at most {rules.most} cases be decided together, not {len(cases)}.",
            "Select fewer.",
        )
    risk = charter.workflow(cases[0].submitted.workflow).risk
    return zero_failure_size(len(cases), Fraction(getattr(rules, risk), 1000))


def _demand_alike(view: View, charter: Charter, cases: list[Case]) -> None:
    for code, holds, why in (
        ("not-waiting", all(_waits(of) for of in cases), "One of them waits for nobody's signature."),
        ("not-alike", len({_kind(of) for of in cases}) == 1, "They weren't decided by the same rules."),
        ("two-person", all(_one_signs(of) for of in cases), "What two people decide isn't batched."),
        ("edited", not any(of.editors for of in cases), "One of them was edited by a person."),
        ("not-a-signer", all(role_for(view, charter, of) for of in cases), "One isn't yours to sign."),
    ):  # fmt: skip
        if not holds:
            raise Refused(
                code, why, "Select only like cases that wait for you, or decide one by one."
            )


def _waits(of: Case) -> bool:
    return of.status is Status.WAITING


def _one_signs(of: Case) -> bool:
    return of.outcome is Outcome.OWNER and len(of.missing) == 1 and not of.signatures


def _kind(of: Case) -> tuple[object, ...]:
    routed = of.routed
    assert routed is not None
    return (of.submitted.workflow, of.submitted.channel, routed.rules, routed.label, routed.signers)
