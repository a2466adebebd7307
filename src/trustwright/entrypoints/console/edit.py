"""What should it say instead? One field per part; the edited text is checked and routed anew."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.case import Finding
from trustwright.entrypoints.console.page import Page


@dataclass(frozen=True)
class Field:
    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class EditForm(Page):
    """`seen` is the commitment of the text being edited, so that a second editor is noticed."""

    template: ClassVar[str] = "edit.html"
    here: ClassVar[str] = "queue"
    id: str
    title: str
    seen: str
    fields: tuple[Field, ...]
    findings: tuple[Finding, ...] = ()
    note: str = ""
    because: str = ""
    problem: str = ""
