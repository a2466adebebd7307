"""What does a column's name say? Whether it is an id, about a person, or about another column."""

import re

WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

ABOUT = {"type", "status", "preference", "consent", "opt", "allowed", "verified", "group", "has"}
"""A `mail_consent` is no mail."""

LANGUAGES = {"language", "lang", "locale", "languages", "sprache"}
COUNTRIES = {"country", "countries", "nation", "nationality", "land"}
PERSONAL = (
    *("email", "mail", "phone", "telephone", "mobile", "fax", "surname", "forename", "firstname"),
    *("lastname", "birthday", "birth", "dob", "ssn", "passport", "iban", "street", "password"),
)
PERSONAL_PAIRS = ("given name", "first name", "last name", "family name", "full name", "soc sec")
IDS = {"id", "key", "uuid", "guid", "index", "number", "no", "nr", "code", "identifier"}


def words(name: str) -> tuple[str, ...]:
    """`zipCode`, `zip_code` and `ZIP-CODE` are zip, code."""
    return tuple(word.lower() for word in WORDS.findall(name))


def personal(name: str) -> bool:
    """Whether it says so by its name."""
    found = words(name)
    together = f" {' '.join(found)} "
    return bool(set(PERSONAL) & set(found)) or any(f" {p} " in together for p in PERSONAL_PAIRS)


def identifies(name: str) -> bool:
    """Whether it calls itself an id."""
    return bool(IDS & set(words(name)))


def about(name: str) -> bool:
    """Whether it says something of what it names, instead of holding it."""
    return bool(ABOUT & set(words(name)))
