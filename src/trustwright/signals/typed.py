"""What does a value of the field map mean in a column? Text of YAML as the column's own type, or why not."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from trustwright.signals.expression import Value as Value
from trustwright.signals.table import Kind, Undecided


def typed(values: Sequence[Value], column: str, kind: Kind) -> tuple[Value, ...] | Undecided:
    """All of them as the column's own type; `Undecided` names the first that can't be."""
    found: list[Value] = []
    for value in values:
        one = _as(value, kind)
        if one is None:
            sentence = f"{value!r} can't stand in `{column}`, which holds {kind}."
            return Undecided("wrong-kind", sentence, "Correct the map, or the column's type.")
        found.append(one)
    return tuple(found)


def _as(value: Value, kind: Kind) -> Value | None:
    match kind:
        case Kind.TEXT:
            return value if isinstance(value, str) else str(value)
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else None
        case Kind.INTEGER | Kind.NUMBER:
            return value if isinstance(value, int | float) and not isinstance(value, bool) else None
        case Kind.DATE:
            moment = _moment(value)
            return moment.date() if moment else None
        case Kind.MOMENT:
            return _moment(value)
    return None


def _moment(value: Value) -> datetime | None:
    """A moment in UTC; a day is its first."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return (
        datetime(value.year, value.month, value.day, tzinfo=UTC)
        if isinstance(value, date)
        else None
    )
