"""How many decisions a second on one core? The bar is 500,000 outcomes for 6 rules over 8 facts.

In bulk, where the rows are: 6.4 million rows in DuckDB on one thread, once as SQL and once through
Ibis; the bar is 5,000,000 rows a second of processor time. Beside them how fast DuckDB merely reads
the same columns (the greatest of each), and Ibis with rules and obligations.

And how long does it take to understand a table: surface, gaps and dead rules of 20 rules over 12
facts? The bar is 50 ms, for the slowest of ten random tables.

Run: python benchmarks/rights.py [--json]
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator

import duckdb
import ibis
import pyarrow as pa

from trustwright.connectors.tables import decisions
from trustwright.rights.decide import decide, outcome
from trustwright.rights.load import load
from trustwright.rights.sql import expression
from trustwright.rights.surface import surface
from trustwright.rights.table import Table
from trustwright.rights.understanding import understand

BAR = 500_000
BAR_MS = 50
BAR_ROWS = 5_000_000
SAFE = {
    "workflow": ["replies", "offers"],
    "held": False,
    "worst_finding": ["none", "note"],
    "checks_complete": True,
    "restrained": False,
}


def rule(name: str, then: str, *when: dict[str, object]) -> dict[str, object]:
    return {
        "id": name,
        "owner": "lena.brandt",
        "reason": "Measured.",
        "review_by": "2027-03-01",
        "when": list(when),
        "then": {"outcome": then},
    }


def table() -> Table:
    grounded = {"sourced": True, "confidence": [">= 0.8", "?"]}
    rules = [
        rule("grounded-alone", "automate", SAFE | {"risk": ["low", "medium"]} | grounded),
        rule("plain-alone", "automate", SAFE | {"risk": "low", "confidence": ">= 0.95"}),
        rule("unsure", "owner", {"confidence": "< 0.6"}),
        rule("warned", "two_person", {"worst_finding": "warn"}, {"risk": "high"}),
        rule("restrained", "owner", {"restrained": True}, {"checks_complete": False}),
        rule("stopped", "block", {"held": True}, {"worst_finding": "block"}),
    ]
    facts = {
        "confidence": {"type": "number", "min": 0, "max": 1},
        "sourced": {"type": "bool"},
    }
    document = {"default": "owner", "facts": facts, "rules": rules}
    return load(document, ["replies", "offers", "answers"])


def situations(n: int) -> list[dict[str, object]]:
    """Two thirds ordinary (nothing held, nothing found), one third anything, a tenth unknown."""
    dice = random.Random(7)

    def one() -> Iterator[tuple[str, object]]:
        calm = dice.random() < 0.67
        yield "workflow", dice.choice(["replies", "offers", "answers"])
        yield "risk", dice.choice(["low", "low", "medium", "high"])
        yield "held", not calm and dice.random() < 0.1
        yield "worst_finding", "none" if calm else dice.choice(["none", "note", "warn", "block"])
        yield "checks_complete", calm or dice.random() < 0.9
        yield "restrained", not calm and dice.random() < 0.1
        yield "confidence", None if dice.random() < 0.1 else dice.random()
        yield "sourced", dice.random() < 0.7

    return [dict(one()) for _ in range(n)]


def rate(answer: Callable[[Table, dict[str, object]], object], n: int) -> float:
    """Answers a second: the best of many short runs, for the others measured the neighbours."""
    asked, rights = situations(n), table()
    answer(rights, asked[0])

    def seconds() -> float:
        start = time.perf_counter()
        for facts in asked:
            answer(rights, facts)
        return time.perf_counter() - start

    return n / min(seconds() for _ in range(50))


def bulk(n: int = 100_000, times: int = 64) -> dict[str, int]:
    """Rows a second of processor time: the best of five."""
    asked, rights = pa.Table.from_pylist(situations(n)), table()
    base = ibis.duckdb.connect(threads=1)
    rows = base.create_table("cases", pa.concat_tables([asked] * times))
    told = decisions.decided(rights, rows)
    counted = {
        "read alone": f"SELECT {', '.join(f'max({name})' for name in asked.column_names)} FROM cases",
        "SQL": f"SELECT o, count(*) FROM (SELECT {expression(rights)} AS o FROM cases) GROUP BY o",
        "Ibis": base.compile(rows.select(o=decisions.outcome(rights, rows)).group_by("o").count()),
        "Ibis, all": base.compile(rows.select(**told).group_by([*told]).count()),
    }
    return {name: round(n * times / _seconds(base.con, sql)) for name, sql in counted.items()}


def _seconds(base: duckdb.DuckDBPyConnection, sql: str) -> float:
    def took() -> float:
        start = time.process_time()
        base.execute(sql).fetchall()
        return time.process_time() - start

    return min(took() for _ in range(5))


def large(seed: int) -> Table:
    """20 random rules over 12 facts."""
    dice = random.Random(seed)
    facts: dict[str, dict[str, object]] = {
        "sourced": {"type": "bool"},
        "edited": {"type": "bool"},
        "language": {"type": "enum", "values": ["en", "de", "fr"]},
        "channel": {"type": "enum", "values": ["chat", "email", "web"]},
        "confidence": {"type": "number", "min": 0, "max": 1},
        "length": {"type": "number", "min": 0, "max": 1},
    }

    def cells() -> dict[str, object]:
        chosen = {name: fact for name, fact in facts.items() if dice.random() < 0.35}
        drawn: dict[str, object] = {name: _cell(dice, fact) for name, fact in chosen.items()}
        return drawn or {"risk": dice.choice(["medium", "high"])}

    def one(at: int) -> dict[str, object]:
        then = dice.choices(["automate", "owner", "two_person", "block"], [4, 3, 2, 1])[0]
        safe = SAFE | {"risk": dice.sample(["low", "medium", "high"], 2)}
        return rule(f"r{at}", then, (safe if then == "automate" else {}) | cells())

    document = {"default": "owner", "facts": facts, "rules": [one(at) for at in range(20)]}
    return load(document, ["replies", "offers", "answers"])


def _cell(dice: random.Random, fact: dict[str, object]) -> object:
    values = fact.get("values")
    if isinstance(values, list):
        return dice.sample(values, 2)
    sign = dice.choice([">=", "<"])
    return dice.random() < 0.5 if fact["type"] == "bool" else f"{sign} {dice.randint(2, 8) / 10}"


def slowest(tables: int = 10) -> float:
    """Milliseconds for the table that takes longest, each measured at its best of three."""

    def took(seed: int) -> float:
        rights, start = large(seed), time.perf_counter()
        surface(rights)
        understand(rights)
        return 1000 * (time.perf_counter() - start)

    return max(min(took(seed) for _ in range(3)) for seed in range(tables))


def main() -> None:
    rates = {"outcome": round(rate(outcome, 5_000)), "decision": round(rate(decide, 500))}
    in_bulk, understood = bulk(), round(slowest(), 1)
    if "--json" in sys.argv:
        told: dict[str, object] = {"decisions_per_second": rates, "bar": BAR}
        told |= {"rows_per_second": in_bulk, "rows": 6_400_000, "rows_bar": BAR_ROWS}
        print(json.dumps(told | {"understand_ms": understood, "understand_bar_ms": BAR_MS}))
    else:
        for name, each in (rates | in_bulk).items():
            of_reading = f"  ({in_bulk['read alone'] / each:.1f} times as long as reading)"
            print(f"{name:10}{each:>14,} /s" + (of_reading if name in in_bulk else ""))
        print(f"{'understand':10}{understood:>14} ms")


if __name__ == "__main__":
    main()
