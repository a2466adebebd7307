"""Which rules does a table seem to follow? Each with its evidence: how many of how many rows break it.

One set of defaults for every table. A rule is proposed if at most one row of ten breaks it; what
follows is a person's to keep, to change or to drop.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from iso3166 import countries
from pydantic import JsonValue

from trustwright.signals import names, spelling
from trustwright.signals.library import language_tag, mapped_sanity, missing_code
from trustwright.signals.profile import Column, Dependency, Profile
from trustwright.signals.table import Kind

ENOUGH = 20
RARE = 0.1
LISTED = 200
FEW = 50
STRONG, LIKELY = 0.9, 0.5

UNIT = re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*(\D*)")
NUMBER = "^[-+]?[0-9]+(\\.[0-9]+)?$"
MEASURED = re.compile(r"[-+]?9+[.,]9+|.*9:9.*|9+[-/.]9+[-/.]9+.*")


@dataclass(frozen=True)
class Proposal:
    """A rule, and its evidence: `k` of the `n` rows that say anything break it."""

    check: str
    columns: tuple[str, ...]
    k: int
    n: int
    says: str
    params: Mapping[str, JsonValue] = field(default_factory=dict)


def propose(profile: Profile) -> tuple[Proposal, ...]:
    """Every rule with its evidence, by column; keys first."""
    if profile.looked < ENOUGH:
        return ()
    each = [tuple(_of(column)) for column in profile.columns]
    return (
        *(p for found in each for p in found),
        *_depending(profile),
    )


def key(profile: Profile) -> str | None:
    """The column that names the rows: never empty, never twice; one that says so, if any does."""
    whole = [c for c in profile.columns if c.n and not c.nulls and c.distinct == c.n]
    whole = [c for c in whole if c.kind in (Kind.TEXT, Kind.INTEGER)]
    called = [c for c in whole if names.identifies(c.name)]
    return next((c.name for c in (*called, *whole)), None)


def codes(column: Column) -> tuple[object, ...]:
    """Values that say that nothing is known."""
    if column.kind is Kind.TEXT:
        return tuple(v for v, _ in column.common if re.match(missing_code.WORD, str(v)))
    if column.kind in (Kind.DATE, Kind.MOMENT):
        days = {date(*day).isoformat() for day in missing_code.DAYS}
        return tuple(v for v, count in column.common if str(v)[:10] in days and count > 1)
    if column.kind in (Kind.INTEGER, Kind.NUMBER) and column.complete:
        return tuple(v for v, count in column.common if count > 1 and _apart(v, column))
    return ()


def _apart(value: object, column: Column) -> bool:
    """A number like 999 that is further from all others than they are from each other."""
    try:
        at = Decimal(str(value))
        others = sorted(Decimal(str(v)) for v, _ in column.common if v != value)
        if at not in missing_code.NUMBERS or len(others) < 2:
            return False
        span = others[-1] - others[0]
        return at - others[-1] > span or others[0] - at > span
    except (InvalidOperation, ArithmeticError):
        return False


def _of(column: Column) -> Iterator[Proposal]:
    if not column.filled:
        return
    missing = codes(column)
    yield from _filled(column)
    yield from _coded(column, missing)
    yield from _once(column)
    yield from _promised(column)
    if column.kind is Kind.TEXT:
        known = {v: count for v, count in column.common if v not in missing}
        if measured := _measured(column, known, missing):
            yield from measured
            return
        yield from _registered(column, known)
        yield from _formed(column, missing)
        if not names.personal(column.name):  # A map is read by many; it lists nobody's name.
            yield from _listed(column, known, missing)


def _filled(column: Column) -> Iterator[Proposal]:
    if column.nulls <= RARE * column.n:
        says = f"filled in {column.filled:,} of {column.n:,} rows"
        yield Proposal("not-null", (column.name,), column.nulls, column.n, says)


def _coded(column: Column, missing: tuple[object, ...]) -> Iterator[Proposal]:
    counts = dict(column.common)
    if k := sum(counts[code] for code in missing):
        listed = ", ".join(f'"{code}"' for code in missing)
        says = f"{listed} in {k:,} of {column.filled:,} rows: a missing value in disguise?"
        params: dict[str, JsonValue] = {"codes": [_plain(code) for code in missing]}
        yield Proposal("missing-code", (column.name,), k, column.filled, says, params)


def _plain(value: object) -> JsonValue:
    return value if isinstance(value, str | int | float | bool) else str(value)


def _once(column: Column) -> Iterator[Proposal]:
    repeated = column.filled - column.distinct
    limit = 0.01 * column.filled if names.identifies(column.name) else 0
    integral = column.kind in (Kind.TEXT, Kind.INTEGER)
    if integral and repeated <= limit and column.filled > RARE * column.n:
        says = f"{column.distinct:,} values in {column.filled:,} rows"
        yield Proposal("unique", (column.name,), repeated, column.filled, says)


def _promised(column: Column) -> Iterator[Proposal]:
    what = mapped_sanity.named(column.name)
    if what is None or column.kind is not Kind.TEXT or names.about(column.name):
        return
    seen = sum(count for _, count in column.common)
    look = re.compile(mapped_sanity.LOOKS[what][1])
    k = sum(count for v, count in column.common if not look.search(str(v)))
    if 2 * k > seen:
        shown = () if names.personal(column.name) else column.common[:3]
        held = ", ".join(f'"{v}"' for v, _ in shown) or "something else"
        says = f"called a {what}, and holds {held}: {k:,} of {seen:,} look like none"
        yield Proposal("mapped-sanity", (column.name,), k, seen, says)


# Texts


def _registered(column: Column, known: Mapping[object, int]) -> Iterator[Proposal]:
    """Languages and countries, by their names and the codes they hold."""
    seen, called = sum(known.values()), set(names.words(column.name))
    codes: dict[str, tuple[str, dict[str, JsonValue], Callable[[str], bool]]] = {}
    if called & names.LANGUAGES:
        codes["a registered language tag"] = ("language-tag", {}, _tagged)
    if called & names.COUNTRIES:
        for form in ("alpha2", "alpha3"):
            listed = {getattr(each, form) for each in countries}
            codes[f"a country's code ({form})"] = ("country", {"form": form}, listed.__contains__)
    for words, (check, params, right) in codes.items():
        k = sum(count for v, count in known.items() if not right(str(v)))
        if seen and k <= RARE * seen:
            says = f"{words} in {seen - k:,} of {seen:,} rows"
            yield Proposal(check, (column.name,), k, seen, says, params)


def _tagged(text: str) -> bool:
    return language_tag.judged((text,)) is None


def _measured(
    column: Column, known: Mapping[object, int], missing: tuple[object, ...]
) -> list[Proposal]:
    """Numbers with a unit: always the same one, or written in several ways."""
    seen, units = sum(known.values()), Counter[str]()
    for value, count in known.items():
        if found := UNIT.fullmatch(str(value).strip()):
            units[found[1].strip()] += count
    if not column.complete or not seen or units.total() < (1 - RARE) * seen:
        return []
    common = [unit for unit, count in units.most_common() if count >= 0.01 * seen]
    if len(common) > 1:
        listed = ", ".join(f'"{unit}"' if unit else "none" for unit in common[:6])
        k, pattern = seen - units[""], NUMBER
        says = f"a number with {len(common)} ways to write its unit ({listed})"
    elif common and common[0] and units[common[0]] >= (1 - RARE) * seen:
        k, pattern = seen - units[common[0]], f"{NUMBER[:-1]} *{spelling.literal(common[0])}$"
        says = f'a number and "{common[0]}" in {units[common[0]]:,} of {seen:,} rows'
    else:
        return []
    params: dict[str, JsonValue] = {"pattern": _or(missing, pattern)}
    return [Proposal("format", (column.name,), k, seen, says, params)]


def _formed(column: Column, missing: tuple[object, ...]) -> list[Proposal]:
    """One form, or a few, that nine of ten texts have."""
    shapes, counts = Counter(dict(column.shapes)), dict(column.common)
    for code in missing:
        shapes[spelling.shape(str(code))] -= counts[code]
    seen = shapes.total()
    form = spelling.form(+shapes, seen, RARE)
    if form is None or not seen:
        return []
    pattern, k = form
    says = f"written alike in {seen - k:,} of {seen:,} rows"
    params: dict[str, JsonValue] = {"pattern": _or(missing, pattern)}
    return [Proposal("format", (column.name,), k, seen, says, params)]


def _or(missing: tuple[object, ...], pattern: str) -> str:
    """The codes for no value have a rule of their own."""
    words = "|".join(spelling.literal(str(code)) for code in missing)
    return f"{pattern}|^({words})$" if missing else pattern


def _listed(
    column: Column, known: Mapping[object, int], missing: tuple[object, ...]
) -> Iterator[Proposal]:
    """A list of values, without those that look like another's misspelling."""
    seen = sum(known.values())
    if not column.complete or not seen or column.distinct > 0.5 * column.filled:
        return
    texts = {str(v): count for v, count in known.items()}
    wrong = spelling.misspelt(texts)
    kept = sorted(v for v in texts if v not in wrong)
    k = sum(texts[v] for v in wrong)
    few = len(kept) <= FEW and seen >= 10 * len(kept)
    if k > RARE * seen or not (few or (k and len(kept) <= LISTED)):
        return
    says = f"{len(kept)} values in {seen - k:,} of {seen:,} rows"
    if wrong:
        value, like = next(iter(wrong.items()))
        says += f'; {k:,} look misspelt ("{value}" for "{like}")'
    yield Proposal("values", (column.name,), k, seen, says, {"values": [*kept, *map(str, missing)]})


# What depends on what


def _depending(profile: Profile) -> Iterator[Proposal]:
    columns = {column.name: column for column in profile.columns}
    found = [
        each
        for each in profile.dependencies
        if _may_determine(columns[each.on]) and 2 * each.broken <= profile.looked
    ]
    all = {(d.on, d.column): d for d in found}
    strong = {d.on for d in found if d.strength >= STRONG and d.k <= RARE * d.n}
    for column in columns:
        options = [d for d in found if d.column == column and _likely(d, all, strong)]
        if best := max(options, key=lambda d: (d.strength, d.on), default=None):
            says = f"the same for each `{best.on}` in {best.n - best.k:,} of {best.n:,} rows"
            yield Proposal("depends", (best.on, column), best.broken, profile.looked, says)


def _likely(one: Dependency, all: Mapping[tuple[str, str], Dependency], strong: set[str]) -> bool:
    """Strong by itself; or likely, by a key on which something depends strongly."""
    back = all.get((one.column, one.on))
    if back and not back.k and one.k:
        return False  # A name several have: it is theirs by the id, not the id by the name.
    if one.strength >= STRONG and one.k <= RARE * one.n:
        return True
    if back and back.strength > one.strength:
        return False
    return one.on in strong and one.strength >= LIKELY and 2 * one.k < one.n


def _may_determine(column: Column) -> bool:
    """A measure, a moment or a date names nothing."""
    if column.kind is Kind.TEXT and column.shapes:
        shapes = [(re.sub("9+", "9", shape), count) for shape, count in column.shapes]
        measured = sum(count for shape, count in shapes if MEASURED.fullmatch(shape))
        return measured < sum(count for _, count in shapes) / 2
    return column.kind in (Kind.TEXT, Kind.INTEGER)
