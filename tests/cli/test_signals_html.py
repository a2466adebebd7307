"""`trustwright signals check --format html`: one page with pictures that needs nothing and runs nothing."""

import base64
import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from tests.cli.conftest import Terminal

EVIL = "<script>alert(1)</script>"
COLUMN = 'status"><img src=x onerror=alert(1)>'
MAP = f"""\
apiVersion: v3.2.0
kind: DataContract
id: people
version: 1.0.0
status: active
schema:
  - name: people
    properties:
      - {{name: id, logicalType: string, primaryKey: true}}
      - name: '{COLUMN}'
        logicalType: string
        enum: [{{value: active}}]
        description: '{EVIL}'
        quality:
          - {{type: custom, engine: trustwright, implementation: {{check: shift}}}}
      - name: secret
        logicalType: string
        required: true
        classification: personal
        customProperties: [{{property: owner, value: lena, vendor: trustwright}}]
        quality:
          - {{type: custom, engine: trustwright, implementation: {{check: shift}}}}
      - name: elsewhere
        relationships: [{{to: accounts.number}}]
"""


@pytest.fixture
def page(trustwright: Terminal, tmp_path: Path) -> str:
    (tmp_path / "map.yaml").write_text(MAP)
    rows = {
        "id": ["a", f"b{EVIL}", "c\u202e"],
        COLUMN: ["active", EVIL, "x"],
        "secret": ["Ada Lovelace", "Grace Hopper", None],
        "elsewhere": ["1", "2", "3"],
    }
    pl.DataFrame(rows).write_parquet(tmp_path / "people<b>.parquet")
    told = trustwright(
        "signals", "check", "people<b>.parquet", "--map", "map.yaml", "--format", "html"
    )
    assert told.code == 1, told
    return str(told.out)


def test_what_is_wrong_how_many_examples_owner_and_what_to_do_are_on_it(page: str) -> None:
    for words in (
        "people&lt;b&gt;",
        "2 of 3 rows (67 %)",
        "1 of 3 rows (33 %)",
        "lena answers for it",
        "Correct the values, or agree on more of them",
        "--against accounts=FILE",
        "Not known: earlier checks",
        "5 rules: 2 failed, 1 not run, 2 passed.",
    ):
        assert words in page, words


def test_no_value_becomes_markup_and_none_of_a_person_is_on_it(page: str) -> None:
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert "\\u202e" in page
    assert "Ada" not in page
    assert "Grace" not in page


def test_it_asks_for_nothing_and_its_policy_lets_nothing_run(page: str) -> None:
    assert not re.search(
        r"<(?:link|script|iframe|object|form)\b|(?:src|href)=[^ ]*//|@import|url\(", page
    )
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    assert " style=" not in page


def test_every_picture_says_what_it_shows(page: str) -> None:
    pictures = [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]
    said = [svg.attrib["aria-label"] for svg in pictures]
    assert "2 of 3 rows (67 %)" in said
    assert any(words.startswith("shares of status") and f"{EVIL}: 1" in words for words in said)
    assert all(svg.findall("rect") for svg in pictures)
