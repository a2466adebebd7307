"""What a passkey answered, and what must hold before any of it is believed: each failure by its name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from webauthn import helpers as read
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorData
from webauthn.registration.verify_registration_response import VerifiedRegistration

from trustwright.kernel.canonical import sha256
from trustwright.kernel.errors import Invalid, Refused
from trustwright.ledger import signatures


@dataclass(frozen=True)
class Asked:
    """What a passkey was asked to sign, for which relying party, on which site (an origin)."""

    challenge: bytes
    site: str
    rp_id: str


def assertion(answer: dict[str, Any]) -> AuthenticationCredential:
    """What `navigator.credentials.get` gave, as `toJSON()` writes it; not yet believed."""
    with _readable():
        return read.parse_authentication_credential_json(answer)


def challenge_of(given: AuthenticationCredential) -> bytes:
    """Which challenge it claims to answer."""
    with _readable():
        return read.parse_client_data_json(given.response.client_data_json).challenge


def demand_signed(given: AuthenticationCredential, asked: Asked, cose: bytes, count: int) -> int:
    """The passkey's new counter, if this key signed what was asked. `count` is the last one seen."""
    with _readable():
        data = read.parse_authenticator_data(given.response.authenticator_data)
    _demand(given.response.client_data_json, data, asked)
    # Synced passkeys always say 0. One that counted and doesn't go on counting has a double.
    if count and data.sign_count <= count:
        raise Refused(
            "counter-went-back",
            "The passkey's counter went back, as a copied key's would.",
            "Revoke it as stolen and enrol another.",
        )
    with _signed():
        verify_authentication_response(
            credential=given,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.rp_id,
            expected_origin=asked.site,
            credential_public_key=cose,
            credential_current_sign_count=count,
            require_user_verification=True,
        )
    return data.sign_count


def demand_registered(answer: dict[str, Any], asked: Asked) -> VerifiedRegistration:
    """The key just created for what was asked, of a kind that outsiders can verify."""
    with _readable():
        given = read.parse_registration_credential_json(answer)
        data = read.parse_attestation_object(given.response.attestation_object).auth_data
    _demand(given.response.client_data_json, data, asked)
    _demand_verifiable(data)
    with _signed():
        return verify_registration_response(
            credential=given,
            expected_challenge=asked.challenge,
            expected_rp_id=asked.rp_id,
            expected_origin=asked.site,
            require_user_verification=True,
        )


def _demand(client_data: bytes, data: AuthenticatorData, asked: Asked) -> None:
    with _readable():
        client = read.parse_client_data_json(client_data)
    if client.origin != asked.site:
        raise Refused(
            "wrong-origin",
            f"The passkey was used on another site than {asked.site}.",
            "Open exactly that address; passkeys don't work on an IP address.",
        )
    if client.cross_origin:  # The library reads it and doesn't mind.
        raise Refused(
            "cross-origin",
            "The passkey was used inside another site's page.",
            f"Open {asked.site} in a tab of its own.",
        )
    if data.rp_id_hash != sha256(asked.rp_id.encode()):
        raise Refused(
            "wrong-rp",
            f"The passkey belongs to another relying party than {asked.rp_id}.",
            "Choose a passkey that was enrolled here.",
        )
    if client.challenge != asked.challenge:
        raise Refused(
            "challenge-mismatch",
            "The passkey signed something else than it was asked to.",
            "Load the page again and look at what it shows.",
        )
    if not (data.flags.up and data.flags.uv):
        raise Refused(
            "user-not-verified",
            "The passkey didn't confirm who is using it.",
            "Use one that asks for a PIN, a fingerprint or a face.",
        )


def _demand_verifiable(data: AuthenticatorData) -> None:
    try:
        assert data.attested_credential_data
        signatures.signed_by(data.attested_credential_data.credential_public_key, b"", b"")
    except Exception as e:  # Whatever the outsiders' verifier stumbles over.
        raise Refused(
            "key-unusable",
            "This passkey's kind of key couldn't be verified by outsiders.",
            "Use one with ES256, EdDSA (Ed25519) or RS256 (2,048 bits or more).",
        ) from e


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except Exception as e:  # Bytes from a stranger may make a parser fail in any way.
        raise Invalid(
            "passkey-unreadable",
            "The passkey's answer can't be read.",
            "Try again; if it stays so, try another browser.",
        ) from e


@contextmanager
def _signed() -> Iterator[None]:
    try:
        yield
    except Exception as e:  # Likewise; what can't be verified isn't signed.
        raise Refused(
            "signature-invalid",
            "The passkey's signature doesn't verify.",
            "Try again; if it stays so, use another passkey.",
        ) from e
