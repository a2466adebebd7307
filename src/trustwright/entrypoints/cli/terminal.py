"""What is said where? Data on standard output; notes, progress and errors on standard error.

Rich is used for people alone: never without a terminal, with NO_COLOR or with --quiet.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from trustwright.kernel.errors import Invalid

T = TypeVar("T")
_hushed = False


def hush(quiet: bool) -> None:
    """Say no more than data and errors."""
    global _hushed
    _hushed = quiet


def chatty() -> bool:
    """Whether notes and progress are wanted, and somebody is there to see them in color."""
    return not _hushed and pretty(sys.stderr)


def pretty(stream: object) -> bool:
    """Whether a person is looking at this stream and wants color."""
    return bool(getattr(stream, "isatty", bool)()) and not os.environ.get("NO_COLOR")


def data(text: str) -> None:
    """What was asked for."""
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    sys.stdout.flush()


def note(words: str) -> None:
    """Something a person wants to know beside the data."""
    if not _hushed:
        _say(words, "dim")


def then(command: str, why: str) -> None:
    """The command that usually comes next."""
    note(f"Next: `{command}` {why}")


def fail(sentence: str) -> None:
    """What went wrong, and what to do about it."""
    _say(sentence, "bold red")


def _say(words: str, style: str) -> None:
    words = visible(words)
    if not pretty(sys.stderr):
        print(words, file=sys.stderr, flush=True)
        return
    from rich.console import Console

    Console(stderr=True).print(words, style=style, markup=False, highlight=False, soft_wrap=True)


def visible(text: str) -> str:
    """Hidden characters of somebody's text must not act on the reader's terminal."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


def track(items: Sequence[T], words: str) -> Iterable[T]:
    """The items, with progress for a person who waits."""
    if not chatty() or len(items) < 50:
        return items
    from rich.console import Console
    from rich.progress import track as rich_track

    return rich_track(items, words, console=Console(stderr=True), transient=True)


def read(path: str) -> str:
    """The text of a file, or of standard input for `-`; it is UTF-8 or `Invalid`."""
    raw = read_bytes(path)
    try:
        return raw.decode()
    except UnicodeDecodeError as e:
        line = raw.count(b"\n", 0, e.start) + 1
        raise Invalid(
            "not-utf-8",
            f"{named(path)}:{line}: byte {e.start} isn't UTF-8.",
            "Save the file as UTF-8.",
        ) from e


def read_bytes(path: str) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as e:
        reason = getattr(e, "strerror", None) or e
        raise Invalid(
            "file-unreadable", f"{named(path)} can't be read ({reason}).", "Name a readable file."
        ) from e


def write(path: Path, content: bytes) -> None:
    """Put a file where it was asked for, with the folders it needs."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as e:
        raise Invalid(
            "file-unwritable", f"{path} can't be written ({e.strerror}).", "Name another place."
        ) from e


def named(path: str) -> str:
    """A path as it is told."""
    return "stdin" if path == "-" else path
