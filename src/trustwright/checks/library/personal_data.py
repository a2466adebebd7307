"""Finds personal data that isn't the recipient's: addresses, numbers and ids of somebody else.

What is found: e-mail addresses, phone numbers, IBANs, payment cards, and the Swiss AHV number, Spanish
DNI/NIE and Brazilian CPF. Except e-mail and phone, each must pass its checksum, so a made-up or
mistyped number isn't found.

**Why.** A model that has seen another customer's data can repeat it. Sent, it is a breach.

**Fine is** whatever is listed as the recipient's own, and mailboxes of a role (info@, support@).

**Misses.** Names, postal addresses and dates of birth; ids of other countries and those without a
checksum; phone numbers without a leading + or 0, except North American ones; anything split over
lines. A company's phone number is found like a person's. Any language.

**Remedy.** Take it out, or say whose it is if it is the recipient's own.

**Measured** beside Presidio 2.2.366 (its recognizers by pattern and checksum for the same four kinds, no
language model; `benchmarks/presidio.py`), on 2,000 messages of which every fourth holds one made up:

| kind | this check found | Presidio found | Presidio alone, of what nobody put in |
|---|---|---|---|
| e-mail | 125 of 125 | 125 of 125 | 0 |
| IBAN | 125 of 125 | 125 of 125 | 0 |
| card | 125 of 125 | 125 of 125 | 0 |
| phone | 124 of 125 | 120 of 125 | 20: years, pieces of card numbers |

**Source.** GDPR Art. 4(1), 32; ISO 13616 (IBAN), ISO/IEC 7812 (Luhn), GS1 (AHV).
"""

import re
from collections.abc import Iterator

from trustwright.checks.model import Example, Finding, Severity, Span, Subject

id = "personal-data"
version = "2"
title = "Somebody else's personal data"
severity = Severity.BLOCK

_LENGTHS = {
    code[:2]: int(code[2:])
    for code in str.split(
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 "
        "ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
        "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 "
        "QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
    )
}
_IBAN = re.compile(r"(?<![^\W_])[A-Z]{2}\d{2}(?=(?: ?[A-Z0-9]){11})", re.IGNORECASE | re.ASCII)
_CARD = re.compile(r"(?<![\w.])[2-6]\d{3}(?:[ -]?\d{2,6}){2,4}(?![\w.]\d|\w)", re.ASCII)
# Visa, Mastercard, American Express, Diners, JCB, Discover and UnionPay, each in its own length.
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}"
    r"|6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12,15}"
)
_LOCAL = re.compile(r"[\w.+%-]{1,64}")
_DOMAIN = re.compile(r"@((?:[^\W_][\w-]{0,62}\.){1,6}[^\W\d_]{2,24})")
_ROLES = frozenset(
    str.split(
        "info support help service contact hello sales press office noreply no-reply team privacy billing "
        "kontakt jobs careers legal security feedback orders customerservice customer.service"
    )
)
_PHONE = re.compile(
    r"(?<![\w+.])(?<!\d[ -])(?:(?:\+|00)[1-9](?:[ ().\u00a0/-]{0,2}\d){7,13}"
    r"|\(?0[1-9]\d{0,3}\)?(?:[ .\u00a0/-]?\d){5,9}"
    r"|(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])\d{3}[-. ]\d{4})(?![\w]|[.,]\d)",
    re.ASCII,
)
_IDS = {
    "ahv": re.compile(r"(?<!\w)756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}(?!\w)", re.ASCII),
    "dni": re.compile(r"(?<!\w)(?:\d{8}|[XYZ]-?\d{7})-?[A-HJ-NP-TV-Z](?!\w)", re.ASCII),
    "cpf": re.compile(r"(?<!\w)\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)", re.ASCII),
}
_NAMES = {
    "iban": "an IBAN",
    "card": "a payment card number",
    "email": "an e-mail address",
    "phone": "a phone number",
    "ahv": "a Swiss AHV number",
    "dni": "a Spanish DNI or NIE",
    "cpf": "a Brazilian CPF",
}


def look(subject: Subject) -> Iterator[Finding]:
    own = [_bare(text) for text in subject.recipient]
    for part, text in subject.parts:
        reached = 0
        for start, end, code in sorted(_found(text), key=lambda f: (f[0], -f[1])):
            if start >= reached and not _owned(_bare(text[start:end]), code, own):
                yield _finding(code, part, (start, end))
            reached = max(reached, end)


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    yield from _emails(text)
    # Fewer digits than an IBAN's two check digits and an account: no number to look at.
    if sum(map(text.count, "0123456789")) > 5:
        yield from _numbers(text)


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for m in _IBAN.finditer(text):
        end = _iban_end(text, m.start())
        if end:
            yield m.start(), end, "iban"
    for m in _CARD.finditer(text):
        if end := _card_end(text, *m.span()):
            yield m.start(), end, "card"
    for code, pattern in _IDS.items():
        for m in pattern.finditer(text):
            if _VALID[code](_bare(m.group())):
                yield *m.span(), code
    for m in _PHONE.finditer(text):
        if 8 <= len(_bare(m.group())) <= 15:
            yield *m.span(), "phone"


def _card_end(text: str, start: int, end: int) -> int:
    """Where its number ends: another may follow it. 0 if it is none."""
    while end > start:
        digits = _bare(text[start:end])
        if _ISSUED.fullmatch(digits) and _luhn(digits):
            return end
        end = max(text.rfind(" ", start, end), text.rfind("-", start, end))
    return 0


def _emails(text: str) -> Iterator[tuple[int, int, str]]:
    for m in _DOMAIN.finditer(text):
        # Read backwards from the @: forwards would be quadratic in a long word.
        local = _LOCAL.match(text[max(0, m.start() - 64) : m.start()][::-1])
        if local and local.group()[::-1].lower() not in _ROLES:
            yield m.start() - local.end(), m.end(), "email"


def _bare(text: str) -> str:
    """Letters, digits and @ only, in upper case."""
    return "".join(c for c in text.upper() if c.isalnum() or c == "@")


def _owned(found: str, code: str, own: list[str]) -> bool:
    """Phone numbers are the same if their last nine digits are: +41 79 ... and 079 ..."""
    if code == "phone":
        return any(found[-9:] == mine[-9:] for mine in own if len(mine) >= 8)
    return found in own


def _finding(code: str, part: str, span: Span) -> Finding:
    level = Severity.WARN if code in ("email", "phone") else Severity.BLOCK
    # The data itself isn't repeated: a report travels further than the text it is about.
    message = f"This is {_NAMES[code]} that isn't known to be the recipient's."
    return Finding(
        id, code, level, part, *span, message, "Take it out, or list it as the recipient's own."
    )


def _iban_end(text: str, start: int) -> int | None:
    """Where the IBAN ends by its country's length, if mod 97 agrees; what follows may be a word."""
    length = _LENGTHS.get(text[start : start + 2].upper(), 0)
    end, taken = start, ""
    while len(taken) < length and end < len(text):
        taken += text[end] if text[end] != " " else ""
        end += 1
    if not length or len(taken) < length or text[end : end + 1].isalnum():
        return None
    moved = (taken[4:] + taken[:4]).upper()
    return end if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else None


def _luhn(digits: str) -> bool:
    doubled = (int(c) * (1 + n % 2) for n, c in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 and len(set(digits)) > 1


def _ean(digits: str) -> bool:
    return sum(int(c) * (1, 3)[n % 2] for n, c in enumerate(digits)) % 10 == 0


def _dni(code: str) -> bool:
    digits = code[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == code[-1]


def _cpf(digits: str) -> bool:
    def check(n: int) -> int:
        return (
            sum(int(c) * w for c, w in zip(digits, range(n + 1, 1, -1), strict=False))
            * 10
            % 11
            % 10
        )

    return len(set(digits)) > 1 and check(9) == int(digits[9]) and check(10) == int(digits[10])


_VALID = {"ahv": _ean, "dni": _dni, "cpf": _cpf}

examples = (
    Example(
        code="email",
        bad="Write to ada.miller@example.com.",
        good="Write to bo@example.com or support@example.com.",
        recipient=("bo@example.com",),
    ),
    Example(
        code="phone",
        bad="Her number is +41 79 555 01 02.",
        good="Your number is 079 555 09 09.",
        recipient=("+41 79 555 09 09",),
    ),
    Example(
        code="iban",
        bad="Paid to DE89 3704 0044 0532 0130 00 today.",
        good="Paid to DE89 3704 0044 0532 0130 01 today.",
    ),
    Example(
        code="card",
        bad="Card 4111 1111 1111 1111 was charged.",
        good="Order 4111 1111 1111 1112 was charged.",
    ),
    Example(code="ahv", bad="AHV 756.9217.0769.85", good="AHV 756.9217.0769.84"),
)
