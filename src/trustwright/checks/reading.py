"""What did they hand us? Text or a line of JSON becomes a subject, or `Invalid` names the field.

A line is `{"id"?, "text" | "parts", "sources"?, "evidence"?, "promises"?, "recipient"?, "written"?,
"channel"?, "language"?}`; parts are an object or a list of pairs, a source is a string or `{"id"?, "text", "title"?}`.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from trustwright.checks.model import WRITTEN, Evidence, Promise, Source, Subject
from trustwright.kernel.errors import Invalid

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Given(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Source(_Given):
    id: str = ""
    text: str
    title: str = ""


class _Evidence(_Given):
    claim: Line
    proof: str
    owner: str
    valid_until: date | None = None


class _Promise(_Given):
    quote: Line
    owner: str
    due: date


def _pairs(value: object) -> object:
    return list(value.items()) if isinstance(value, Mapping) else value


def _source(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class _Item(_Given):
    id: str = ""
    text: str | None = None
    parts: Annotated[tuple[tuple[Line, str], ...] | None, BeforeValidator(_pairs)] = None
    sources: tuple[Annotated[_Source, BeforeValidator(_source)], ...] = ()
    evidence: tuple[_Evidence, ...] = ()
    promises: tuple[_Promise, ...] = ()
    recipient: tuple[str, ...] = ()
    written: str = ""
    channel: str = ""
    language: str | None = None

    @model_validator(mode="after")
    def _one_content(self) -> "_Item":
        names = [name for name, _ in self.parts or ()]
        if (self.text is None) == (not names):
            raise ValueError("give either text or parts")
        if not any(text.strip() for _, text in self.parts or (("", self.text or ""),)):
            raise ValueError("there is no text in it")
        if len(set(names)) < len(names):
            raise ValueError("two parts have the same name")
        if self.written and WRITTEN in names:
            raise ValueError("a part has the name of the customer's words")
        return self


def from_text(text: str, today: date) -> Subject:
    """Plain text is one part named `text`."""
    return Subject((("text", text),), today=today)


def from_line(line: str, today: date) -> tuple[str, Subject]:
    """A line of JSON: (its id or "", subject). `Invalid` carries the path, as in `sources[1].text`."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as e:
        raise Invalid("not-json", "A line isn't JSON.", "Give one JSON object a line.") from e
    return from_json(value, today)


def from_json(value: object, today: date) -> tuple[str, Subject]:
    """The same for a value that is already read."""
    try:
        item = _Item.model_validate(value)
    except ValidationError as e:
        raise _invalid(e) from e
    sources = tuple(Source(s.id or str(n), s.text, s.title) for n, s in enumerate(item.sources, 1))
    return item.id, Subject(
        item.parts or (("text", item.text or ""),),
        today=today,
        sources=sources,
        evidence=tuple(Evidence(**dict(e)) for e in item.evidence),
        promises=tuple(Promise(**dict(p)) for p in item.promises),
        recipient=item.recipient,
        written=item.written,
        channel=item.channel,
        language=item.language,
    )


def _invalid(error: ValidationError) -> Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    path = "".join(f"[{at}]" if isinstance(at, int) else f".{at}" for at in first["loc"]).lstrip(
        "."
    )
    unknown = first["type"] == "extra_forbidden"
    said = "isn't known" if unknown else f"can't be read: {first['msg']}"
    code = "unknown-field" if unknown else "malformed-field"
    return Invalid(code, f"The field {path or 'of the whole line'} {said}.", path=path)
