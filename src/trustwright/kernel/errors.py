"""Errors are for callers who asked wrongly. Each has a stable code, a sentence, and where useful a remedy.

Findings, refusals, skips and "don't know" are values; `Refused` is the one that is both: a
decision *returns* it (its facts are committed), and the entry point answers 409 with it.
Every code is explained in docs/errors.md (a test holds the two together).
"""

from traceback import extract_tb


class Problem(Exception):
    """What went wrong, in one sentence, and what to do about it."""

    status = 500

    def __init__(self, code: str, sentence: str, remedy: str = "", **detail: object) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.sentence} {self.remedy}".strip()


class Invalid(Problem):
    """The request can't be understood or can't be meant. Nothing was recorded."""

    status = 422


class NotFound(Problem):
    """There is no such thing, or the caller may not know of it. The two look the same on purpose."""

    status = 404


class Refused(Problem):
    """Understood, and refused by what was agreed. What led to it is recorded."""

    status = 409


class Unavailable(Problem):
    """Not now. Whether it took effect is unknown until it is tried again with the same key."""

    status = 503


def trace(e: BaseException) -> str:
    """What kind of error it was and where, for a log.

    Never its words: an error quotes what it stumbled over, which may be a secret or somebody's text.
    """
    frames = extract_tb(e.__traceback__)
    steps = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    before = [f"after {trace(cause)}"] if (cause := e.__cause__ or e.__context__) else []
    code = f" {e.code}" if isinstance(e, Problem) else ""
    return "\n".join([f"{type(e).__module__}.{type(e).__name__}{code}", *steps, *before])


def brief(e: Problem) -> str:
    """Its code and what kind of thing caused it, for a line in a log; as `trace`, never its words."""
    kind = e.detail.get("answered") or (type(e.__cause__).__name__ if e.__cause__ else "")
    return f"{e.code} ({kind})" if kind else e.code
