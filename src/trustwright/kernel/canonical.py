"""Canonical bytes: the one way a value is written before it is hashed or signed (RFC 8785).

For our subset (ASCII keys, no floats, |int| < 2**53, no lone surrogates) orjson's sorted compact
output is byte-identical to RFC 8785; a property test holds it against the `rfc8785` package.
Outside the subset is `Invalid`, never a guess.
"""

import base64
import binascii
import hashlib

import orjson

from trustwright.kernel.errors import Invalid

MAX_INT = 2**53 - 1


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value in our subset."""
    _demand_subset(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError as e:
        raise Invalid("not-canonical", f"A value can't be written canonically: {e}.") from e


def _demand_subset(value: object) -> None:
    # Not `match`: this walks every fact that is written, and most of it is text.
    if isinstance(value, str | bool) or value is None:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise Invalid("not-canonical", "A key isn't ASCII text.")
            _demand_subset(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _demand_subset(inner)
    elif not isinstance(value, int):
        raise Invalid("not-canonical", f"{type(value).__name__} has no canonical form.")
    elif not -MAX_INT <= value <= MAX_INT:
        raise Invalid("not-canonical", "A whole number is beyond 2**53.")


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def b64u(data: bytes) -> str:
    """base64url without padding, as in WebAuthn and JOSE."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_b64u(text: str) -> bytes:
    """The inverse of `b64u`; anything else is `Invalid`."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as e:
        raise Invalid("not-base64url", "A value isn't base64url.") from e
