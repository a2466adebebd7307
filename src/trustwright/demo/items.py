"""What the AI systems of the demonstration wrote. Origin and licences: data/DATA.md."""

import gzip
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from trustwright.proposals.orders import Part, Source, Submit

LONGEST = 500  # characters of a title


class Item(BaseModel):
    """One text: who wrote it (`people` is people), after what was `said`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    system: str
    n: int
    said: str
    text: str


class Reply(Item):
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


class Answer(Item):
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


T = TypeVar("T", bound=Item)


def replies(first: int | None = None) -> list[Reply]:
    """What three models replied: all, or the first so many of each."""
    return _read("replies", Reply, first)


def answers(first: int | None = None) -> list[Answer]:
    """What five systems answered: all, or the first so many of each."""
    return _read("answers", Answer, first)


def people() -> list[Reply]:
    """What people replied, for comparison. Never submitted: it isn't AI output."""
    return _read("people", Reply, None)


def _read(name: str, kind: type[T], first: int | None) -> list[T]:
    packed = (files("trustwright.demo") / "data" / f"{name}.jsonl.gz").read_bytes()
    items = [kind.model_validate_json(line) for line in gzip.decompress(packed).splitlines()]
    return [item for item in items if first is None or item.n <= first]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
