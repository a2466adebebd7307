from collections.abc import Iterator
from pathlib import Path

import pytest

from trustwright.testing.company import Company, files

CALENDARS = """
calendars:
  - {id: office, time_zone: Europe/Berlin, hours: [Mo-Fr 09:00-17:00], holidays: [2026-11-25]}
  - {id: india, time_zone: Asia/Kolkata, hours: [Mo-Fr 09:30-17:30]}
"""


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "workspace")
    yield made
    made.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Company]:
    """The company with a calendar; Bo works in India. Moments are 23 November 2026, 10:00 in Berlin."""
    made = Company(
        tmp_path / "workspace",
        calendars=CALENDARS,
        company=files()["company.yaml"] + "calendar: office\ntime_zone: Europe/Berlin\n",
        people=files()["people.yaml"].replace(
            "substitute: ada}", "substitute: ada, calendar: india}"
        ),
    )
    yield made
    made.close()
