"""Which checks are there? What is in `library`, and what third parties add.

Add yours with the entry-point group `trustwright.checks`; it names a module, class or object with
the members of `Check`. What doesn't load stays on the shelf and can't decide: never silently fine.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import Protocol, runtime_checkable

from trustwright.checks import library
from trustwright.checks.model import Compared, Example, Finding, Severity, Subject, Undecided
from trustwright.kernel.shelves import pick, stock

Seen = Finding | Undecided | Compared


@runtime_checkable
class Check(Protocol):
    """One rule over content. A module with these members is one. `severity` is its usual one.

    The docstring says what it finds, why, what it misses, the remedy and where the rule is from.
    """

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def examples(self) -> tuple[Example, ...]: ...

    def look(self, subject: Subject) -> Iterable[Seen]: ...


@dataclass(frozen=True)
class Unloaded:
    """Could not be loaded. Until it can, no content is completely checked."""

    id: str
    version: str = "0"
    title: str = "A check that could not be loaded"
    severity: Severity = Severity.WARN
    examples: tuple[Example, ...] = ()

    def look(self, subject: Subject) -> Iterator[Seen]:
        yield Undecided(self.id, "not-loaded")


@cache
def shelf() -> dict[str, Check]:
    """All checks by id."""
    return stock(library, "trustwright.checks", Check, Unloaded)  # type: ignore[type-abstract]


def find(check_id: str) -> Check:
    """The check of that id, or `NotFound` with those there are."""
    return pick(shelf(), "check", check_id)


def page(check: Check) -> str:
    """The documentation page in Markdown, from docstring and examples alone."""
    head = (
        f"# {check.id}\n\n**{check.title}** · severity {check.severity} · version {check.version}"
    )
    body = cleandoc(check.__doc__ or "")
    return "\n\n".join([head, body, "## Examples", *map(_shown, check.examples)]) + "\n"


def explain(check_id: str) -> str:
    """The page of one check, for a terminal."""
    return page(find(check_id))


def _shown(example: Example) -> str:
    given = [f"source: {text}" for text in example.sources]
    given += [
        f"evidence: {e.claim} (until {e.valid_until or 'further notice'})" for e in example.evidence
    ]
    given += [f"promise: {p.quote} ({p.owner}, due {p.due})" for p in example.promises]
    given += [f"recipient: {text}" for text in example.recipient]
    given += [f"channel: {example.channel}"] if example.channel else []
    given += [f"language: {example.language}"] if example.language else []
    given += [f"rule: {rule.model_dump_json(exclude_defaults=True)}" for rule in example.voice]
    lines = [*given, f"bad:  {example.bad}", f"good: {example.good}"]
    shown = "\n".join(
        line.encode("unicode_escape").decode() if not line.isprintable() else line for line in lines
    )
    return f"`{example.code}`\n\n```text\n{shown}\n```"
