"""A table's past, its next snapshot, and what a watch would cost: on the command line."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import Terminal
from tests.signals.test_alarms import opened
from tests.signals.weeks import FIRST, mapped
from trustwright.testing.company import Company

ROWS = 2000


def people(week: int, german: int) -> pl.DataFrame:
    """A week's rows: German in Austria, French in France, English in both."""
    german += (0, 4, -3, 2)[week % 4]
    language = ["de"] * german + ["en"] * (1400 - german) + ["fr"] * 600
    country = ["AT"] * 500 + ["FR"] * 1500
    days = [FIRST + timedelta(weeks=week, days=i % 7) for i in range(ROWS)]
    cells = {"language": language, "country": country, "changed": days, "note": ["none"] * ROWS}
    return pl.DataFrame(cells)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    (tmp_path / "map.yaml").write_text(mapped())
    pl.concat([people(n, 240) for n in range(12)]).write_parquet(tmp_path / "past.parquet")
    people(12, 240).write_parquet(tmp_path / "quiet.parquet")
    people(13, 120).write_csv(tmp_path / "moved.csv")
    monkeypatch.setenv("TRUSTWRIGHT_DIR", str(tmp_path / "workspace"))
    monkeypatch.setenv("TRUSTWRIGHT_SYSTEM", "copilot")
    made = opened(tmp_path)
    yield made
    made.close()


PAST = ["past.parquet", "--map", "map.yaml", "--date", "changed"]


@pytest.mark.usefixtures("company")
def test_from_a_past_to_an_alarm(trustwright: Terminal) -> None:
    told = trustwright("signals", "backfill", *PAST)
    assert told.out.startswith("12 snapshots recorded, 2026-09-07 to 2026-11-23."), told
    assert "language: would have alarmed in none" in told.out
    assert "0 snapshots recorded" in trustwright("signals", "backfill", *PAST).out

    at = ["--map", "map.yaml", "--period"]
    told = trustwright("signals", "record", "quiet.parquet", *at, "2026-12-02")
    assert (told.code, told.out) == (0, "people: 3 series as usual.\n")
    told = trustwright("signals", "record", "moved.csv", *at, "2026-12-09")
    assert told.code == 1
    assert "alarm: language 'de' fell from 12.0 % to 6.2 %" in told.out
    assert "On hold until a person says what it was: replies." in told.err
    told = trustwright("signals", "watch", "people")
    assert "not answered" in told.out
    assert "Last snapshot: 2026-12-07. False alarms: 0 of 0." in told.out


@pytest.mark.usefixtures("company")
def test_a_check_is_recorded_with_its_shares(trustwright: Terminal) -> None:
    at = ["--map", "map.yaml", "--record", "--as-of", "2026-11-30"]
    trustwright("signals", "backfill", *PAST)
    quiet = trustwright("signals", "check", "quiet.parquet", *at)
    assert (quiet.code, "Recorded: check-" in quiet.err) == (0, True)
    moved = trustwright("signals", "check", "moved.csv", *at[:-1], "2026-12-09")
    assert moved.code == 1
    assert "alarm: language 'de' fell" in moved.err
    assert "On hold until a person says what it was: replies." in moved.err


@pytest.mark.usefixtures("company")
def test_without_a_past_nothing_is_decided(trustwright: Terminal) -> None:
    told = trustwright("signals", "record", "quiet.parquet", "--map", "map.yaml")
    assert told.code == 3
    assert "fewer than 4 clean weeks are known" in told.out


@pytest.mark.usefixtures("company")
def test_an_owner_sees_what_a_watch_costs_and_finds(trustwright: Terminal) -> None:
    told = trustwright("signals", "simulate", *PAST)
    first, false, *table = told.out.splitlines()
    assert first.startswith("language: 2,000 rows a week; weeks usually move ±0.")
    assert float(false.split()[-1].rstrip(".")) <= 3
    assert [line.split()[0] for line in table] == ["a", "0.50", "1.00", "1.50", "2.00", "3.00"]
    shares = trustwright("signals", "simulate", "--shares", "0.6,0.4", "--rows", "1000000")
    assert shares.out.splitlines()[-1].split()[-2:] == ["100%", "100%"]


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["simulate"], "Neither a history nor shares are given."),
        (["simulate", "--shares", "one,two"], "are no shares"),
        (["backfill", *PAST[:3], "--date", "born"], "has no column 'born'"),
        (["backfill", *PAST[:3], "--date", "country"], "can't be the day"),
        (["backfill", *PAST[:3], "--date", "note"], "'none' is no day"),
        (["record", "quiet.parquet", "--map", "empty.yaml"], "watches no field"),
        (["watch", "peple"], "It has people"),
    ],
    ids=lambda x: None,
)
def test_what_was_asked_wrongly_is_said(trustwright: Terminal, args: list[str], said: str) -> None:
    bare = (
        mapped().split("        quality:")[0] + "      - {name: changed, logicalType: timestamp}\n"
    )
    Path("empty.yaml").write_text(bare)
    told = trustwright("signals", *args)
    assert told.code == 2
    assert said in told.err
