"""What does a YAML text say, and on which line? Plain values; no objects, nothing guessed.

YAML is read as events, never as objects: no tags, no anchors, no aliases, no second document, no
duplicate keys, nothing nested deeper than its kind of file can be. A plain scalar is true, false,
null, a whole number, or text; "yes" is text, and so are dates. Fractions are text too, unless the
grammar has numbers.
"""

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_INT_DIGITS = 15
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Grammar:
    """How much YAML a kind of file may use. `words`: what a key looks like."""

    characters: int = 256 * 1024
    depth: int = 12
    words: str = r"[!-~]+"
    fractions: bool = False


@dataclass(frozen=True)
class Hidden:
    """A text with characters that could make a reader see something else than what is there."""

    key: str
    line: int


class Unreadable(Exception):
    """Isn't YAML, or more of YAML than is read. `line` counts from 1."""

    def __init__(self, line: int, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.line, self.sentence, self.remedy = line, sentence, remedy


class Builder:
    """One file's events as plain values. Event by event, so that a bomb is seen before it is read.

    `lines`: where each value stands. `hidden`: where characters were left out.
    """

    def __init__(self, grammar: Grammar) -> None:
        self.lines: dict[Path, int] = {}
        self.hidden: list[Hidden] = []
        self._grammar = grammar
        self._events: Iterator[yaml.Event] = iter(())

    def build(self, text: str, path: Path = ()) -> object:
        """The one document; None where there is none. Raises `Unreadable`."""
        most = self._grammar.characters
        if len(text) > most:
            raise Unreadable(1, f"The file is longer than {most} characters.", "Shorten it.")
        self._events = yaml.parse(text, Loader=LOADER)
        try:
            return self._document(path)
        except yaml.MarkedYAMLError as e:
            mark = e.problem_mark or e.context_mark
            said = e.problem or e.context or "it isn't YAML"
            raise Unreadable(mark.line + 1 if mark else 1, f"This can't be read: {said}.") from e
        except (yaml.YAMLError, UnicodeError) as e:
            raise Unreadable(1, "This can't be read as YAML text.", "Save it as UTF-8.") from e

    def _document(self, path: Path) -> object:
        value = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if value is not None:
                    raise Unreadable(
                        _line(event), "A second document begins.", "Keep one per file."
                    )
                value = self._value(event, path, 0)
        return value

    def _value(self, event: yaml.Event, path: Path, depth: int) -> object:
        self._demand_plain(event, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return dict(self._pairs(event, path, depth))
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(path, depth))
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, path)

    def _demand_plain(self, event: yaml.Event, depth: int) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(line, "Anchors and aliases aren't read.", "Write the value out.")
        if getattr(event, "tag", None):
            raise Unreadable(line, "Tags aren't read.", "Leave the `!` out, or use quotes.")
        if depth > self._grammar.depth:
            raise Unreadable(line, "This is nested too deeply.", "Remove brackets or indentation.")

    def _items(self, path: Path, depth: int) -> Iterator[object]:
        for index, event in enumerate(self._events):
            if isinstance(event, yaml.SequenceEndEvent):
                return
            self.lines[(*path, index)] = _line(event)
            yield self._value(event, (*path, index), depth + 1)

    def _pairs(self, start: yaml.Event, path: Path, depth: int) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return
            self._demand_plain(event, depth)
            key = event.value if isinstance(event, yaml.ScalarEvent) else ""
            # What is swapped is a phrase; every other key is a word of the file's kind.
            words = r"[^\n\t]+" if path[-1:] == ("swap",) else self._grammar.words
            if not re.fullmatch(words, key) or any(map(_hides, key)):
                raise Unreadable(
                    _line(event), "A key isn't a plain word.", "Use a-z, 0-9, `_`, `-`."
                )
            self.lines.setdefault((*path, key), _line(event))
            value = self._value(next(self._events), (*path, key), depth + 1)
            if key in seen:
                raise Unreadable(_line(event), f"{key} is there twice.", "Keep one of the two.")
            seen.add(key)
            yield key, value

    def _scalar(self, event: yaml.ScalarEvent, path: Path) -> bool | int | float | str | None:
        text: str = event.value
        if not text.isprintable() and any(map(_hides, text)):
            key = next((step for step in reversed(path) if isinstance(step, str)), "the file")
            self.hidden.append(Hidden(key, _line(event)))
            return "".join(character for character in text if not _hides(character))
        return self._plain(text) if event.implicit[0] else text

    def _plain(self, text: str) -> bool | int | float | str | None:
        if re.fullmatch(rf"-?(0|[1-9]\d{{0,{MAX_INT_DIGITS - 1}}})", text, re.ASCII):
            return int(text)
        if self._grammar.fractions:
            if NUMBER.fullmatch(text) and "." in text and math.isfinite(float(text)):
                return float(text)
            text = text.lower() if text.lower() in PLAIN else text
        return PLAIN.get(text, text)


LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml: the same events, 40 times as fast.


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _hides(character: str) -> bool:
    """Whether it could make a reader see something else than what is there.

    The joiners (U+200C, U+200D) stay: several scripts are misspelt without them.
    """
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs", "Co", "Cf") and character not in "\n\t\u200c\u200d"
