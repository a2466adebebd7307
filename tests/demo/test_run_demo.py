"""A small demonstration: real texts, a real ledger, real proofs."""

import json
from collections import Counter
from pathlib import Path

import pytest

from trustwright.app import App, Settings, create
from trustwright.charter.adoption import Adopted
from trustwright.demo import Result, run
from trustwright.demo.items import Item, answers, people, replies
from trustwright.demo.telling import summary
from trustwright.identity.passkeys import open_link
from trustwright.kernel.errors import Refused
from trustwright.ledger.facts import Fact
from trustwright.ledger.verifier import verify
from trustwright.proposals.model import Submitted, case


def some() -> list[Item]:
    """Replies of each system around the two that are told of, among them some that are stopped."""
    return [
        *(reply for reply in replies() if 100 <= reply.n <= 170),
        *(answer for answer in answers() if answer.n <= 3),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "workspace"


@pytest.fixture(scope="module")
def result(folder: Path) -> Result:
    return run(folder, items=some())


def facts(folder: Path) -> list[Fact]:
    app = App(Settings(dir=folder))
    with app.ledger.view() as view:
        found = view.after(0, limit=100_000)
    app.close()
    return found


def test_all_three_outcomes_occur_and_what_may_go_alone_went(result: Result) -> None:
    p = result.proposals
    assert p.submitted == len(some()) == p.automate + p.owner + p.block
    assert min(p.automate, p.owner, p.block) > 0
    assert p.released == p.automate
    assert sum(waits.n for waits in result.waits) == p.owner


def test_nothing_without_a_source_goes_alone(folder: Path, result: Result) -> None:
    cases = Counter[tuple[str, str]]()
    for stream, theirs in _streams(folder).items():
        if stream.startswith("case-"):
            of = case(stream, theirs)
            cases[of.submitted.workflow, of.outcome.value] += 1
    assert cases["answers", "owner"] == 15
    assert cases["answers", "automate"] == 0


def _streams(folder: Path) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts(folder):
        found.setdefault(fact.stream, []).append(fact)
    return found


def test_each_text_was_submitted_by_its_own_system(folder: Path, result: Result) -> None:
    submitted = [fact for fact in facts(folder) if isinstance(fact.body, Submitted)]
    assert Counter(fact.actor for fact in submitted) == Counter(
        f"m:{item.system}" for item in some()
    )
    assert not {item.system for item in people()} & {item.system for item in some()}


def test_no_person_signed_anything(folder: Path, result: Result) -> None:
    kinds = {fact.kind for fact in facts(folder)}
    assert not [kind for kind in kinds if kind.endswith(("countersigned", "enrolled"))]
    assert not [fact for fact in facts(folder) if fact.actor.startswith("p:")]
    (adopted,) = [fact.body for fact in facts(folder) if isinstance(fact.body, Adopted)]
    assert (adopted.basis, adopted.signatures) == ("demo", ())


def test_the_citation_check_is_held_against_the_experts(result: Result) -> None:
    c = result.citation_check
    labelled = [item for item in some() if item.key.startswith("demo/grounded/")]
    assert c.base_rate.n == c.checkable.n == len(labelled)
    assert (
        c.base_rate.k
        == c.recall.n
        == sum("hallucination" in x.label for x in replies() if x in labelled)
    )
    assert c.precision.k == c.recall.k
    assert c.alone.n == result.proposals.automate
    assert (c.people.n, c.people_base_rate.k) == (200, 122)
    assert (c.precision.share or 0) >= 0.8


def test_the_bundle_of_the_release_verifies_with_the_key_and_not_after_a_change(
    result: Result,
) -> None:
    assert result.proved
    bundle = Path(result.proved.bundle).read_bytes()
    told = verify(bundle, result.proved.log_key)
    assert (told["verdict"], told["reasons"]) == ("ok", [])
    assert told["content"] == [["reply", result.proved.text]]
    assert result.proved.rule == "grounded"
    changed = bundle.replace(b"proposal.released", b"proposal.Released", 1)
    assert changed != bundle
    assert verify(changed, result.proved.log_key)["verdict"] == "invalid"


def test_the_ledger_is_verified(folder: Path, result: Result) -> None:
    assert result.ledger.verified
    assert result.ledger.entries == len(facts(folder))


def test_json_has_what_was_promised(result: Result) -> None:
    told = json.loads(json.dumps(result.as_json(), allow_nan=False))
    outcomes = {"submitted", "automate", "owner", "two_person", "block", "released"}
    assert outcomes <= told["proposals"].keys()
    assert all(isinstance(id, str) and n > 0 for id, n in told["reasons"])
    assert 0 < len(told["reasons"]) <= 5
    measured = {"precision", "recall", "n", "base_rate", "checkable"}
    assert measured <= told["citation_check"].keys()
    assert {"entries", "verified", "checkpoint"} <= told["ledger"].keys()
    assert told["workspace"] == str(result.workspace)


def test_the_last_line_hands_a_waiting_case_to_its_owner(folder: Path, result: Result) -> None:
    h, last = result.handed_over, summary(result).strip().split("\n")[-1]
    assert h.case
    assert all(word in last for word in ("Jana Okafor", h.link, h.case))
    of = case(h.case, _streams(folder)[h.case])
    assert of.status.value == "waiting"
    assert of.routed
    assert {found.check for found in of.routed.findings} == {"citation"}
    assert h.text.startswith("Yes it was !")


def test_the_summary_says_what_waits_for_whom_and_how_to_verify(result: Result) -> None:
    told = summary(result)
    assert result.proved
    assert result.proved.command in told
    for words in (
        "wait for Jana Okafor",
        "wait for Priya Nair",
        "are stopped",
        "precision",
        " of ",
    ):
        assert words in told
    assert "names no source" in told


def test_running_again_continues(folder: Path, result: Result) -> None:
    before, submitted = facts(folder), list[int]()
    again = run(folder, items=some(), watch=lambda done, of: submitted.append(done))
    assert not submitted
    assert again.proposals == result.proposals
    assert again.citation_check == result.citation_check
    assert (again.proved, again.handed_over.case) == (result.proved, result.handed_over.case)
    after = facts(folder)
    assert after[: len(before)] == before
    assert {fact.kind for fact in after[len(before) :]} == {"identity.invited"}


def test_what_was_interrupted_is_completed(tmp_path: Path) -> None:
    items = some()[-30:]
    assert run(tmp_path / "w", items=items[:10]).proposals.submitted == 10
    assert run(tmp_path / "w", items=items).proposals.submitted == 30


def test_only_the_last_link_lets_somebody_in(tmp_path: Path) -> None:
    items = some()[-3:]
    tokens = [run(tmp_path, items=items).handed_over.link.rsplit("/", 1)[1] for _ in range(2)]
    app = App(Settings(dir=tmp_path))
    with app.ledger.view() as view:
        assert [open_link(view, token) for token in tokens] == [None, "jana-okafor"]
    app.close()


def test_a_workspace_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    create(Settings(dir=tmp_path)).close()
    before = facts(tmp_path)
    with pytest.raises(Refused, match="not a demonstration") as refused:
        run(tmp_path, items=some()[:3])
    assert refused.value.code == "not-a-demo"
    assert facts(tmp_path) == before
