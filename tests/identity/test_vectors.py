"""The W3C's own passkeys: what a conforming browser sends is read, and judged by our stricter rules."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from webauthn.helpers import parse_attestation_object

from trustwright.identity import answers
from trustwright.kernel.canonical import b64u
from trustwright.kernel.errors import Problem

VECTORS = json.loads(Path(__file__).with_name("w3c_vectors.json").read_text("utf-8"))["vectors"]

# Name: what enrolling, and what signing, comes to. Each ceremony's user verification is random.
EXPECTED = {
    "none-es256": ("user-not-verified", "user-not-verified"),
    "none-es256-crossOrigin": ("cross-origin", "cross-origin"),
    "none-es256-topOrigin": ("cross-origin", "cross-origin"),
    "none-es256-long-credential-id": ("user-not-verified", "good"),
    "packed-self-es256": ("good", "user-not-verified"),
    "packed-es256": ("good", "good"),
    "packed-es512": ("key-unusable", "user-not-verified"),
    "packed-rs256": ("good", "user-not-verified"),
}


def outcome(run: Callable[[], object]) -> str:
    try:
        run()
    except Problem as e:
        return e.code
    return "good"


def credential(id: str, ceremony: dict[str, str], *parts: str) -> dict[str, Any]:
    response = {part: encoded(ceremony[part]) for part in parts}
    return {"id": encoded(id), "rawId": encoded(id), "type": "public-key", "response": response}


def encoded(hexadecimal: str) -> str:
    return b64u(bytes.fromhex(hexadecimal))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_vector_of_the_standard(name: str) -> None:
    made, used = VECTORS[name]["registration"], VECTORS[name]["authentication"]
    id = made["credential_id"]
    new = credential(id, made, "clientDataJSON", "attestationObject")
    enrolling = outcome(lambda: answers.demand_registered(new, asked(made)))
    assert (enrolling, signing(id, used, made)) == EXPECTED[name]


@pytest.mark.parametrize("part", ["clientDataJSON", "authenticatorData", "signature"])
def test_one_bit_changed_anywhere_is_never_let_through(part: str) -> None:
    made, used = VECTORS["packed-es256"]["registration"], VECTORS["packed-es256"]["authentication"]
    right = bytes.fromhex(used[part])
    for position in range(len(right)):
        wrong = bytearray(right)
        wrong[position] ^= 1 << position % 8
        changed = used | {part: wrong.hex()}
        assert signing(made["credential_id"], changed, made) != "good", position


def signing(id: str, used: dict[str, str], made: dict[str, str]) -> str:
    given = credential(id, used, "clientDataJSON", "authenticatorData", "signature")
    new = parse_attestation_object(bytes.fromhex(made["attestationObject"]))
    key = new.auth_data.attested_credential_data
    assert key
    cose = key.credential_public_key
    return outcome(lambda: answers.demand_signed(answers.assertion(given), asked(used), cose, 0))


def asked(ceremony: dict[str, str]) -> answers.Asked:
    challenge = bytes.fromhex(ceremony["challenge"])
    return answers.Asked(challenge, "https://example.org", "example.org")
