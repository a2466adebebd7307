"""Ibis, SQL and Python decide alike: in DuckDB, Polars and PostgreSQL, on random tables and rows."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.backends.duckdb import Backend as DuckDB
from ibis.backends.polars import Backend as Polars

from tests.postgres import Postgres
from tests.rights.test_rights_properties import WORKFLOWS, Document, documents
from tests.rights.test_rights_sql import in_python, rows_near
from trustwright.connectors.tables.decisions import decided, outcome
from trustwright.rights import sql
from trustwright.rights.decide import decide
from trustwright.rights.load import load
from trustwright.rights.model import Choice, Number
from trustwright.rights.table import Table

# Ibis 12 calls what DuckDB 2 and pandas 3 are about to drop.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]
tried = settings(max_examples=12, deadline=None)
Rows = Sequence[Mapping[str, Any]]


def arrow(table: Table, rows: Rows, **kinds: pa.DataType) -> pa.Table:
    """Columns of their fact's type, or of the kind named; what doesn't fit that kind is missing."""
    usual = {f.name: _kind(f) for f in table.facts}
    schema = pa.schema([("n", pa.int64()), *(usual | kinds).items()])
    return pa.Table.from_pylist([{"n": n, **row} for n, row in enumerate(rows)], schema)


def _kind(fact: Choice | Number) -> pa.DataType:
    if isinstance(fact, Number):
        return pa.float64()
    return pa.bool_() if fact.kind is bool else pa.string()


def in_python_told(table: Table, rows: Rows) -> list[dict[str, object]]:
    """What `decided` must say, of single decisions."""
    return [
        {
            "outcome": one.outcome.value,
            "rules": "".join(f"{rule.rule} " for rule in one.rules),
            "roles": "".join(f"{role} " for role in one.obligations.roles),
            "label": one.obligations.label or "",
            "cooling_off": one.obligations.cooling_off,
        }
        for one in (decide(table, row) for row in rows)
    ]


def told(table: Table, rows: ibis.Table) -> list[dict[str, object]]:
    found = rows.select("n", **decided(table, rows)).order_by("n").drop("n")
    answer: list[dict[str, object]] = found.to_pyarrow().to_pylist()
    return answer


@pytest.fixture(scope="module")
def engine() -> DuckDB:
    return ibis.duckdb.connect(threads=1)


@pytest.fixture(scope="module")
def frames() -> Polars:
    return ibis.polars.connect()


@tried
@given(document=documents(), seed=st.integers())
def test_duckdb_decides_as_python_does(engine: DuckDB, document: Document, seed: int) -> None:
    table, rows = load(document, WORKFLOWS), rows_near(document, seed)
    held = engine.create_table("t", arrow(table, rows), overwrite=True)
    assert told(table, held) == in_python_told(table, rows)


@tried
@given(document=documents(), seed=st.integers())
def test_polars_decides_as_python_does(frames: Polars, document: Document, seed: int) -> None:
    table, rows = load(document, WORKFLOWS), rows_near(document, seed)
    held = frames.create_table("t", arrow(table, rows), overwrite=True)
    assert told(table, held) == in_python_told(table, rows)


@tried
@given(document=documents(), seed=st.integers())
def test_the_text_decides_alike_in_duckdb(document: Document, seed: int) -> None:
    table, rows = load(document, WORKFLOWS), rows_near(document, seed)
    with duckdb.connect() as base:
        base.register("t", arrow(table, rows))
        found = base.sql(f"SELECT {sql.expression(table)} FROM t ORDER BY n").fetchall()
    assert [given for (given,) in found] == in_python(table, rows)


@settings(max_examples=8, deadline=None)
@given(
    document=documents(),
    seed=st.integers(),
    odd=st.dictionaries(
        st.sampled_from(["held", "risk", "confidence"]),
        st.sampled_from([pa.int64(), pa.float32(), pa.string(), pa.bool_(), pa.decimal128(9, 2)]),
        min_size=1,
    ),
    gone=st.sets(st.sampled_from(["workflow", "sourced", "language", "restrained"])),
)
def test_a_column_of_another_type_is_read_as_python_reads_it(
    engine: DuckDB, document: Document, seed: int, odd: dict[str, Any], gone: set[str]
) -> None:
    table = load(document, WORKFLOWS)
    near = [row | _as(kind, name, n) for n, row in enumerate(rows_near(document, seed))
            for name, kind in odd.items()]  # fmt: skip
    kept = arrow(table, [row | _all(odd, n) for n, row in enumerate(near)], **odd)
    kept = kept.drop_columns(sorted(gone))
    held = engine.create_table("odd", kept, overwrite=True)
    assert told(table, held) == in_python_told(table, kept.to_pylist())


def _all(kinds: Mapping[str, pa.DataType], n: int) -> dict[str, object]:
    return {name: value for x, kind in kinds.items() for name, value in _as(kind, x, n).items()}


def _as(kind: pa.DataType, name: str, n: int) -> dict[str, object]:
    words: dict[str, list[Any]] = {"string": ["low", "true", "0.75", ""], "bool": [True, False]}
    values = words.get(str(kind), [0, 1, 2, -1])
    return {name: [*values, None][n % (len(values) + 1)]}


def test_postgresql_decides_as_python_does(postgres: Postgres) -> None:
    base = ibis.connect(postgres.database())
    try:

        @settings(max_examples=6, deadline=None)
        @given(documents(), st.integers())
        def agree(document: Document, seed: int) -> None:
            table, rows = load(document, WORKFLOWS), rows_near(document, seed)
            held = base.create_table("t", arrow(table, rows), overwrite=True)
            assert told(table, held) == in_python_told(table, rows)

        agree()
    finally:
        base.disconnect()


@pytest.mark.parametrize("dialect", ["pyspark", "snowflake", "bigquery", "databricks", "trino"])
def test_spark_and_the_warehouses_get_their_own_words(dialect: str) -> None:
    table = load({"default": "owner", "facts": {}, "rules": [RULE]}, WORKFLOWS)
    rows = ibis.table({"risk": "string", "my held": "boolean"}, name="t")
    asked = rows.select(o=outcome(table, rows, {"risk": "risk", "held": "my held"}))
    text = ibis.to_sql(asked, dialect=dialect)
    assert "IN ('medium', 'high')" in text
    assert "two_person" in text


def test_a_column_that_is_not_there_is_said() -> None:
    table = load({"default": "owner", "facts": {}, "rules": [RULE]}, WORKFLOWS)
    rows = ibis.memtable({"n": [1]})
    with pytest.raises(ibis.common.exceptions.IbisTypeError, match="riks"):
        outcome(table, rows, {"risk": "riks"})


RULE: Document = {
    "id": "r",
    "owner": "x",
    "reason": "x",
    "review_by": "2027-03-01",
    "when": [{"risk": "low"}, {"held": True}],
    "then": {"outcome": "two_person"},
}
