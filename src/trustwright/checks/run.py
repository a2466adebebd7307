"""Look with every check. Pure: no clock, disk or net; the same subject gives the same report."""

from collections.abc import Iterable
from itertools import islice

from trustwright.checks.model import WRITTEN, Compared, Finding, Report, Subject, Undecided
from trustwright.checks.shelf import Check, Seen, find, shelf

# Content with more findings of one kind isn't a message; the rest is undecided, not unseen.
ENOUGH = 500


def run(subject: Subject, only: Iterable[str] | None = None) -> Report:
    """All checks, or those named in `only` (`NotFound` for an unknown id), over one subject."""
    checks = (
        list(shelf().values()) if only is None else [find(name) for name in dict.fromkeys(only)]
    )
    seen = [value for check in checks for value in looked(check, subject)]
    order = {WRITTEN: -1} | {name: n for n, (name, _) in enumerate(subject.parts)}
    findings = sorted(
        (value for value in seen if isinstance(value, Finding)),
        key=lambda f: (order[f.part], f.start, f.end, f.check),
    )
    return Report(
        findings=tuple(findings),
        undecided=tuple(value for value in seen if isinstance(value, Undecided)),
        checkable=_checkable(subject, seen),
        versions={check.id: check.version for check in checks},
    )


def looked(check: Check, subject: Subject) -> list[Seen]:
    """What one check says; that it fell over, if it did."""
    try:
        seen = list(islice(check.look(subject), ENOUGH + 1))
    except Exception:  # A check that fell over has said nothing, and that is what the report says.
        return [Undecided(check.id, "crashed")]
    if not seen:
        return seen
    sizes = {WRITTEN: len(subject.written)} | {name: len(text) for name, text in subject.parts}
    sound = all(_in_bounds(value, sizes) for value in seen if isinstance(value, Finding))
    if not sound:
        return [Undecided(check.id, "crashed")]
    return seen if len(seen) <= ENOUGH else [*seen[:ENOUGH], Undecided(check.id, "too-many")]


def _in_bounds(finding: Finding, sizes: dict[str, int]) -> bool:
    return 0 <= finding.start <= finding.end <= sizes.get(finding.part, -1)


def _checkable(subject: Subject, seen: list[Seen]) -> bool | None:
    compared = [value.n for value in seen if isinstance(value, Compared)]
    return any(compared) if subject.sources and compared else None
