"""The life of a proposal, told through a company."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from trustwright.duties.model import Broken, Kept
from trustwright.duties.queries import open_duties, standing_holds
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import Problem, Refused
from trustwright.ledger import verifier
from trustwright.ledger.store import vault_keys
from trustwright.proposals import queries
from trustwright.proposals.evidence import bundle
from trustwright.proposals.model import Released, Routed
from trustwright.proposals.orders import Standing
from trustwright.testing.company import Company

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."
WRONG = "The Royal Blue ran from New York City to Washington from 1891 on."


def refusal(act: object) -> str:
    assert callable(act)
    with pytest.raises(Problem) as e:
        act()
    assert e.value.sentence.endswith(".")
    return e.value.code


def test_what_is_sourced_checked_and_clean_goes_alone(company: Company) -> None:
    answer = company.system().proposes(RIGHT, source=SOURCE)
    assert (answer.status, answer.outcome, answer.rules) == (
        "released",
        "automate",
        ("sourced-alone",),
    )
    taken = company.system().asks("take", answer.case)
    assert taken.parts[0].text == RIGHT
    assert "by AI" in taken.label.words
    assert company.system().asks("delivered", answer.case).status == "delivered"


def test_what_differs_from_its_source_waits_for_its_owner(company: Company) -> None:
    answer = company.system().proposes(WRONG, source=SOURCE)
    assert (answer.status, answer.outcome, answer.waits_for) == ("waiting", "owner", ("owner",))
    assert [f["check"] for f in answer.findings] == ["citation"]
    assert company.person("ada").countersigns(answer.case).status == "released"


def test_without_a_source_nothing_goes_alone(company: Company) -> None:
    assert company.system().proposes("Good morning, what can I do for you?").outcome == "owner"


def test_who_needs_a_person_gets_one_whatever_the_answer_says(company: Company) -> None:
    wrote = "My husband died and I can't pay the rent."
    answer = company.system().proposes(RIGHT, source=SOURCE, written=wrote)
    assert (answer.status, answer.outcome) == ("waiting", "owner")
    assert {(f["check"], f["part"]) for f in answer.findings} == {("distress", "written")}
    taken = [{"name": "written", "text": RIGHT}]
    propose = company.system().proposes
    assert refusal(lambda: propose("", parts=taken, written=wrote)) == "part-name-taken"


def test_what_may_not_be_said_is_stopped_and_a_person_may_mend_it(company: Company) -> None:
    case = company.system().proposes("Here is your diagnosis.", source=SOURCE).case
    assert company.case(case).status == "stopped"
    assert refusal(lambda: company.person("ada").countersigns(case)) == "not-a-signer"
    company.person("ada").edits(case, body="A doctor will call you.")
    assert company.case(case).status == "waiting"


def test_a_restrained_case_names_the_restraint(company: Company) -> None:
    stopped = company.system().proposes("Our d i a g n o s i s: a cold.")
    assert (stopped.status, stopped.restraints) == ("stopped", ("no-diagnoses",))
    routed = company.case(stopped.case).routed
    assert routed
    assert (routed.restraints, routed.facts["restrained"]) == (("no-diagnoses",), "true")


def test_an_editor_never_countersigns_their_own_words(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    assert company.person("ada").edits(case, body=RIGHT).outcome == "owner"
    assert refusal(lambda: company.person("ada").countersigns(case)) == "editor-signs"
    assert company.person("bo").countersigns(case).status == "released"
    released = company.case(case).released
    assert released
    assert released.label.digital_source_type.endswith("compositeWithTrainedAlgorithmicMedia")


def test_a_letter_needs_two_different_people(company: Company) -> None:
    case = company.system().proposes("Dear Ms Haddad, we agree.", workflow="letters").case
    ada = company.person("ada")
    assert ada.countersigns(case).status == "waiting"
    assert refusal(lambda: ada.countersigns(case)) == "signed-already"
    assert company.person("dee").countersigns(case).status == "released"
    assert len(company.case(case).signers) == 2


def test_an_edit_voids_what_was_signed_before(company: Company) -> None:
    case = company.system().proposes("Dear Ms Haddad, we agree.", workflow="letters").case
    company.person("ada").countersigns(case)
    company.person("bo").edits(case, body="Dear Ms Haddad, we don't agree.")
    assert company.case(case).signers == set()
    assert company.case(case).status == "waiting"


def test_a_signature_over_a_text_edited_meanwhile_releases_nothing(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    ada = company.person("ada")
    statement, options = ada.prepares(case)
    company.person("bo").edits(case, body="Something else entirely.")
    with pytest.raises(Refused) as e:
        ada.asks("countersign", case, statement=statement, credential=ada.device.get(options))
    assert e.value.code == "content-differs"
    assert company.case(case).status == "waiting"


def test_a_signature_given_under_another_charter_releases_nothing(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    ada = company.person("ada")
    statement, options = ada.prepares(case)
    company.adopts("cy", "dee", evidence="evidence: []\n")
    with pytest.raises(Refused) as e:
        ada.asks("countersign", case, statement=statement, credential=ada.device.get(options))
    assert e.value.code == "charter-differs"
    assert ada.countersigns(case).status == "released"


def test_a_statement_is_good_for_one_case_and_one_time(company: Company) -> None:
    first = company.system().proposes(WRONG, source=SOURCE).case
    second = company.system().proposes(WRONG + " ", source=SOURCE).case
    ada = company.person("ada")
    statement, options = ada.prepares(first)
    signed = ada.device.get(options)

    def again(case: str) -> Standing:
        answer: Standing = ada.asks("countersign", case, statement=statement, credential=signed)
        return answer

    assert refusal(lambda: again(second)) == "another-case"
    assert again(first).status == "released"
    assert refusal(lambda: again(second)) == "used-or-expired"


def test_of_two_reviewers_at_once_exactly_one_releases(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    people = [company.person("ada"), company.person("bo")]
    ready = [(p, *p.prepares(case)) for p in people]
    op = company.app.operations["proposals.countersign"]
    futures = []
    for p, statement, options in ready:
        order = {"case": case, "statement": statement, "credential": p.device.get(options)}
        futures.append(company.app.start(op, p.actor, company.app.parse(op, order), None, None))
    outcomes = sorted(str(getattr(f.exception(), "code", "released")) for f in futures)
    assert outcomes == ["case-closed", "released"]
    assert sum(isinstance(x.body, Released) for x in company.case(case).facts) == 1


def test_a_hold_stops_what_would_go_out_until_a_person_lifts_it(company: Company) -> None:
    ada = company.person("ada")
    hold = company.asks("holds.raise", ada.actor, scope="workflow", target="replies", reason="?!")
    held = company.system().proposes(RIGHT, source=SOURCE)
    assert held.outcome == "owner"
    assert ada.countersigns(held.case).status == "signed"
    assert company.asks("proposals.release_ready", WORKER).cases == 0
    company.asks("holds.lift", ada.actor, hold=hold.hold, reason="It was a false alarm.")
    assert company.asks("proposals.release_ready", WORKER).cases == 1
    assert company.case(held.case).status == "released"


def test_what_must_wait_keeps_nothing_else_back(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two on hold, and one whose workflow is gone, stand before one that may go; a sweep takes two."""
    monkeypatch.setattr(queries.ready, "__defaults__", (2,))
    ada, bo, copilot = company.person("ada"), company.person("bo"), company.system()
    every = company.asks("holds.raise", ada.actor, scope="all", reason="?!")
    replies = company.asks("holds.raise", ada.actor, scope="workflow", target="replies", reason="?")
    for person, workflow in ((ada, "replies"), (ada, "replies"), (bo, "notices")):
        person.countersigns(copilot.proposes("Good morning.", workflow).case)
    letter = copilot.proposes("Good morning.", "letters").case
    for person in (ada, bo):
        person.countersigns(letter)
    left = company.files["workflows.yaml"].partition("  - id: notices")[0]
    company.adopts("cy", "dee", workflows=left)
    cy = company.person("cy").actor
    company.asks("holds.lift", cy, hold=every.hold, reason="It was a false alarm.")
    assert company.asks("proposals.release_ready", WORKER).cases == 1
    assert company.case(letter).status == "released"
    company.asks("holds.lift", ada.actor, hold=replies.hold, reason="This one too.")
    assert company.asks("proposals.release_ready", WORKER).cases == 2


def test_a_stricter_charter_voids_signatures_and_says_so(company: Company) -> None:
    case = company.system().proposes("Hello there.", workflow="letters").case
    company.person("ada").countersigns(case)
    strict = company.files["rights.yaml"].replace("{risk: high}", "{risk: low}") + (
        "  - {id: closed, owner: cy, reason: No letters., review_by: 2030-01-01,"
        " when: {workflow: letters}, then: {outcome: block}}\n"
    )
    company.adopts("cy", "dee", rights=strict)
    assert company.person("bo").asks("open", case).outcome == "block"
    now = company.case(case)
    assert now.signers == set()
    assert len(now.voided) == 1


def test_a_charter_no_stricter_leaves_signatures_standing(company: Company) -> None:
    case = company.system().proposes("Hello there.", workflow="letters").case
    company.person("ada").countersigns(case)
    company.adopts("cy", "dee", evidence="evidence: []\n")
    assert company.person("dee").countersigns(case).status == "released"
    bodies = [x.body for x in company.case(case).facts]
    charters = {body.charter for body in bodies if isinstance(body, Routed)}
    assert len(charters) == 2


@pytest.mark.parametrize(
    ("before", "after", "signs"),
    [
        ("{outcome: two_person}", "{outcome: two_person, label: assisted}", ["ada", "dee"]),
        ("when: {risk: high}", "when: {workflow: notices}", []),
    ],
)
def test_signatures_that_said_something_else_are_given_anew(
    company: Company, before: str, after: str, signs: list[str]
) -> None:
    """Another label than the one signed; or nobody is asked any more. An outsider must agree."""
    case = company.system().proposes(RIGHT, source=SOURCE, workflow="letters").case
    company.person("ada").countersigns(case)
    rights = company.files["rights.yaml"].replace(before, after)
    alone = rights.replace("workflow: replies", "workflow: letters")
    company.adopts("cy", "dee", rights=alone.replace("risk: low", "risk: high"))
    bo = company.person("bo")
    bo.asks("open", case)
    company.asks("proposals.leave", bo.actor)
    for person in signs:
        company.person(person).countersigns(case)
    released = company.case(case).released
    assert released
    assert len(released.signatures) == len(signs)
    with company.view() as view:
        archive = bundle(view, company.case(case))
    assert verifier.verify(archive, company.app.ledger.signer.vkey)["verdict"] == "ok"


def test_evidence_taken_away_is_missed_by_what_still_waits(company: Company) -> None:
    claim = "Our soap is the best in the world."
    proof = "evidence:\n  - {id: r, claim: %s, proof: '%s', owner: ada, valid_until: 2030-01-01}\n"
    company.adopts("cy", "dee", evidence=proof % (f"'{claim}'", claim))
    answer = company.system().proposes(claim, workflow="notices")
    assert "unproven-claim" not in {f["check"] for f in answer.findings}
    company.adopts("cy", "dee", evidence="evidence: []\n")
    opened = company.person("ada").asks("open", answer.case)
    assert "unproven-claim" in {f["check"] for f in opened.findings}


def test_nobody_answers_so_it_goes_to_the_substitute_then_further(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    owners = []
    for _ in range(3):
        with company.view() as view:
            (duty,) = open_duties(view, case)
            owners.append(duty.owner)
        company.wait(hours=49)
        company.asks("duties.escalate", WORKER)
    with company.view() as view:
        expected = [view.pseudonym(company.person(p).actor) for p in ("ada", "bo", "cy")]
    assert owners == expected


def test_what_nobody_decides_expires(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    company.wait(days=31)
    assert refusal(lambda: company.person("ada").countersigns(case)) == "case-closed"
    assert company.asks("proposals.expire", WORKER).cases == 1
    assert company.case(case).status == "expired"
    assert refusal(lambda: company.person("ada").countersigns(case)) == "case-closed"


def test_refuse_hand_on_and_withdraw(company: Company) -> None:
    copilot, ada = company.system(), company.person("ada")
    refused = copilot.proposes(WRONG, source=SOURCE).case
    assert ada.asks("refuse", refused, reason="The year is wrong.").status == "refused"
    handed = copilot.proposes(WRONG, source=SOURCE).case
    ada.asks("hand_on", handed, to="bo", question="Is that so?")
    assert refusal(lambda: ada.asks("hand_on", handed, to="fay", question="?")) == "may-not-read"
    assert company.person("bo").countersigns(handed).status == "released"
    withdrawn = copilot.proposes(WRONG, source=SOURCE).case
    assert copilot.asks("withdraw", withdrawn).status == "withdrawn"


def test_a_reader_hands_nobody_what_isnt_theirs_to_decide(company: Company) -> None:
    people = company.files["people.yaml"].replace("roles: [sales]", "roles: [service]")
    company.adopts("cy", "dee", people=people)
    case = company.system().proposes(WRONG, source=SOURCE).case
    ada, eve, fay = (company.person(id) for id in ("ada", "eve", "fay"))
    for to in ("fay", "eve"):
        fay.asks("hand_on", case, to=to, question="Is that so?")
    assert refusal(lambda: fay.countersigns(case)) == "not-a-signer"
    eve.asks("hand_on", case, to="fay", question="And you?")
    assert refusal(lambda: fay.countersigns(case)) == "not-a-signer"
    ada.asks("hand_on", case, to="fay", question="You decide.")
    assert fay.countersigns(case).status == "released"


def test_after_an_edit_somebody_else_is_asked(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    company.person("ada").edits(case, body=RIGHT)
    with company.view() as view:
        (duty,) = open_duties(view, case)
        assert duty.owner == view.pseudonym(company.person("bo").actor)


def test_who_may_read_and_who_may_only_read(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    assert company.person("eve").asks("open", case).status == "waiting"
    assert (
        refusal(lambda: company.person("eve").asks("refuse", case, reason="no")) == "may-only-read"
    )
    assert refusal(lambda: company.person("fay").asks("open", case)) == "no-such-case"
    other = lambda: company.asks("proposals.status", Machine("other"), case=case)  # noqa: E731
    assert refusal(other) == "no-such-case"


def test_a_machine_never_does_what_is_for_people(company: Company) -> None:
    for name, op in company.app.operations.items():
        if op.people_only:
            act = lambda name=name: company.asks(name, Machine("copilot"))  # noqa: E731
            assert refusal(act) == "people-only"


def test_a_text_is_taken_once_and_a_lost_answer_repeated(company: Company) -> None:
    case = company.system().proposes(RIGHT, source=SOURCE).case
    first = company.system().asks("take", case, once="t")
    assert company.system().asks("take", case, once="t").parts == first.parts
    assert refusal(lambda: company.system().asks("take", case, once="u")) == "taken-already"


def test_the_same_key_is_one_proposal_and_another_body_is_an_error(company: Company) -> None:
    copilot = company.system()
    first = copilot.proposes(RIGHT, source=SOURCE, once="k")
    assert copilot.proposes(RIGHT, source=SOURCE, once="k").case == first.case
    assert refusal(lambda: copilot.proposes(WRONG, source=SOURCE, once="k")) == "key-reused"


def test_a_repeated_request_is_answered_though_it_would_be_refused_by_now(company: Company) -> None:
    copilot = company.system()
    first = copilot.proposes(RIGHT, source=SOURCE, once="k")
    undescribed = company.files["systems.yaml"].replace(
        "    test_results: Tried on 200 questions.\n", ""
    )
    company.adopts("cy", "dee", systems=undescribed)
    assert refusal(lambda: copilot.proposes(RIGHT, source=SOURCE)) == "system-not-registered"
    assert copilot.proposes(RIGHT, source=SOURCE, once="k") == first
    parts = [{"name": "body", "text": RIGHT}]
    sources = [{"id": "source", "text": SOURCE}]
    order = {"system": "copilot", "workflow": "replies", "parts": parts, "sources": sources}
    again = company.app.many("proposals.submit", copilot.actor, {"k": order})
    assert again == {"k": first}
    assert refusal(lambda: copilot.proposes(WRONG, source=SOURCE, once="k")) == "key-reused"


def test_a_promise_gets_an_owner_and_is_followed_up(company: Company) -> None:
    text = "We will call you back by Friday."
    copilot = company.system()
    unowned = copilot.proposes(text, workflow="notices")
    assert "unowned-promise" in {f["check"] for f in unowned.findings}
    promise = {"quote": text, "owner": "bo", "due": "2026-11-27"}
    owned = copilot.proposes(text, workflow="notices", promises=[promise])
    assert "unowned-promise" not in {f["check"] for f in owned.findings}
    company.person("bo").countersigns(owned.case)
    with company.view() as view:
        (duty,) = open_duties(view, owned.case)
        assert (duty.what, duty.owner) == (
            "keep-promise",
            view.pseudonym(company.person("bo").actor),
        )


def promised(company: Company, **more: str) -> tuple[str, str]:
    """A released case that promises something, and the duty to keep it."""
    text = "We will call you back by Friday."
    promise = {"quote": text, "owner": "bo", "due": "2026-11-27"}
    case = company.system().proposes(text, "notices", promises=[promise], **more).case
    company.person("bo").countersigns(case)
    with company.view() as view:
        (duty,) = open_duties(view, case)
    return case, duty.id


def test_a_broken_promise_is_said_by_its_owner_alone_and_once(company: Company) -> None:
    _, duty = promised(company)
    bo = company.person("bo")
    for who in ("ada", "cy"):
        by = company.person(who).actor
        breaks = partial(company.asks, "promises.break", by, duty=duty, reason="No.")
        assert refusal(breaks) == "no-such-duty"
    company.wait(days=9)
    company.asks("promises.break", bo.actor, duty=duty, reason="We forgot.")
    keeps = partial(company.asks, "promises.keep", bo.actor, duty=duty, proof="Called.")
    assert refusal(keeps) == "no-such-duty"
    with company.view() as view:
        body = view.facts(duty)[-1].body
        assert isinstance(body, Broken)
        opened = view.open(body.reason)
        assert opened
        assert opened.value == b"We forgot."


def test_what_shows_that_it_was_kept_is_erased_with_whom_it_was_promised(
    company: Company,
) -> None:
    cy, bo = company.person("cy"), company.person("bo")
    _, early = promised(company, subject="customer-7")
    _, late = promised(company, subject="customer-7")
    company.asks("promises.keep", bo.actor, duty=early, proof="Called Ms Quill.")
    company.asks("subjects.erase", cy.actor, subject="customer-7")
    company.asks("promises.keep", bo.actor, duty=late, proof="Nobody is left to call.")
    with company.view() as view:
        proofs = [x.body.proof for x in view.of_kind(Kept) if isinstance(x.body, Kept)]
        assert view.open(proofs[0]) is None
        assert view.open(proofs[1]) is not None


def test_an_erasure_leaves_a_log_that_verifies_and_nothing_to_read(company: Company) -> None:
    copilot, cy = company.system(), company.person("cy")
    out = copilot.proposes(RIGHT, source=SOURCE, subject="customer-7").case
    waits = copilot.proposes(WRONG, source=SOURCE, subject="customer-7").case
    erased = company.asks("subjects.erase", cy.actor, subject="customer-7")
    assert erased.cases == 1
    assert company.case(waits).status == "voided"
    with company.view() as view:
        assert view.open(company.case(out).content) is None
        assert view.find_subject("customer-7") is None
        assert company.app.ledger.verify(view).verified
        archive = bundle(view, company.case(out))
    verdict = verifier.verify(archive, company.app.ledger.signer.vkey)
    assert verdict["verdict"] == "incomplete"
    assert "content-erased" in {reason["code"] for reason in verdict["reasons"]}


def test_an_erased_key_is_in_no_file_any_more(company: Company) -> None:
    """Not in the write-ahead log either: who has the master key could open everything with it."""
    if company.app.settings.database:
        pytest.skip("PostgreSQL keeps deleted rows until it needs the room: docs/operations.md")
    company.system().proposes(RIGHT, source=SOURCE, subject="customer-7")
    cy, folder = company.person("cy"), company.app.settings.dir
    with company.view() as view:
        subject = vault_keys.c.holder == view.find_subject("customer-7")
        ((box,),) = view.rows(select(vault_keys.c.box).where(subject))
    assert any(box in path.read_bytes() for path in folder.glob("trustwright.db*"))
    company.asks("subjects.erase", cy.actor, subject="customer-7")
    assert not any(box in path.read_bytes() for path in folder.glob("trustwright.db*"))


def test_what_cant_be_handed_over_any_more_isnt_taken(company: Company) -> None:
    copilot = company.system()
    erased = copilot.proposes(RIGHT, source=SOURCE, subject="customer-7").case
    company.asks("subjects.erase", company.person("cy").actor, subject="customer-7")
    assert refusal(lambda: copilot.asks("take", erased, once="t")) == "erased"
    assert company.case(erased).status == "released"


def test_a_legal_hold_refuses_erasure(company: Company) -> None:
    company.system().proposes(RIGHT, source=SOURCE, subject="customer-7")
    cy = company.person("cy")
    company.asks(
        "holds.raise", cy.actor, scope="subject", target="customer-7", reason="Case 1", legal=True
    )
    erase = lambda: company.asks("subjects.erase", cy.actor, subject="customer-7")  # noqa: E731
    assert refusal(erase) == "legal-hold"
    with company.view() as view:
        (hold,) = [h.id for h in standing_holds(view)]
    fay = company.person("fay").actor
    lift = lambda: company.asks("holds.lift", fay, hold=hold, reason="?")  # noqa: E731
    assert refusal(lift) == "not-yours"
    company.asks("holds.lift", cy.actor, hold=hold, reason="Closed.")
    assert company.asks("subjects.erase", cy.actor, subject="customer-7").items > 0


def test_an_outsider_verifies_a_countersigned_release(company: Company) -> None:
    case = company.system().proposes(WRONG, source=SOURCE).case
    company.person("bo").edits(case, body=RIGHT)
    company.person("ada").countersigns(case)
    with company.view() as view:
        archive = bundle(view, company.case(case))
    assert verifier.verify(archive, company.app.ledger.signer.vkey)["verdict"] == "ok"
    assert verifier.verify(archive)["verdict"] == "incomplete"


def test_an_old_charter_comes_back_only_with_new_signatures(tmp_path: Path) -> None:
    firm = Company(tmp_path / "w", demo=False)
    loose = firm.files["rights.yaml"]
    firm.adopts("cy", "dee")
    firm.adopts("cy", "dee", rights=loose.replace("outcome: automate", "outcome: owner"))
    assert "board" in firm.adopts("fay", rights=loose).waits
    assert firm.system().proposes(RIGHT, source=SOURCE).outcome == "owner"
    firm.person("cy").signs_charter()
    assert firm.system().proposes(RIGHT, source=SOURCE).outcome == "automate"
    firm.close()


def test_until_a_second_person_signed_the_charter_nothing_goes_alone(tmp_path: Path) -> None:
    young = Company(tmp_path / "w", demo=False)
    assert refusal(lambda: young.system().proposes(RIGHT, source=SOURCE)) == "no-charter"
    assert "second person" in young.adopts("cy").waits
    alone = young.system().proposes(RIGHT, source=SOURCE)
    assert (alone.outcome, alone.floors) == ("owner", ("bootstrap",))
    shown = young.asks("charter.show", WORKER).surface
    assert shown.startswith("Nothing goes alone yet: one person adopted this charter")
    assert young.person("dee").signs_charter().waits == ""
    assert young.asks("charter.show", WORKER).surface.startswith("| workflow |")
    assert young.system().proposes(RIGHT, source=SOURCE).outcome == "automate"
    young.close()
