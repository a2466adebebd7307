"""A log made by hand: synthesised facts, a software passkey, and every way to forge a bundle.

Each forgery is written by an operator who holds the log's key, so only the verifier stands between.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from trustwright.kernel.canonical import b64u, canonical
from trustwright.ledger.bundle import Evidence, write_bundle
from trustwright.ledger.note import Signer
from trustwright.ledger.proof import Proof
from trustwright.ledger.succession import endorse
from trustwright.ledger.tiles import NodeReader
from trustwright.ledger.tree import inclusion_proof, leaf_hash, root_of

ORIGIN, SITE, RP = "trustwright.test/made-by-hand", "http://localhost:8787", "localhost"
MEDIA = "application/vnd.trustwright.parts+json"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = "case-4fz9k2m8q0tw"
MACHINE = "m:reply-bot"
Json = dict[str, Any]


OTHER = "0" * 64
BATCH = "application/vnd.trustwright.batch+json"


def pseudonym(name: str) -> str:
    return (
        "p:" + base64.b32encode(hashlib.sha256(name.encode()).digest()[:16]).decode()[:26].lower()
    )


def stamp(minutes: float) -> str:
    return (NOON + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Passkey:
    """ES256, EdDSA or RS256, with the COSE key a browser would hand over."""

    def __init__(self, kind: str = "ES256") -> None:
        self.kind = kind
        self.credential = b64u(hashlib.sha256(kind.encode() + id(self).to_bytes(8, "big")).digest())
        if kind == "ES256":
            self.es = ec.generate_private_key(ec.SECP256R1())
            point = self.es.public_key().public_numbers()
            x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
            self.cose = bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y
        elif kind == "EdDSA":
            self.ed = ed25519.Ed25519PrivateKey.generate()
            raw = self.ed.public_key().public_bytes_raw()
            self.cose = bytes.fromhex("a4010103272006215820") + raw
        else:
            self.rsa = rsa.generate_private_key(65537, 2048)
            n = self.rsa.public_key().public_numbers().n.to_bytes(256, "big")
            self.cose = bytes.fromhex("a401030339010020590100") + n + bytes.fromhex("2143010001")

    def sign(self, message: bytes) -> bytes:
        if self.kind == "ES256":
            return self.es.sign(message, ec.ECDSA(SHA256()))
        if self.kind == "EdDSA":
            return self.ed.sign(message)
        return self.rsa.sign(message, padding.PKCS1v15(), SHA256())


def signer(secret: bytes, name: str = ORIGIN) -> Signer:
    return Signer(name, ed25519.Ed25519PrivateKey.from_private_bytes(secret * 32))


@dataclass
class World:
    """A log under construction. Every step can be bent by keyword."""

    signer: Signer = field(default_factory=lambda: signer(b"k"))
    entries: list[bytes] = field(default_factory=list)
    disclosures: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, Passkey] = field(default_factory=dict)
    charter: str = ""
    content: str = ""
    routed: Json = field(default_factory=dict)

    def add(
        self, kind: str, body: Json, stream: str = CASE, actor: str = MACHINE, at: float = -1
    ) -> int:
        index = len(self.entries)
        entry = {
            "actor": actor,
            "at": stamp(index if at < 0 else at),
            "body": body,
            "kind": kind,
            "nonce": b64u(hashlib.sha256(bytes([index])).digest()[:16]),
            "stream": stream,
        }
        self.entries.append(canonical(entry))
        return index

    def seal(self, tag: str, value: bytes) -> str:
        salt = hashlib.sha256(tag.encode() + value).digest()
        told = b"trustwright/commitment/v1\0" + tag.encode() + b"\0" + salt + value
        commitment = hashlib.sha256(told).hexdigest()
        self.disclosures[commitment] = {
            "commitment": commitment,
            "tag": tag,
            "salt": b64u(salt),
            "value": b64u(value),
        }
        return commitment

    def parts(self, *parts: tuple[str, str]) -> str:
        return self.seal("content", canonical([list(part) for part in parts]))

    def genesis(self, **changes: object) -> None:
        body = {"origin": ORIGIN, "demo": False, "rp_id": RP, "site": SITE, "format": 1}
        self.add("ledger.created", {**body, "log_key": self.signer.vkey, **changes}, "ledger")

    def rotate(self, secret: bytes = b"n", bend: Json | None = None) -> None:
        """Another key signs from here on."""
        old, self.signer = self.signer, signer(secret)
        body = {**endorse(old, self.signer).model_dump(), **(bend or {})}
        self.add("ledger.rotated", body, "ledger", "m:trustwright")

    def enrol(self, name: str, kind: str = "ES256") -> str:
        person = pseudonym(name)
        key = self.keys[name] = Passkey(kind)
        sealed = self.seal("name", canonical({"id": name.lower(), "name": name}))
        body: Json = {"person": person, "name": sealed, "credential": key.credential}
        self.add(
            "identity.enrolled",
            {**body, "cose": b64u(key.cose), "synced": True, "sponsors": []},
            f"person-{person[2:]}",
            person,
        )
        return person

    def revoke(self, name: str) -> None:
        body = {
            "person": pseudonym(name),
            "credential": self.keys[name].credential,
            "reason": "lost",
        }
        self.add("identity.revoked", body, f"person-{pseudonym(name)[2:]}", pseudonym(name))

    def adopt(self, text: bytes = b'{"company":"Invented Ltd"}', basis: str = "agreed") -> None:
        self.charter = hashlib.sha256(text).hexdigest()
        body = {"digest": self.charter, "text": self.seal("charter", text), "basis": basis}
        self.add("charter.adopted", {**body, "signatures": []}, "charter")

    def submit(self, *parts: tuple[str, str], **changes: object) -> None:
        self.content = self.parts(*(parts or (("subject", "Hi"), ("body", "Your parcel left."))))
        body: Json = {
            "system": "reply-bot",
            "workflow": "faq",
            "channel": "email",
            "content": self.content,
            "media": MEDIA,
            "sources": [self.seal("source", b"Parcels leave at noon.")],
            "details": self.seal("details", b"{}"),
            "subject": None,
            "confidence": "0.8",
            "expires": stamp(600),
        }
        self.add("proposal.submitted", {**body, **changes})

    def route(self, outcome: str, *signers: list[str], **changes: object) -> None:
        finding = {"check": "claims", "code": "no-proof", "severity": "warn", "part": "body"}
        self.routed = {
            "content": self.content,
            "facts": {"risk": "low"},
            "outcome": outcome,
            "rules": ["faq-1"],
            "floors": [],
            "signers": list(signers),
            "label": "ai",
            "cooling_off": 0,
            "checks": {"claims": "1"},
            "findings": [{**finding, "start": 0, "end": 4}],
            "findings_count": 1,
            "complete": True,
            "charter": self.charter,
            "report": self.seal("report", b"[]"),
            **changes,
        }
        self.add("proposal.routed", self.routed)

    def edit(self, name: str, text: str, **changes: object) -> None:
        before, self.content = self.content, self.parts(("body", text))
        body = {"content": self.content, "before": before, "note": self.seal("note", b"clearer")}
        self.add("proposal.edited", {**body, **changes}, actor=pseudonym(name))

    def sign(self, name: str, role: str = "owner", **bend: Any) -> int:
        """A countersignature. `bend`: statement, client, fact (changes), flags, rp, actor, at."""
        person, key = pseudonym(name), self.keys[name]
        now = len(self.entries)
        statement = canonical(
            {
                "type": "trustwright.approval.v1",
                "id": f"statement-{now}",
                "case": CASE,
                "decision": "release",
                "role": role,
                "approver": person,
                "credential": key.credential,
                "content": self.content,
                "media_type": MEDIA,
                "channel": "email",
                "audience": None,
                "charter": self.charter,
                "rules": self.routed["rules"],
                "label": "ai",
                "log": ORIGIN,
                "basis": "seen",
                "rp_id": RP,
                "iat": stamp(now - 1),
                "exp": stamp(now + 14),
                "nonce": b64u(bytes([now]) * 16),
                **bend.get("statement", {}),
            }
        )
        asked = hashlib.sha256(b"trustwright/approval/v1\0" + statement).digest()
        client = {"type": "webauthn.get", "challenge": b64u(asked), "origin": SITE}
        raw = json.dumps({**client, "crossOrigin": False, **bend.get("client", {})}).encode()
        auth = hashlib.sha256(bend.get("rp", RP).encode()).digest()
        auth += bytes([bend.get("flags", 0x1D)]) + bytes(4)
        body = {
            "content": self.content,
            "role": role,
            "person": person,
            "credential": key.credential,
            "statement": b64u(statement),
            "client_data": b64u(raw),
            "authenticator_data": b64u(auth),
            "signature": b64u(key.sign(auth + hashlib.sha256(raw).digest())),
            **bend.get("fact", {}),
        }
        actor = bend.get("actor", person)
        kind = bend.get("kind", "proposal.countersigned")
        return self.add(kind, body, actor=actor, at=bend.get("at", -1))

    def release(self, *signatures: int, **changes: object) -> None:
        source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
        body: Json = {
            "content": self.content,
            "charter": self.charter,
            "outcome": self.routed["outcome"],
            "basis": "seen" if signatures else "automate",
            "signatures": list(signatures),
            "label": {"code": "ai", "digital_source_type": source},
            "rules": self.routed["rules"],
        }
        self.add("proposal.released", {**body, **changes}, actor="m:trustwright")

    def evidence(self, leave_out: tuple[int, ...] = ()) -> Evidence:
        leaves = [leaf_hash(entry) for entry in self.entries]
        checkpoint = self.signer.sign(len(leaves), root_of(leaves))
        node = NodeReader(lambda level, start, n: [] if level else leaves[start : start + n])
        kept = [i for i in range(len(leaves)) if i not in leave_out]
        released = [i for i in kept if b'"kind":"proposal.released"' in self.entries[i]]
        return Evidence(
            case=CASE,
            origin=ORIGIN,
            log_key=json.loads(self.entries[0])["body"].get("log_key", self.signer.vkey),
            checkpoint=checkpoint,
            entries={i: self.entries[i] for i in kept},
            proofs={
                i: Proof(i, tuple(inclusion_proof(i, len(leaves), node)), checkpoint).encode()
                for i in kept
            },
            disclosures=list(self.disclosures.values()),
            released=released[0] if released else None,
        )

    def bundle(self, *leave_out: int) -> bytes:
        return write_bundle(self.evidence(leave_out))


def begun(kind: str = "ES256", **genesis: object) -> World:
    """Genesis, Ann and Bob enrolled, a charter agreed on."""
    w = World()
    w.genesis(**genesis)
    w.enrol("Ann", kind)
    w.enrol("Bob")
    w.adopt()
    return w


def owner_case(kind: str = "ES256", **bend: Any) -> World:
    """A proposal that its owner countersigned and that went out."""
    w = begun(kind)
    w.submit()
    w.route("owner", ["owner", "deputy"])
    w.release(w.sign("Ann", **bend))
    return w


def taken_back(*, signed_again: bool) -> World:
    """A countersignature that its signer took back before the release."""
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    first = w.sign("Ann")
    w.add("proposal.countersignature-withdrawn", {"signature": first}, actor=pseudonym("Ann"))
    w.release(w.sign("Ann") if signed_again else first)
    return w


def batched(
    *, outcome: str = "owner", edit: bool = False, basis: str = "batch", **bend: Any
) -> World:
    """A proposal that was the fourth of five countersigned at once, two of which were opened.

    `statement` and `fact` change what was signed and what the log says; `leaf` what was hashed.
    """
    w = begun()
    w.submit()
    w.route(outcome, ["owner"])
    if edit:
        w.edit("Bob", "Your parcel left on Monday.")
        w.route(outcome, ["owner"])
    mine = {"case": CASE, "content": w.content, "opened": False} | bend.pop("leaf", {})
    said = [canonical([f"case-{n}", OTHER, n < 2]) for n in range(5)]
    said[3] = canonical([*mine.values()])
    leaves = [leaf_hash(leaf) for leaf in said]
    node = NodeReader(lambda level, start, n: [] if level else leaves[start : start + n])
    at: Json = {"place": 3, "size": 5, "read": 2, "opened": False}
    at["path"] = [step.hex() for step in inclusion_proof(3, 5, node)]
    statement: Json = {"basis": "batch", "size": 5, "opened": 2, "media_type": BATCH}
    statement |= {"case": "batch-1", "content": root_of(leaves).hex(), **bend.pop("statement", {})}
    kind, fact = "proposal.batch-countersigned", at | bend.pop("fact", {})
    w.release(w.sign("Ann", kind=kind, statement=statement, fact=fact), basis=basis)
    return w


def automated(**changes: object) -> World:
    """A proposal that went out by itself."""
    w = begun()
    w.submit()
    w.route("automate")
    w.release(**changes)
    return w


def two_person_case(*names: str) -> World:
    w = begun()
    w.submit()
    w.route("two_person", ["owner"], ["legal", "owner"])
    w.release(*(w.sign(name, role) for name, role in zip(names, ("legal", "owner"), strict=False)))
    return w


def edited(editor: str = "Bob", **changes: Any) -> World:
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    w.edit(editor, "Your parcel left on Monday.", **changes)
    w.route("owner", ["owner"])
    w.release(w.sign("Ann"))
    return w


def _after(step: Callable[[World], object], *, again: bool = False) -> World:
    """Routed to its owner and signed; then `step`; then released with that signature."""
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    signature = w.sign("Ann")
    step(w)
    w.release(*([signature] * (2 if again else 1)))
    return w


NOT_SIGNED = b64u(bytes(64))


def rotated(**bend: str) -> World:
    """The log's key changed while the case waited."""
    return _after(lambda w: w.rotate(bend=bend))


def _rotated_twice() -> World:
    w = rotated()
    w.rotate(b"o")
    return w


def _rotated_by(other: Signer, new: Signer | None = None) -> World:
    """A stranger's key names the next one, which then signs the log."""
    w = _after(lambda w: None)
    new = new or signer(b"n")
    w.add("ledger.rotated", endorse(other, new).model_dump(), "ledger", "m:trustwright")
    w.signer = new
    return w


def _rotated_elsewhere() -> World:
    return _rotated_by(signer(b"k"), signer(b"n", "elsewhere.test/log"))


def _rotated_by_an_old_key() -> World:
    w, old = rotated(), signer(b"k")
    w.signer = old
    w.rotate(b"x")
    return w


def _revoked_then_signed() -> World:
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    w.revoke("Ann")
    w.release(w.sign("Ann"))
    return w


def _replayed() -> World:
    """Ann's real signature over another statement, put under this one."""
    other = owner_case()
    real = json.loads(other.entries[-2])["body"]
    taken = {k: real[k] for k in ("client_data", "authenticator_data", "signature", "credential")}
    w = begun()
    w.keys["Ann"] = other.keys["Ann"]
    w.entries[1] = other.entries[1]
    w.submit()
    w.route("owner", ["owner"])
    w.release(w.sign("Ann", statement={"nonce": "another"}, fact=taken))
    return w


def _closed_then_released() -> World:
    refused = {"content": "0" * 64, "reason": "0" * 64}

    def close(w: World) -> None:
        refused.update(content=w.content, reason=w.seal("reason", b"No."))
        w.add("proposal.refused", refused, actor=pseudonym("Bob"))

    return _after(close)


def _twice() -> World:
    w = owner_case()
    w.release(len(w.entries) - 2)
    return w


def _routed_stricter(w: World) -> None:
    w.route("two_person", ["owner"], ["legal"])


def _stricter_then_back(w: World) -> None:
    w.route("two_person", ["owner"], ["legal"])
    w.route("owner", ["owner"])


def _new_charter(w: World) -> None:
    w.adopt(b'{"company":"Invented Ltd","stricter":true}')


def _bootstrap(demo: bool) -> World:
    w = World()
    w.genesis(demo=demo)
    w.adopt(basis="bootstrap")
    w.submit()
    w.route("automate")
    w.release()
    return w


def _erased() -> World:
    w = owner_case()
    del w.disclosures[w.content]
    return w


def _unreleased() -> World:
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    w.sign("Ann")
    return w


def _other_text() -> World:
    w = begun()
    w.submit()
    w.route("owner", ["owner"])
    decided, w.content = w.content, w.parts(("body", "Your parcel is lost."))
    signature = w.sign("Ann")
    w.release(signature)
    w.content = decided
    return w


def _weak_key() -> World:
    w = begun()
    w.keys["Ann"].cose = (
        bytes.fromhex("a5010203262001215820") + bytes(32) + bytes.fromhex("225820") + bytes(32)
    )
    enrolled = json.loads(w.entries[1])
    enrolled["body"]["cose"] = b64u(w.keys["Ann"].cose)
    w.entries[1] = canonical(enrolled)
    w.submit()
    w.route("owner", ["owner"])
    w.release(w.sign("Ann"))
    return w


GOOD: dict[str, Callable[[], World]] = {
    "a release by its owner": owner_case,
    "signed with EdDSA": lambda: owner_case("EdDSA"),
    "signed with RS256": lambda: owner_case("RS256"),
    "an automated release": automated,
    "taken back and given again": lambda: taken_back(signed_again=True),
    "one of a batch, unopened": batched,
    "one of a batch, opened": lambda: batched(leaf={"opened": True}, fact={"opened": True}),
    "two different people": lambda: two_person_case("Ann", "Bob"),
    "edited by another than the signer": edited,
    "a bootstrap charter in a demonstration": lambda: _bootstrap(demo=True),
    "routed again, no stricter": lambda: _after(lambda w: w.route("owner", ["owner"])),
    "revoked after it signed": lambda: _after(lambda w: w.revoke("Ann")),
    "the log's key changed meanwhile": lambda: rotated(),
    "the log's key changed twice": lambda: _rotated_twice(),
    "handed on and delivered": lambda: _after(
        lambda w: w.add(
            "proposal.handed-on", {"to": pseudonym("Bob"), "question": w.seal("note", b"?")}
        )
    ),
}
# name -> (how it is made, the code it must be refused with)
FORGED: dict[str, tuple[Callable[[], World], str]] = {
    "a new log key the old one didn't sign": (
        lambda: rotated(signed_by_old=NOT_SIGNED),
        "rotation-forged",
    ),
    "a new log key that didn't sign": (
        lambda: rotated(signed_by_new=NOT_SIGNED),
        "rotation-forged",
    ),
    "a new log key named by a stranger": (lambda: _rotated_by(signer(b"s")), "rotation-forged"),
    "a new log key of another log": (_rotated_elsewhere, "rotation-forged"),
    "a new log key named by one that was replaced": (_rotated_by_an_old_key, "rotation-forged"),
    "a new log key that is none": (lambda: rotated(new="nonsense"), "rotation-forged"),
    "content digest mismatch": (_other_text, "content-mismatch"),
    "content digest mismatch in the release": (
        lambda: automated(content=OTHER),
        "content-mismatch",
    ),
    "charter mismatch": (lambda: owner_case(statement={"charter": OTHER}), "charter-mismatch"),
    "charter mismatch in the release": (lambda: automated(charter=OTHER), "charter-mismatch"),
    "a countersignature that was taken back": (
        lambda: taken_back(signed_again=False),
        "signature-void",
    ),
    "another case's place in a batch": (lambda: batched(fact={"place": 2}), "content-mismatch"),
    "another text in a batch": (lambda: batched(leaf={"content": OTHER}), "content-mismatch"),
    "another case in a batch": (lambda: batched(leaf={"case": "case-9"}), "content-mismatch"),
    "unopened, said to be opened": (lambda: batched(fact={"opened": True}), "content-mismatch"),
    "a path of a batch cut short": (lambda: batched(fact={"path": [OTHER]}), "content-mismatch"),
    "a place beyond its batch": (lambda: batched(fact={"place": 5}), "content-mismatch"),
    "a batch said to be smaller": (lambda: batched(fact={"size": 4}), "statement-mismatch"),
    "a batch said to be read more": (lambda: batched(fact={"read": 3}), "statement-mismatch"),
    "a batch with more opened than there are": (
        lambda: batched(fact={"read": 6}, statement={"opened": 6}),
        "statement-mismatch",
    ),
    "a batch under the statement for one": (
        lambda: batched(statement={"basis": "seen"}),
        "statement-mismatch",
    ),
    "a batch of another kind of thing": (
        lambda: batched(statement={"media_type": MEDIA}),
        "statement-mismatch",
    ),
    "a batch where two must sign": (lambda: batched(outcome="two_person"), "terms-mismatch"),
    "a batch of edited texts": (lambda: batched(edit=True), "terms-mismatch"),
    "a batch released as seen": (lambda: batched(basis="seen"), "terms-mismatch"),
    "a signature said to be a batch's": (
        lambda: owner_case(statement={"basis": "batch"}),
        "statement-mismatch",
    ),
    "another charter came into force": (lambda: _after(_new_charter), "charter-mismatch"),
    "already consumed": (lambda: _after(lambda w: None, again=True), "signature-reused"),
    "signed after it expired": (lambda: owner_case(at=60), "expired"),
    "signed before it was issued": (lambda: owner_case(at=1), "expired"),
    "revoked key": (_revoked_then_signed, "credential-revoked"),
    "key of somebody else": (
        lambda: owner_case(fact={"person": pseudonym("Bob")}, actor=pseudonym("Bob")),
        "credential-unknown",
    ),
    "key that is no key": (_weak_key, "credential-unusable"),
    "wrong origin": (
        lambda: owner_case(client={"origin": "http://localhost:9999"}),
        "wrong-origin",
    ),
    "cross origin": (lambda: owner_case(client={"crossOrigin": True}), "wrong-origin"),
    "inside another site": (
        lambda: owner_case(client={"topOrigin": "http://x.test"}),
        "wrong-origin",
    ),
    "wrong relying party": (lambda: owner_case(rp="example.org"), "wrong-rp"),
    "wrong relying party in the statement": (
        lambda: owner_case(statement={"rp_id": "example.org"}),
        "wrong-rp",
    ),
    "wrong log": (lambda: owner_case(statement={"log": "elsewhere.test/log"}), "wrong-log"),
    "missing user verification": (lambda: owner_case(flags=0x19), "user-not-verified"),
    "missing user presence": (lambda: owner_case(flags=0x1C), "user-not-verified"),
    "replay on another statement": (_replayed, "challenge-mismatch"),
    "a registration passed off as an assertion": (
        lambda: owner_case(client={"type": "webauthn.create"}),
        "challenge-mismatch",
    ),
    "altered display": (lambda: owner_case(statement={"content": OTHER}), "content-mismatch"),
    "signature changed": (
        lambda: owner_case(fact={"signature": b64u(b"0" * 70)}),
        "signature-invalid",
    ),
    "editor as signer": (lambda: edited("Ann"), "signer-edited"),
    "edit from another text": (lambda: edited(before=OTHER), "content-mismatch"),
    "two reviewers, two releases": (_twice, "already-closed"),
    "released after it was refused": (_closed_then_released, "already-closed"),
    "statement for another case": (
        lambda: owner_case(statement={"case": "case-another"}),
        "statement-mismatch",
    ),
    "statement to adopt": (
        lambda: owner_case(statement={"decision": "adopt"}),
        "statement-mismatch",
    ),
    "statement for another channel": (
        lambda: owner_case(statement={"channel": "press"}),
        "statement-mismatch",
    ),
    "statement in another role": (
        lambda: owner_case(statement={"role": "deputy"}),
        "statement-mismatch",
    ),
    "statement with a word more": (lambda: owner_case(statement={"unless": "x"}), "malformed"),
    "recorded by a machine": (lambda: owner_case(actor=MACHINE), "statement-mismatch"),
    "signed by a machine": (
        lambda: owner_case(fact={"person": MACHINE}, actor=MACHINE),
        "malformed",
    ),
    "one person in two seats": (lambda: two_person_case("Ann", "Ann"), "signature-missing"),
    "one person alone": (lambda: two_person_case("Ann"), "signature-missing"),
    "in a role nobody asked for": (lambda: owner_case(role="intern"), "signature-missing"),
    "decision became stricter": (lambda: _after(_routed_stricter), "signature-void"),
    "became stricter and lax again": (lambda: _after(_stricter_then_back), "signature-void"),
    "automated with a signature": (lambda: automated(signatures=[3]), "terms-mismatch"),
    "automated though routed to its owner": (
        lambda: _after(lambda w: w.routed.update(outcome="automate")),
        "terms-mismatch",
    ),
    "other rules": (lambda: automated(rules=["faq-2"]), "terms-mismatch"),
    "bootstrap charter automates": (lambda: _bootstrap(demo=False), "automated-unadopted"),
    "label changed": (lambda: automated(label={"code": "human"}), "label-mismatch"),
    "nothing released": (_unreleased, "not-released"),
    "content erased": (_erased, "content-erased"),
}
