"""Does the registry say so? Whether evidence, or a cited source, covers a claim where it stands."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache

from trustwright.checks.english import FUNCTION_WORDS, sentences, words
from trustwright.checks.model import Evidence, Finding, Severity, Span, Subject
from trustwright.checks.quantities import numbers

Sentences = tuple[tuple[frozenset[object], frozenset[str]], ...]
_SMALL = FUNCTION_WORDS - {"most", "more", "no", "not"} | {"over", "percent", "per", "cent"}


class Said:
    """A text by sentences; one without end is taken in pieces."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _ends(self) -> list[int]:
        return [end for a, b in sentences(self.text) for end in (*range(a + 600, b, 600), b)]

    def around(self, place: int) -> str:
        n = bisect_right(self._ends, place)
        return self.text[self._ends[n - 1] if n else 0 : self._ends[n]]

    def shown(self, span: Span) -> str:
        """The words, as a message quotes them."""
        return " ".join(self.text[slice(*span)].split())[:80]


def unproven(said: Said, span: Span, subject: Subject) -> tuple[Evidence, ...] | None:
    """None where the claim is proved; otherwise the evidence that said so until it ran out."""
    claim = said.text[slice(*span)]
    if any(_says(_read(source.text), claim, said, span[0]) for source in subject.sources):
        return None
    fitting = tuple(
        e for e in subject.evidence if _says(_registered(e.claim, e.proof), claim, said, span[0])
    )
    return None if any(_current(e, subject.today) for e in fitting) else fitting


def ran_out(check: str, part: str, said: Said, span: Span, expired: Sequence[Evidence]) -> Finding:
    """Proved once, but no longer."""
    last = max(expired, key=lambda e: e.valid_until or date.min)
    message = f"The evidence for “{said.shown(span)}” ran out on {last.valid_until}."
    remedy = f"Ask {last.owner} to renew the evidence, or leave the claim out."
    return Finding(check, "evidence-expired", Severity.WARN, part, *span, message, remedy)


def _current(evidence: Evidence, today: date) -> bool:
    return evidence.valid_until is None or evidence.valid_until >= today


def _says(proof: Sentences, claim: str, text: Said, place: int) -> bool:
    """One sentence of the proof has the claim's numbers and words, and half of what it is about."""
    values, names = _values(claim), _content(claim)
    for counted, said in proof:
        if values <= counted and names <= said:
            about = _content(text.around(place)) - names
            if len(about & said) * 2 >= min(len(about), len(said - names)):
                return True
    return False


@lru_cache(maxsize=64)
def _values(text: str) -> frozenset[object]:
    return frozenset(n.value for n in numbers(text))


# A proposal has at most 100 sources: each is read once, not for every claim.
@lru_cache(maxsize=128)
def _read(proof: str) -> Sentences:
    """Values and content words of each sentence."""
    return tuple((_values(proof[a:b]), _content(proof[a:b])) for a, b in sentences(proof))


# The registry is the charter's and short, unlike sources.
@lru_cache(maxsize=4096)
def _registered(claim: str, proof: str) -> Sentences:
    return _read.__wrapped__(f"{claim}. {proof}")


@lru_cache(maxsize=64)
def _content(text: str) -> frozenset[str]:
    return frozenset(
        word.removesuffix("'s").removesuffix("s")
        for word in words(text)
        if word not in _SMALL and not word[0].isdigit()
    )
