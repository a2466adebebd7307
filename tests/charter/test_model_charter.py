"""The pure rules of a charter, through the charter of the demo's invented company."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from pydantic import ValidationError

import trustwright.demo
from trustwright.charter.model import REGISTER, Charter, Label
from trustwright.charter.reading import read
from trustwright.charter.restraints import Restraint
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import NotFound
from trustwright.rights.decide import decide
from trustwright.rights.model import Outcome


@pytest.fixture(scope="module")
def charter() -> Charter:
    directory = Path(trustwright.demo.__file__).parent / "charter"
    return read({p.name: p.read_text("utf-8") for p in directory.glob("*.yaml")})


def test_the_text_is_canonical_and_comes_back_exactly(charter: Charter) -> None:
    text = charter.as_json()
    again = Charter.from_json(text)
    assert again == charter
    assert again.as_json() == text
    assert charter.digest == hashlib.sha256(text).hexdigest()
    assert charter.table == again.table  # computed beside the text, never in it
    assert charter.as_json() == text


def test_a_changed_word_is_another_charter(charter: Charter) -> None:
    people = (charter.people[0].model_copy(update={"name": "Mira L."}), *charter.people[1:])
    assert charter.model_copy(update={"people": people}).digest != charter.digest


@pytest.mark.parametrize("text", [b"{}", b"[]", b"null", b"", b'{"company": 1}'])
def test_a_foreign_text_is_no_charter(text: bytes) -> None:
    with pytest.raises(ValidationError):
        Charter.from_json(text)


def test_an_unknown_key_in_the_text_is_refused(charter: Charter) -> None:
    text = charter.as_json().replace(b'"adopts"', b'"adobts"')
    with pytest.raises(ValidationError, match="adobts"):
        Charter.from_json(text)


def test_nothing_of_it_can_be_changed(charter: Charter) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        charter.company.name = "Other"  # type: ignore[misc]


@pytest.mark.parametrize("what", ["person", "workflow", "system"])
def test_what_is_not_there_is_not_found(charter: Charter, what: str) -> None:
    with pytest.raises(NotFound) as missing:
        getattr(charter, what)("nobody")
    assert missing.value.code == f"unknown-{what}"


def test_people_by_role_and_who_stands_in(charter: Charter) -> None:
    assert [p.id for p in charter.in_role("legal")] == ["lukas-brandt", "nora-weiss"]
    assert charter.in_role("nothing") == ()
    assert charter.substitute("lukas-brandt") == charter.person("nora-weiss")
    assert charter.substitute("nora-weiss") == charter.person("lukas-brandt")
    assert charter.substitute("sam-ito") is None


@pytest.mark.parametrize(
    ("workflow", "path"),
    [
        ("general-knowledge", ["jana-okafor", "ben-aras", "mira-lindenhof"]),
        ("contract-letters", ["tom-vale", "mira-lindenhof"]),  # substitute and last resort: once
    ],
)
def test_a_case_goes_to_the_owner_then_the_substitute_then_the_last_resort(
    charter: Charter, workflow: str, path: list[str]
) -> None:
    assert [person.id for person in charter.answering(workflow)] == path


@pytest.mark.parametrize("field", REGISTER)
def test_a_system_that_lacks_one_statement_is_incomplete(charter: Charter, field: str) -> None:
    systems = tuple(s.model_copy(update={field: None}) for s in charter.systems)
    assert charter.missing("gpt4") == ()
    assert charter.model_copy(update={"systems": systems}).missing("gpt4") == (field,)


@pytest.mark.parametrize(
    ("person", "workflow", "may"),
    [
        ("jana-okafor", "general-knowledge", True),  # owner, and has a reading role
        ("mira-lindenhof", "general-knowledge", True),  # the last resort
        ("lukas-brandt", "general-knowledge", True),  # a reading role
        ("sam-ito", "contract-letters", True),  # an auditor reads all
        ("priya-nair", "general-knowledge", False),
        ("jana-okafor", "contract-letters", False),
        ("nobody", "answers", False),
    ],
)
def test_who_may_read(charter: Charter, person: str, workflow: str, may: bool) -> None:
    assert charter.may_read(person, workflow) is may


def restraint(**scope: object) -> Restraint:
    return Restraint.model_validate_json(
        canonical({"id": "r", "reason": "Because.", "owner": "anna", **scope})
    )


@pytest.mark.parametrize(
    ("scope", "topics", "text", "applies"),
    [
        ({}, None, "", True),
        ({"topics": ["minors"]}, ("minors",), "", True),
        ({"topics": ["minors"]}, (), "", False),
        ({"topics": ["minors"]}, None, "", None),  # only the topics could tell
        ({"topics": ["minors"], "words": ["school"]}, None, "At work", False),
        ({"topics": ["minors"], "words": ["school"]}, ("minors",), "At work", True),
        ({"topics": ["minors"], "words": ["school"]}, (), "At School.", True),
        ({"words": ["dose"]}, None, "an overdose", False),
        ({"words": ["dose"]}, None, "doses", False),
        ({"words": ["dose*"]}, None, "doses", True),
        ({"words": ["side effects"]}, None, "side\n  effects", True),
        ({"words": ["dose"]}, None, "do\u200bse", True),
        ({"words": ["dose"]}, None, "ｄｏｓｅ", True),
        ({"words": ["STRASSE"]}, None, "die Straße", True),
        ({"words": ["c++ (new)"]}, None, "in C++ (new)!", True),
        ({"words": ["a.c"]}, None, "abc", False),
    ],
)
def test_when_a_restraint_applies(
    scope: dict[str, object], topics: tuple[str, ...] | None, text: str, applies: bool | None
) -> None:
    assert restraint(**scope).applies(topics, text) is applies


@pytest.mark.parametrize(
    ("content", "fact", "by"),
    [
        (("answers", "gpt4", None, "Paris"), False, []),
        (("answers", "gpt4", None, "The usual dosage is two."), True, ["health-advice"]),
        (("answers", "gpt4", ("legal",), "Paris"), True, ["legal-and-money-advice"]),
        (("contract-letters", "gpt4", None, "Hello"), None, ["letters-to-minors"]),
        (("contract-letters", "gpt4", (), "Hello"), False, []),
        (("contract-letters", "gpt4", ("money",), "Hello"), True, ["legal-and-money-advice"]),
        (
            ("contract-letters", "gpt4", ("minor",), "Hello"),
            None,
            ["health-advice", "legal-and-money-advice", "letters-to-minors"],
        ),
        (
            ("answers", "gpt4", ("helth",), "Paris"),
            None,
            ["health-advice", "legal-and-money-advice"],
        ),
        (("answers", "gpt4", ("helth",), "Your dosage"), True, ["health-advice"]),
        (("contract-letters", "shadow-writer", None, "Hello"), True, ["unknown-tools"]),
    ],
)
def test_what_ai_is_not_used_for(
    charter: Charter,
    content: tuple[str, str, tuple[str, ...] | None, str],
    fact: bool | None,
    by: list[str],
) -> None:
    restrained = charter.restrained(*content)
    assert restrained.fact is fact
    assert [found.id for found in restrained.by] == by


def test_a_topic_of_the_company_is_no_misspelling(charter: Charter) -> None:
    company = charter.company.model_copy(update={"topics": ("weather",)})
    knowing = charter.model_copy(update={"company": company})
    assert charter.restrained("answers", "gpt4", ("weather",)).fact is None
    assert knowing.restrained("answers", "gpt4", ("weather",)).fact is False
    assert knowing.digest != charter.digest


def test_evidence_may_be_relied_on_up_to_its_last_day(charter: Charter) -> None:
    last = charter.evidence[-1]
    assert last in charter.current_evidence(last.valid_until)
    assert last not in charter.current_evidence(last.valid_until + timedelta(days=1))
    assert len(charter.current_evidence(date(2026, 11, 22))) == len(charter.evidence) - 1


@pytest.mark.parametrize(
    ("external", "countersigned", "shown"),
    [
        ("always", True, True),
        ("always", False, True),
        ("unless_countersigned", True, False),
        ("unless_countersigned", False, True),
        ("never", True, False),
        ("never", False, False),
    ],
)
def test_whether_a_label_is_shown_outside(
    external: Literal["always", "unless_countersigned", "never"], countersigned: bool, shown: bool
) -> None:
    assert Label(external=external).shown(countersigned) is shown


def test_the_words_of_a_label() -> None:
    label = Label(countersigned="By {name} of {company}", alone="By {system}")
    assert label.words("Acme", "bot", []) == "By bot"
    assert label.words("Acme", "bot", ["{company}", "Bo"]) == "By {company} and Bo of Acme"


ROUTINE = {
    "workflow": "general-knowledge",
    "risk": "low",
    "held": False,
    "worst_finding": "none",
    "checks_complete": True,
    "restrained": False,
    "sourced": True,
    "checkable": True,
    "sensitive": False,
    "edited": False,
    "promises": False,
    "channel": "chat",
    "system": "gpt2",
    "subject_known": False,
    "confidence": None,
}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, Outcome.AUTOMATE),
        ({"sourced": False, "checkable": None}, Outcome.OWNER),
        ({"checkable": False}, Outcome.OWNER),
        ({"worst_finding": "warn"}, Outcome.OWNER),
        ({"checks_complete": False}, Outcome.OWNER),
        ({"promises": True}, Outcome.OWNER),
        ({"edited": True}, Outcome.OWNER),
        ({"held": True}, Outcome.OWNER),
        ({"workflow": "answers", "risk": "medium"}, Outcome.OWNER),
        ({"workflow": "contract-letters", "risk": "high", "sensitive": True}, Outcome.TWO_PERSON),
        ({"worst_finding": "block"}, Outcome.BLOCK),
        ({"restrained": True}, Outcome.BLOCK),
        ({"restrained": None}, Outcome.BLOCK),
    ],
)
def test_who_decides_in_the_demo(
    charter: Charter, change: dict[str, object], outcome: Outcome
) -> None:
    assert decide(charter.table, ROUTINE | change).outcome is outcome


def test_fractions_in_the_rights_are_numbers_to_the_table(charter: Charter) -> None:
    rule = {
        "id": "sure",
        "owner": "jana-okafor",
        "reason": "Neither sure nor unsure.",
        "review_by": "2027-01-01",
        "when": {"confidence": "0.5"},
        "then": {"outcome": "two_person"},
    }
    table = charter.model_copy(update={"rights": {"default": "owner", "rules": [rule]}}).table
    assert decide(table, {"confidence": 0.5}).outcome is Outcome.TWO_PERSON
    assert decide(table, {"confidence": 0.6}).outcome is Outcome.OWNER
