"""A passkey in software: real registrations and assertions, each part of which can be made wrong.

`create` and `get` take the options (JSON) a page would give to `navigator.credentials` and return
what the page would post: `credential.toJSON()`.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from trustwright.kernel.canonical import b64u, from_b64u

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def new_key(alg: int = -7) -> PrivateKey:
    """A private key for a COSE algorithm: ES256 (-7), EdDSA (-8) or RS256 (-257)."""
    match alg:
        case -7:
            return ec.generate_private_key(ec.SECP256R1())
        case -8:
            return ed25519.Ed25519PrivateKey.generate()
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Passkey:
    """One credential on the authenticator, and whose it says it is."""

    key: PrivateKey
    user: bytes
    id: bytes = field(default_factory=lambda: secrets.token_bytes(20))


@dataclass
class Authenticator:
    """Somebody's device with a browser on `origin`. Set a field to make what it says wrong.

    `rp_id` and `says` (the type of ceremony) stand in for the right ones where they aren't empty.
    """

    origin: str = "http://localhost:8787"
    rp_id: str = ""
    says: str = ""
    alg: int = -7
    verified: bool = True
    present: bool = True
    synced: bool = False
    cross_origin: bool | None = False
    count: int = 0
    passkeys: list[Passkey] = field(default_factory=list)

    def create(self, options: str) -> dict[str, Any]:
        """Make a passkey; the browser's refusal of excluded ones is an `AssertionError`."""
        asked = json.loads(options)
        excluded = {from_b64u(c["id"]) for c in asked["excludeCredentials"]}
        assert not excluded & {p.id for p in self.passkeys}, "InvalidStateError"
        passkey = Passkey(new_key(self.alg), from_b64u(asked["user"]["id"]))
        self.passkeys.append(passkey)
        new = bytes(16) + len(passkey.id).to_bytes(2, "big") + passkey.id + cose(passkey.key)
        data = self._data(asked["rp"]["id"], AT) + new
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return _json(passkey, clientDataJSON=client, attestationObject=attestation)

    def get(self, options: str, which: int = -1) -> dict[str, Any]:
        """Sign with the passkey allowed, else with the one chosen (the latest)."""
        asked = json.loads(options)
        allowed = {from_b64u(c["id"]) for c in asked["allowCredentials"]}
        passkey = [p for p in self.passkeys if p.id in allowed or not allowed][which]
        data = self._data(asked["rpId"])
        client = self._client("webauthn.get", asked["challenge"])
        signature = sign(passkey.key, data + hashlib.sha256(client).digest())
        answer = _json(passkey, clientDataJSON=client, authenticatorData=data, signature=signature)
        answer["response"]["userHandle"] = b64u(passkey.user)
        return answer

    def _data(self, rp_id: str, flags: int = 0) -> bytes:
        flags |= UP * self.present | UV * self.verified | (BE | BS) * self.synced
        rp = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return rp + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, type: str, challenge: str) -> bytes:
        data: dict[str, object] = {
            "type": self.says or type,
            "challenge": challenge,
            "origin": self.origin,
        }
        if self.cross_origin is not None:
            data["crossOrigin"] = self.cross_origin
        return json.dumps(data, separators=(",", ":")).encode()


def _json(passkey: Passkey, **response: bytes) -> dict[str, Any]:
    return {
        "id": b64u(passkey.id),
        "rawId": b64u(passkey.id),
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {},
        "response": {name: b64u(value) for name, value in response.items()},
    }


def cose(key: PrivateKey) -> bytes:
    """The COSE public key."""
    match key:
        case ec.EllipticCurvePrivateKey():
            n = key.public_key().public_numbers()
            x, y = (v.to_bytes(32, "big") for v in (n.x, n.y))
            return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        case ed25519.Ed25519PrivateKey():
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: key.public_key().public_bytes_raw()})
    rn = key.public_key().public_numbers()
    modulus, exponent = (v.to_bytes((v.bit_length() + 7) // 8, "big") for v in (rn.n, rn.e))
    return cbor2.dumps({1: 3, 3: -257, -1: modulus, -2: exponent})


def sign(key: PrivateKey, data: bytes) -> bytes:
    match key:
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(SHA256()))
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
    return key.sign(data, padding.PKCS1v15(), SHA256())
