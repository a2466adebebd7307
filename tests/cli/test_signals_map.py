"""`trustwright signals infer` and `map`: a first field map, and who owns what."""

import json
from pathlib import Path

import polars as pl

from tests.charter.test_mapping import MAPPED
from tests.cli.conftest import Terminal


def test_a_first_map_is_drawn_and_told(trustwright: Terminal, tmp_path: Path) -> None:
    rows = {"id": range(40), "zip_code": ["Urban", "Rural"] * 20, "job": ["x", "unknown"] * 20}
    pl.DataFrame(rows).write_parquet(tmp_path / "people.parquet")
    told = trustwright("signals", "infer", "people.parquet", "-o", "map.yaml")
    assert (told.code, told.out) == (0, "")
    assert "`id` names the rows" in told.err
    assert "called a postal code" in told.err
    assert '"unknown" in 20 of 40 rows' in told.err
    assert "The owners of all 3 fields are open" in told.err
    again = trustwright("signals", "infer", "people.parquet", "-o", "map.yaml")
    assert (again.code, "is there already" in again.err) == (2, True)
    assert trustwright("signals", "map", "map.yaml").code == 0


def test_a_map_goes_to_standard_output_and_says_what_comes_next(
    trustwright: Terminal, tmp_path: Path
) -> None:
    pl.DataFrame({"id": range(40)}).write_csv(tmp_path / "people.csv")
    told = trustwright("signals", "infer", "people.csv")
    assert told.out.startswith("apiVersion: v3.2.0\n")
    assert "signals check people.csv --map MAP" in told.err


def test_the_charters_map_shows_owners_gaps_and_readers(
    trustwright: Terminal, tmp_path: Path
) -> None:
    for name, text in MAPPED.items():
        path = tmp_path / "charter" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    told = trustwright("signals", "map", "--charter", "charter")
    assert (
        told.out
        == """\
people  (crm 1)
  key none; 4 fields, 3 without owner; 3 rules; 0 watched
  1 high-risk fields have gaps: no workflow can be launched on them.
  field                      owner              risk   source
  language                   anna               high   crm.people
      read by faq
  region                     -                  high   -
      lacks owner, source, allowed values
  shoe_size                  -                         -
      read by faq
  changed                    -                         -
"""
    )
    rows = json.loads(trustwright("signals", "map", "--charter", "charter", "--format", "json").out)
    assert rows[0]["read_by"] == ["faq"]
    assert rows[1]["lacks"] == ["owner", "source", "allowed values"]
