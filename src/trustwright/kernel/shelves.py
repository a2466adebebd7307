"""A shelf of interchangeable parts: one module each in a package, more from third parties.

What doesn't load stays on its shelf, as what its room makes of it: never silently left out.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from types import ModuleType
from typing import Protocol, TypeVar

from trustwright.kernel.errors import NotFound


class Part(Protocol):
    """What can stand on a shelf."""

    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=Part)


def stock(
    library: ModuleType, group: str, kind: type[P], unloaded: Callable[[str], P]
) -> dict[str, P]:
    """All parts by id. Ours come first: a third party (entry points of `group`) adds, it doesn't replace."""
    modules = [module.name for module in iter_modules(library.__path__)]
    found = {part.id: part for part in (_ours(library, name, unloaded) for name in modules)}
    for entry in entry_points(group=group):
        part = offered(entry, kind, unloaded)
        if part.id in found:
            part = unloaded(f"{part.id}@{entry.name}")
        found[part.id] = part
    return dict(sorted(found.items()))


def _ours(library: ModuleType, name: str, unloaded: Callable[[str], P]) -> P:
    try:
        return import_module(f"{library.__name__}.{name}")  # type: ignore[return-value]
    except ImportError:  # It rests on an extra that isn't installed.
        return unloaded(name.replace("_", "-"))


def offered(entry: EntryPoint, kind: type[P], unloaded: Callable[[str], P]) -> P:
    """What an entry point offers; `unloaded` where it is broken or isn't of the kind."""
    try:
        thing = entry.load()
        part = thing() if isinstance(thing, type) else thing
    except Exception:  # Somebody else's code: whatever it raises, the others still run.
        return unloaded(entry.name)
    return part if isinstance(part, kind) else unloaded(entry.name)


def pick(shelf: Mapping[str, P], what: str, id: str) -> P:
    """The part of that id, or `NotFound` (`unknown-<what>`) with those there are."""
    if id not in shelf:
        known = f"There are: {', '.join(shelf)}."
        raise NotFound(f"unknown-{what}", f"There is no {what} {id!r}.", known)
    return shelf[id]
