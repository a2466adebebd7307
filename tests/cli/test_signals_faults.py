"""What goes wrong with tables goes wrong with a sentence and a remedy; what wasn't decided is exit 3."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_signals_watch import people
from tests.signals.test_alarms import opened
from tests.signals.weeks import mapped
from trustwright.connectors.tables import local, remote
from trustwright.testing.company import Company

pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_.*is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The .future.infer_string. option"),
]
HEAD = """\
apiVersion: v3.2.0
kind: DataContract
id: people
version: 1.0.0
status: active
schema:
  - name: people
    properties:
"""
FILLED = "      - {name: id, required: true}\n"
STATUS = "      - {name: status, enum: [{value: active}, {value: gone}]}\n"
AGE = "      - {name: age, logicalType: number, logicalTypeOptions: {minimum: 0, maximum: 130}}\n"
DATED = """\
      - name: day
        quality:
          - {type: custom, engine: trustwright, implementation: {check: date}}
"""
EXPLODES = "      - {name: id, logicalType: string, logicalTypeOptions: {pattern: '^(a+)+$'}}\n"
LOOKS_AROUND = (
    "      - {name: id, logicalType: string, logicalTypeOptions: {pattern: '^(?=a)(a+)+$'}}\n"
)


def parquet(**columns: Any) -> Callable[[], str]:
    def made() -> str:
        pl.DataFrame(columns, strict=False).write_parquet("people.parquet")
        return "people.parquet"

    return made


def written(name: str, content: str | bytes) -> Callable[[], str]:
    def made() -> str:
        Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return made


def cut() -> str:
    parquet(id=list(range(1000)))()
    whole = Path("people.parquet").read_bytes()
    return written("cut.parquet", whole[: len(whole) // 2])()


def wide() -> str:
    return parquet(**{f"c{n}": [1, None] for n in range(5000)})()


def properties(n: int) -> str:
    return "".join(f"      - {{name: c{at}, required: true}}\n" for at in range(n))


FAULTS: dict[str, tuple[Callable[[], str], str, int, tuple[str, ...]]] = {
    "an empty table": (
        parquet(id=pl.Series([], dtype=pl.String)),
        FILLED,
        3,
        ("The table has no rows. See what was to fill it.",),
    ),
    "an empty file": (written("t.csv", ""), FILLED, 2, ("t.csv is empty. See what",)),
    "zero columns matched, or a map for another table": (
        parquet(x=[1], y=[2]),
        FILLED + STATUS,
        3,
        ("none of the columns of the map 'people'; it has x, y.", "Name the table this map"),
    ),
    "5,000 columns": (wide, properties(5000), 1, ("5000 rules: 5000 failed.", "1 of 2 rows")),
    "mixed types": (
        written("t.csv", "age\n1\n2\nunknown\n"),
        AGE,
        3,
        ("`age` holds text, and the rule reads", "Mend the type where the table is made"),
    ),
    "NaN and infinity": (
        parquet(age=[1.0, float("nan"), float("inf"), float("-inf"), None]),
        AGE,
        1,
        ("3 of 5 rows (60 %)", "To do:"),
    ),
    "a category never seen": (
        parquet(status=["active", "gone", "\u202eneu"]),
        STATUS,
        1,
        ("1 of 3 rows", "row 3: status \\u202eneu", "agree on more of them"),
    ),
    "dates in three formats": (
        written("t.csv", "day\n2026-01-02\n03.04.2026\n05/06/2026\n"),
        DATED,
        1,
        ("`day`", "To do:"),
    ),
    "a BOM": (
        written("t.csv", "\ufeffid;status\na;active\n;gone\n".encode()),
        FILLED + STATUS,
        1,
        ("Read as utf-8 with semicolons", "1 of 2 rows (50 %): `id` is empty"),
    ),
    "broken quotes": (
        written("t.csv", 'id,status\n1,active\n3,"gone\n5,gone\n'),
        FILLED,
        2,
        ("t.csv:3: a quotation mark is opened here and never closed. Close it",),
    ),
    "a line too long": (
        written("t.csv", "id,status\n1,active\n1,2,3\n"),
        FILLED,
        3,
        ("line 3 has 3 fields where the first has 2",),
    ),
    "a Parquet file cut short": (
        cut,
        FILLED,
        3,
        ("cut can't be read to its end", "Write the file again"),
    ),
    "not Parquet at all": (
        written("t.parquet", "id\n1\n"),
        FILLED,
        3,
        ("t can't be read to its end", "Write the file again"),
    ),
    "a regex that would explode": (
        parquet(id=["a" * 5000 + "!"] * 50),
        EXPLODES,
        1,
        ("50 of 50 rows",),
    ),
    "a regex beyond linear time": (
        parquet(id=["a"]),
        LOOKS_AROUND,
        3,
        ("The pattern '^(?=a)(a+)", "Say it without", "Not run"),
    ),
    "a column that is gone": (
        parquet(id=["a"], state=["active"]),
        FILLED + STATUS,
        1,
        ("of the map aren't in the table: `status`", "Did you mean `state`?"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_a_sentence_with_a_remedy(trustwright: Terminal, fault: str) -> None:
    table, fields, code, words = FAULTS[fault]
    Path("map.yaml").write_text(HEAD + fields)
    told = trustwright("signals", "check", table(), "--map", "map.yaml")
    missed = [each for each in words if each not in told.out + told.err]
    assert (told.code, missed) == (code, []), (told.out[:2000], told.err)


def changed_after_the_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes to the table as soon as it was measured."""
    measure = local.LocalTable.measure

    def measured(table: local.LocalTable, *asked: Any) -> Any:
        found = measure(table, *asked)
        parquet(id=["a", "b", "c"])()
        return found

    monkeypatch.setattr(local.LocalTable, "measure", measured)


def test_a_table_that_changes_while_it_is_read_decides_nothing(
    trustwright: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("map.yaml").write_text(HEAD + FILLED)
    parquet(id=["a", None])()
    changed_after_the_first_look(monkeypatch)
    told = trustwright("signals", "check", "people.parquet", "--map", "map.yaml")
    assert (told.code, "changed while it was read. Check it again" in told.out) == (3, True), told


def test_a_database_that_is_gone_mid_pass_decides_nothing(
    trustwright: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite3.connect("shop.sqlite") as made:
        made.execute("CREATE TABLE people (id TEXT)")
        made.execute("INSERT INTO people VALUES ('s3cret-value')")
    made.close()
    Path("map.yaml").write_text(HEAD + FILLED)
    rows = remote.RemoteEngine.rows

    def counted(engine: remote.RemoteEngine) -> int:
        n = rows(engine)
        engine.table.get_backend().con.close()
        return n

    monkeypatch.setattr(remote.RemoteEngine, "rows", counted)
    told = trustwright("signals", "check", "shop.sqlite#people", "--map", "map.yaml")
    assert (told.code, "can't be asked any more" in told.err) == (3, True), told
    assert "s3cret" not in told.out + told.err


ADDRESSES = [
    "postgres://reader:s3cret@127.0.0.1:1/shop#people",
    "postgres://reader:s3c%40ret@127.0.0.1:1/shop?password=s3cret#people",
    "mysql://reader:s3cret@127.0.0.1:1/shop#people",
    "nonsense://reader:s3cret@127.0.0.1/shop#people",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_credential_is_printed(trustwright: Terminal, address: str) -> None:
    Path("map.yaml").write_text(HEAD + FILLED)
    told = trustwright("signals", "check", address, "--map", "map.yaml")
    assert told.code == 3, told
    assert "s3c" not in told.out + told.err


def lived(weeks: int) -> pl.DataFrame:
    """Weeks that are the same to the row."""
    one = people(0, 240)
    return pl.concat(
        one.with_columns(changed=pl.col("changed") + timedelta(weeks=n)) for n in range(weeks)
    )


PASTS: dict[str, tuple[int, pl.DataFrame, int, tuple[str, ...]]] = {
    "a history of one row": (
        1,
        people(12, 240),
        3,
        ("not-run: language: fewer than 4 clean weeks are known",),
    ),
    "a constant history": (12, people(12, 240), 0, ("as usual",)),
    "a constant history, then a shift": (12, people(12, 120), 1, ("alarm: language 'de' fell",)),
    "a segment that vanished": (
        12,
        people(12, 240).with_columns(country=pl.lit("FR")),
        1,
        ("alarm:", "AT"),
    ),
}


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    monkeypatch.setenv("TRUSTWRIGHT_DIR", str(tmp_path / "workspace"))
    monkeypatch.setenv("TRUSTWRIGHT_SYSTEM", "copilot")
    made = opened(tmp_path)
    yield made
    made.close()


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("fault", PASTS)
def test_a_past_that_says_little_is_said(trustwright: Terminal, fault: str) -> None:
    weeks, now, code, words = PASTS[fault]
    Path("map.yaml").write_text(mapped())
    past = pl.DataFrame(people(0, 240).head(1)) if weeks == 1 else lived(weeks)
    past.write_parquet("past.parquet")
    now.write_parquet("now.parquet")
    at = ("--map", "map.yaml")
    trustwright("signals", "backfill", "past.parquet", *at, "--date", "changed")
    told = trustwright("signals", "record", "now.parquet", *at, "--period", "2026-12-02")
    missed = [each for each in words if each not in told.out + told.err]
    assert (told.code, missed) == (code, []), told
