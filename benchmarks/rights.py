"""How many decisions a second on one core? The bar is 500,000 outcomes for 6 rules over 8 facts.

Run: python benchmarks/rights.py [--json]
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator

from trustwright.rights.decide import decide, outcome
from trustwright.rights.load import load
from trustwright.rights.table import Table

BAR = 500_000
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


def main() -> None:
    rates = {"outcome": round(rate(outcome, 5_000)), "decision": round(rate(decide, 500))}
    if "--json" in sys.argv:
        print(json.dumps({"decisions_per_second": rates, "bar": BAR}))
    else:
        for name, each in rates.items():
            print(f"{name:10}{each:>12,} /s")


if __name__ == "__main__":
    main()
