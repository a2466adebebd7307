"""Data shifts, the send stops, the right person is told, says what it was, and releases go on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.signals.weeks import FIRST, mapped, week
from trustwright.duties import queries as duties
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.errors import Invalid, NotFound, Refused
from trustwright.ledger.store import facts as stored
from trustwright.signals import queries
from trustwright.signals.snapshot import Series, Snapshot
from trustwright.testing.company import Company, files

SOURCE = "The train ran from 1890 on."


def workflows(reads: str = "[people.language]") -> str:
    return files()["workflows.yaml"].replace(
        "systems: [copilot, shadow]",
        f"systems: [copilot, shadow]\n    reads: {reads}\n    tolerates: {{opt-outs: 0.45%}}",
    )


def opened(folder: Path, severity: str = "error") -> Company:
    changed = {"fields/crm.odcs": mapped(severity), "workflows": workflows()}
    return Company(folder / "workspace", True, None, **changed)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = opened(tmp_path)
    yield made
    made.close()


def records(company: Company, snapshot: Snapshot) -> Any:
    actor = company.system().actor
    return company.asks("signals.record", actor, snapshot=snapshot.model_dump(mode="json"))


def backfills(company: Company, *weeks: int) -> Any:
    past = [week(n).model_dump(mode="json") for n in weeks]
    return company.asks("signals.backfill", company.system().actor, snapshots=past)


def answers(company: Company, person: str, alarm: str, how: str) -> Any:
    said = {"alarm": alarm, "how": how, "reason": "The import is mended."}
    return company.asks("signals.answer", company.person(person).actor, **said)


def test_data_shifts_the_send_stops_the_owner_is_told_and_releases_go_on(company: Company) -> None:
    assert backfills(company, *range(12)).recorded == 12
    quiet = records(company, week(12))
    assert (quiet.alarms, quiet.held) == ((), ())
    assert company.system().proposes(SOURCE, source=SOURCE, confidence=1.0).status == "released"

    moved = records(company, week(13, de=970))
    assert moved.held == ("replies",)
    held = company.system().proposes(SOURCE, source=SOURCE, confidence=1.0)
    assert held.outcome == "owner"
    ada = company.person("ada")
    assert ada.countersigns(held.case).status == "signed"
    assert company.asks("proposals.release_ready", WORKER).cases == 0

    with company.view() as view:
        (duty,) = duties.open_duties(view, moved.alarms[0])
        (hold,) = duties.standing_holds(view)
        assert (duty.what, duty.owner) == ("answer-alarm", view.pseudonym(Person("fay")))
        assert hold.source == moved.alarms[0]
    answered = answers(company, "fay", moved.alarms[0], "fault")
    assert answered.lifted == (hold.id,)
    with company.view() as view:
        assert not duties.open_duties(view, moved.alarms[0])
        assert not duties.standing_holds(view)
    assert company.asks("proposals.release_ready", WORKER).cases == 1
    assert company.case(held.case).status == "released"


def test_the_picture_names_segment_rows_and_the_last_clean_snapshot(company: Company) -> None:
    backfills(company, *range(12))
    records(company, week(12))
    records(company, week(13, de=970))
    seen = company.asks("signals.watched", company.person("fay").actor, table="people")
    picture = seen.alarms[0].picture
    assert picture.segment == "country=AT"
    assert picture.rows == 2000
    assert picture.last_clean == FIRST + timedelta(weeks=12)
    assert picture.sentences[0] == (
        "language 'de' where country is AT fell from 59.1 % to 49.1 %; "
        "weeks usually move ±0.1; your limit is 1.0."
    )
    assert any(
        s == "language 'de' fell from 11.8 % to 9.8 %; weeks usually move ±0.1; your limit is 1.0."
        for s in picture.sentences
    )
    assert [point.alarm for point in picture.drawn] == [False] * 13 + [True]


def test_the_same_snapshot_twice_is_one_and_a_shift_that_stays_is_one_alarm(
    company: Company,
) -> None:
    backfills(company, *range(12))
    first = records(company, week(12, de=970))
    again = records(company, week(12, de=970))
    assert again.snapshot == first.snapshot
    assert again.alarms == ()
    later = records(company, week(13, de=970))
    assert later.alarms == first.alarms
    with company.view() as view:
        assert len(duties.standing_holds(view)) == 1
        assert len(duties.open_duties(view, first.alarms[0])) == 1
        (alarm,) = queries.alarms_of(view, "people")
    assert alarm.periods == (week(12).period, week(13).period)


def test_what_a_person_says_decides_what_is_usual_from_then_on(company: Company) -> None:
    backfills(company, *range(12))
    alarm = records(company, week(12, de=970)).alarms[0]
    assert (answers(company, "fay", alarm, "level").false) == 0
    assert records(company, week(13, de=970)).alarms == ()
    back = records(company, week(14)).alarms[0]
    answered = answers(company, "fay", back, "false")
    assert (answered.false, answered.n) == (1, 2)
    seen = company.asks("signals.watched", company.person("fay").actor, table="people")
    assert [each.answer for each in seen.alarms] == ["level", "false"]
    with pytest.raises(NotFound, match="answered already"):
        answers(company, "fay", back, "false")


def test_an_alarm_is_answered_by_people_who_answer_for_it(company: Company) -> None:
    backfills(company, *range(12))
    alarm = records(company, week(12, de=970)).alarms[0]
    with pytest.raises(Refused, match="for people only"):
        company.asks("signals.answer", WORKER, alarm=alarm, how="false", reason="?")
    with pytest.raises(Refused, match="lifted by"):
        answers(company, "eve", alarm, "false")
    with company.view() as view:
        assert len(duties.standing_holds(view)) == 1


def test_what_could_not_be_decided_stops_too_until_a_person_lets_it_go(company: Company) -> None:
    first = records(company, week(0))
    assert {said.verdict for said in first.said} == {"not-run"}
    assert first.held == ("replies",)
    answers(company, "fay", first.alarms[0], "false")
    assert records(company, week(1)).alarms == ()
    backfills(company, 2, 3, 4)
    assert records(company, week(5)).alarms == ()
    personal = Series(field="language", undecided="language is personal, so it isn't kept.")
    gone = records(company, week(6, series=(personal,)))
    assert gone.held == ("replies",)


def test_a_milder_watch_asks_somebody_and_stops_nothing(tmp_path: Path) -> None:
    company = opened(tmp_path, "warning")
    backfills(company, *range(12))
    seen = records(company, week(12, de=970))
    assert len(seen.alarms) == 1
    assert seen.held == ()
    with company.view() as view:
        assert duties.open_duties(view, seen.alarms[0])
    company.close()


def test_a_column_that_was_renamed_is_said_so(company: Company) -> None:
    backfills(company, *range(12))
    columns = ("id", "Language", "country", "changed", "shoe_size")
    series = tuple(s.model_copy(update={"field": "Language"}) for s in week(12).series)
    seen = records(company, week(12, columns=columns, key="person_id", series=series))
    alarms = company.asks("signals.watched", company.person("fay").actor, table="people").alarms
    said = {alarm.picture.why: alarm.picture.sentences for alarm in alarms}
    assert said["schema"] == (
        "The key was id and is person_id.",
        "The column language is gone. Is Language its new name?",
        "The column shoe_size is new.",
    )
    assert said["not-run"] == ("language: The snapshot has no language.",)
    assert seen.held == ("replies",)


def test_no_snapshot_in_time_stops_what_reads_the_field(company: Company) -> None:
    backfills(company, *range(11))
    company.wait(days=1)
    assert company.asks("signals.stale", WORKER).raised == 0
    company.wait(days=14)
    assert company.asks("signals.stale", WORKER).raised == 1
    assert company.asks("signals.stale", WORKER).raised == 0
    with company.view() as view:
        (hold,) = duties.standing_holds(view)
        assert hold.target == "replies"


def test_a_backfill_says_when_it_would_have_alarmed_and_stops_nothing(company: Company) -> None:
    past = [week(n, de=970 if n == 10 else 1180).model_dump(mode="json") for n in range(14)]
    said = company.asks("signals.backfill", WORKER, snapshots=past)
    assert said.alarms["language"] == (week(10).period,)
    assert said.alarms["language country=FR"] == ()
    assert company.asks("signals.backfill", WORKER, snapshots=past).recorded == 0
    with company.view() as view:
        assert not duties.standing_holds(view)


def test_no_value_of_a_table_stands_in_the_log(company: Company) -> None:
    backfills(company, *range(12))
    leaked = week(12, series=(Series(field="language", n=9, counts={"ann@birch.example": 9}),))
    records(company, leaked)
    with company.view() as view:
        entries = [
            entry for (entry,) in view.rows(stored.select().with_only_columns(stored.c.entry))
        ]
    assert not [e for e in entries if b"ann@" in e or b"country" in e or b"people" in e]


def test_read_models_rebuilt_are_those_that_were_live(company: Company) -> None:
    backfills(company, *range(12))
    alarm = records(company, week(12, de=970)).alarms[0]
    answers(company, "fay", alarm, "level")
    tables = [p.table for p in (*queries.PROJECTIONS, *duties.PROJECTIONS)]

    def rows() -> list[list[Any]]:
        with company.view() as view:
            return [sorted(map(str, view.rows(table.select()))) for table in tables]

    live = rows()
    company.app.ledger.rebuild()
    assert rows() == live


def test_an_unknown_table_is_named_with_those_there_are(company: Company) -> None:
    with pytest.raises(NotFound, match="It has people"):
        records(company, week(0, table="peple"))


def looks(company: Company, k: int, n: int) -> Any:
    order = {"workflow": "replies", "send": "spring", "what": "opt-outs"}
    return company.app.call("signals.sending", company.system().actor, order | {"k": k, "n": n})


def test_a_running_send_pauses_for_a_person_and_stops_beyond_doubt(company: Company) -> None:
    assert looks(company, 3, 1000).says == "go on"
    paused = looks(company, 27, 3000)
    assert (paused.says, paused.held) == ("pause", True)
    assert looks(company, 27, 3000).alarm == paused.alarm
    with company.view() as view:
        (duty,) = duties.open_duties(view, paused.alarm)
        assert duty.owner == view.pseudonym(Person("ada"))
    answers(company, "ada", paused.alarm, "level")
    assert looks(company, 29, 3200).held is False
    stopped = looks(company, 120, 5000)
    assert (stopped.says, stopped.held) == ("stop", True)
    assert stopped.alarm != paused.alarm


def test_what_a_send_may_come_to_is_agreed_on_and_no_request_chooses_it(company: Company) -> None:
    told = {"workflow": "replies", "send": "spring", "k": 3, "n": 1000}
    with pytest.raises(Refused, match="doesn't say how many bounces") as refused:
        company.app.call("signals.sending", company.system().actor, told | {"what": "bounces"})
    assert (refused.value.code, "tolerates" in refused.value.remedy) == ("no-tolerance", True)
    chosen = told | {"what": "opt-outs", "tolerated": 0.4}
    with pytest.raises(Invalid):
        company.app.call("signals.sending", company.system().actor, chosen)


def test_a_send_that_counts_more_than_it_sent_is_refused(company: Company) -> None:
    with pytest.raises(Refused, match="No more than n"):
        looks(company, 2, 1)


def test_a_system_stops_no_workflow_that_isnt_its_own(company: Company) -> None:
    order = {"workflow": "letters", "send": "s", "what": "opt-outs"}
    shadow = company.system("shadow").actor
    with pytest.raises(Refused) as e:
        company.app.call("signals.sending", shadow, order | {"k": 90, "n": 100})
    assert e.value.code == "system-not-in-workflow"
    with company.view() as view:
        assert duties.standing_holds(view) == []
