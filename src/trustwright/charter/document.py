"""What do the charter's files say, and where? YAML in; plain values with their lines out.

YAML is read as events, never as objects: no tags, no anchors, no aliases, no second document, no
duplicate keys, nothing nested deeper than a charter can be. A plain scalar is true, false, null, a
whole number, or text; "yes" is text, and so are dates and fractions until the model reads them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

FILES = {
    "company.yaml": "name, time zone and deadlines, and which roles adopt a charter",
    "people.yaml": "people with their roles and substitutes, and the roles",
    "systems.yaml": "the register of AI systems",
    "workflows.yaml": "where AI is at work, and who owns it",
    "rights.yaml": "the decision table: what may go alone, and what needs whom",
    "restraints.yaml": "what AI isn't used for (`restraints: []` if nothing)",
    "evidence.yaml": "the proof of what is claimed (`evidence: []` if none)",
}
OPTIONAL = {"voice.yaml": "how we speak: phrases we use and don't use"}
WHOLE = ("company.yaml", "rights.yaml")  # The file is the section, and needs no key for it.
SECTIONS = {"people.yaml": ("people", "roles")}  # Elsewhere one section, named as the file.
PLAIN = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 12
MAX_INT_DIGITS = 15

Path = tuple[str | int, ...]


@dataclass(frozen=True, order=True)
class CharterProblem:
    """One thing wrong with a charter. A warning doesn't keep it from being adopted, nor does a note.

    `line` counts from 1, also for a file that is missing.
    """

    file: str
    line: int
    sentence: str
    remedy: str = ""
    warning: bool = False
    note: bool = False

    def __str__(self) -> str:
        kind = "warning: " if self.warning else "note: " if self.note else ""
        return f"{self.file}:{self.line}: {kind}{self.sentence} {self.remedy}".rstrip()


@dataclass
class Draft:
    """The charter as plain values, where each of them stands, and what is wrong so far."""

    document: dict[str, object] = field(default_factory=dict)
    lines: dict[Path, tuple[str, int]] = field(default_factory=dict)
    problems: list[CharterProblem] = field(default_factory=list)
    unread: set[Path] = field(default_factory=set)

    def report(self, path: Path, sentence: str, remedy: str = "", warning: bool = False) -> None:
        """At the path, or at the nearest thing around it that was written."""
        self.problems.append(CharterProblem(*self.place(path), sentence, remedy, warning))

    def place(self, path: Path) -> tuple[str, int]:
        """File and line."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, ("company.yaml", 1))

    def at(self, pattern: str) -> Iterator[tuple[Path, object]]:
        """What stands at "people.*.roles.*", with its path."""
        return _at(self.document, pattern.split("."), ())

    def ids(self, section: str) -> list[str]:
        return [id for _, id in self.at(f"{section}.*.id") if isinstance(id, str)]

    def called(self, path: Path) -> str:
        """The path for people: "people.anna.email", with ids for positions."""
        words: list[str] = []
        value: object = self.document
        for step in path:
            value = _inside(value, step)
            id = _inside(value, "id") if isinstance(step, int) else step
            words.append(id if isinstance(id, str) else f"{int(step) + 1}")
        return ".".join(words)


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return value.get(step) if isinstance(value, dict) else None


def _at(value: object, pattern: list[str], path: Path) -> Iterator[tuple[Path, object]]:
    if not pattern:
        yield path, value
    elif pattern[0] == "*" and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _at(inner, pattern[1:], (*path, index))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _at(value[pattern[0]], pattern[1:], (*path, pattern[0]))


def parse(files: Mapping[str, str]) -> Draft:
    """Everything the files say, and every way in which they can't be read."""
    draft = Draft()
    for file in [*FILES, *sorted(set(files) - set(FILES))]:
        _read_file(draft, file, files.get(file))
    return draft


def _read_file(draft: Draft, file: str, text: str | None) -> None:
    sections = SECTIONS.get(file, (file.removesuffix(".yaml"),))
    draft.lines |= {(section,): (file, 1) for section in sections}
    builder = _Builder(file, draft.problems)
    try:
        value = _parsed(builder, file, text)
    except _Unreadable as e:
        draft.problems.append(CharterProblem(file, e.line, e.sentence, e.remedy))
        draft.unread |= {(section,) for section in sections}
        return
    draft.lines |= {at: (file, n) for at, n in builder.lines.items() if at[0] in sections}
    for key, inner in value.items():
        if key in sections:
            draft.document[key] = inner
        else:
            sentence = f"{key} isn't known in this file."
            line = builder.lines[(key,)]
            draft.problems.append(CharterProblem(file, line, sentence, meant(key, sections)))


def _parsed(builder: "_Builder", file: str, text: str | None) -> dict[str, object]:
    """What stands in the file, by section."""
    known = FILES | OPTIONAL
    if file not in known:
        raise _Unreadable(1, "The file is no part of a charter.", meant(file, known))
    if text is None:
        remedy = f"It holds {FILES[file]}; `trustwright init` shows one."
        raise _Unreadable(1, "The file is missing.", remedy)
    if len(text) > MAX_CHARACTERS:
        raise _Unreadable(1, f"The file is longer than {MAX_CHARACTERS} characters.", "Shorten it.")
    section = file.removesuffix(".yaml")
    value = builder.build(text, (section,) if file in WHOLE else ())
    if not isinstance(value, dict):
        raise _Unreadable(1, "The file should have keys.", f"It holds {known[file]}.")
    return {section: value} if file in WHOLE else value


class _Unreadable(Exception):
    def __init__(self, line: int, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.line, self.sentence, self.remedy = line, sentence, remedy


class _Builder:
    """One file's events as plain values. Event by event, so that a bomb is seen before it is read."""

    def __init__(self, file: str, problems: list[CharterProblem]) -> None:
        self.lines: dict[Path, int] = {}
        self._file = file
        self._problems = problems
        self._events: Iterator[Event] = iter(())

    def build(self, text: str, path: Path) -> object:
        """The one document; None where there is none. Raises `_Unreadable`."""
        self._events = YAML(typ="safe", pure=True).parse(text)
        try:
            return self._document(path)
        except MarkedYAMLError as e:
            mark = e.problem_mark or e.context_mark
            said = e.problem or e.context or "it isn't YAML"
            raise _Unreadable(
                mark.line + 1 if mark else 1, f"This can't be read: {said}.", ""
            ) from e
        except YAMLError as e:
            raise _Unreadable(1, "This can't be read as YAML text.", "Save it as UTF-8.") from e

    def _document(self, path: Path) -> object:
        value = None
        for event in self._events:
            if isinstance(event, NodeEvent):
                if value is not None:
                    raise _Unreadable(
                        _line(event), "A second document begins.", "Keep one per file."
                    )
                value = self._value(event, path, 0)
        return value

    def _value(self, event: Event, path: Path, depth: int) -> object:
        self._demand_plain(event, depth)
        if isinstance(event, MappingStartEvent):
            return dict(self._pairs(event, path, depth))
        if isinstance(event, SequenceStartEvent):
            return list(self._items(path, depth))
        assert isinstance(event, ScalarEvent)
        return self._scalar(event, path)

    def _demand_plain(self, event: Event, depth: int) -> None:
        line = _line(event)
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _Unreadable(line, "Anchors and aliases aren't read.", "Write the value out.")
        if getattr(event, "tag", None):
            raise _Unreadable(line, "Tags aren't read.", "Leave the `!` out, or use quotes.")
        if depth > MAX_DEPTH:
            raise _Unreadable(line, "This is nested too deeply.", "Remove brackets or indentation.")

    def _items(self, path: Path, depth: int) -> Iterator[object]:
        for index, event in enumerate(self._events):
            if isinstance(event, SequenceEndEvent):
                return
            self.lines[(*path, index)] = _line(event)
            yield self._value(event, (*path, index), depth + 1)

    def _pairs(self, start: Event, path: Path, depth: int) -> Iterator[tuple[str, object]]:
        seen: set[str] = set()
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return
            self._demand_plain(event, depth)
            key = event.value if isinstance(event, ScalarEvent) else ""
            # What is swapped is a phrase; every other key is a word of ours.
            words = r"[^\n\t]+" if path[-1:] == ("swap",) else r"[!-~]+"
            if not re.fullmatch(words, key) or any(map(_hides, key)):
                raise _Unreadable(
                    _line(event), "A key isn't a plain word.", "Use a-z, 0-9, `_`, `-`."
                )
            self.lines.setdefault((*path, key), _line(event))
            value = self._value(next(self._events), (*path, key), depth + 1)
            if key in seen:
                raise _Unreadable(_line(event), f"{key} is there twice.", "Keep one of the two.")
            seen.add(key)
            yield key, value

    def _scalar(self, event: ScalarEvent, path: Path) -> bool | int | str | None:
        text: str = event.value
        if any(_hides(character) for character in text):
            key = next((step for step in reversed(path) if isinstance(step, str)), "the file")
            sentence = f"`{key}` has invisible or control characters."
            problem = CharterProblem(self._file, _line(event), sentence, "Type it again.")
            self._problems.append(problem)
            return "".join(character for character in text if not _hides(character))
        if not event.implicit[0]:
            return text
        if re.fullmatch(rf"-?(0|[1-9]\d{{0,{MAX_INT_DIGITS - 1}}})", text, re.ASCII):
            return int(text)
        return PLAIN.get(text, text)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _hides(character: str) -> bool:
    """Whether it could make a reader see something else than what is there.

    The joiners (U+200C, U+200D) stay: several scripts are misspelt without them.
    """
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs", "Co", "Cf") and character not in "\n\t\u200c\u200d"


def meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
