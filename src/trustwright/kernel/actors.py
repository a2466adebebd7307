"""Who acts: a person or a machine. Two types, never a flag, so that a machine can't pass for a person."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody named in the charter, signed in with their own passkey."""

    id: str


@dataclass(frozen=True)
class Machine:
    """An AI system of the charter, or `trustwright` itself (the worker)."""

    id: str


Actor = Person | Machine

WORKER = Machine("trustwright")
