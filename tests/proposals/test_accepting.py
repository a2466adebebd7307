"""What the checks find in an edit is mended, or somebody says why it may stay."""

from typing import Any

import pytest

from trustwright.kernel.errors import Problem
from trustwright.ledger import verifier
from trustwright.proposals.accepting import FindingsAccepted
from trustwright.proposals.evidence import bundle
from trustwright.testing.company import Company

SOURCE = "The Royal Blue made its last run in 1958."
RIGHT = "It made its last run in 1958."
WRONG = "It made its last run in 1963."


def proposed(company: Company) -> str:
    return str(company.system().proposes(WRONG, source=SOURCE).case)


def edits(company: Company, case: str, text: str, **more: Any) -> Any:
    seen, parts = company.case(case).content, [{"name": "body", "text": text}]
    return company.person("ada").asks("edit", case, seen=seen, parts=parts, **more)


def looks(company: Company, case: str, text: str) -> list[Any]:
    parts = [{"name": "body", "text": text}]
    return list(company.person("ada").asks("look", case, parts=parts).findings)


def refusal(act: Any, *given: Any, **order: Any) -> str:
    with pytest.raises(Problem) as e:
        act(*given, **order)
    return e.value.code


def test_looking_says_what_would_be_found_and_keeps_nothing(company: Company) -> None:
    case = proposed(company)
    before = company.case(case).facts
    (found,) = looks(company, case, WRONG)
    assert (found.severity, found.part, found.excerpt) == ("warn", "body", "1963")
    assert looks(company, case, RIGHT) == []
    assert company.case(case).facts == before
    assert refusal(company.person("eve").asks, "look", case, parts=[]) == "malformed"
    parts = [{"name": "body", "text": RIGHT}]
    assert refusal(company.person("eve").asks, "look", case, parts=parts) == "may-only-read"


def test_an_edit_with_an_unanswered_finding_is_not_saved(company: Company) -> None:
    case = proposed(company)
    assert refusal(edits, company, case, WRONG + " Really.") == "findings-open"
    (found,) = looks(company, case, WRONG + " Really.")
    assert refusal(edits, company, case, WRONG, accepted=[found.key]) == "reason-missing"
    assert refusal(edits, company, case, WRONG, accepted=["x"], because="So.") == "findings-open"
    assert not company.case(case).editors
    assert edits(company, case, RIGHT).findings == ()


def test_what_is_accepted_is_a_fact_with_its_reason_in_the_vault(company: Company) -> None:
    case = proposed(company)
    (found,) = looks(company, case, WRONG)
    # It keeps its name wherever the words stand.
    edits(company, case, "Well. " + WRONG, accepted=[found.key], because="The source is older.")
    (body,) = [x.body for x in company.case(case).facts if isinstance(x.body, FindingsAccepted)]
    (kept,) = body.findings
    assert (kept.severity, kept.part, kept.start) == ("warn", "body", 30)
    assert body.content == company.case(case).content
    with company.view() as view:
        reason = view.open(body.reason)
        assert reason
        assert reason.value == b"The source is older."
    company.person("bo").countersigns(case)
    with company.view() as view:
        archive = bundle(view, company.case(case))
    assert verifier.verify(archive, company.app.ledger.signer.vkey)["verdict"] == "ok"
