"""What does a table look like on paper? The shape of the document, and flaws told as sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from reprlib import repr as short
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import ErrorDetails

from trustwright.kernel.ids import is_slug
from trustwright.rights.model import DEFAULT, NEVER_ALONE

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """What is wrong at `path` (keys and indexes into the document), and what to do about it."""

    path: Path
    sentence: str
    remedy: str


class Flawed(Exception):
    """The table doesn't load; `flaws` is all that is wrong. The charter room says in which file."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__(" ".join(f"{flaw.sentence} {flaw.remedy}" for flaw in flaws))
        self.flaws = tuple(flaws)


def _slug(value: str) -> str:
    if not is_slug(value) or value in (DEFAULT, NEVER_ALONE):
        raise ValueError
    return value


def _iso(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


Slug = Annotated[str, AfterValidator(_slug)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Word = Annotated[str, Field(pattern=r"^(?!any$)[A-Za-z0-9][A-Za-z0-9._-]*$")]
OUTCOMES = "Write owner, two_person or block."
SLUG = "Write small letters, digits, `.`, `_` and `-`, at most 64."


class Form(BaseModel):
    """A mapping of the document. The description of a key is the remedy for a flaw in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, regex_engine="python-re")


class BoolForm(Form):
    type: Literal["bool"]
    safety: bool = Field(False, description="Write true or false.")


class EnumForm(Form):
    type: Literal["enum"]
    values: list[Word] = Field(
        min_length=1, description="List words of letters, digits, `.`, `_`, `-`; quote yes and no."
    )
    safety: bool = Field(False, description="Write true or false.")


class NumberForm(Form):
    type: Literal["number"]
    min: Finite = Field(description="Write the smallest possible number.")
    max: Finite = Field(description="Write the largest possible number.")
    safety: bool = Field(False, description="Write true or false.")


class ThenForm(Form):
    outcome: Literal["automate", "owner", "two_person", "block"] = Field(description=OUTCOMES)
    roles: list[Slug] = Field([], description=SLUG)
    label: Slug | None = Field(None, description=SLUG)
    cooling_off: int = Field(0, ge=0, description="Write whole seconds, 0 or more.")


class RuleForm(Form):
    id: Slug = Field(description=SLUG)
    owner: Slug = Field(description="Write the id of a person.")
    reason: str = Field(min_length=1, description="Write a sentence.")
    review_by: Annotated[date, BeforeValidator(_iso)] = Field(
        description="Write a date like 2027-03-01."
    )
    when: Any = Field(description="Write the facts it looks at, or a list of such alternatives.")
    then: ThenForm = Field(description="Write `then: {outcome: owner}`.")


class DocumentForm(Form):
    default: Literal["owner", "two_person", "block"] = Field(description=OUTCOMES)
    facts: dict[str, Any] = Field({}, description="Write `name: {type: bool}`.")
    rules: list[Any] = Field(description="List the rules; `[]` if there are none.")


KINDS: dict[str, type[BoolForm] | type[EnumForm] | type[NumberForm]] = {
    "bool": BoolForm,
    "enum": EnumForm,
    "number": NumberForm,
}
KEYS = {
    key for form in (DocumentForm, RuleForm, ThenForm, *KINDS.values()) for key in form.model_fields
}
REMEDIES = {
    key: field.description
    for form in (DocumentForm, RuleForm, ThenForm, *KINDS.values())
    for key, field in form.model_fields.items()
    if field.description
}


def told(error: ErrorDetails) -> tuple[str, str]:
    """Sentence and remedy of one flaw in the shape."""
    names = [f"`{key}`" for key in error["loc"] if isinstance(key, str)]
    name = names[-1] if names else "this"
    remedy = REMEDIES.get(name.strip("`"), "Write keys with values, like `reason: Why`.")
    match error["type"]:
        case "missing":
            return f"{name} is missing", remedy
        case "extra_forbidden":
            return f"there is no key {name} here", meant(error["loc"][-1], KEYS, "Remove it.")
        case "literal_error":
            known = re.findall(r"'([^']+)'", error["ctx"]["expected"])
            return f"{name} can't be {short(error['input'])}", meant(error["input"], known)
    return f"{name} can't be {short(error['input'])}", remedy


def meant(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """The remedy for a word that isn't known."""
    known = sorted(known)
    close = get_close_matches(str(word), known, n=1)
    return f"Did you mean {close[0]!r}?" if close else otherwise or f"Known: {', '.join(known)}."
