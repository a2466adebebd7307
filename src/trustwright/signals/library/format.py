"""Finds texts that don't have the form agreed on: a pattern, or a form with a name.

Named forms: `email`, `phone` (E.164: + and 7 to 15 digits), `iban` (with its check digits), `uuid`,
`uri`, `ipv4`, `ipv6`. A pattern is found anywhere in the text unless it says `^` and `$`.

**Why.** A letter to "a@b" comes back, and one to a mistyped IBAN goes to somebody else.

**Misses.** An address of the right form that nobody has. Empty rows are left to `not-null`. Addresses in
other scripts have the form, whether or not the sending system can write to them.

**Remedy.** Correct the values where they are entered.

**Source.** ODCS v3.2, `logicalTypeOptions` `pattern` and `format`; ITU-T E.164; ISO 13616 (IBAN), ISO
7064 (its check digits); RFC 9562, 3986, 4291.
"""

import re

from pydantic import Field

from trustwright.checks.model import Severity
from trustwright.signals.expression import And, Empty, Matches, Not
from trustwright.signals.patterns import Unreadable, linear
from trustwright.signals.rule import Ask, Example, Over, Parameters
from trustwright.signals.table import Kind, Undecided
from trustwright.signals.test import Cells, Flaw, Rows, Values

id = "format"
version = "1"
title = "Of the form agreed on"
severity = Severity.BLOCK
remedy = "Correct the values where they are entered."
takes = frozenset({Kind.TEXT})

_HEX = "[0-9A-Fa-f]"
FORMS = {
    "email": r'^[^@\s,;<>"]+@[^@\s,;<>".]+(?:\.[^@\s,;<>".]+)*\.[^@\s,;<>".]{2,}$',
    "phone": r"^\+[1-9][0-9]{6,14}$",
    "uuid": rf"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
    "ipv4": r"^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$",
    "ipv6": rf"^(?:{_HEX}{{0,4}}:){{2,7}}{_HEX}{{0,4}}$",
}
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", re.ASCII)


class Params(Parameters):
    pattern: str | None = Field(None, description="a regular expression in ECMA-262")
    format: str | None = Field(None, description="a form by its name, instead of a pattern")


def ask(params: Params, over: Over) -> Ask | Undecided:
    (column,) = over.columns
    if params.format == "iban":
        return Ask(Values((column,), _iban), f"`{column}` is no IBAN")
    pattern = params.pattern or FORMS.get(params.format or "")
    if pattern is None:
        known = ", ".join(sorted([*FORMS, "iban"]))
        return Undecided("bad-params", f"There is no form {params.format!r}.", f"Say {known}.")
    try:
        found = Matches(column, linear(pattern))
    except Unreadable as e:
        sentence = f"The pattern {pattern!r} can't be read: {e}."
        return Undecided("bad-pattern", sentence, "Say it without, in ECMA-262.")
    form = f"is no {params.format}" if params.format else f"doesn't match {pattern}"
    return Ask(Rows(And((Not(Empty(column)), Not(found)))), f"`{column}` {form}")


def _iban(cells: Cells) -> Flaw | None:
    (text,) = cells
    if text is None:
        return None
    plain = str(text).replace(" ", "")
    if not _IBAN.fullmatch(plain):
        return Flaw("not of the form of an IBAN")
    digits = "".join(str(int(c, 36)) for c in plain[4:] + plain[:4])
    return None if int(digits) % 97 == 1 else Flaw("an IBAN whose check digits are wrong")


examples = (
    Example(
        columns=("email",),
        params={"format": "email"},
        bad=(("a@b",), ("ada lovelace@example.com",), ("@example.com",), ("a@@example.com",)),
        good=(("ada@example.com",), ("a.b+c@mail.example.co.uk",), (None,)),
    ),
    Example(
        columns=("phone",),
        params={"format": "phone"},
        bad=(("0171 234567",), ("+49",)),
        good=(("+491712345678",),),
    ),
    Example(
        columns=("account",),
        params={"format": "iban"},
        bad=(("DE89 3704 0044 0532 0130 01",), ("370400440532013000",)),
        good=(("DE89 3704 0044 0532 0130 00",), ("GB82WEST12345698765432",), (None,)),
    ),
    Example(
        columns=("id",),
        params={"pattern": r"^C\d{10}$"},
        bad=(("c0000000001",), ("C0000000001 ",), ("C٠٠٠٠٠٠٠٠٠٠",)),
        good=(("C0000000001",), (None,)),
    ),
)
