"""Many like cases, one signature: after the sample was opened, and not otherwise."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from trustwright.kernel.errors import Problem
from trustwright.ledger import verifier
from trustwright.proposals import batches
from trustwright.proposals.batch import BatchCountersigned, Root, leaf
from trustwright.proposals.evidence import bundle
from trustwright.testing.company import Company, Employee, files

BATCHES = "batches: {most: 40, low: 200}\n"
N = 12


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Company]:
    company = Company(tmp_path, company=files()["company.yaml"] + BATCHES)
    yield company
    company.close()


def cases(company: Company, n: int = N, workflow: str = "replies") -> list[str]:
    """So many proposals that wait for the workflow's owner."""
    system = company.system()
    return [system.proposes(f"Good day, visitor number {i}!", workflow).case for i in range(n)]


def draw(person: Employee, ids: list[str]) -> Any:
    return person.company.asks("batches.draw", person.actor, cases=ids)


def opens(person: Employee, batch: str, *ids: str) -> Any:
    for id in ids:
        answer = person.company.asks("batches.open", person.actor, batch=batch, case=id)
    return answer


def prepares(person: Employee, batch: str) -> Any:
    write = person.company.app.write
    return write(
        person.actor, lambda uow: batches.prepare(uow, person.actor, batch, person.credential)
    )


def signs(person: Employee, batch: str) -> Any:
    prepared = prepares(person, batch)
    answer = person.device.get(prepared.options)
    order = {"batch": batch, "statement": prepared.statement.id, "credential": answer}
    return person.company.asks("batches.countersign", person.actor, **order)


def refusal(act: Any, *given: Any) -> str:
    with pytest.raises(Problem) as e:
        act(*given)
    assert e.value.sentence.endswith(".")
    return e.value.code


def test_a_batch_goes_out_with_one_signature_after_its_sample_was_opened(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    assert (batch.size, len(batch.sample)) == (
        N,
        7,
    )  # one fifth may be wrong: 2 of 12 are tolerated
    opens(ada, batch.batch, *batch.sample[:-1])
    assert refusal(signs, ada, batch.batch) == "sample-unopened"
    opens(ada, batch.batch, batch.sample[-1])
    assert signs(ada, batch.batch).released == N
    released = [house.case(id) for id in ids]
    assert {of.released.basis for of in released if of.released} == {"batch"}
    assert len({of.signatures[0].body.signature for of in released}) == 1  # type: ignore[attr-defined]
    assert refusal(signs, ada, batch.batch) == "batch-signed"


def test_what_nobody_opened_says_that_it_went_out_on_a_sample(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    signs(ada, batch.batch)
    for id in ids:
        taken = house.system().asks("take", id)
        told = f"released on a sample of {len(batch.sample)} of {N}" in taken.label.internal
        assert told is (id not in batch.sample)


def test_each_case_proves_its_own_place_under_the_signed_root(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house, 7)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    prepared = prepares(ada, batch.batch)
    assert (prepared.statement.basis, prepared.statement.size) == ("batch", 7)
    signs(ada, batch.batch)
    leaves = []
    for id in ids:
        body = house.case(id).signatures[0].body
        assert isinstance(body, BatchCountersigned)
        leaves.append(leaf(id, body.content, body.opened))
    root = Root(tuple(leaves))
    assert root.digest == prepared.statement.content
    for place, id in enumerate(ids):
        body = house.case(id).signatures[0].body
        assert isinstance(body, BatchCountersigned)
        assert (body.place, body.path) == (place, root.path(place))


def test_the_same_cases_give_the_same_sample(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    assert set(draw(ada, ids).sample) == set(draw(ada, ids[::-1]).sample)


@pytest.mark.parametrize("how", ["edits", "refuse", "hand_on"])
def test_one_dissent_breaks_the_batch_and_its_rest_is_decided_one_by_one(
    house: Company, how: str
) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    first = batch.sample[0]
    match how:
        case "edits":
            ada.edits(first, body="Another text.")
        case "refuse":
            ada.asks("refuse", first, reason="This is wrong.")
        case _:
            ada.asks("hand_on", first, to="cy", question="May we?")
    assert refusal(signs, ada, batch.batch) == "batch-broken"
    rest = [id for id in ids if id != first]
    assert refusal(draw, ada, rest) == "batch-broken"
    assert ada.countersigns(rest[0]).status == "released"


def test_what_isnt_alike_or_isnt_mine_isnt_batched(house: Company) -> None:
    ada, bo, eve = (house.person(id) for id in ("ada", "bo", "eve"))
    replies, notices, letters = (
        cases(house, 2, workflow) for workflow in ("replies", "notices", "letters")
    )
    assert refusal(draw, ada, [replies[0], notices[0]]) == "not-alike"
    assert refusal(draw, ada, letters) == "two-person"
    assert refusal(draw, eve, notices) == "not-a-signer"
    ada.edits(replies[0], body="Another text.")
    assert refusal(draw, bo, replies) == "edited"


def test_a_case_signed_by_itself_meanwhile_leaves_the_batch_unsigned(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    ada.countersigns(ids[0])
    assert refusal(signs, ada, batch.batch) == "case-closed"


def test_a_batch_is_its_drawers_alone(house: Company) -> None:
    ada, bo = house.person("ada"), house.person("bo")
    batch = draw(ada, cases(house))
    assert refusal(opens, bo, batch.batch, batch.sample[0]) == "no-such-batch"
    assert refusal(signs, bo, batch.batch) == "no-such-batch"


def test_a_signature_over_another_list_releases_nothing(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    prepared = prepares(ada, batch.batch)
    unopened = next(id for id in ids if id not in batch.sample)
    opens(ada, batch.batch, unopened)  # Now one more was opened than the statement says.
    answer = ada.device.get(prepared.options)
    order = {"batch": batch.batch, "statement": prepared.statement.id, "credential": answer}
    act = lambda: house.asks("batches.countersign", ada.actor, **order)  # noqa: E731
    assert refusal(act) == "batch-differs"
    assert all(house.case(id).status == "waiting" for id in ids)


def test_a_statement_for_a_batch_signs_no_case_and_the_reverse(house: Company) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    of_batch = prepares(ada, batch.batch)
    given = {"statement": of_batch.statement.id, "credential": ada.device.get(of_batch.options)}
    assert refusal(lambda: ada.asks("countersign", ids[0], **given)) == "another-case"
    statement, options = ada.prepares(ids[0])
    given = {"statement": statement, "credential": ada.device.get(options)}
    act = lambda: house.asks("batches.countersign", ada.actor, batch=batch.batch, **given)  # noqa: E731
    assert refusal(act) == "batch-differs"


def test_the_charter_says_how_many_and_whether_at_all(house: Company, company: Company) -> None:
    assert refusal(draw, house.person("ada"), cases(house, 41)) == "batch-too-large"
    assert refusal(draw, company.person("ada"), cases(company)) == "no-batches"


@pytest.mark.parametrize("opened", [True, False])
def test_a_bundle_of_one_of_a_batch_verifies_by_itself_and_names_no_other(
    house: Company, opened: bool
) -> None:
    ada, ids = house.person("ada"), cases(house)
    batch = draw(ada, ids)
    opens(ada, batch.batch, *batch.sample)
    signs(ada, batch.batch)
    id = next(id for id in ids if (id in batch.sample) is opened)
    with house.view() as view:
        archive, key = bundle(view, house.case(id)), view.genesis.log_key
    report = verifier.verify(archive, key)
    assert (report["verdict"], report["reasons"]) == ("ok", [])
    told = "this one too" if opened else "not this one"
    assert any(f"with {N} like it, of which 7 were opened, {told}" in x for x in report["story"])
    assert not any(other.encode() in archive for other in ids if other != id)
