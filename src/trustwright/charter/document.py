"""What do the charter's files say, and where? YAML in; plain values with their lines out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from trustwright.charter.fieldmap.model import FieldMap
from trustwright.charter.fieldmap.reading import examine
from trustwright.charter.fieldmap.stored import packed
from trustwright.charter.plain import Builder, Grammar, Path, Unreadable

FILES = {
    "company.yaml": "name, time zone and deadlines, and which roles adopt a charter",
    "people.yaml": "people with their roles and substitutes, and the roles",
    "systems.yaml": "the register of AI systems",
    "workflows.yaml": "where AI is at work, and who owns it",
    "rights.yaml": "the decision table: what may go alone, and what needs whom",
    "restraints.yaml": "what AI isn't used for (`restraints: []` if nothing)",
    "evidence.yaml": "the proof of what is claimed (`evidence: []` if none)",
}
OPTIONAL = {
    "voice.yaml": "how we speak: phrases we use and don't use",
    "calendars.yaml": "when people work: time zones, weekly hours, days off",
}
MAPS = "fields/"  # A folder of field maps, each of one or more tables; docs/fieldmap.md.
WHOLE = ("company.yaml", "rights.yaml")  # The file is the section, and needs no key for it.
SECTIONS = {"people.yaml": ("people", "roles")}  # Elsewhere one section, named as the file.
GRAMMAR = Grammar()


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
    maps: list[FieldMap] = field(default_factory=list)

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
        if file.startswith(MAPS):
            _read_map(draft, file, files[file])
        else:
            _read_file(draft, file, files.get(file))
    return draft


def _read_map(draft: Draft, file: str, text: str) -> None:
    reading = examine(text)
    draft.problems += [CharterProblem(file, *problem) for problem in reading.problems]
    if reading.map is None:
        draft.unread.add(("fields",))
        return
    at: Path = ("fields", len(draft.maps))
    documents = draft.document.setdefault("fields", [])
    assert isinstance(documents, list)
    documents.append(packed(reading.document))
    draft.maps.append(reading.map)
    draft.lines |= {at: (file, 1)} | {(*at, *p): (file, n) for p, n in reading.lines.items()}


def _read_file(draft: Draft, file: str, text: str | None) -> None:
    sections = SECTIONS.get(file, (file.removesuffix(".yaml"),))
    draft.lines |= {(section,): (file, 1) for section in sections}
    builder = Builder(GRAMMAR)
    try:
        value = _parsed(builder, file, text)
    except Unreadable as e:
        draft.problems.append(CharterProblem(file, e.line, e.sentence, e.remedy))
        draft.unread |= {(section,) for section in sections}
        return
    finally:
        draft.problems += _hidden(file, builder)
    draft.lines |= {at: (file, n) for at, n in builder.lines.items() if at[0] in sections}
    for key, inner in value.items():
        if key in sections:
            draft.document[key] = inner
        else:
            sentence = f"{key} isn't known in this file."
            line = builder.lines[(key,)]
            draft.problems.append(CharterProblem(file, line, sentence, meant(key, sections)))


def _hidden(file: str, builder: Builder) -> Iterator[CharterProblem]:
    for hidden in builder.hidden:
        sentence = f"`{hidden.key}` has invisible or control characters."
        yield CharterProblem(file, hidden.line, sentence, "Type it again.")


def _parsed(builder: Builder, file: str, text: str | None) -> dict[str, object]:
    """What stands in the file, by section."""
    known = FILES | OPTIONAL
    if file not in known:
        raise Unreadable(1, "The file is no part of a charter.", meant(file, known))
    if text is None:
        remedy = f"It holds {FILES[file]}; `trustwright init` shows one."
        raise Unreadable(1, "The file is missing.", remedy)
    section = file.removesuffix(".yaml")
    value = builder.build(text, (section,) if file in WHOLE else ())
    if not isinstance(value, dict):
        raise Unreadable(1, "The file should have keys.", f"It holds {known[file]}.")
    return {section: value} if file in WHOLE else value


def meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"Did you mean `{near[0]}`?" if near else f"Known: {', '.join(known)}."
