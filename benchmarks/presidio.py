"""How does `personal-data` compare with Presidio's recognizers, on the same 2,000 messages, one by one?

Every fourth message holds one e-mail address, phone number, IBAN or payment card, valid and made up. Of
Presidio only what goes by pattern and checksum is asked, without a language model.

Run: python benchmarks/presidio.py    (pip install presidio-analyzer, in an environment of its own)
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from itertools import cycle

from checks import messages  # type: ignore[import-not-found]

from trustwright.checks import Subject, run

KINDS = {"EMAIL_ADDRESS": "email", "PHONE_NUMBER": "phone", "IBAN_CODE": "iban", "CREDIT_CARD": "card"}  # fmt: skip
RECOGNIZERS = ("EmailRecognizer", "PhoneRecognizer", "IbanRecognizer", "CreditCardRecognizer")
Found = set[tuple[str, int, int]]


def texts() -> Iterator[tuple[str, Found]]:
    """Each message with what was put into it."""
    dice, kinds = random.Random(11), cycle(KINDS.values())
    for n, text in enumerate(messages()):
        if n % 4:
            yield text, set()
            continue
        kind = next(kinds)
        at, held = text.index(" ", 100), _made(kind, dice)
        yield f"{text[:at]} {held}{text[at:]}", {(kind, at + 1, at + 1 + len(held))}


def _made(kind: str, dice: random.Random) -> str:
    def digits(n: int) -> str:
        return "".join(dice.choice("0123456789") for _ in range(n))

    if kind == "email":
        return f"a{digits(4)}@{dice.choice(['birch', 'elm', 'lind'])}.com"
    if kind == "phone":
        return f"+49 30 {dice.randint(2, 8)}{digits(6)}"
    if kind == "iban":
        account = digits(18)
        return f"DE{98 - int(account + '131400') % 97:02}{account}"
    front = f"4{digits(14)}"
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in front[::2]) + sum(map(int, front[1::2]))
    return f"{front}{-doubled % 10}"


def ours(text: str) -> Found:
    report = run(Subject((("text", text),), today=date(2026, 1, 15)), only=["personal-data"])
    return {(f.code, f.start, f.end) for f in report.findings}


def theirs() -> Callable[[str], Found]:
    module = import_module("presidio_analyzer.predefined_recognizers")
    recognizers = [getattr(module, name)() for name in RECOGNIZERS]

    def look(text: str) -> Found:
        return {
            (KINDS[r.entity_type], r.start, r.end)
            for one in recognizers
            for r in one.analyze(text, one.supported_entities, None)
        }

    return look


def main() -> None:
    if find_spec("presidio_analyzer") is None:
        print("Presidio: not compared, for want of it (pip install presidio-analyzer).")
        return
    asked = list(texts())
    found: dict[str, list[Found]] = {}
    for name, look in (("personal-data", ours), ("Presidio", theirs())):
        look(asked[0][0])
        start = time.process_time()
        found[name] = [look(text) for text, _ in asked]
        print(f"{name:14}{len(asked) / (time.process_time() - start):>10,.0f} messages/s")
    for kind in KINDS.values():
        counted: Counter[str] = Counter()
        for (_, put), mine, other in zip(asked, *found.values(), strict=True):
            a, b, c = ({x for x in s if x[0] == kind} for s in (put, mine, other))
            counted += Counter({"put in": len(a), "both": len(b & c), "ours alone": len(b - c)})
            counted += Counter({"Presidio's alone": len(c - b), "ours of those": len(a & b)})
            counted += Counter({"Presidio's of those": len(a & c)})
        print(f"{kind:8}" + "; ".join(f"{n} {what}" for what, n in counted.items()))


if __name__ == "__main__":
    main()
