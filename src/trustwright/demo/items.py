"""What the AI systems of the demonstration wrote. Origin and licences: data/DATA.md."""

import gzip
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from trustwright.proposals.orders import Part, Source, Submit

LONGEST = 500  # characters of a title


class Text(BaseModel):
    """One text: who wrote it (`people` is people), after what was `said`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    system: str
    n: int
    said: str
    text: str


class Reply(Text):
    """A reply in a conversation, the passage it rests on, and the experts' label."""

    passage: str
    label: str

    @property
    def key(self) -> str:
        return f"demo/grounded/{self.system}/{self.n}"

    @property
    def hallucinated(self) -> bool:
        """Whether experts saw anything in it that the passage doesn't say."""
        return "hallucination" in self.label.lower()

    def order(self) -> Submit:
        return Submit(
            system=self.system,
            workflow="general-knowledge",
            title=_short(f"Reply {self.n}" + (f" to: {self.said}" if self.said else "")),
            parts=(Part(name="reply", text=self.text),),
            sources=(Source(id=f"passage-{self.n}", text=self.passage),),
        )


class Answer(Text):
    """An answer to a question, without a source. `correct` is None where nobody judged it."""

    correct: bool | None
    improper: bool

    @property
    def key(self) -> str:
        return f"demo/answers/{self.system}/{self.n}"

    def order(self) -> Submit:
        return Submit(
            system=self.system,
            workflow="answers",
            title=_short(f"Question {self.n}: {self.said}"),
            parts=(Part(name="answer", text=self.text),),
        )


Item = Reply | Answer
T = TypeVar("T", bound=Text)


def replies() -> list[Reply]:
    """What three models replied."""
    return _read("replies", Reply)


def answers() -> list[Answer]:
    """What five systems answered."""
    return _read("answers", Answer)


def people() -> list[Reply]:
    """What people replied, for comparison. Never submitted: it isn't AI output."""
    return _read("people", Reply)


def _read(name: str, kind: type[T]) -> list[T]:
    packed = (files("trustwright.demo") / "data" / f"{name}.jsonl.gz").read_bytes()
    return [kind.model_validate_json(line) for line in gzip.decompress(packed).splitlines()]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
