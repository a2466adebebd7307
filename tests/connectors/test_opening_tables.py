"""Any table somebody names: read as it is written, what was guessed is said, what is broken has its line."""

import sqlite3
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.signals.tables import NOW, asked
from trustwright.charter.fieldmap.model import RuleUse, TableMap
from trustwright.connectors.tables.opening import opened
from trustwright.kernel.errors import Problem, Unavailable
from trustwright.signals.preflight import check
from trustwright.signals.table import Kind

pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_.*is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The .future.infer_string. option"),
]
GERMAN = "name;stadt;zahl\nJörg;Köln;1\n;Görlitz;2\n"
READ = {
    "UTF-8": (GERMAN.encode(), "utf-8 with semicolons"),
    "a mark before it": (GERMAN.encode("utf-8-sig"), "utf-8 with semicolons"),
    "UTF-16": (GERMAN.encode("utf-16"), "utf-16 with semicolons"),
    "as Windows wrote": ((GERMAN * 20).encode("cp1252"), "with semicolons"),
    "commas": (GERMAN.replace(";", ",").encode(), "utf-8 with commas"),
    "tabs": (GERMAN.replace(";", "\t").encode(), "utf-8 with tabs"),
    "commas in the text": (b'name;stadt;zahl\n"a,b,c";"d,e";3\n', "utf-8 with semicolons"),
}


@pytest.mark.parametrize("case", READ)
def test_a_csv_is_read_as_it_was_written_and_says_how(tmp_path: Path, case: str) -> None:
    content, note = READ[case]
    (tmp_path / "t.csv").write_bytes(content)
    table = opened(str(tmp_path / "t.csv"))
    assert note in table.notes[0]
    assert list(table.columns) == ["name", "stadt", "zahl"]
    assert b"\xf6" not in content or table.columns["name"] is Kind.TEXT


def test_umlauts_survive_whatever_the_encoding_was(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes((GERMAN * 20).replace(";2\n", ";x\n").encode("cp1252"))
    agreed = asked("values", "stadt", params={"values": ["Köln", "stadt"]})
    (found,) = check(opened(str(tmp_path / "t.csv")), agreed, NOW).results
    assert (found.k, found.samples[0].values) == (20, {"stadt": "Görlitz"})


BROKEN = {
    "a quote never closed": ("t.csv", 'a,b\n1,2\n3,"four\n5,6\n', "t.csv:3: a quotation mark"),
    "nothing in it": ("t.csv", "", "t.csv is empty"),
    "no JSON": ("t.jsonl", '{"a": 1}\n{"a": \n', "line 2 isn't JSON"),
    "no such kind": ("t.docx", "x", "is of no kind that is read here"),
    "no database": ("t.duckdb", "x", "can't be opened"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_what_is_broken_is_said_with_the_line_and_a_remedy(tmp_path: Path, case: str) -> None:
    name, content, words = BROKEN[case]
    (tmp_path / name).write_text(content)
    with pytest.raises(Problem, match=words) as said:
        opened(str(tmp_path / name))
    assert said.value.remedy


def test_a_line_with_too_many_fields_is_named(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n1,2,3\n")
    with pytest.raises(Unavailable, match="line 3 has 3 fields where the first has 2"):
        check(opened(str(tmp_path / "t.csv")), asked("not-null", "a"), NOW)


def test_a_column_of_mixed_types_is_text_and_no_range_passes_over_it(tmp_path: Path) -> None:
    rows = "\n".join(str(n) for n in range(20_000))
    (tmp_path / "t.csv").write_text(f"age\n{rows}\nunknown\n")
    (found,) = check(
        opened(str(tmp_path / "t.csv")), asked("range", "age", params={"minimum": 0}), NOW
    ).results
    assert found.undecided
    assert found.undecided.reason == "wrong-kind"


def test_a_folder_of_parquet_files_is_one_table(tmp_path: Path) -> None:
    for part in (1, 2):
        pl.DataFrame({"a": [part, None]}).write_parquet(tmp_path / f"{part}.parquet")
    (found,) = check(opened(str(tmp_path)), asked("not-null", "a"), NOW).results
    assert (found.k, found.n) == (2, 4)


def databases(folder: Path) -> None:
    with duckdb.connect(str(folder / "one.duckdb")) as one:
        one.execute("CREATE TABLE people AS SELECT 'a' AS id UNION ALL SELECT NULL")
    with sqlite3.connect(folder / "two.sqlite") as two:
        two.execute("CREATE TABLE people (id TEXT)")
        two.execute("CREATE TABLE orders (id TEXT)")
        two.execute("INSERT INTO people VALUES ('a'), (NULL)")
    two.close()


@pytest.mark.parametrize(
    "address",
    ["one.duckdb", "one.duckdb#people", "two.sqlite#people", "duckdb://{}/one.duckdb#people"],
)
def test_a_table_of_a_database_is_named_behind_a_number_sign(tmp_path: Path, address: str) -> None:
    databases(tmp_path)
    place = address.format(tmp_path) if "://" in address else f"{tmp_path}/{address}"
    (found,) = check(opened(place), asked("not-null", "id"), NOW).results
    assert (found.k, found.n) == (1, 2)


def test_a_database_with_several_tables_asks_which(tmp_path: Path) -> None:
    databases(tmp_path)
    with pytest.raises(Problem, match="has orders, people") as said:
        opened(f"{tmp_path}/two.sqlite")
    assert "#" in said.value.remedy
    with pytest.raises(Problem, match="There is no table 'none'"):
        opened(f"{tmp_path}/two.sqlite#none")


def test_a_password_is_in_no_sentence() -> None:
    with pytest.raises(Unavailable) as said:
        opened("postgres://reader:s3cret@127.0.0.1:1/shop#people")
    assert "s3cret" not in str(said.value) + repr(said.value.__cause__)


def test_five_hundred_columns_are_asked_in_seconds(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(500)]
    pl.DataFrame({name: [1, None, 3] for name in names}).write_parquet(tmp_path / "wide.parquet")
    uses = tuple(RuleUse(id=n, check="not-null", columns=(n,)) for n in names)
    before = time.process_time()
    report = check(opened(str(tmp_path / "wide.parquet")), TableMap(name="wide", rules=uses), NOW)
    assert {result.k for result in report.results} == {1}
    assert time.process_time() - before < 20
