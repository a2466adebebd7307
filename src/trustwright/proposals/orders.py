"""What can be asked of proposals, and what is answered. Everything in here is hostile until parsed."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from trustwright.kernel.operations import Answer, Order
from trustwright.proposals.content import MAX_CONTENT

Text = Annotated[str, Field(max_length=MAX_CONTENT)]
Short = Annotated[str, Field(max_length=500)]
Reason = Annotated[str, Field(min_length=1, max_length=4000)]


class Part(Order):
    """A named piece of text, such as `subject` or `body`."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    text: Text


class Source(Order):
    """What the AI says the content rests on."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    text: Text
    title: Short = ""


class Promise(Order):
    """A promise the content makes: its words, the person of the charter who keeps it, until when."""

    quote: Annotated[str, Field(min_length=1, max_length=2000)]
    owner: str
    due: date


class Details(Order):
    """What is said beside the content. `confidence` is as stated by the system, 0 to 1, or not
    stated. `subject` is whom it is written to, as the sending system names them; `recipient` their
    own data that may appear; `facts` what of their record was used; `topics` what it is about, or
    not stated; `written` what they wrote, if this answers it; `language` the one it should be in (BCP 47).
    """

    title: Short = ""
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    subject: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    recipient: Annotated[tuple[Short, ...], Field(max_length=50)] = ()
    facts: Annotated[dict[str, Short], Field(max_length=50)] = Field(default_factory=dict)
    promises: Annotated[tuple[Promise, ...], Field(max_length=50)] = ()
    topics: Annotated[tuple[str, ...], Field(max_length=50)] | None = None
    written: Text = ""
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,8}$")] | None = (
        None
    )


class Submit(Details):
    """A proposal: content in named parts, by an AI system, for a workflow of the charter."""

    system: str
    workflow: str
    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=50)]
    sources: Annotated[tuple[Source, ...], Field(max_length=100)] = ()

    def details(self) -> Details:
        """All but the content and where it goes."""
        return Details(**{name: getattr(self, name) for name in Details.model_fields})


class OfCase(Order):
    """A case, by id."""

    case: str


class Look(OfCase):
    """All parts, as they would be."""

    parts: Annotated[tuple[Part, ...], Field(min_length=1, max_length=50)]


class Edit(Look):
    """All parts, as the person leaves them. `seen` is the commitment of the text they started from;
    `accepted`: the keys of findings that are right as they stand, `because` of this."""

    seen: str
    note: Annotated[str, Field(max_length=4000)] = ""
    accepted: Annotated[tuple[str, ...], Field(max_length=1000)] = ()
    because: Annotated[str, Field(max_length=4000)] = ""


class Countersign(OfCase):
    """The statement the page showed, and what the passkey answered."""

    statement: str
    credential: dict[str, Any]


Why = Literal["wrong", "unproven", "tone", "personal-data", "not-needed", "other"]


class Refuse(OfCase):
    """`why` by the short list; `reason` in the person's own words."""

    reason: Reason
    why: Why = "other"


class HandOn(OfCase):
    """To another person of the charter who may read the case, with a question."""

    to: str
    question: Reason


class Withdraw(OfCase):
    reason: Annotated[str, Field(max_length=4000)] = ""


class Standing(Answer):
    """Where a case stands: who decides, by which rules, and what the checks found.

    `restraints`: what the charter doesn't use AI for, and this is or may be."""

    case: str
    status: str
    outcome: str
    rules: tuple[str, ...]
    floors: tuple[str, ...]
    restraints: tuple[str, ...]
    findings: tuple[dict[str, str | int], ...]
    waits_for: tuple[str, ...]
