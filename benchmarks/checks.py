"""How right are the checks, and how fast? Precision and recall need labelled texts, so they need --data.

Run: python -m benchmarks.checks [--data DIR] [--json]

DIR holds the folders named below. Every second row is what rules were written with; the other half
is what is counted here. The speed is that of all checks on messages of 300 characters that were
never seen before, with every input a subject has, without and with a source of the same length; the
bar is 5,000 messages a second on one core.
"""

import argparse
import csv
import gzip
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import IO, cast

from benchmarks.figures import Figure, machine
from trustwright.charter.voice import VoiceRule
from trustwright.checks import Evidence, Report, Subject, run, shelf
from trustwright.checks.languages import agrees
from trustwright.checks.model import Source
from trustwright.checks.run import looked
from trustwright.stats.proportions import Proportion

BAR = 5_000
ALL, WITH_SOURCE = "all checks", "all checks, with a source"
TODAY = date(2026, 1, 15)
Rows = Iterator[tuple[str, bool]]
Counted = tuple[str, str, dict[str, Proportion]]


def opened(path: Path) -> IO[str]:
    return cast(IO[str], gzip.open(path, "rt") if path.suffix == ".gz" else path.open())


def held_out(rows: Iterator[tuple[str, bool]]) -> Rows:
    return islice(rows, 1, None, 2)


# Labelled texts


def environmental(data: Path, name: str = "environmental_train.jsonl") -> Rows:
    with opened(data / "claim-detection" / name) as file:
        for row in map(json.loads, file):
            yield row["text"], row["label"] == 1


def debates(data: Path) -> Rows:
    for name in ("claimbuster_train.json.gz", "claimbuster_test.json.gz"):
        with opened(data / "claim-detection" / name) as file:
            for row in json.load(file):
                yield row["text"], row["label"] == 1


def mails(data: Path) -> Rows:
    with opened(data / "email-intent" / "Ask0729-fixed.txt") as file:
        for line in file:
            label, text = line.rstrip("\n").split("\t", 1)
            yield text, label == "Yes"


def ads(data: Path) -> Rows:
    with opened(data / "ad-copy" / "ads_dev.csv.gz") as file:
        for row in csv.DictReader(file):
            yield row["text"], row["label"] == "0"


def headlines(data: Path) -> Rows:
    for name, bait in (("clickbait_data.gz", True), ("non_clickbait_data.gz", False)):
        with opened(data / "clickbait-headlines" / name) as file:
            for line in filter(str.strip, file):
                yield line.strip(), bait


def newsletters(data: Path) -> Rows:
    with tarfile.open(data / "mail-samples" / "hard_ham.tar.gz") as tar:
        for member in sorted((m for m in tar if m.isfile()), key=lambda m: m.name):
            raw = tar.extractfile(member)
            body = message_from_bytes(raw.read() if raw else b"", policy=policy.default)
            plain = body.get_body(("plain",))
            try:
                yield str(plain.get_content()) if plain else "", False
            except LookupError:  # a character set of 2002 that nobody knows
                continue


LABELLED: tuple[tuple[str, str, Callable[[Path], Rows]], ...] = (
    ("environmental-claim", "company reports: an environmental claim", environmental),
    ("environmental-claim", "the same, its development file", lambda d: environmental(d, "environmental_dev.jsonl")),
    ("unproven-claim", "US debates: worth checking", debates),
    ("unproven-claim", "Facebook ads: commercial", ads),
    ("unproven-offer", "Facebook ads: commercial", ads),
    ("unowned-promise", "mail: request, proposal or commitment", mails),
)  # fmt: skip
TEXTS = {"mail": mails, "ads": ads, "headlines": headlines, "newsletters": newsletters}
UNLABELLED = (
    *(("template-residue", name) for name in TEXTS),
    *(("simulated-caring", name) for name in TEXTS),
    ("distress", "mail"),
    ("reading-time", "ads"),
)


def found(check: str, text: str) -> bool:
    if check == "distress":
        subject = Subject((("text", ""),), today=TODAY, written=text)
    else:
        subject = Subject((("text", text),), today=TODAY, channel="social")
    return bool(run(subject, only=[check]).findings)


def labelled(check: str, rows: Rows) -> dict[str, Proportion]:
    seen = Counter((found(check, text), label) for text, label in rows)
    right = seen[True, True]
    return {
        "precision": Proportion(right, right + seen[True, False]),
        "recall": Proportion(right, right + seen[False, True]),
        "base rate": Proportion(right + seen[False, True], seen.total()),
    }


def languages(data: Path) -> dict[str, Proportion]:
    """Each sentence once as its own language (nothing to find) and once as the next one's (to be found)."""
    names = sorted(
        path.name.split(".")[0] for path in (data / "language-id" / "sentences").iterdir()
    )
    seen: Counter[tuple[str, bool]] = Counter()
    settled: Counter[bool] = Counter()
    for place, own in enumerate(names):
        other = names[(place + 1) % len(names)]
        with opened(data / "language-id" / "sentences" / f"{own}.txt.gz") as file:
            for text in islice(map(str.strip, file), 1, None, 2):
                for expected in (own, other):
                    subject = Subject((("text", text),), today=TODAY, language=expected)
                    seen[told(run(subject, only=["language"])), expected == other] += 1
                    settled[agrees(text, expected) is not None] += len(text) >= 40
    right, wrong = seen["found", True], seen["found", False]
    decided = {key: n for key, n in seen.items() if key[0] in ("found", "fine")}
    return {
        "precision": Proportion(right, right + wrong),
        "recall": Proportion(right, sum(n for (_, is_other), n in decided.items() if is_other)),
        "decided": Proportion(sum(decided.values()), seen.total()),
        "left to lingua (of 40 characters or more)": Proportion(settled[False], settled.total()),
    }


def told(report: Report) -> str:
    undecided = [u.reason for u in report.undecided]
    return "found" if report.findings else undecided[0] if undecided else "fine"


def quality(data: Path) -> Iterator[Counted]:
    for check, name, rows in LABELLED:
        yield check, name, labelled(check, held_out(rows(data)))
    yield "language", "sentences in 24 languages", languages(data)
    for check, name in UNLABELLED:
        hits = Counter(found(check, text) for text, _ in held_out(TEXTS[name](data)))
        yield check, name, {"found in": Proportion(hits[True], hits.total())}


# Speed


def messages(n: int = 2_000, size: int = 300) -> list[str]:
    """Texts of AI systems, put together to messages of one size; no two alike."""
    folder = files("trustwright.demo") / "data"
    packed = [(folder / f"{name}.jsonl.gz").read_bytes() for name in ("replies", "answers")]
    lines = [line for file in packed for line in gzip.decompress(file).splitlines()]
    texts = dict.fromkeys(json.loads(line)["text"].strip() for line in lines)
    made, begun = [], ""
    for text in texts:
        begun = f"{begun} {text}".strip()
        if len(begun) >= size:
            made.append(begun[:size])
            begun = ""
    return made[:n]


def subjects() -> list[Subject]:
    voice = (
        VoiceRule(id="hype", extends="existence", tokens=("revolutionary", r"game-chang\w+")),
        VoiceRule(id="words", extends="substitution", swap=(("utilize", "use"),)),
    )
    evidence = tuple(Evidence(f"{n} % of customers renew", "survey", "Ada") for n in range(20))
    made = messages()
    return [
        Subject(
            (("text", text),),
            today=TODAY,
            evidence=evidence,
            written=asked,
            channel="push",
            language="en",
            voice=voice,
        )
        for text, asked in zip(made, made[1:] + made[:1], strict=True)
    ]


def material() -> dict[str, Proportion]:
    """Nothing can be remembered from one message to the next; and how many languages lingua settles."""
    asked = subjects()
    said = [s.strip() for each in asked for s in re.split(r"(?<=[.!?])\s", each.parts[0][1])]
    left = sum(agrees(each.parts[0][1], "en") is None for each in asked)
    return {
        "distinct sentences": Proportion(len({*said}), len(said)),
        "left to lingua": Proportion(left, len(asked)),
    }


def speed() -> dict[str, int]:
    asked = subjects()
    # Each against another message: nearly nothing it says is there, which takes the longest to say.
    sourced = [
        replace(each, sources=(Source("1", other.parts[0][1]),))
        for each, other in zip(asked, asked[7:] + asked[:7], strict=True)
    ]

    def rate(look: Callable[[Subject], object], subjects: Sequence[Subject]) -> int:
        def seconds() -> float:
            start = time.process_time()
            for subject in subjects:
                look(subject)
            return time.process_time() - start

        return round(len(subjects) / min(seconds() for _ in range(5)))

    rates = {ALL: rate(run, asked), WITH_SOURCE: rate(run, sourced)}
    for name, check in shelf().items():
        rates[name] = rate(lambda subject, check=check: looked(check, subject), sourced)  # type: ignore[misc]
    return rates


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--data", type=Path, help="the folder with the labelled texts")
    asked.add_argument("--json", action="store_true")
    args = asked.parse_args()
    rates = speed()
    counted = list(quality(args.data)) if args.data else []
    if args.json:
        rows = [
            {"check": check, "data": name, **{k: [p.k, p.n] for k, p in shares.items()}}
            for check, name, shares in counted
        ]
        print(json.dumps({"messages_per_second": rates, "bar": BAR, "quality": rows}))
        return
    print(f"On {machine()}; processor time of one core.\n\n| what | wanted | measured |")
    print("| --- | --- | --- |")
    for name, each in rates.items():
        print(Figure(name, each, "/s", BAR if name in (ALL, WITH_SOURCE) else None).row())
    print("; ".join(f"{what} {share}" for what, share in material().items()))
    for check, name, shares in counted:
        print(f"{check}, {name}: " + "; ".join(f"{what} {share}" for what, share in shares.items()))
    if not args.data:
        print("Precision and recall: not counted, for want of --data.")


if __name__ == "__main__":
    main()
