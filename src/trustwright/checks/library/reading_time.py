"""Finds messages that take longer to read than their channel holds anybody's attention.

Six seconds for `social` and `push`; other channels have no limit unless the workflow sets one
(`attention_seconds` in the charter). All parts count together, at 238 words a minute (23 words
in six seconds), or 255 characters a minute where Chinese or Japanese is written.

**Why.** What isn't read isn't understood, and the condition in the last line is the one that binds.

**Found is** everything from the first word beyond the limit.

**Misses.** How hard the words are, pictures, what is cut off on a small screen; and scripts without
spaces other than Chinese and Japanese, whose words are counted by spaces. People differ: most read
175 to 300 words a minute. Any language.

**Remedy.** Say one thing, and put the rest behind a link.

**Measured**: of 2,336 Facebook ads (AdAnalyst, every second one) 1,031 take more than six seconds, a share
of 0.44 (0.42 to 0.46). Whether people read on isn't in the data.

**Source.** Brysbaert, Journal of Memory and Language 109 (2019): 238 words a minute, silently, adults,
non-fiction; Trauzettel-Klosinski and Dietz, IOVS 53 (2012) for Chinese. Six seconds is a house rule.
"""

import re
from collections.abc import Iterator

from trustwright.checks.model import Example, Finding, Severity, Subject

id = "reading-time"
version = "1"
title = "Longer than anybody looks"
severity = Severity.WARN

SECONDS = {"social": 6, "push": 6}
_A_WORD, _A_CHARACTER = 60 / 238, 60 / 255
_WORD = re.compile(r"[^\W_]\S*")
_HAN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def look(subject: Subject) -> Iterator[Finding]:
    limit = subject.attention or SECONDS.get(subject.channel)
    if not limit:
        return
    taken, beyond = 0.0, None
    for part, text in subject.parts:
        for m in _WORD.finditer(text):
            taken += _A_WORD if m.group().isascii() else _seconds(m.group())
            if taken > limit and beyond is None:
                beyond = (part, m.start(), len(text))
    if beyond:
        where = subject.channel or "this place"
        message = f"It takes {taken:.0f} seconds to read; {where} has {limit}."
        remedy = "Say one thing, and put the rest behind a link."
        yield Finding(id, "too-long", severity, *beyond, message, remedy)


def _seconds(word: str) -> float:
    return len(_HAN.findall(word)) * _A_CHARACTER or _A_WORD


_LONG = (
    "Your parcel is on its way to you, and if you would like to know where it is at any time of the day, "
    "you can open the app, choose your orders, and look."
)
examples = (
    Example(
        code="too-long", bad=_LONG, good="Your parcel is on its way. See where:", channel="push"
    ),
)
