"""What does nobody know yet about a field? What a high-risk one needs before anything reads it."""

from trustwright.charter.fieldmap.model import FieldMap, MappedField, TableMap

# Rules that say which values there may be.
VALUED = ("values", "format", "language-tag", "country", "range", "reference", "agreement")


def missing(table: TableMap, field: MappedField) -> tuple[str, ...]:
    """Of owner, source, allowed values and freshness, those that aren't stated."""
    stated = {
        "owner": field.owner,
        "source": field.source,
        "allowed values": _valued(table, field),
        "freshness": field.freshness,
    }
    return tuple(word for word, value in stated.items() if not value)


def _valued(table: TableMap, field: MappedField) -> bool:
    """Whether it is said what it may hold. A truth value or a moment says it by its type."""
    said = any(field.name in rule.columns and rule.check in VALUED for rule in table.rules)
    return said or bool(field.values) or field.type in ("boolean", "date", "timestamp")


def gaps(map: FieldMap) -> dict[str, tuple[str, ...]]:
    """What high-risk fields lack, by "table.field"."""
    found = {
        f"{table.name}.{field.name}": missing(table, field)
        for table in map.tables
        for field in table.fields
        if field.risk == "high"
    }
    return {name: words for name, words in found.items() if words}
