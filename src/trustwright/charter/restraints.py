"""What is AI not used for? Restraints, and whether content is under one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from trustwright.charter.parts import Line, Part, Slug, Text
from trustwright.charter.spelling import Words


class Restraint(Part):
    """What AI isn't used for.

    Applies in its workflows and systems (empty: in all), to everything there; or, where topics or
    words are given, only to what is about one of them.
    """

    id: Slug
    reason: Text
    owner: Slug
    workflows: tuple[Slug, ...] = ()
    systems: tuple[Slug, ...] = ()
    topics: tuple[Slug, ...] = ()
    words: tuple[Line, ...] = ()

    def covers(self, workflow: str, system: str) -> bool:
        """Whether it has anything to say there."""
        return workflow in (self.workflows or (workflow,)) and system in (self.systems or (system,))

    def applies(
        self, topics: Collection[str] | None, text: str, understood: bool = True
    ) -> bool | None:
        """Whether content is restrained. None: only the topics could tell, and nobody stated them, or
        (not `understood`) stated some that nobody knows."""
        if not self.topics and not self.words:
            return True
        if set(self.topics) & set(topics or ()) or self._words.within(text):
            return True
        unknown = (topics is None and not self.words) or not understood
        return None if self.topics and unknown else False

    @cached_property
    def _words(self) -> Words:
        return Words(self.words)


@dataclass(frozen=True)
class Restrained:
    """`fact` is the value for the decision table (None: unknown); `by` the restraints to name."""

    fact: bool | None
    by: tuple[Restraint, ...]


def judged(
    restraints: Sequence[Restraint],
    known: Collection[str],
    topics: Collection[str] | None,
    text: str,
) -> Restrained:
    """What restraints say of content. `known`: all topics there are."""
    understood = set(topics or ()) <= set(known)
    told = [(r, r.applies(topics, text, understood)) for r in restraints]
    certain = tuple(r for r, applies in told if applies)
    unknown = tuple(r for r, applies in told if applies is None)
    return Restrained(True if certain else None if unknown else False, certain or unknown)
