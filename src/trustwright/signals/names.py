"""What does a column's name promise? What it should hold, and whether it is about a person."""

import re

WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

# What stands in a column of this name has, in one row of two at least, something like this.
PROMISES = {
    "a postcode": (("zip", "zipcode", "postcode", "postal", "plz"), r"\d"),
    "a telephone number": (("phone", "telephone", "mobile", "fax"), r"\d.*\d.*\d"),
    "an email address": (("email", "mail"), r"@"),
    "a date": (("date", "birthday", "dob", "timestamp"), r"\d"),
    "a number": (("age", "amount", "price", "quantity", "count", "total", "revenue"), r"\d"),
    "a web address": (("url", "website", "homepage"), r"\."),
}
NOT_THAT = {"type", "status", "preference", "consent", "opt", "allowed", "verified", "group", "has"}
"""A `mail_consent` is no mail."""

PERSONAL = (
    *("email", "mail", "phone", "telephone", "mobile", "fax", "surname", "forename", "firstname"),
    *("lastname", "birthday", "birth", "dob", "ssn", "passport", "iban", "street", "password"),
)
PERSONAL_PAIRS = ("given name", "first name", "last name", "family name", "full name", "soc sec")
IDS = {"id", "key", "uuid", "guid", "index", "number", "no", "nr", "code", "identifier"}


def words(name: str) -> tuple[str, ...]:
    """`zipCode`, `zip_code` and `ZIP-CODE` are zip, code."""
    return tuple(word.lower() for word in WORDS.findall(name))


def promised(name: str) -> tuple[str, str] | None:
    """What a column of this name should hold, and a pattern of which half the values have some."""
    found = words(name)
    if NOT_THAT & set(found):
        return None
    told = ((what, pattern) for what, (keys, pattern) in PROMISES.items() if set(keys) & set(found))
    return next(told, None)


def personal(name: str) -> bool:
    """Whether it says so by its name."""
    found = words(name)
    together = f" {' '.join(found)} "
    return bool(set(PERSONAL) & set(found)) or any(f" {p} " in together for p in PERSONAL_PAIRS)


def identifies(name: str) -> bool:
    """Whether it calls itself an id."""
    return bool(IDS & set(words(name)))
