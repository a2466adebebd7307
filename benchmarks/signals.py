"""How fast is a pre-flight, and does it find what was planted? 17 checks over an invented customer table.

Run: python benchmarks/signals.py [--rows 1000000 ...] [--rounds 3] [--json]

The table is made from a seed, with faults on rows of their own, so that what each check has to find is
known exactly. Every measurement is a process of its own; in each round the raw scan (the 17 columns
decoded by Polars, one maximum each) is measured beside the others, and ratios are taken within a round.
Bars: 2.5 times the raw scan, 3.5 with examples of keys, a quarter more with snapshots, 0.75 GB at ten
million rows, and 1.5 s for the whole command on a million.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl

from trustwright.charter.fieldmap.model import RuleUse, TableMap, Watch
from trustwright.connectors.tables.opening import opened
from trustwright.signals import preflight
from trustwright.signals.model import Verdict

SEED, NOW = 20261122, datetime(2026, 11, 22, tzinfo=UTC)
LAND = {
    "DE": ("EMEA", ("de", "en")),
    "AT": ("EMEA", ("de",)),
    "FR": ("EMEA", ("fr",)),
    "ES": ("EMEA", ("es", "ca")),
    "GB": ("EMEA", ("en",)),
    "US": ("AMER", ("en", "es")),
    "MX": ("AMER", ("es",)),
    "BR": ("AMER", ("pt",)),
    "JP": ("APAC", ("ja",)),
    "IN": ("APAC", ("en", "hi")),
}
STAGES = ("prospect", "active", "at_risk", "churned")
STATES = ("active", "inactive", "closed")
CLASSES = ("consumer", "business", "vip")
CONSENTS = ("ok_email", "ok_sms", "ok_push", "ok_phone")
COLUMNS = (
    *("id", "account", "email", "country", "region", "language", "tag", *CONSENTS, "consent_at"),
    *("opt_out", "stage", "status", "segment", "updated"),
)
SHARES = {
    "id filled": 0.0001,
    "id once": 0.0002,
    "id form": 0.0003,
    "email form": 0.0004,
    "region of country": 0.0005,
    "tag registered": 0.0004,
    "tag of language": 0.0006,
    "language of country": 0.0008,
    "stage known": 0.0003,
    "status known": 0.0002,
    "segment known": 0.0001,
    "consent and opt-out": 0.0007,
    "consent without a time": 0.0004,
    "consent to come": 0.0002,
    "active and closed": 0.0004,
    "stale": 0.02,
    "account known": 0.0003,
}


def use(id: str, check: str, *columns: str, **params: Any) -> RuleUse:
    return RuleUse(id=id, check=check, columns=columns, params=params)


ANY = {"any": list(CONSENTS), "is": True}
AGREED = TableMap(
    name="customers",
    key="id",
    rules=(
        use("id filled", "not-null", "id"),
        use("id once", "unique", "id"),
        use("id form", "format", "id", pattern=r"^C\d{10}$"),
        use("email form", "format", "email", pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
        use("region of country", "agreement", "country", "region", allowed={c: [r] for c, (r, _) in LAND.items()}),
        use("tag registered", "language-tag", "tag"),
        use("tag of language", "agreement", "language", "tag", same_language=True),
        use("language of country", "agreement", "country", "language", allowed={c: list(ls) for c, (_, ls) in LAND.items()}),
        use("stage known", "values", "stage", values=list(STAGES)),
        use("status known", "values", "status", values=list(STATES)),
        use("segment known", "values", "segment", values=list(CLASSES)),
        use("consent and opt-out", "contradiction", never=[{"field": "opt_out", "is": True}, ANY]),
        use("consent without a time", "contradiction", never=[ANY, {"field": "consent_at", "empty": True}]),
        use("consent to come", "date", "consent_at"),
        use("active and closed", "contradiction", never=[{"field": "stage", "is": "active"}, {"field": "status", "is": "closed"}]),
        use("stale", "stale", "updated", within="365 d"),
        use("account known", "reference", "account", table="accounts"),
    ),
)  # fmt: skip
WATCHED = AGREED.model_copy(
    update={
        "watches": tuple(
            Watch(field=name, segments=("country", "region", "segment", "status"))
            for name in ("language", "stage", "opt_out", "tag", "ok_email")
        )
    }
)


# The table


def made(n: int, folder: Path) -> dict[str, int]:
    """Writes customers and accounts; gives what each check has to find."""
    order = np.random.default_rng(SEED + n).permutation(n)
    rows, at = {}, 0
    for name, share in SHARES.items():
        k = max(2, round(share * n) // 2 * 2)
        rows[name], at = order[at : at + k], at + k
    frame = _faulty(_sound(n), rows)
    frame.write_parquet(folder / "customers.parquet", row_group_size=122_880)
    accounts = pl.DataFrame(
        {"account": pl.Series(np.arange(max(10, n // 4)) + 10**8).cast(pl.String)}
    )
    accounts.write_parquet(folder / "accounts.parquet")
    return {name: len(found) for name, found in rows.items()}


def _sound(n: int) -> pl.DataFrame:
    draw = np.random.default_rng(SEED)

    def one_of(values: tuple[str, ...]) -> pl.Series:
        return pl.Series(values, dtype=pl.String).gather(draw.integers(0, len(values), n))

    def ago(days: int) -> pl.Series:
        past = draw.integers(3600, days * 86_400, n).astype("timedelta64[s]")
        return pl.Series(np.datetime64(NOW.replace(tzinfo=None)) - past).cast(pl.Datetime("us"))

    country = one_of(tuple(LAND))
    region = country.replace_strict({c: r for c, (r, _) in LAND.items()})
    language = country.replace_strict({c: ls[0] for c, (_, ls) in LAND.items()})
    stage = one_of(STAGES)
    status = pl.select(
        pl.when(stage == "churned").then(pl.lit("closed")).otherwise(pl.lit("active"))
    ).to_series()
    number = pl.Series(draw.permutation(n) + 10**9).cast(pl.String)
    return pl.DataFrame(
        {
            "id": "C" + number,
            "account": pl.Series(draw.integers(0, max(10, n // 4), n) + 10**8).cast(pl.String),
            "email": one_of(("ada", "ben", "eva", "max")) + "." + number + "@" + one_of(("example.com", "mail.example")),
            "country": country,
            "region": region,
            "language": language,
            "tag": language + "-" + country,
            **{name: draw.random(n) < 0.4 for name in CONSENTS},
            "consent_at": ago(2000),
            "opt_out": np.zeros(n, dtype=bool),
            "stage": stage,
            "status": status,
            "segment": one_of(CLASSES),
            "updated": ago(360),
            "remark": one_of(("", "called", "wrote")),
        }
    )  # fmt: skip


def _faulty(frame: pl.DataFrame, rows: dict[str, Any]) -> pl.DataFrame:
    def put(column: str, name: str, *values: object) -> None:
        nonlocal frame
        many = [values[at % len(values)] for at in range(len(rows[name]))]
        new = frame[column].scatter(np.sort(rows[name]), pl.Series(many, dtype=frame[column].dtype))
        frame = frame.with_columns(new.alias(column))

    twice = rows["id once"]
    half = len(twice) // 2
    ids = frame["id"].clone()
    frame = frame.with_columns(ids.scatter(twice[half:], ids.gather(twice[:half])).alias("id"))
    put("id", "id filled", None)
    put("id", "id form", *(f"c{at}" for at in range(len(rows["id form"]))))
    put("email", "email form", "none", "a@b", "a b@example.com", "@example.com")
    put("region", "region of country", "XX", "EU")
    put("tag", "tag registered", "de_DE", "english", "en-UK", "zz", "pt BR")
    put("tag", "tag of language", "fi-FI", "sv")
    put("language", "language of country", "fi")
    put("tag", "language of country", "fi")
    put("stage", "stage known", "Actve", "")
    put("status", "status known", "ACTIVE", "n/a")
    put("segment", "segment known", "Consumer")
    put("opt_out", "consent and opt-out", True)
    put("ok_sms", "consent and opt-out", True)
    put("ok_email", "consent without a time", True)
    put("consent_at", "consent without a time", None)
    put("consent_at", "consent to come", (NOW + timedelta(days=9)).replace(tzinfo=None))
    put("stage", "active and closed", "active")
    put("status", "active and closed", "closed")
    put("updated", "stale", (NOW - timedelta(days=900)).replace(tzinfo=None))
    put("account", "account known", "A1", "A2")
    return frame


# What is measured, each in a process of its own


def scan(folder: Path) -> dict[str, int]:
    frame = pl.scan_parquet(folder / "customers.parquet").select(COLUMNS)
    frame.select(pl.all().max()).collect(engine="streaming")
    return {}


def checked(folder: Path, agreed: TableMap = AGREED, samples: int = 0) -> dict[str, int]:
    table, others = (
        opened(str(folder / "customers.parquet")),
        opened(str(folder / "accounts.parquet")),
    )
    report = preflight.check(table, agreed, NOW, {"accounts": others}, samples=samples)
    assert not report.having(Verdict.NOT_RUN)
    return {result.use.id: result.k for result in report.results}


MEASURED: dict[str, Callable[[Path], dict[str, int]]] = {
    "scan": scan,
    "counts": checked,
    "snapshots": lambda folder: checked(folder, WATCHED),
    "keys": lambda folder: checked(folder, samples=20),
}


def child(name: str, folder: Path) -> None:
    """Twice in this process: the second time is warm."""
    for _ in range(2):
        before, cpu = time.perf_counter(), time.process_time()
        found = MEASURED[name](folder)
        took, worked = time.perf_counter() - before, time.process_time() - cpu
    # Not ru_maxrss: a child begins with its parent's.
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
    print(json.dumps({"s": took, "cpu": worked, "mb": peak, "found": found}))


def measured(name: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", name, str(folder)]
    return cast(dict[str, Any], json.loads(subprocess.check_output(command, text=True)))


def round_of(folder: Path, expected: dict[str, int]) -> dict[str, dict[str, float]]:
    told = {name: measured(name, folder) for name in MEASURED}
    for name in set(MEASURED) - {"scan"}:
        wrong = {
            k: (v, told[name]["found"][k])
            for k, v in expected.items()
            if told[name]["found"][k] != v
        }
        if wrong:
            raise SystemExit(f"{name} found otherwise than planted: {wrong}")
    return {
        name: {"s": t["s"], "mb": t["mb"], "x": t["s"] / told["scan"]["s"], "x cpu": t["cpu"] / told["scan"]["cpu"]}
        for name, t in told.items()
    }  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    asked.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--json", action="store_true")
    asked.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    for n in given.rows:
        with tempfile.TemporaryDirectory() as folder:
            expected = made(n, Path(folder))
            rounds = [round_of(Path(folder), expected) for _ in range(given.rounds)]
        medians = {
            name: {key: statistics.median(r[name][key] for r in rounds) for key in rounds[0][name]}
            for name in MEASURED
        }
        print(json.dumps({"rows": n, **medians}) if given.json else _table(n, medians))


def _table(n: int, told: dict[str, dict[str, float]]) -> str:
    rows = [
        f"{name:<10} {t['s']:7.2f} s  {t['x']:5.2f} x  {t['x cpu']:5.2f} x of its CPU  {t['mb']:6.0f} MB"
        for name, t in told.items()
    ]
    return "\n".join([f"{n:,} rows, 17 checks, all that was planted found:", *rows])


if __name__ == "__main__":
    main()
