"""Verify a Trustwright evidence bundle: python verify.py BUNDLE.zip [--key VKEY] [--json]

Exit 0: the release is proved. 1: something in the bundle is false. 2: nothing is false, something
is missing. One file, the standard library and `cryptography`: you can read all that you run. Take
the log's key (VKEY) and this program from somebody other than whoever gave you the bundle.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidSignature

from trustwright.ledger.evidence import (
    HEX,
    INCOMPLETE,
    MAX_ARCHIVE,
    PART,
    REASONS,
    Bad,
    Bundle,
    Fact,
    b64,
    b64u,
    compact,
    content,
    demand,
    read_bundle,
    read_json,
    tell,
    visible,
)
from trustwright.ledger.signatures import open_note, reached, signed_by, succeeds

CLOSING = {f"proposal.{how}" for how in ("released", "refused", "withdrawn", "expired", "voided")}
COMMITTING = ("content", "before", "sources", "details", "report", "note", "question", "reason")
STRICTNESS = {"automate": 0, "owner": 1, "two_person": 2}
SIGNED = ("proposal.countersigned", "proposal.batch-countersigned")
BATCH = "application/vnd.trustwright.batch+json"
UNPROVED = {"README.txt", "verify.py", "verify.html"}
Terms = dict[str, Any]
NOTHING: dict[str, Any] = defaultdict(lambda: None)
Reason = tuple[str, str]  # code, where


def included(b: Bundle, index: int, size: int, root: bytes) -> bool:
    """Whether the entry's tlog-proof leads to this root, under this very checkpoint (RFC 6962)."""
    head, _, checkpoint = b.files[f"entries/{index}.tlog-proof"].partition(b"\n\n")
    version, named, *lines = head.decode().split("\n")
    found = reached(b.files[f"entries/{index}.json"], index, size, [b64(line) for line in lines])
    in_form = (version, named) == ("c2sp.org/tlog-proof@v1", f"index {index}")
    return in_form and checkpoint == b.files["checkpoint"] and found == root


def failing(where: str, *rows: tuple[object, str]) -> Iterator[Reason]:
    return ((code, where) for good, code in rows if not good)


def check_log(b: Bundle, key: str | None) -> Iterator[Reason]:
    """Is it the log you trust, and are all entries in it?"""
    genesis = b.facts[0]["body"]
    keys = [genesis["log_key"]]
    for fact in b.of("ledger.rotated"):
        fits = succeeds(fact["body"], keys[-1])
        yield from failing(f"entry {fact['index']}", (fits, "rotation-forged"))
        keys.append(fact["body"]["new"])
    vkey = keys[-1]
    if key not in keys:
        yield "log-key-mismatch" if key else "log-key-not-given", vkey
    try:
        name, size, root = open_note(b.files["checkpoint"], vkey).split("\n")[:3]
        if not re.fullmatch("0|[1-9][0-9]{0,14}", size):
            raise ValueError
    except (ValueError, InvalidSignature):
        yield "checkpoint-unsigned", "checkpoint"
        return
    yield from failing("", (genesis["origin"] == name == vkey.split("+")[0], "wrong-log"))
    for index in b.facts:
        try:
            proved = included(b, index, int(size), b64(root))
        except ValueError:
            proved = False
        yield from failing(f"entry {index}", (proved, "not-in-log"))


def check_files(b: Bundle) -> Iterator[Reason]:
    """Is there nothing in the bundle but what the log accounts for, and nothing missing?"""
    genesis, released = b.facts[0]["body"], b.of("proposal.released")
    manifest = {
        "format": "trustwright.bundle.v1",
        "case": b.case[0]["stream"] if b.case else None,
        "origin": genesis["origin"],
        "log_key": genesis["log_key"],
        "released": released[0]["index"] if released else None,
        "entries": list(b.facts),
    }
    derived = {"bundle.json": compact(manifest).encode(), "checkpoint": b.files["checkpoint"]}
    if released:
        derived["label.json"] = compact(released[0]["body"]["label"]).encode()
        derived["receipt.tlog-proof"] = b.files[f"entries/{released[0]['index']}.tlog-proof"]
    for name in sorted(b.files.keys() - UNPROVED | derived.keys()):
        fits = PART.fullmatch(name) or b.files[name] == derived.get(name)
        yield from failing(name, (fits, "manifest-mismatch"))
    committed = "".join(compact(fact["body"]) for fact in b.facts.values())
    for commitment in b.values:
        yield from failing(commitment, (f'"{commitment}"' in committed, "manifest-mismatch"))
    signers = {f["body"]["person"] for f in b.of(*SIGNED)}
    names = [f["body"]["name"] for f in b.of("identity.enrolled") if f["body"]["person"] in signers]
    rests_on = [f["body"].get(name) for f in b.case for name in COMMITTING] + names
    for commitment in sorted({*re.findall(HEX, compact(rests_on))} - {f'"{c}"' for c in b.values}):
        yield "content-erased", commitment.strip('"')


def check_case(b: Bundle) -> Iterator[Reason]:
    """Was what went out what was proposed, decided and signed, in that order?"""
    released = b.of("proposal.released")
    if len({f["stream"] for f in b.case}) != 1 or b.of("proposal.submitted") != b.case[:1]:
        yield "stray-entry", ""
    elif not released:
        yield "not-released", ""
    else:
        yield from check_release(b, released[0])


def check_release(b: Bundle, release: Fact) -> Iterator[Reason]:
    """Is the release what the facts before it allow?"""
    content: str | None = None
    routed = NOTHING
    standing: dict[int, Terms] = {}
    for fact in (f for f in b.case if f["index"] < release["index"]):
        body, where = fact["body"], f"entry {fact['index']}"
        if fact["kind"] == "proposal.routed":
            standing = {} if stricter(body, routed) else standing
            routed = body
            fits = body["charter"] == charter_at(b, fact)["digest"] and body["content"] == content
            yield from failing(where, (fits, "charter-mismatch"))
        elif fact["kind"] in ("proposal.submitted", "proposal.edited"):
            yield from failing(where, (body.get("before") == content, "content-mismatch"))
            content, routed, standing = body["content"], NOTHING, {}
        elif fact["kind"] in SIGNED:
            standing[fact["index"]] = routed
        elif fact["kind"] == "proposal.countersignature-withdrawn":
            standing.pop(body["signature"], None)
    yield from check_terms(b, release, content, routed)
    yield from check_signatures(b, release, routed, standing)


def stricter(new: Terms, old: Terms) -> bool:
    """Whether signatures given under the old decision don't answer the new one."""
    if old is NOTHING:
        return False
    slots, before = new["signers"], old["signers"]
    more = any(slots.count(slot) > before.count(slot) for slot in slots)
    return more or STRICTNESS.get(new["outcome"], 3) > STRICTNESS.get(old["outcome"], 3)


def check_terms(b: Bundle, release: Fact, content: str | None, routed: Terms) -> Iterator[Reason]:
    """Was it released as decided, under the charter in force?"""
    body, charter = release["body"], charter_at(b, release)
    text, alone = b.values.get(charter["text"]), body["outcome"] == "automate"
    agreed = charter["basis"] == "agreed" or b.facts[0]["body"]["demo"]
    batched = any(f["index"] in body["signatures"] for f in b.of(SIGNED[1]))
    basis = "automate" if alone else "batch" if batched else "seen"
    yield from failing(
        f"entry {release['index']}",
        (b.of(*CLOSING) == [release], "already-closed"),
        (body["content"] == content == routed["content"], "content-mismatch"),
        (body["charter"] == routed["charter"] == charter["digest"], "charter-mismatch"),
        (not text or hashlib.sha256(text).hexdigest() == charter["digest"], "charter-mismatch"),
        (body["outcome"] == routed["outcome"] and body["outcome"] in STRICTNESS, "terms-mismatch"),
        (body["rules"] == routed["rules"] and body["basis"] == basis, "terms-mismatch"),
        (not (alone and body["signatures"]), "terms-mismatch"),
        (not ((alone or batched) and b.of("proposal.edited")), "terms-mismatch"),
        (not batched or body["outcome"] == "owner", "terms-mismatch"),
        (agreed or not alone, "automated-unadopted"),
        (code_of(body) == code_of(routed), "label-mismatch"),
    )


def charter_at(b: Bundle, fact: Fact) -> Terms:
    """The charter in force, as far as the bundle tells."""
    return next(
        (f["body"] for f in b.of("charter.adopted")[::-1] if f["index"] < fact["index"]), NOTHING
    )


def code_of(body: Terms) -> Any:
    return body["label"]["code"] if isinstance(body["label"], dict) else body["label"]


def check_signatures(
    b: Bundle, release: Fact, routed: Terms, standing: dict[int, Terms]
) -> Iterator[Reason]:
    """Are they the countersignatures the decision asked for, and does each hold?"""
    outcome, indexes = release["body"]["outcome"], release["body"]["signatures"]
    signed = [f for f in b.of(*SIGNED) if f["index"] in indexes]
    people = {f["body"]["person"] for f in signed}
    filled = fills(routed["signers"] or [], [f["body"]["role"] for f in signed])
    statements = {b64u(f["body"]["statement"]) for f in signed}
    yield from failing(
        f"entry {release['index']}",
        (len(statements) == len(signed) == len(indexes), "signature-reused"),
        (filled and len(people) >= STRICTNESS.get(outcome, 3), "signature-missing"),
        (standing.keys() >= set(indexes), "signature-void"),
    )
    for fact in signed:
        if fact["index"] in standing:
            yield from check_statement(b, fact, standing[fact["index"]], release)
        yield from check_assertion(b, fact)


def fills(slots: list[list[str]], roles: list[str]) -> bool:
    """Whether each slot can have a signature of its own."""
    if len(roles) > 8 or not slots:
        return not slots
    found = (i for i, role in enumerate(roles) if role in slots[0])
    return any(fills(slots[1:], roles[:i] + roles[i + 1 :]) for i in found)


def check_statement(b: Bundle, fact: Fact, then: Terms, release: Fact) -> Iterator[Reason]:
    """Does the statement say what the log says, from the right person, in time?"""
    body, where, batched = fact["body"], f"entry {fact['index']}", fact["kind"] == SIGNED[1]
    form = "statement.batch" if batched else "statement"
    said = demand(read_json(b64u(body["statement"]), where), form, where, exactly=True)
    genesis, submitted, final = b.facts[0]["body"], b.case[0]["body"], release["body"]
    same = {
        "type": "trustwright.approval.v1",
        "decision": "release",
        "role": body["role"],
        "approver": fact["actor"],
        "credential": body["credential"],
        "channel": submitted["channel"],
        "rules": then["rules"],
    } | of_batch(b, fact)
    editors = {f["actor"] for f in b.of("proposal.edited")}
    yield from failing(
        where,
        (all(said[k] == v for k, v in same.items()), "statement-mismatch"),
        (body["person"] == fact["actor"], "statement-mismatch"),
        (body["content"] == final["content"], "content-mismatch"),
        (signed_content(b, fact) == said["content"], "content-mismatch"),
        (said["charter"] == then["charter"], "charter-mismatch"),
        (said["log"] == genesis["origin"], "wrong-log"),
        (said["rp_id"] == genesis["rp_id"], "wrong-rp"),
        (code_of(said) == code_of(final), "label-mismatch"),
        (said["iat"][:-1] <= fact["at"][:-1] <= said["exp"][:-1], "expired"),
        (body["person"] not in editors, "signer-edited"),
    )


def of_batch(b: Bundle, fact: Fact) -> Terms:
    """What a statement over one text, or over a batch, must say of itself."""
    body, first = fact["body"], b.case[0]
    if fact["kind"] != SIGNED[1]:
        return {"basis": "seen", "case": first["stream"], "media_type": first["body"]["media"]}
    counted = body["read"] <= body["size"] and body["opened"] <= body["read"]
    size = {"size": body["size"], "opened": body["read"] if counted else None}
    return {"basis": "batch", "media_type": BATCH, **size}


def signed_content(b: Bundle, fact: Fact) -> str | None:
    """What the statement must name: the text's commitment, or the root its place in a batch leads to."""
    body = fact["body"]
    if fact["kind"] != SIGNED[1]:
        return str(body["content"])
    leaf = compact([b.case[0]["stream"], body["content"], body["opened"]]).encode()
    root = reached(leaf, body["place"], body["size"], [bytes.fromhex(x) for x in body["path"]])
    return root.hex() if root else None


def check_assertion(b: Bundle, fact: Fact) -> Iterator[Reason]:
    """Did that person's enrolled passkey sign this statement, on the log's own site? (WebAuthn)"""
    body, where, genesis = fact["body"], f"entry {fact['index']}", b.facts[0]["body"]
    keys = [f for f in b.of("identity.enrolled", "identity.revoked") if f["index"] < fact["index"]]
    own = [f for f in keys if all(f["body"][k] == body[k] for k in ("person", "credential"))]
    if not own or own[-1]["kind"] == "identity.revoked":
        yield "credential-revoked" if own else "credential-unknown", where
        return
    raw, auth = b64u(body["client_data"]), b64u(body["authenticator_data"])
    client, statement = json.loads(raw.decode()), b64u(body["statement"])
    digest = hashlib.sha256(b"trustwright/approval/v1\0" + statement).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    try:
        signed = auth + hashlib.sha256(raw).digest()
        valid = signed_by(b64u(own[-1]["body"]["cose"]), b64u(body["signature"]), signed)
    except (ValueError, KeyError, TypeError, IndexError):
        yield "credential-unusable", where
        return
    alone = client.get("crossOrigin", False) is False and "topOrigin" not in client
    asked = client["challenge"] == challenge and client["type"] == "webauthn.get"
    yield from failing(
        where,
        (valid, "signature-invalid"),
        (asked, "challenge-mismatch"),
        (client["origin"] == genesis["site"] and alone, "wrong-origin"),
        (auth[:32] == hashlib.sha256(genesis["rp_id"].encode()).digest(), "wrong-rp"),
        (len(auth) >= 37 and auth[32] & 5 == 5, "user-not-verified"),
    )


def verify(data: bytes, key: str | None = None) -> dict[str, Any]:
    """{verdict: ok | invalid | incomplete, reasons: [{code, sentence, where}], story, content}."""
    report: dict[str, Any] = {"story": [], "content": None}
    try:
        b = read_bundle(data)
        reasons = [*check_log(b, key), *check_files(b), *check_case(b)]
        report = {"story": tell(b), "content": content(b)}
    except Bad as bad:
        reasons = [(str(bad.args[0]), str(bad.args[1]))]
    except Exception:
        # What nobody foresaw in hostile input must never look like success.
        reasons = [("malformed", "")]
    codes = {code for code, _ in reasons}
    verdict = "invalid" if codes - INCOMPLETE else "incomplete" if codes else "ok"
    told = [{"code": c, "sentence": REASONS[c], "where": where} for c, where in reasons]
    return {"verdict": verdict, "reasons": told, **report}


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify a Trustwright evidence bundle, offline.")
    parser.add_argument("bundle", type=argparse.FileType("rb"))
    parser.add_argument("--key", help="the log's verifier key, from another source than the bundle")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    asked = parser.parse_args()
    report = verify(asked.bundle.read(MAX_ARCHIVE + 1), asked.key)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    if asked.json:
        print(json.dumps(report))
    else:
        print("The bundle says (believe it if the verdict is ok):")
        texts = [
            f"  {name}: {line}"
            for name, text in report["content"] or []
            for line in text.split("\n")
        ]
        for line in ["", *report["story"], "", "The text:", *texts, ""]:
            print(visible(line))
        for reason in report["reasons"]:
            print(visible(f"{reason['code']}: {reason['sentence']} {reason['where']}"))
        print(f"VERDICT: {report['verdict']}")
    return {"ok": 0, "invalid": 1, "incomplete": 2}[report["verdict"]]


if __name__ == "__main__":
    sys.exit(main())
