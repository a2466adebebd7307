"""How does a document stand in the charter, whose canonical text has no fractions?"""

from trustwright.kernel.errors import Invalid

FRACTION = ""  # A key no document can have.


def packed(value: object) -> object:
    """The document without fractions: 0.5 is {"": "0.5"}."""
    match value:
        case dict():
            return {key: packed(inner) for key, inner in value.items()}
        case list():
            return [packed(inner) for inner in value]
        case float():
            return {FRACTION: repr(value)}
    return value


def unpacked(value: object) -> object:
    """The inverse of `packed`."""
    match value:
        case {"": str(fraction)}:
            try:
                return float(fraction)
            except ValueError as e:
                raise Invalid("not-canonical", f"{fraction!r} is no fraction.") from e
        case dict():
            return {key: unpacked(inner) for key, inner in value.items()}
        case list():
            return [unpacked(inner) for inner in value]
    return value
