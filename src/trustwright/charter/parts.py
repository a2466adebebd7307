"""Which values may stand in a charter? Ids, lines, addresses; and the piece all others are made of."""

import re
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from trustwright.kernel.ids import is_slug


def demand(pattern: str, sentence: str) -> AfterValidator:
    def demand(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(sentence)
        return text

    return AfterValidator(demand)


def _slug(text: str) -> str:
    if not is_slug(text):
        raise ValueError("should be an id: a-z, 0-9, '.', '_' and '-', at most 64 of them")
    return text


def _placeholders(text: str) -> str:
    if unknown := set(re.findall(r"\{.*?\}", text)) - {"{name}", "{company}", "{system}"}:
        raise ValueError(f"knows {{name}}, {{company}} and {{system}}, but not {min(unknown)}")
    return text


def unset(value: object) -> bool:
    """Whether to leave it out: what came later and isn't used must not change older digests."""
    return value in (None, (), {})


def _steps(value: object) -> object:
    # From its text, where one person is a name and nobody is null.
    one = () if value is None else (value,)
    return tuple(value) if isinstance(value, list) else one


def _as_written(path: tuple[str, ...]) -> str | list[str] | None:
    # A path of one is written as it was before there were others: older digests stay.
    return [*path] if len(path) > 1 else path[0] if path else None


Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Line = Annotated[Text, demand(r"[^\n\t]{1,300}", "should be one line of at most 300 characters")]
Url = Annotated[
    str, demand(r"https?://[^\s\"'<>\\]{1,2000}", "should begin with https:// or http://")
]
Email = Annotated[str, demand(r"[^@\s<>]{1,64}@[^@\s<>]{1,190}", "should be an email address")]
Words = Annotated[Line, AfterValidator(_placeholders)]
Share = Annotated[
    str,
    demand(
        r"(?!0*(?:\.0*)?%)[0-4]?[0-9](?:\.[0-9]{1,4})?%", "should be percent under 50, like 0.45%"
    ),
]
Hours = Annotated[int, Field(ge=1, le=8760)]
People = Annotated[tuple[Slug, ...], BeforeValidator(_steps), PlainSerializer(_as_written)]
"""People, one after the other; a single one may be written without a list."""


class Part(BaseModel):
    """A piece of the charter: frozen, strictly typed, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def __copy__(self) -> Self:
        # Without what was computed: a changed copy must not keep the digest of the original.
        copied = super().__copy__()
        for computed in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[computed]
        return copied
