"""How the demonstration's data was made: the original files in, three small ones out.

    python -m scripts.demo_data AUDIT EVOUNA OUT

AUDIT is `data-audit` of FaithDial (with GPT2/, CTRL/, DoHA/ and gold/), EVOUNA the file TQ.json of
QA-Eval, OUT the folder to write to. Texts are copied as they are; the same input gives the same bytes.
"""

import csv
import gzip
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

REPLYING = {"gpt2": "GPT2", "ctrl": "CTRL", "doha": "DoHA"}
ANSWERING = ("fid", "gpt35", "chatgpt", "gpt4", "newbing")

Row = dict[str, Any]


def replies(audit: Path) -> Iterator[Row]:
    """What three models replied, with the passage they had and the experts' label."""
    for system, folder in REPLYING.items():
        rows = _rows(audit / folder / f"{system}_processed_wow.csv")
        for n, row in enumerate(rows, 1):
            yield _reply(
                system, n, (row["knowledge"], row["history"], row[system]), row["begin_label"]
            )


def people(audit: Path) -> Iterator[Row]:
    """What people replied, labelled in the same way."""
    for n, row in enumerate(_rows(audit / "gold" / "wow.csv"), 1):
        yield _reply("people", n, (row["evidence"], row["history"], row["response"]), row["BEGIN"])


def _reply(system: str, n: int, texts: tuple[str, str, str], label: str) -> Row:
    passage, said, reply = texts
    return {
        "system": system,
        "n": n,
        "passage": passage,
        "said": said,
        "text": reply,
        "label": label,
    }


def answers(evouna: Path) -> Iterator[Row]:
    """What five systems answered, and whether people judged it correct (null: not judged)."""
    for n, row in enumerate(json.loads(evouna.read_text("utf-8")), 1):
        for system in ANSWERING:
            judged = row[f"judge_{system}"]
            yield {
                "system": system,
                "n": n,
                "said": row["question"],
                "text": row[f"answer_{system}"],
                "correct": judged if isinstance(judged, bool) else None,
                "improper": row["improper"],
            }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Iterable[Row]) -> None:
    lines = "".join(
        json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows
    )
    path.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))


def main() -> None:
    audit, evouna, out = map(Path, sys.argv[1:])
    _write(out / "replies.jsonl.gz", replies(audit))
    _write(out / "people.jsonl.gz", people(audit))
    _write(out / "answers.jsonl.gz", answers(evouna))


if __name__ == "__main__":
    main()
