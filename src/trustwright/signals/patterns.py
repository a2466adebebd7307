"""Which regular expressions does everybody read alike, in time that grows with the text alone?

ECMA-262 without look-around and references, which no engine here needs to guess at. `\\d`, `\\w` and
`\\s` are ASCII: some engines would also take other scripts' digits.
"""

import re

_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": " \\t\\n\\r\\f\\v"}
_MOST = 2000
_REPEATS = 1000
_BACK = re.compile(r"\\(?:[1-9kpPxuUcbBAZzGQEXRCK])")


class Unreadable(ValueError):
    """The pattern can't be read; the sentence says why."""


def linear(pattern: str) -> str:
    """The pattern as RE2 and Rust's regex read it, or `Unreadable`."""
    if len(pattern) > _MOST:
        raise Unreadable(f"it is longer than {_MOST} characters")
    if found := re.search(r"(?<!\\)(?:\\\\)*\(\?(?!:)", pattern):
        raise Unreadable(f"it has a group of a kind that isn't read, at {found.start() + 1}")
    if found := re.search(r"(?<!\\)(?:\\\\)*" + _BACK.pattern, pattern):
        raise Unreadable(f"`{found[0]}` isn't read")
    if any(int(most) > _REPEATS for most in re.findall(r"\{\d*,?(\d+)\}", pattern)):
        raise Unreadable(f"it repeats something more than {_REPEATS} times")
    try:
        re.compile(pattern)
    except re.error as e:
        raise Unreadable(str(e)) from None
    return _translated(pattern)


def _translated(pattern: str) -> str:
    out, inside, at = [], False, 0
    while at < len(pattern):
        step = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
        out.append(_one(step, inside))
        inside = step == "[" or (inside and step != "]")
        at += len(step)
    return "".join(out)


def _one(step: str, inside: bool) -> str:
    if step[0] != "\\":
        return "\\[" if inside and step == "[" else step
    letters = _CLASSES.get(step[1].lower())
    if letters is None:
        return step
    if step[1].islower():
        return letters if inside else f"[{letters}]"
    if inside:
        raise Unreadable(f"`{step}` isn't read inside brackets")
    return f"[^{letters}]"
