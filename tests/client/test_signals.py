"""`client.signals`: a table is checked where it is, and the workspace knows."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.console.tables import AT, CHARTER, MAPPED, WRONG, people
from trustwright.client import Client, Gate
from trustwright.testing.company import Company

from .served import api_key, served


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace", True, None, **CHARTER)
    (tmp_path / "map.yaml").write_text(MAPPED)
    people().write_parquet(tmp_path / "people.parquet")
    WRONG.write_parquet(tmp_path / "wrong.parquet")
    yield made
    made.close()


def test_over_http_a_wrong_table_is_told_and_holds_what_reads_it(
    company: Company, tmp_path: Path
) -> None:
    with served(company.app) as url, Client(url, api_key(company.app), system="copilot") as client:
        told = client.signals.check(
            str(tmp_path / "wrong.parquet"), tmp_path / "map.yaml", as_of=AT
        )
        assert not told.sound
        assert (told.recorded.failed, told.recorded.held) == (2, ("replies",))
        kept = client.call("signals.reported", {"table": "people"})
    assert {r.rule for r in kept.results if r.verdict == "fail"} == {  # type: ignore[attr-defined]
        "mail-not-null",
        "region-values",
    }
    assert "c-000" not in repr(kept)


def test_shares_go_with_a_check_and_too_little_past_isnt_sound(
    company: Company, tmp_path: Path
) -> None:
    with Gate(company.app.settings.dir, system="copilot") as gate:
        told = gate.signals.check(str(tmp_path / "people.parquet"), tmp_path / "map.yaml", as_of=AT)
        assert told.recorded.failed == 0
        assert told.moved is not None
        assert {said.verdict for said in told.moved.said} == {"not-run"}
        assert not told.sound
        later = datetime(2026, 11, 25, tzinfo=UTC)
        again = gate.signals.check(
            str(tmp_path / "people.parquet"), tmp_path / "map.yaml", as_of=later
        )
        assert again.moved is not None
        assert again.moved.snapshot == told.moved.snapshot
