"""Every bad charter gets its problem, with file, line and remedy."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import trustwright.demo
from trustwright.charter import template
from trustwright.charter.document import FILES, GRAMMAR
from trustwright.charter.reading import examine, read
from trustwright.kernel.errors import Invalid

TODAY = date(2026, 11, 22)
GOOD = {
    "company.yaml": """\
name: Acme
time_zone: Europe/Berlin
adopts: [lead]
""",
    "people.yaml": """\
people:
  - id: anna
    name: Anna
    email: anna@example.com
    roles: [lead]
    substitute: bo
  - {id: bo, name: Bo, email: bo@example.com, roles: [legal], substitute: anna}
roles:
  - {id: lead, answers_for: Everything}
  - {id: legal, answers_for: The law}
  - {id: empty, answers_for: Nobody has it}
""",
    "systems.yaml": """\
systems:
  - id: bot
    purpose: Drafts
    owner: anna
    oversight: Anna reads along
    acceptable_use: Drafts only
    data_use: None
    test_results: 9 of 10 right
    incident_contact: bo
""",
    "workflows.yaml": """\
workflows:
  - id: faq
    title: Questions
    owner: anna
    channel: email
    risk: low
    sensitive: false
    systems: [bot]
""",
    "rights.yaml": """\
default: owner
rules:
  - id: legal-reads
    owner: bo
    reason: It is sensitive.
    review_by: 2027-01-01
    when: {sensitive: true, confidence: "< 0.5"}
    then: {outcome: owner, roles: [legal]}
""",
    "restraints.yaml": "restraints: []\n",
    "evidence.yaml": """\
evidence:
  - id: fast
    claim: We are fast
    proof: Measured
    owner: anna
    valid_until: 2027-01-01
""",
}


def told(files: dict[str, str]) -> list[str]:
    return [str(problem) for problem in examine(files, TODAY).problems]


def test_a_good_charter_has_no_problem() -> None:
    assert told(GOOD) == []
    assert read(GOOD).person("anna").name == "Anna"


# file, what stands there, what is written instead, what is said
MISTAKES = [
    # the shape
    ("people.yaml", "    name: Anna\n", "", "people.yaml:2: people.anna.name is missing. Add `name:`."),
    ("people.yaml", "    name: Anna", "    name: Anna\n    emial: x", "people.yaml:4: people.anna.emial isn't known here. Did you mean `email`?"),
    ("people.yaml", "name: Anna", "name: 7", "people.yaml:3: people.anna.name should be text. Put it in quotes."),
    ("people.yaml", "name: Anna", "name:", "people.yaml:3: people.anna.name is empty. Give it a value."),
    ("people.yaml", "name: Anna", "name: '  '", "people.yaml:3: people.anna.name is empty. Give it a value."),
    ("people.yaml", "name: Anna", "name: |\n      two\n      lines", "people.yaml:3: people.anna.name should be one line of at most 300 characters."),
    ("people.yaml", "anna@example.com", "anna at example", "people.yaml:4: people.anna.email should be an email address."),
    ("people.yaml", "[lead]", "lead", "people.yaml:5: people.anna.roles should be a list. Write [a, b], or one `- ` per line."),
    ("people.yaml", "{id: bo, name: Bo", "{id: B o, name: Bo", "people.yaml:7: people.B o.id should be an id: a-z, 0-9, '.', '_' and '-', at most 64 of them."),
    ("company.yaml", "name: Acme", "name: Acme\nurl: javascript:alert(1)", "company.yaml:2: company.url should begin with https:// or http://."),
    ("company.yaml", "[lead]", "[]", "company.yaml:3: company.adopts is empty. Give it a value."),
    ("company.yaml", "name: Acme", "name: Acme\nexpire_days: 0", "company.yaml:2: company.expire_days should be 1 or more."),
    ("company.yaml", "name: Acme", "name: Acme\nexpire_days: 2.5", "company.yaml:2: company.expire_days should be a whole number."),
    ("company.yaml", "name: Acme", "name: Acme\ndue_hours: {hihg: 3}", "company.yaml:2: company.due_hours.hihg isn't known here. Did you mean `high`?"),
    ("company.yaml", "Europe/Berlin", "Europe/Berln", "company.yaml:2: The time zone 'Europe/Berln' isn't known. Write one like Europe/Berlin."),
    ("workflows.yaml", "risk: low", "risk: tiny", "workflows.yaml:6: workflows.faq.risk should be 'low', 'medium' or 'high'."),
    ("workflows.yaml", "sensitive: false", "sensitive: no", "workflows.yaml:7: workflows.faq.sensitive should be true or false."),
    ("workflows.yaml", "[bot]", "[bot]\n    label: {alone: 'By {nobody}'}", "workflows.yaml:9: workflows.faq.label.alone knows {name}, {company} and {system}, but not {nobody}."),
    ("workflows.yaml", "[bot]", "[bot]\n    label: {externl: never}", "workflows.yaml:9: workflows.faq.label.externl isn't known here. Did you mean `external`?"),
    ("workflows.yaml", "workflows:", "workflow:", "workflows.yaml:1: workflow isn't known in this file. Did you mean `workflows`?"),
    ("evidence.yaml", "2027-01-01", "soon", "evidence.yaml:6: evidence.fast.valid_until should be a date. Write it like 2027-12-31."),
    ("evidence.yaml", "2027-01-01", "2027-02-30", "evidence.yaml:6: evidence.fast.valid_until should be a date. Write it like 2027-12-31."),
    ("evidence.yaml", "evidence:", "people: []\nevidence:", "evidence.yaml:1: people isn't known in this file. Known: evidence."),
    # what only the whole shows
    ("people.yaml", "substitute: bo", "substitute: boo", "people.yaml:6: people.anna.substitute names 'boo', which isn't in people. Did you mean `bo`?"),
    ("people.yaml", "substitute: bo", "substitute: anna", "people.yaml:6: anna is their own substitute. Name somebody else."),
    ("people.yaml", "roles: [lead]", "roles: [lead, legl]", "people.yaml:5: people.anna.roles.2 names 'legl', which isn't in roles. Did you mean `legal`?"),
    ("people.yaml", "{id: bo,", "{id: anna,", "people.yaml:7: The id 'anna' is there twice in people. Choose another."),
    ("people.yaml", "{id: empty,", "{id: owner,", "people.yaml:11: The id 'owner' is reserved in roles. Choose another."),
    ("company.yaml", "[lead]", "[empty]", "company.yaml:3: Nobody has the role 'empty', so it could never sign. Give it to somebody in people.yaml."),
    ("company.yaml", "[lead]", "[lead, press]", "company.yaml:3: company.adopts.2 names 'press', which isn't in roles. Known: lead, legal, empty."),
    ("systems.yaml", "id: bot", "id: trustwright", "systems.yaml:2: The id 'trustwright' is reserved in systems. Choose another."),
    ("systems.yaml", "owner: anna", "owner: carl", "systems.yaml:4: systems.bot.owner names 'carl', which isn't in people. Known: anna, bo."),
    ("systems.yaml", "incident_contact: bo", "incident_contact: carl", "systems.yaml:9: systems.bot.incident_contact names 'carl', which isn't in people. Known: anna, bo."),
    ("workflows.yaml", "owner: anna", "owner: carl", "workflows.yaml:4: workflows.faq.owner names 'carl', which isn't in people. Known: anna, bo."),
    ("workflows.yaml", "owner: anna", "owner: anna\n    readers: [leed]", "workflows.yaml:5: workflows.faq.readers.1 names 'leed', which isn't in roles. Did you mean `lead`?"),
    ("workflows.yaml", "[bot]", "\n      - bot\n      - bott", "workflows.yaml:10: workflows.faq.systems.2 names 'bott', which isn't in systems. Did you mean `bot`?"),
    ("restraints.yaml", "[]", "\n  - {id: r, reason: No, owner: anna, workflows: [fag]}", "restraints.yaml:2: restraints.r.workflows.1 names 'fag', which isn't in workflows. Did you mean `faq`?"),
    ("evidence.yaml", "owner: anna", "owner: ana", "evidence.yaml:5: evidence.fast.owner names 'ana', which isn't in people. Did you mean `anna`?"),
    # decision rights
    ("rights.yaml", "owner: bo", "owner: bob", "rights.yaml:4: rights.rules.legal-reads.owner names 'bob', which isn't in people. Did you mean `bo`?"),
    ("rights.yaml", "[legal]", "[legl]", "rights.yaml:8: rights.rules.legal-reads.then.roles.1 names 'legl', which isn't in roles. Did you mean `legal`?"),
    ("rights.yaml", "[legal]", "[empty]", "rights.yaml:8: Nobody has the role 'empty', so it could never sign. Give it to somebody in people.yaml."),
    ("rights.yaml", "default: owner", "default: owner\nfacts: {mood: {type: bool}}", "rights.yaml:2: The facts are the same in every charter and aren't declared. Remove `facts:`; docs/charter.md lists them."),
    # what may not be in a file
    ("people.yaml", "name: Anna", "name: Anna\n    name: Anne", "people.yaml:4: name is there twice. Keep one of the two."),
    ("people.yaml", "name: Anna", "name: &a Anna", "people.yaml:3: Anchors and aliases aren't read. Write the value out."),
    ("people.yaml", "name: Anna", "name: *a", "people.yaml:3: Anchors and aliases aren't read. Write the value out."),
    ("people.yaml", "name: Anna", "name: !!python/object:os.system Anna", "people.yaml:3: Tags aren't read. Leave the `!` out, or use quotes."),
    ("people.yaml", "name: Anna", "<<: {name: Anna}", "people.yaml:3: people.anna.<< isn't known here. Known: id, name, email, roles, substitute, calendar."),
    ("people.yaml", "name: Anna", "náme: Anna", "people.yaml:3: A key isn't a plain word. Use a-z, 0-9, `_`, `-`."),
    ("people.yaml", "name: Anna", "? [a]\n    : Anna", "people.yaml:3: A key isn't a plain word. Use a-z, 0-9, `_`, `-`."),
    ("people.yaml", "name: Anna", "name: An\u202ena", "people.yaml:3: `name` has invisible or control characters. Type it again."),
    ("people.yaml", "name: Anna", "name: An\u200bna", "people.yaml:3: `name` has invisible or control characters. Type it again."),
    ("people.yaml", "name: Anna", 'name: "An\\u0000na"', "people.yaml:3: `name` has invisible or control characters. Type it again."),
    ("people.yaml", "name: Anna", 'name: "Anna\\ud800"', "people.yaml:3: This can't be read: found invalid Unicode character escape code."),
    ("restraints.yaml", "restraints: []", "\u202e", "restraints.yaml:1: `the file` has invisible or control characters. Type it again."),
    ("restraints.yaml", "[]", "[]\n---\nrestraints: []", "restraints.yaml:3: A second document begins. Keep one per file."),
    ("restraints.yaml", "restraints: []\n", "", "restraints.yaml:1: The file should have keys. It holds what AI isn't used for (`restraints: []` if nothing)."),
    ("restraints.yaml", "restraints: []", "- a", "restraints.yaml:1: The file should have keys. It holds what AI isn't used for (`restraints: []` if nothing)."),
    ("restraints.yaml", "[]", "[", "restraints.yaml:2: This can't be read: did not find expected node content."),
    ("restraints.yaml", "[]", "[]\n\ta: 1", "restraints.yaml:2: This can't be read: found character that cannot start any token."),
    ("restraints.yaml", "[]", "\x00", "restraints.yaml:1: This can't be read as YAML text. Save it as UTF-8."),
    ("restraints.yaml", "[]", "[" * 5_000, "restraints.yaml:1: This is nested too deeply. Remove brackets or indentation."),
    ("restraints.yaml", "[]", "[]" + " " * GRAMMAR.characters, f"restraints.yaml:1: The file is longer than {GRAMMAR.characters} characters. Shorten it."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "stands", "written", "said"), MISTAKES, ids=lambda x: None)
def test_a_mistake_is_named_with_file_line_and_remedy(
    file: str, stands: str, written: str, said: str
) -> None:
    assert stands in GOOD[file]
    wrong = GOOD | {file: GOOD[file].replace(stands, written, 1)}
    assert said in told(wrong)
    assert examine(wrong, TODAY).charter is None


SINGLE = [case for case in MISTAKES if case[3].startswith("people.yaml:3") and "<<" not in case[2]]


@pytest.mark.parametrize(("file", "stands", "written", "said"), SINGLE, ids=lambda x: None)
def test_one_mistake_is_one_problem(file: str, stands: str, written: str, said: str) -> None:
    assert told(GOOD | {file: GOOD[file].replace(stands, written, 1)}) == [said]


@pytest.mark.parametrize(
    ("file", "stands", "written", "said"),
    [
        ("systems.yaml", "    test_results: 9 of 10 right\n", "", "systems.yaml:2: warning: bot may not submit: the register lacks its test_results. Add what lacks."),
        ("people.yaml", "    substitute: bo\n", "", "workflows.yaml:4: warning: anna owns faq and has no substitute. Name one in people.yaml."),
        ("evidence.yaml", "2027-01-01", "2026-11-21", "evidence.yaml:6: warning: The evidence fast expired on 2026-11-21. Renew it, or drop the claim."),
        ("rights.yaml", "2027-01-01", "2026-11-21", "rights.yaml:6: warning: The rule legal-reads was to be reviewed by 2026-11-21. Ask bo."),
    ],
)  # fmt: skip
def test_a_warning_leaves_the_charter_standing(
    file: str, stands: str, written: str, said: str
) -> None:
    files = GOOD | {file: GOOD[file].replace(stands, written)}
    assert told(files) == [said]
    assert examine(files).charter is not None


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named_with_what_it_holds(file: str) -> None:
    files = {name: text for name, text in GOOD.items() if name != file}
    assert told(files) == [
        f"{file}:1: The file is missing. It holds {FILES[file]}; `trustwright init` shows one."
    ]


def test_a_file_nobody_reads_is_not_passed_over() -> None:
    assert told(GOOD | {"right.yaml": "rules: []"}) == [
        "right.yaml:1: The file is no part of a charter. Did you mean `rights.yaml`?"
    ]


def test_a_flaw_in_the_decision_rights_has_its_line() -> None:
    wrong = GOOD | {"rights.yaml": GOOD["rights.yaml"].replace("sensitive", "sensitiv")}
    (problem,) = examine(wrong).problems
    assert (problem.file, problem.line) == ("rights.yaml", 7)
    assert "sensitive" in problem.remedy


def test_all_problems_are_told_at_once_in_file_order() -> None:
    wrong = GOOD | {
        "workflows.yaml": GOOD["workflows.yaml"].replace("owner: anna", "owner: carl"),
        "people.yaml": GOOD["people.yaml"].replace("name: Anna", "name: 7"),
        "evidence.yaml": "[",
    }
    places = [(problem.file, problem.line) for problem in examine(wrong).problems]
    assert places == [("evidence.yaml", 2), ("people.yaml", 3), ("workflows.yaml", 4)]
    with pytest.raises(Invalid) as refused:
        read(wrong)
    assert refused.value.code == "charter-flawed"
    assert refused.value.detail["problems"] == told(wrong)


def test_a_fraction_and_a_date_survive_exactly() -> None:
    charter = read(GOOD)
    assert charter.from_json(charter.as_json()) == charter
    assert b'"< 0.5"' in charter.as_json()
    assert charter.evidence[0].valid_until == date(2027, 1, 1)


def test_rights_may_name_the_slots_that_are_no_roles() -> None:
    files = GOOD | {"rights.yaml": GOOD["rights.yaml"].replace("[legal]", "[owner, legal]")}
    assert told(files) == []


def test_the_charter_of_the_demo_holds_together() -> None:
    directory = Path(trustwright.demo.__file__).parent / "charter"
    reading = examine({p.name: p.read_text("utf-8") for p in directory.glob("*.yaml")}, TODAY)
    assert [problem.warning for problem in reading.problems] == [True, True]
    charter = reading.charter
    assert charter is not None
    assert charter.company.invented
    assert "invented" in charter.company.name
    complete = [s.id for s in charter.systems if not charter.missing(s.id)]
    assert complete == ["gpt2", "ctrl", "doha", "fid", "gpt35", "chatgpt", "gpt4", "newbing"]
    assert len(charter.current_evidence(TODAY)) == len(charter.evidence) - 1


def test_the_starter_warns_of_nothing_but_the_untested_example() -> None:
    (problem,) = examine(template.write("Acme"), TODAY).problems
    assert str(problem).startswith("systems.yaml:5: warning: assistant may not submit")


@given(
    file=st.sampled_from(sorted(FILES)),
    at=st.floats(0, 1),
    junk=st.text(st.sampled_from("\x00\t\n -:[]{},&*!|>'\"%@`?#a1\u202e\ud800"), max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_no_text_makes_the_reader_stumble(file: str, at: float, junk: str) -> None:
    text = GOOD[file]
    cut = int(at * len(text))
    reading = examine(GOOD | {file: text[:cut] + junk + text[cut:]}, TODAY)
    assert reading.charter is not None or reading.problems


def test_what_the_decision_table_leaves_out_is_told_with_its_line() -> None:
    more = """\
  - {id: any, owner: bo, reason: R, review_by: 2027-01-01, when: {held: [true, "?"]}, then: {outcome: block}}
  - {id: idle, owner: bo, reason: R, review_by: 2027-01-01, when: {held: true, risk: low}, then: {outcome: owner}}
"""
    files = GOOD | {"rights.yaml": GOOD["rights.yaml"] + more}
    reading = examine(files, TODAY)
    assert [str(problem) for problem in reading.problems] == [
        "rights.yaml:10: warning: The rule idle never decides: any always overrules it. "
        "Remove it, or narrow what overrules it."
    ]
    assert [str(note) for note in reading.notes] == [
        "rights.yaml:3: note: The rule legal-reads never decides: nothing can match it.",
        "rights.yaml:1: note: Only the default, owner, decides where risk: low; "
        "held: false; channel: email; sensitive: false.",
    ]
    assert examine(files).notes == ()
