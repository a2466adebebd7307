"""Who owes what by when: working hours, reminders, absence, paths that end nowhere but in sight."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from trustwright.app.worker import Worker, health
from trustwright.duties import model
from trustwright.duties.asked import unanswered
from trustwright.duties.model import Duty, duty
from trustwright.duties.queries import PROJECTIONS, open_duties
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.errors import Problem
from trustwright.ledger.facts import Fact
from trustwright.testing.company import Company

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def owed(company: Company, case: str) -> Duty:
    with company.view() as view:
        (found,) = open_duties(view, case)
    return found


def owner(company: Company, case: str) -> str:
    return named(company, owed(company, case).owner)


def named(company: Company, pseudonym: str) -> str:
    with company.view() as view:
        return {view.pseudonym(Person(id)): id for id in ("ada", "bo", "cy", "dee", "eve", "fay")}[
            pseudonym
        ]


def proposes(company: Company, workflow: str = "replies") -> str:
    return str(company.system().proposes("In 1891.", workflow).case)


def works(company: Company) -> None:
    Worker(company.app).tick()
    company.wait(seconds=30)


def away(company: Company, person: str, first: str, last: str, **more: str) -> str:
    by = company.person(more.pop("by", person)).actor
    order = {"person": person, "first": first, "last": last, **more}
    return str(company.asks("absences.state", by, **order).absence)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as e:
        act()
    return e.value.code


def kinds(company: Company, case: str) -> list[str]:
    with company.view() as view:
        return [x.kind for x in view.facts(owed(company, case).id)]


# Calendars


def test_the_owners_working_hours_count_and_at_an_escalation_the_next_owners(
    office: Company,
) -> None:
    case = proposes(office, "notices")  # Bo's, 24 working hours; it is 14:30 in India.
    assert owed(office, case).due == datetime(2026, 11, 26, 9, tzinfo=UTC)
    office.now = datetime(2026, 11, 26, 9, tzinfo=UTC)
    works(office)
    assert owner(office, case) == "ada"
    # Ada's in Berlin: 7 hours on Thursday, 8 on Friday and on Monday, 1 on Tuesday.
    assert owed(office, case).due == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_day_off_is_no_working_day(office: Company) -> None:
    office.now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    case = proposes(office, "letters")
    assert owed(office, case).due == datetime(2026, 11, 24, 13, tzinfo=UTC)
    office.now = datetime(2026, 11, 24, 15, tzinfo=UTC)
    later = proposes(office, "letters")  # One hour is left on Tuesday; Wednesday is off.
    assert owed(office, later).due == datetime(2026, 11, 26, 11, tzinfo=UTC)


def test_without_calendars_hours_run_round_the_clock(company: Company) -> None:
    assert owed(company, proposes(company)).due - MONDAY == timedelta(hours=48)


def test_a_promise_is_due_at_five_where_its_owner_works(office: Company) -> None:
    promise = {"quote": "We will call.", "owner": "bo", "due": "2026-12-01"}
    case = office.system().proposes("We will call.", "letters", promises=[promise]).case
    office.person("ada").countersigns(case)
    office.person("bo").countersigns(case)
    kept = owed(office, case)
    assert (kept.what, kept.due) == ("keep-promise", datetime(2026, 12, 1, 11, 30, tzinfo=UTC))
    away(office, "bo", "2026-11-24", "2026-12-24")
    office.now = datetime(2026, 11, 25, tzinfo=UTC)
    works(office)
    assert (owner(office, case), owed(office, case).due) == ("ada", kept.due)


# Reminders, and the end of a path


def test_a_reminder_is_recorded_once_before_the_due_moment(company: Company) -> None:
    case = proposes(company)
    company.wait(hours=35)
    works(company)
    assert kinds(company, case) == ["duty.opened"]
    company.wait(hours=1)
    works(company)
    works(company)
    assert kinds(company, case) == ["duty.opened", "duty.reminded"]


def test_the_last_of_a_path_keeps_the_duty_and_it_is_late(company: Company) -> None:
    text = company.files["workflows.yaml"].replace("escalation: cy", "escalation: [cy, dee]")
    company.adopts("cy", "dee", workflows=text)
    case, asked = proposes(company), []
    for _ in range(5):
        asked.append(owner(company, case))
        company.wait(hours=49)
        works(company)
    assert asked == ["ada", "bo", "cy", "dee", "dee"]
    late = owed(company, case)
    assert late.then == ()
    assert late.due < company.now - timedelta(hours=48)


# Absence


def test_while_somebody_is_away_what_is_new_and_what_is_open_is_their_substitutes(
    company: Company,
) -> None:
    case = proposes(company)
    absence = away(company, "ada", "2026-11-23", "2026-11-24")
    works(company)
    assert owner(company, case) == "bo"
    assert kinds(company, case) == ["duty.opened", "duty.moved"]
    assert [named(company, p) for p in owed(company, case).then] == ["cy"]
    assert owner(company, proposes(company)) == "bo"
    works(company)
    assert kinds(company, case) == ["duty.opened", "duty.moved"]
    company.asks("absences.end", company.person("ada").actor, absence=absence)
    assert owner(company, case) == "bo"  # What was given away stays there.
    assert owner(company, proposes(company)) == "ada"


def test_an_absence_to_come_counts_from_its_first_day_and_ends_by_itself(company: Company) -> None:
    away(company, "ada", "2026-11-25", "2026-11-25")
    assert owner(company, proposes(company)) == "ada"
    company.now = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
    assert owner(company, proposes(company)) == "bo"
    company.now = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
    assert owner(company, proposes(company)) == "ada"


def test_a_workflow_is_given_to_a_reader_alone(company: Company) -> None:
    text = company.files["people.yaml"].replace("roles: [board, legal]", "roles: [board, service]")
    company.adopts(
        "cy", "dee", people=text.replace("id: fay", "id: fay"), rights=company.files["rights.yaml"]
    )
    away(company, "ada", "2026-11-23", "2026-11-30", to="dee", workflow="replies")
    assert owner(company, proposes(company)) == "dee"
    assert owner(company, proposes(company, "letters")) == "ada"
    for to in ("fay", "ada"):
        give = partial(away, company, "ada", "2026-11-23", "2026-11-30", to=to)
        assert refusal(give) == "cant-stand-in"


def test_a_delegate_signs_in_their_own_name_and_counts_once(company: Company) -> None:
    away(company, "ada", "2026-11-23", "2026-11-30", to="dee", workflow="letters")
    letter, dee = proposes(company, "letters"), company.person("dee")
    assert dee.countersigns(letter).waits_for == ("second",)
    assert refusal(lambda: dee.countersigns(letter)) == "signed-already"
    assert owner(company, letter) == "bo"  # Dee did her part.
    assert company.person("bo").countersigns(letter).status == "released"
    (first, _) = company.case(letter).signatures
    assert (named(company, first.actor), first.body.role) == ("dee", "owner")  # type: ignore[attr-defined]


def test_after_the_delegation_it_isnt_theirs_to_sign(company: Company) -> None:
    away(company, "ada", "2026-11-23", "2026-11-23", to="dee", workflow="letters")
    letter, dee = proposes(company, "letters"), company.person("dee")
    company.wait(days=1)
    company.person("ada").countersigns(letter)
    assert company.case(letter).missing == (("second",),)
    other = proposes(company, "letters")
    assert dee.countersigns(letter).status == "released"  # As the second person, being a reader.
    company.person("bo").countersigns(other)
    assert company.case(other).missing == (("second",),)


def test_if_the_substitute_is_away_too_it_is_the_next_ones_and_at_last_it_is_seen(
    company: Company,
) -> None:
    case = proposes(company)
    for person in ("ada", "bo"):
        away(company, person, "2026-11-23", "2026-11-24")
    works(company)
    assert owner(company, case) == "cy"
    away(company, "cy", "2026-11-23", "2026-11-24")
    works(company)
    assert (
        owner(company, case) == "cy"
    )  # Dee, her substitute, may not read replies, so she can't stand in.
    with company.view() as view:
        assert unanswered(view) == ["replies", "letters", "notices"]
    assert owner(company, proposes(company)) == "cy"  # The last resort.
    company.wait(days=2)
    with company.view() as view:
        assert unanswered(view) == []


def test_what_goes_on_skips_who_is_away(company: Company) -> None:
    case = proposes(company)
    away(company, "bo", "2026-11-23", "2026-12-23")
    company.wait(hours=49)
    works(company)
    assert owner(company, case) == "cy"


def test_people_say_it_themselves_or_who_adopts_charters_does(company: Company) -> None:
    state = partial(away, company, "ada", "2026-11-23", "2026-11-24")
    assert refusal(partial(state, by="bo")) == "not-your-absence"
    absence = state(by="cy")
    bo = company.person("bo").actor
    assert refusal(lambda: company.asks("absences.end", bo, absence=absence)) == "not-your-absence"
    ended = company.asks("absences.end", company.person("ada").actor, absence=absence)
    assert ended.until == company.now
    assert refusal(lambda: company.asks("absences.end", bo, absence=absence)) == "no-such-absence"
    with pytest.raises(Problem) as e:
        company.asks("absences.state", WORKER, person="ada", first="2026-11-23", last="2026-11-23")
    assert e.value.code == "people-only"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-11-24", "2026-11-23", "absence-over"),
        ("2026-11-01", "2026-11-22", "absence-over"),
        ("2026-11-23", "2027-11-25", "absence-too-long"),
    ],
)
def test_an_absence_has_an_end_that_makes_sense(
    company: Company, first: str, last: str, code: str
) -> None:
    assert refusal(lambda: away(company, "ada", first, last)) == code


def test_who_left_the_charter_owes_nothing_any_more(company: Company) -> None:
    case = proposes(company)
    people = "\n".join(x for x in company.files["people.yaml"].splitlines() if "id: ada" not in x)
    left = {name[:-5]: text.replace("ada", "bo") for name, text in company.files.items()}
    company.adopts("cy", "dee", **left | {"people": people.replace(": ada", ": cy")})
    works(company)
    assert owner(company, case) == "bo"


# What is signed, what is dropped, what runs


def test_what_is_signed_and_held_is_owed_by_nobody(company: Company) -> None:
    cy, ada = company.person("cy"), company.person("ada")
    hold = company.asks("holds.raise", cy.actor, scope="all", reason="Wait.").hold
    case = proposes(company)
    assert ada.countersigns(case).status == "signed"
    with company.view() as view:
        assert open_duties(view, case) == []
    company.asks("holds.lift", cy.actor, hold=hold, reason="Go.")
    works(company)
    assert company.case(case).status == "released"


@pytest.mark.parametrize(
    ("scope", "target", "legal", "may"),
    [
        ("all", "", False, {"cy"}),
        ("workflow", "replies", False, {"ada", "bo", "cy"}),
        ("workflow", "replies", True, {"cy"}),
        ("subject", "customer-7", False, {"fay", "cy"}),
        ("subject", "customer-7", True, {"cy"}),
    ],
)
def test_who_lifts_a_hold(
    company: Company, scope: str, target: str, legal: bool, may: set[str]
) -> None:
    raised: dict[str, Any] = {"scope": scope, "target": target, "legal": legal, "reason": "?"}
    for id in ("ada", "bo", "eve", "fay", "cy"):
        hold = company.asks("holds.raise", company.person("fay").actor, **raised).hold
        lift = {"hold": hold, "reason": "!"}
        if id in may:
            company.asks("holds.lift", company.person(id).actor, **lift)
        else:
            with pytest.raises(Problem) as e:
                company.asks("holds.lift", company.person(id).actor, **lift)
            assert e.value.code == "not-yours"
            company.asks("holds.lift", company.person("cy").actor, **lift)


def test_nobody_is_forgotten_while_a_hold_protects_them(company: Company) -> None:
    cy = company.person("cy").actor
    company.system().proposes("In 1891.", subject="customer-7")
    hold = company.asks("holds.raise", cy, scope="subject", target="customer-7", reason="?").hold
    erase = partial(company.asks, "subjects.erase", cy, subject="customer-7")
    assert refusal(erase) == "hold-stands"
    company.asks("holds.lift", cy, hold=hold, reason="They ask to be forgotten.")
    company.asks("holds.raise", cy, scope="workflow", target="letters", reason="?", legal=True)
    kept: dict[str, Any] = {"scope": "workflow", "target": "replies", "reason": "?", "legal": True}
    hold = company.asks("holds.raise", cy, **kept).hold
    assert refusal(erase) == "legal-hold"
    company.asks("holds.lift", cy, hold=hold, reason="Closed.")
    assert erase().items > 0


def test_a_sweep_that_fails_leaves_the_others_their_turn_and_is_seen(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, at_work = proposes(company), Worker(company.app)
    at_work.tick()
    with company.view() as view:
        assert health(view) == "alive"
    company.wait(days=31)
    monkeypatch.setitem(company.app.operations, "duties.escalate", None)
    for _ in range(3):
        at_work.tick()
        company.wait(seconds=15)
    assert company.case(case).status == "expired"
    with company.view() as view:
        assert health(view) == "alive"  # There is nothing to escalate any more.
    proposes(company)
    company.wait(days=3)
    for _ in range(3):
        at_work.tick()
        company.wait(seconds=15)
    with company.view() as view:
        assert health(view) == "failing"
    company.wait(seconds=30)
    with company.view() as view:
        assert health(view) == "none"


# Facts


def test_read_models_are_the_same_when_folded_anew(company: Company) -> None:
    proposes(company)
    away(company, "ada", "2026-11-23", "2026-11-24")
    works(company)
    company.wait(hours=60)
    works(company)

    def rows() -> list[list[object]]:
        with company.view() as view:
            return [sorted(map(tuple, view.rows(select(p.table))), key=str) for p in PROJECTIONS]

    live = rows()
    company.app.ledger.rebuild()
    assert rows() == live
    assert live[0]
    assert live[1]


def test_facts_of_the_first_release_still_add_up() -> None:
    said = {"what": "stopped", "case": "case-1", "owner": "p:a", "then": ["p:b", "p:c"]}
    opened = {**said, "due": "2026-11-25T09:00:00Z", "grace": "PT48H"}
    handed = {"to": "p:b", "due": "2026-11-27T09:00:00Z"}
    bodies = [
        model.Opened.model_validate(opened),
        model.Escalated.model_validate(handed),
        model.HandedOn.model_validate(handed | {"to": "p:d"}),
    ]
    facts = [Fact(n, "duty-1", "m:x", MONDAY, body, b"") for n, body in enumerate(bodies)]
    stands = duty("duty-1", facts)
    assert (stands.owner, stands.then, stands.escalated) == ("p:d", ("p:b", "p:c"), 1)
    assert stands.remind is None


def test_nobody_puts_themselves_in_somebody_elses_place(company: Company) -> None:
    dee = company.person("dee").actor
    days = {"first": "2026-11-23", "last": "2026-11-30", "to": "dee", "workflow": "letters"}
    state = partial(company.asks, "absences.state", dee, person="ada", **days)
    assert refusal(state) == "stands-in-by-oneself"
    assert owner(company, proposes(company, "letters")) == "ada"
