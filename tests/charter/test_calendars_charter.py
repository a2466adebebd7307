"""Calendars, paths of escalation and readers in the charter: what holds together, and what is said."""

from datetime import date

import pytest

from trustwright.charter.model import Charter
from trustwright.charter.reading import examine, read
from trustwright.testing.company import files

TODAY = date(2026, 11, 23)
CALENDARS = """
calendars:
  - {id: office, time_zone: Europe/Berlin, hours: [Mo-Fr 09:00-17:00], country: DE, subdivision: BE}
  - {id: nights, time_zone: Asia/Kolkata, hours: [Sa-Su 22:00-06:00], holidays: [2026-12-24]}
"""
COMPANY = files()["company.yaml"] + "calendar: office\n"
PEOPLE = files()["people.yaml"].replace("substitute: ada}", "substitute: ada, calendar: nights}")


def said(**changed: str) -> list[str]:
    return [str(problem) for problem in examine(files(**changed), TODAY).problems]


def test_a_person_has_their_calendar_or_the_companys() -> None:
    charter = read(files(calendars=CALENDARS, company=COMPANY, people=PEOPLE))
    named = [charter.calendar_of(id) for id in ("ada", "bo", "nobody", None)]
    assert [each.id if each else "" for each in named] == ["office", "nights", "office", "office"]
    assert Charter.from_json(charter.as_json()) == charter


def test_without_calendars_every_hour_counts_and_the_digest_is_what_it_was() -> None:
    charter = read(files())
    assert charter.calendar_of("ada") is None
    assert b"calendar" not in charter.as_json()
    assert b'"escalation":"cy"' in charter.as_json()
    assert b'"escalation":null' in charter.as_json()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{id: a, time_zone: Mars/North, hours: [Mo 09:00-17:00]}", "'Mars/North' isn't known"),
        ("{id: a, time_zone: UTC, hours: []}", "calendars.a.hours has no working hour"),
        ("{id: a, time_zone: UTC, hours: [Mo 9-5]}", "should be like `Mo-Fr 09:00-12:30"),
        ("{id: a, time_zone: UTC, hours: [Mo 09:00-17:00], country: XX}", "are known of 'XX'"),
        (
            "{id: a, time_zone: UTC, hours: [Mo 09:00-17:00], country: DE, subdivision: ZZ}",
            "are known of 'ZZ' in 'DE'",
        ),
        ("{id: a, time_zone: UTC, hours: [Mo 09:00-17:00], holidays: [soon]}", "should be a date"),
    ],
)
def test_a_calendar_nobody_could_keep_is_refused(line: str, sentence: str) -> None:
    problem, *_ = said(calendars=f"calendars:\n  - {line}\n")
    assert problem.startswith("calendars.yaml:2: ")
    assert sentence in problem


def test_a_calendar_that_isnt_there_is_named() -> None:
    assert said(company=COMPANY) == [
        "company.yaml:5: company.calendar names 'office', which isn't in calendars. Known: ."
    ]


def test_years_without_known_holidays_are_said() -> None:
    late = date(2100, 6, 1)
    found = examine(files(calendars=CALENDARS), late).problems
    assert any("No public holidays of DE are known for 2101" in str(each) for each in found)


def test_escalation_may_be_a_path() -> None:
    text = files()["workflows.yaml"]
    charter = read(files(workflows=text.replace("escalation: cy", "escalation: [cy, dee]")))
    assert [person.id for person in charter.answering("replies")] == ["ada", "bo", "cy", "dee"]
    assert Charter.from_json(charter.as_json()) == charter
    assert charter.answering("gone") == ()
    (problem,) = said(workflows=text.replace("escalation: cy", "escalation: [cy, zoe]"))
    assert "names 'zoe', which isn't in people" in problem


def test_a_role_that_signs_and_may_not_read_is_warned_of() -> None:
    rights = files()["rights.yaml"].replace(
        "then: {outcome: two_person}", "then: {outcome: two_person, roles: [sales]}"
    )
    (problem,) = said(rights=rights)[:1]
    assert problem.startswith("rights.yaml:9: warning: letters-need-two asks sales to sign in")
    assert "letters, which they may not read" in problem
    assert len([each for each in said(rights=rights) if "may not read" in each]) == 1


def test_a_workflow_that_is_no_more_opens_to_those_who_read_everything() -> None:
    charter = read(files())
    assert charter.may_read("eve", "gone")
    assert not charter.may_read("ada", "gone")
