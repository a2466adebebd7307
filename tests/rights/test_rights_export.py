"""A table as others read it: every rule, nothing that could be taken for something else."""

import csv
import io
from typing import Any

from trustwright.rights.export import as_csv, as_markdown
from trustwright.rights.load import load
from trustwright.rights.table import Table


def table(reason: str) -> Table:
    def rule(name: str, *when: dict[str, Any], **then: Any) -> dict[str, Any]:
        return {
            "id": name,
            "owner": "lena.brandt",
            "reason": reason,
            "review_by": "2027-03-01",
            "when": list(when),
            "then": then,
        }

    facts = {"delta": {"type": "number", "min": -9, "max": 9}}
    stopped = rule("stopped", {"held": True}, {"risk": ["high", "?"]}, outcome="block")
    low = rule("low", {"delta": [-1.5, "> 2"]}, outcome="owner", roles=["legal", "brand"])
    first = rule("first", {"delta": -3}, outcome="two_person", label="ai", cooling_off=60)
    return load({"default": "owner", "facts": facts, "rules": [stopped, low, first]}, [])


def test_markdown_has_a_row_for_each_alternative() -> None:
    assert as_markdown(table("A *b* | c\n<d>.")).split("\n") == [
        "| rule | risk | held | delta | outcome | roles | label | cooling_off | reason | owner "
        "| review_by |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        r"| stopped | any | true | any | block |  |  | 0 | A \*b\* \| c \<d>. | lena.brandt "
        "| 2027-03-01 |",
        r"| stopped | high, ? | any | any | block |  |  | 0 | A \*b\* \| c \<d>. | lena.brandt "
        "| 2027-03-01 |",
        r"| low | any | any | -1.5, > 2 | owner | brand, legal |  | 0 | A \*b\* \| c \<d>. "
        "| lena.brandt | 2027-03-01 |",
        r"| first | any | any | -3 | two_person |  | ai | 60 | A \*b\* \| c \<d>. | lena.brandt "
        "| 2027-03-01 |",
        "",
        "Otherwise owner.",
    ]


def test_csv_is_read_back_and_holds_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(table('=HYPERLINK("x", "y")\n')))))
    assert [row["rule"] for row in rows] == ["stopped", "stopped", "low", "first", ""]
    assert [row["outcome"] for row in rows][-1] == "owner"
    assert {row["reason"] for row in rows[:-1]} == {'\'=HYPERLINK("x", "y")\n'}
    assert [row["delta"] for row in rows] == ["any", "any", "'-1.5, > 2", "-3", ""]
