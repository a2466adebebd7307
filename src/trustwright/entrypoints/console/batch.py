"""Which like cases are decided together, which of them must be opened, and what is signed?"""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Link, Notice, Page, Signing


@dataclass(frozen=True)
class Member:
    """One of the cases, as the signature names it. `drawn`: it is in the sample."""

    case: str
    title: str
    content: str
    opened: bool
    drawn: bool


@dataclass(frozen=True, kw_only=True)
class Batch(Page):
    """`left`: how many of the sample are still to be opened; `next` leads to the first of them."""

    template: ClassVar[str] = "batch.html"
    here: ClassVar[str] = "queue"
    id: str
    about: str
    members: tuple[Member, ...]
    sample: int
    left: int
    next: str
    state: str = ""
    signing: Signing | None = None

    @property
    def opened(self) -> int:
        return sum(member.opened for member in self.members)

    @property
    def standing(self) -> Notice | None:
        if self.state:
            return Notice("good", self.state)
        if not self.left:
            return None
        return Notice(
            "info",
            f"Open the {self.sample} drawn as a sample: {self.left} to go.",
            "Edit, refuse or hand on any one of them, and all are decided one by one.",
            Link("Open the next", self.next),
        )
