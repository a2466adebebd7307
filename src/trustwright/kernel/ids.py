"""Names for things: random where nobody chose one, slugs where people did."""

import re
import secrets

# Crockford's base 32: no i, l, o, u, so an id survives being read out on the phone.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def new_id(what: str) -> str:
    """`case-4fz9k2m8q0tw`: 60 random bits behind the word for what it is."""
    bits = secrets.randbits(60)
    return f"{what}-" + "".join(ALPHABET[bits >> shift & 31] for shift in range(0, 60, 5))


def is_slug(text: str) -> bool:
    """ASCII, lower case, starts with a letter or digit, at most 64 characters."""
    return SLUG.fullmatch(text) is not None
