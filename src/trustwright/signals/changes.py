"""Is it still the same table? Its columns and its key, between one snapshot and the next."""

from difflib import get_close_matches

from trustwright.charter.fieldmap.model import TableMap
from trustwright.signals.snapshot import Snapshot


def changes(before: Snapshot, now: Snapshot, agreed: TableMap) -> tuple[str, ...]:
    """Sentences about what changed; what the map has comes first."""
    gone = [name for name in before.columns if name not in now.columns]
    new = [name for name in now.columns if name not in before.columns]
    said = [_gone(name, new) for name in sorted(gone, key=lambda n: agreed.field(n) is None)]
    taken = {match for name in gone for match in _like(name, new)}
    said += [f"The column {name} is new." for name in new if name not in taken]
    if before.key != now.key:
        said.insert(0, f"The key was {before.key or 'not known'} and is {now.key or 'not known'}.")
    return tuple(said)


def _gone(name: str, new: list[str]) -> str:
    renamed = _like(name, new)
    return f"The column {name} is gone." + (f" Is {renamed[0]} its new name?" if renamed else "")


def _like(name: str, new: list[str]) -> list[str]:
    folded = {each.casefold(): each for each in new}
    return [folded[match] for match in get_close_matches(name.casefold(), folded, n=1)]
