"""`make docs`: the parts of the documentation that the product knows better than we do.

A section stands between two comments in a page that is otherwise written by hand; a page of its
own is written whole. A new one is a function and its line in SECTIONS or PAGES.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts.source import ROOT, errors, rooms
from trustwright.app import OPERATIONS
from trustwright.checks.shelf import page, shelf
from trustwright.kernel.operations import Operation
from trustwright.signals import shelf as rules


def room_tree() -> str:
    """The rooms, top to bottom, each with the question it answers."""
    lines = [f"  {_name(room.path):<13} {room.question}" for room in rooms()]
    return "\n".join(["```text", "src/trustwright/", *lines, "```"])


def _name(path: Path) -> str:
    return f"{path.parent.name}/" if path.name == "__init__.py" else path.name


def operations() -> str:
    """Every verb with its order, and who may speak it."""
    return _table(("operation", "for", "what it does", "takes"), map(_row, OPERATIONS.values()))


def _row(verb: Operation) -> tuple[str, ...]:
    takes = [
        f"`{name}`" if field.is_required() else f"[`{name}`]"
        for name, field in verb.order.model_fields.items()
    ]
    who = "people and machines"
    who = "people only" if verb.people_only else "the worker" if verb.worker_only else who
    return f"`{verb.name}`", who, verb.help, ", ".join(takes)


def error_codes() -> str:
    """Every code a caller may meet, with its sentence and its remedy."""
    rows = [(f"`{e.code}`", str(e.status), e.sentence, e.remedy) for e in errors()]
    return _table(("code", "status", "what it says", "what to do"), rows)


def check_pages() -> dict[str, str]:
    """One page for each check on the shelf."""
    return {f"docs/checks/{check.id}.md": page(check) for check in shelf().values()}


def rule_pages() -> dict[str, str]:
    """One page for each rule over tables."""
    return {f"docs/signals/{rule.id}.md": rules.page(rule) for rule in rules.shelf().values()}


SECTIONS: dict[tuple[str, str], Callable[[], str]] = {
    ("README.md", "rooms"): room_tree,
    ("docs/operations.md", "operations"): operations,
    ("docs/errors.md", "errors"): error_codes,
}
PAGES: tuple[Callable[[], dict[str, str]], ...] = (check_pages, rule_pages)


def generated() -> dict[str, str]:
    """Every file with something generated in it, and the text it should have, by path."""
    files: dict[str, str] = {}
    for pages in PAGES:
        files |= pages()
    for (path, name), section in SECTIONS.items():
        text = files.get(path) or _read(path)
        files[path] = _with_section(text, name, section())
    return files


def _read(path: str) -> str:
    file = ROOT / path
    return file.read_text("utf-8") if file.exists() else f"# {file.stem.capitalize()}\n"


def _with_section(text: str, name: str, section: str) -> str:
    begin, end = f"<!-- {name}: written by `make docs` -->", f"<!-- end of {name} -->"
    block = f"{begin}\n{section}\n{end}"
    if begin not in text:
        return f"{text}\n{block}\n"
    return re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: block, text, flags=re.S)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    for path, text in generated().items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        print(path)


if __name__ == "__main__":
    main()
