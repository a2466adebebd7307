"""How do we speak? Phrases that may not, must, or should otherwise be said, in the form Vale's rules have.

Vale's `existence`, `substitution` and `occurrence`, one entry of `voice.yaml` each, with an `id` in place
of a file name. Patterns are a part of regular expressions that can't take long: groups, `|`, `?`,
classes, and at most two `*` or `+`, each of one character and of no more than 40 of it.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from trustwright.charter.parts import Line, Part, Slug, Url

MOST = 40
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?.|.", re.DOTALL)


def bounded(pattern: str) -> str:
    """The pattern with an end to each repeat, and groups that capture nothing."""
    ends = {"*": f"{{0,{MOST}}}", "+": f"{{1,{MOST}}}", "(": "(?:"}
    return "".join(ends.get(piece, piece) for piece in _PIECE.findall(pattern))


def _pattern(text: str) -> str:
    pieces = _PIECE.findall(text)
    if any(
        (p.startswith("(?") and p != "(?:") or re.fullmatch(r"\\[1-9]|[{}^$]", p) for p in pieces
    ):
        raise ValueError("knows groups, classes, |, ?, * and +; nothing that looks around or back")
    repeats = [n for n, piece in enumerate(pieces) if piece in ("*", "+")]
    # More, or of a group, and a hostile text could make one search last for ever.
    if len(repeats) > 2 or any(n and pieces[n - 1] in (")", "*", "+", "?") for n in repeats):
        raise ValueError("has at most two * or +, each after one character or class")
    if sum(piece in ("(", "(?:") for piece in pieces) > 4:
        raise ValueError("has at most four groups; write several patterns")
    try:
        empty = re.compile(bounded(text)).fullmatch("")
    except re.error as e:
        raise ValueError(f"isn't a pattern: {e}") from e
    if empty:
        raise ValueError("would be found everywhere")
    return text


def _pairs(value: object) -> object:
    listed = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(listed, list):
        return value
    return tuple(tuple(pair) if isinstance(pair, list) else pair for pair in listed)


Pattern = Annotated[Line, AfterValidator(_pattern)]
Count = Annotated[int, Field(ge=0, le=1000)]


class VoiceRule(Part):
    """One rule; `tokens` belong to existence, `swap` to substitution, the last four to occurrence."""

    id: Slug
    extends: Literal["existence", "substitution", "occurrence"]
    message: Line | None = None
    link: Url | None = None
    level: Literal["suggestion", "warning", "error"] = "warning"
    ignorecase: bool = False
    nonword: bool = False
    tokens: tuple[Pattern, ...] = ()
    exceptions: tuple[Line, ...] = ()
    swap: Annotated[tuple[tuple[Pattern, Line], ...], BeforeValidator(_pairs)] = ()
    token: Pattern | None = None
    max: Count | None = None
    min: Count | None = None
    scope: Literal["text", "sentence"] = "text"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {
            "existence": ("tokens", self.tokens),
            "substitution": ("swap", self.swap),
            "occurrence": ("token and max or min", self.token and (self.max or self.min)),
        }
        name, given = needs[self.extends]
        if not given and not (self.extends == "occurrence" and self.token and self.max == 0):
            raise ValueError(f"extends {self.extends} and needs {name}")
        return self
