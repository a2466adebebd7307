"""An operation is declared once and offered by every entry point from that declaration.

gather (reads the world, runs checks) -> run (inside one transaction) -> present (after commit).
What is for people only is declared so; `for_machines` is the only list a machine surface may offer.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


# As JSON has it: 8.0 is a whole number, "8" and true are none.
WHOLE = BeforeValidator(_whole)


class Order(BaseModel):
    """What a caller asks for: typed, frozen, and nothing unknown in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Answer(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(frozen=True)


F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One verb. `reads`: run gets a View and appends nothing; otherwise a UnitOfWork."""

    name: str
    order: type[Order]
    ran: type[BaseModel]
    answer: type[BaseModel]
    run: Callable[..., Any]
    people_only: bool
    worker_only: bool
    reads: bool
    gather: Callable[..., Any] | None
    present: Callable[..., Any] | None

    @property
    def help(self) -> str:
        """The first sentence of the docstring."""
        return (self.run.__doc__ or "").strip().split("\n")[0]


def operation(
    name: str,
    *,
    people_only: bool = False,
    worker_only: bool = False,
    reads: bool = False,
    gather: Callable[..., Any] | None = None,
    present: Callable[..., Any] | None = None,
) -> Callable[[F], F]:
    """Declare `run(uow, order[, gathered])`. Its second parameter's type is the order.

    `ran` is what `run` returns beside `Refused`; the answer is that, or what
    `present(view, order, ran)` makes of it after the commit.
    """

    def declare(run: F) -> F:
        hints = get_type_hints(run)
        order = [hint for key, hint in hints.items() if key != "return"][1]
        ran = _answer(hints["return"])
        answer = _answer(get_type_hints(present)["return"]) if present else ran
        run.operation = Operation(  # type: ignore[attr-defined]
            name, order, ran, answer, run, people_only, worker_only, reads, gather, present
        )
        return run

    return declare


def _answer(returns: Any) -> type[BaseModel]:
    kinds = getattr(returns, "__args__", (returns,))
    answers: list[type[BaseModel]] = [kind for kind in kinds if issubclass(kind, BaseModel)]
    (answer,) = answers
    return answer


def table(modules: Iterable[ModuleType]) -> dict[str, Operation]:
    """All operations the modules declare, by name."""
    members = [member for module in modules for member in vars(module).values()]
    found = {
        op for member in members if isinstance(op := getattr(member, "operation", None), Operation)
    }
    return {op.name: op for op in sorted(found, key=lambda op: op.name)}


def for_machines(operations: dict[str, Operation]) -> dict[str, Operation]:
    """What HTTP API, SDK, CLI and agents may offer. People-only verbs aren't in it, by construction."""
    return {n: op for n, op in operations.items() if not (op.people_only or op.worker_only)}
