"""Spark, on this machine, comes to the same rows and keys as Polars; skipped where it isn't installed.

Needs Java and `pip install pyspark setuptools`; `TRUSTWRIGHT_ROWS=1000000` for as many rows.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ibis
import pytest

from benchmarks.signals import AGREED, NOW, made
from tests.signals.test_engines import told
from trustwright.connectors.tables.opening import opened
from trustwright.connectors.tables.remote import RemoteTable
from trustwright.signals.preflight import check

sql = pytest.importorskip("pyspark.sql", reason="pyspark isn't installed")
pytestmark = pytest.mark.filterwarnings("ignore")
SETTINGS = {
    "spark.driver.memory": "2g",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.session.timeZone": "UTC",
}


@pytest.fixture
def spark(tmp_path: Path) -> Iterator[Any]:
    session = sql.SparkSession.builder.master("local[2]")
    for name, value in (SETTINGS | {"spark.sql.warehouse.dir": str(tmp_path / "spark")}).items():
        session = session.config(name, value)
    started = session.getOrCreate()
    yield ibis.pyspark.connect(started)
    started.stop()


def test_seventeen_rules_find_the_same_in_spark(spark: Any, tmp_path: Path) -> None:
    planted = made(int(os.environ.get("TRUSTWRIGHT_ROWS", "20000")), tmp_path)
    paths = {name: str(tmp_path / f"{name}.parquet") for name in ("customers", "accounts")}
    there = {
        name: RemoteTable(name, spark.read_parquet(path, table_name=name))
        for name, path in paths.items()
    }
    in_spark = check(there["customers"], AGREED, NOW, there)
    assert {result.use.id: result.k for result in in_spark.results} == planted
    here = {name: opened(path) for name, path in paths.items()}
    assert told(in_spark) == told(check(here["customers"], AGREED, NOW, here))
