"""Polars and every database Ibis speaks to count alike: the same rows, the same keys shown."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import ibis
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.signals.tables import NOW, asked, frame, rows, table
from trustwright.charter.fieldmap.model import MappedField, RuleUse, TableMap, Watch
from trustwright.connectors.tables.remote import RemoteTable
from trustwright.signals.model import Report
from trustwright.signals.preflight import check
from trustwright.signals.rule import Example
from trustwright.signals.shelf import shelf
from trustwright.signals.table import Table

# Ibis 12.0.0 asks DuckDB 2.0 by a name that is going away.
pytestmark = [
    pytest.mark.filterwarnings("ignore:fetch_.*is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:The .future.infer_string. option"),
]
Frames = Mapping[str, pl.DataFrame]
Made = dict[str, Table]


def in_files(frames: Frames) -> Made:
    return {name: table(name, data) for name, data in frames.items()}


def in_database(connect: Callable[[], Any]) -> Callable[[Frames], Made]:
    def made(frames: Frames) -> Made:
        connection = connect()
        return {
            name: RemoteTable(name, connection.create_table(name, data.to_arrow()))
            for name, data in frames.items()
        }

    return made


ENGINES: dict[str, Callable[[Frames], Made]] = {
    "duckdb": in_database(ibis.duckdb.connect),
    "sqlite": in_database(ibis.sqlite.connect),
}


def told(report: Report) -> dict[str, object]:
    """What has to be the same, whoever counted."""
    results = {
        r.use.id: (r.verdict, r.k, r.undecided and r.undecided.reason, r.flaws, str(r.samples))
        for r in report.results
    }
    return {"rows": report.rows, "results": results, "distributions": report.distributions}


def _has(engine: str, example: Example) -> bool:
    """SQLite has no dates, no booleans and no numbers beyond bounds."""
    data = frame(example.columns, rows(example))
    plain = (pl.String, pl.Int64, pl.Float64)
    bounded = all(data[c].is_finite().all() for c in data.columns if data[c].dtype == pl.Float64)
    return engine != "sqlite" or (bounded and all(type in plain for type in data.dtypes))


CASES = [
    pytest.param(engine, rule.id, example, id=f"{engine}-{rule.id}-{n}")
    for engine in ENGINES
    for rule in shelf().values()
    for n, example in enumerate(rule.examples)
    if _has(engine, example)
]


@pytest.mark.parametrize(("engine", "rule", "example"), CASES)
def test_the_examples_hold_in_every_database(engine: str, rule: str, example: Example) -> None:
    frames = {"people": frame(example.columns, rows(example))}
    frames |= {name: frame(*there) for name, there in example.against.items()}
    made = ENGINES[engine](frames)
    people = made.pop("people")
    agreed = asked(rule, *(example.of or example.columns), params=example.params)
    (result,) = check(people, agreed, NOW, made).results
    assert result.undecided is None
    assert (result.k, result.n) == (len(example.bad), len(rows(example)))


WORDS = st.sampled_from(
    ["", "a", "b", "de", "de-DE", "DE", "xx", "NA", "a@b.example", "é", "unknown"]
)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "word": WORDS,
    "other": WORDS,
    "whole": st.sampled_from([-1, 0, 1, 2, 999, 2**40]),
    "part": st.sampled_from([0.0, 0.5, -3.25, float("inf"), float("nan")]),
    "flag": st.booleans(),
    "day": st.sampled_from([date(1900, 1, 1), date(2026, 1, 1), date(2031, 5, 5)]),
    "moment": st.sampled_from(["2020-01-01", "2026-11-21T23:00", "2027-01-01"]).map(
        datetime.fromisoformat
    ),
}
SCHEMA = {
    "id": pl.String(),
    "word": pl.String(),
    "other": pl.String(),
    "whole": pl.Int64(),
    "part": pl.Float64(),
    "flag": pl.Boolean(),
    "day": pl.Date(),
    "moment": pl.Datetime("us"),
}
USES = (
    RuleUse(id="not-null", check="not-null", columns=("word", "whole")),
    RuleUse(id="unique", check="unique", columns=("word", "other")),
    RuleUse(id="one", check="unique", columns=("whole",)),
    RuleUse(id="values", check="values", columns=("word",), params={"values": ["a", "de"]}),
    RuleUse(id="numbers", check="values", columns=("whole",), params={"values": [0, 1]}),
    RuleUse(id="format", check="format", columns=("word",), params={"format": "email"}),
    RuleUse(id="iban", check="format", columns=("word",), params={"format": "iban"}),
    RuleUse(id="range", check="range", columns=("part",), params={"minimum": 0, "maximum": 1}),
    RuleUse(id="days", check="range", columns=("day",), params={"minimum": "2000-01-01"}),
    RuleUse(id="stale", check="stale", columns=("moment",), params={"within": "30 d"}),
    RuleUse(id="date", check="date", columns=("moment",)),
    RuleUse(id="tag", check="language-tag", columns=("word",)),
    RuleUse(id="country", check="country", columns=("word",)),
    RuleUse(
        id="agree",
        check="agreement",
        columns=("word", "other"),
        params={"allowed": {"a": ["b", "de"]}},
    ),
    RuleUse(
        id="never",
        check="contradiction",
        params={
            "never": [{"field": "flag", "is": True}, {"any": ["word", "other"], "in": ["a", "b"]}]
        },
    ),
    RuleUse(id="code", check="missing-code", columns=("whole",)),
    RuleUse(id="words", check="missing-code", columns=("other",)),
    RuleUse(
        id="there", check="reference", columns=("word",), params={"table": "known", "of": ["name"]}
    ),
    RuleUse(
        id="same", check="changed-key", columns=("id", "word", "whole"), params={"table": "before"}
    ),
)
AGREED = TableMap(
    name="people",
    key="id",
    fields=(MappedField(name="word"),),
    rules=USES,
    watches=(Watch(field="word", segments=("flag",)),),
)


@st.composite
def tables(draw: st.DrawFn) -> Frames:
    def some(most: int) -> pl.DataFrame:
        n = draw(st.integers(0, most))
        cells = {
            name: draw(st.lists(st.none() | drawn, min_size=n, max_size=n))
            for name, drawn in CELLS.items()
        }
        return pl.DataFrame({"id": [f"k{i}" for i in range(n)], **cells}, schema=SCHEMA)

    known = pl.DataFrame(
        {"name": draw(st.lists(st.none() | WORDS, max_size=4))}, schema={"name": pl.String}
    )
    return {"people": some(30), "before": some(10), "known": known}


@settings(max_examples=6, deadline=None)
@given(tables())
def test_random_tables_come_to_the_same_in_files_and_in_a_database(frames: Frames) -> None:
    reports = []
    for engine in (in_files, ENGINES["duckdb"]):
        made = engine(frames)
        people = made.pop("people")
        reports.append(told(check(people, AGREED, NOW, made)))
    assert reports[0] == reports[1]
