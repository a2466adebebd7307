"""Content is an ordered list of named text parts. What is signed is exactly these bytes."""

from collections.abc import Sequence

import orjson

from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import Invalid
from trustwright.kernel.ids import is_slug

MEDIA = "application/vnd.trustwright.parts+json"
MAX_CONTENT = 256 * 1024 - 32
FORBIDDEN = {"\r": "a carriage return", "\0": "a NUL character"}

Parts = tuple[tuple[str, str], ...]


def to_bytes(parts: Parts) -> bytes:
    """Canonical bytes of the parts, for sealing and signing."""
    content = canonical([list(part) for part in parts])
    if len(content) > MAX_CONTENT:
        raise Invalid(
            "content-too-large",
            f"The content takes {len(content):,} bytes; {MAX_CONTENT:,} is the most.",
            "Send a link, or split it into several proposals.",
        )
    return content


def from_bytes(content: bytes) -> Parts:
    """The parts in sealed bytes."""
    return tuple((name, text) for name, text in orjson.loads(content))


def demand_clean(text: str, where: str) -> str:
    """Text that has one form on every system, or `Invalid` with the path of the field."""
    for character, name in FORBIDDEN.items():
        if character in text:
            raise Invalid(
                "text-not-clean",
                f"{where} holds {name}.",
                "Send lines ended by a line feed alone, and no control characters.",
                field=where,
            )
    try:
        text.encode()
    except UnicodeEncodeError as e:
        raise Invalid(
            "text-not-clean",
            f"{where} holds half of a surrogate pair at character {e.start}.",
            "Send well-formed Unicode.",
            field=where,
        ) from e
    return text


def demand_parts(parts: Sequence[tuple[str, str]]) -> Parts:
    """At least one part, each named once, each clean."""
    names = [name for name, _ in parts]
    if not names or len(set(names)) < len(names):
        raise Invalid(
            "parts", "Content has at least one part, and each part its own name.", field="parts"
        )
    return tuple((demand_clean(n, "parts"), demand_clean(t, f"parts.{n}")) for n, t in parts)


def demand_names(parts: Parts) -> None:
    """A part's name stands in the log with its findings, which no erasure reaches."""
    for name, _ in parts:
        if not is_slug(name):
            raise Invalid(
                "part-name",
                f"A part can't be called {name[:64]!r}.",
                "Take a-z, 0-9, '.', '_' and '-': a word for what it is, such as subject or body.",
                field="parts",
            )
