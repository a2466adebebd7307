"""What an evidence bundle says: every file in its form, every disclosed value the one committed to.

Nothing here is believed yet; the verifier does that. The two become one file, verify.py.
"""

import base64
import hashlib
import io
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import Any

REASONS = {
    "already-closed": "The case was closed, or released, at another time too.",
    "archive-damaged": "The archive is damaged, changed, or was zipped again.",
    "automated-unadopted": "It went out without a person under a charter nobody had agreed to.",
    "challenge-mismatch": "The passkey signed something else than this statement.",
    "charter-mismatch": "It wasn't decided, signed and released under the charter in force.",
    "checkpoint-unsigned": "The checkpoint isn't in form, or not signed by the log's key.",
    "content-erased": "Something the case rests on was erased or isn't disclosed.",
    "content-mismatch": "What was released isn't what was proposed or edited, decided and signed.",
    "credential-revoked": "The passkey had been revoked before it signed.",
    "credential-unknown": "The passkey wasn't enrolled for this person when it signed.",
    "credential-unusable": "The passkey's public key can't be used.",
    "disclosure-mismatch": "A disclosed value isn't what the log committed to.",
    "expired": "The countersignature was given outside the time its statement allows.",
    "file-missing": "A file is missing from the bundle.",
    "genesis-missing": "The log's first entry is missing or isn't its genesis.",
    "label-mismatch": "The label isn't the one that was decided, signed and released.",
    "log-key-mismatch": "The log names another key than the one you gave.",
    "log-key-not-given": "Nobody vouched for the log's key; compare it with one from another source.",
    "malformed": "Something in the bundle isn't in the form it must have.",
    "manifest-mismatch": "A file of the bundle isn't what the log's entries say it must be.",
    "not-in-log": "An entry isn't proved to be in the log at its place.",
    "not-released": "Nothing had been released in this case when the bundle was made.",
    "rotation-forged": "A change of the log's key isn't signed by both keys, or names another log.",
    "signature-invalid": "The passkey's signature doesn't verify.",
    "signature-missing": "A countersignature the decision asked for is missing.",
    "signature-reused": "One countersignature was used twice.",
    "signature-void": "A countersignature no longer stood: decided again more strictly, or taken back.",
    "signer-edited": "Somebody who edited the text countersigned it.",
    "statement-mismatch": "The signed statement, or who signed it, isn't what the log says.",
    "stray-entry": "The entries aren't one case that begins with its proposal.",
    "terms-mismatch": "It was released on other terms than were decided.",
    "unsupported": "A signature can't be checked here; use another program or a newer browser.",
    "user-not-verified": "The passkey didn't confirm that the person was present and verified.",
    "wrong-log": "Something in the bundle belongs to another log.",
    "wrong-origin": "The passkey was used on, or inside, another site than the log's own.",
    "wrong-rp": "The passkey was made for another relying party.",
}
INCOMPLETE = {"content-erased", "log-key-not-given", "not-released", "unsupported"}
# The fields of each kind of entry that are looked at, each with the name of its form below.
FIELDS = {
    "entry": "actor:s at:t body:o kind:s nonce:s stream:s",
    "disclosure": "commitment:c salt:u tag:s value:v",
    "statement": "type:s id:s case:s decision:s role:s approver:p credential:u content:c media_type:s"
    " channel:s audience:n charter:c rules:S label:l log:s basis:s rp_id:s iat:t exp:t nonce:s",
    "statement.batch": "type:s id:s case:s decision:s role:s approver:p credential:u content:c"
    " media_type:s channel:s audience:n charter:c rules:S label:l log:s basis:s size:i opened:i rp_id:s"
    " iat:t exp:t nonce:s",
    "charter.adopted": "digest:c text:c basis:s",
    "identity.enrolled": "person:p name:c credential:u cose:u",
    "identity.revoked": "person:p credential:u",
    "ledger.created": "origin:s demo:b rp_id:s site:s log_key:s",
    "ledger.rotated": "old:s new:s signed_by_old:u signed_by_new:u",
    "proposal.batch-countersigned": "content:c role:s person:p credential:u statement:u client_data:u"
    " authenticator_data:u signature:u place:i size:i read:i path:C opened:b",
    "proposal.countersignature-withdrawn": "signature:i",
    "proposal.countersigned": "content:c role:s person:p credential:u statement:u client_data:u"
    " authenticator_data:u signature:u",
    "proposal.edited": "content:c before:c",
    "proposal.released": "content:c charter:c outcome:s basis:s signatures:I label:l rules:S",
    "proposal.routed": "content:c outcome:s rules:S signers:R label:l checks:o findings:O charter:c",
    "proposal.submitted": "system:s workflow:s channel:s content:c media:s sources:C",
}
TEXT, HEX = r'"[^"\\]*(?:\\.[^"\\]*)*"', '"[0-9a-f]{64}"'
TEXTS = rf"\[(?:{TEXT}(?:,{TEXT})*)?\]"
# A form is a pattern for a value's compact JSON.
FORMS = {
    "s": TEXT,
    "S": TEXTS,
    "R": rf"\[(?:{TEXTS}(?:,{TEXTS})*)?\]",
    "c": HEX,
    "C": rf"\[(?:{HEX}(?:,{HEX})*)?\]",
    "i": r"[0-9]{1,15}",
    "I": r"\[(?:[0-9]+(?:,[0-9]+)*)?\]",
    "b": "true|false",
    "l": rf"{TEXT}|\{{.*\}}",
    "n": "null",
    "o": r"\{.*\}",
    "O": r"\[(?:\{.*\})?\]",
    "p": '"p:[0-9A-Za-z]+"',
    "t": r'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z"',
    "u": '"[0-9A-Za-z_-]+"',
    "v": '"[0-9A-Za-z_-]*"',
}
TELL = {
    "proposal.submitted": "AI system {who} proposed a text for {workflow}, channel {channel}",
    "proposal.routed": "checks found {findings}; {rules} of charter {charter} said {outcome}",
    "proposal.edited": "{who} edited the text",
    "proposal.countersigned": "{who} countersigned the text as {role}",
    "proposal.countersignature-withdrawn": "{who} took back the countersignature of entry {signature}",
    "proposal.batch-countersigned": "{who} countersigned it as {role} with {size} like it, of which"
    " {read} were opened, {opened}",
    "proposal.released": "the text was released ({outcome}), labelled {label}",
}
ELSEWHERE = {
    *("ledger.created", "ledger.rotated"),
    *("identity.enrolled", "identity.revoked", "charter.adopted"),
}
PART = re.compile(
    r"entries/(0|[1-9][0-9]{0,14})\.(json|tlog-proof)|disclosures/([0-9a-f]{64})\.json"
)
MAX_ARCHIVE, MAX_FILES, MAX_DEPTH = 64 * 1024 * 1024, 10_000, 32
Fact = dict[str, Any]


class Bad(Exception):
    """(code, where): why nothing beyond this point can be understood."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle says, in form but not yet believed. `facts` and `values` by index, commitment."""

    files: dict[str, bytes]
    facts: dict[int, Fact]
    values: dict[str, bytes]

    def of(self, *kinds: str) -> list[Fact]:
        return [fact for fact in self.facts.values() if fact["kind"] in kinds]

    @property
    def case(self) -> list[Fact]:
        return [fact for fact in self.facts.values() if fact["kind"] not in ELSEWHERE]


def pack(files: dict[str, bytes]) -> bytes:
    """The one archive of these files: stored in this order, dated 1980-01-01, nothing beside."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of an archive that `pack` would write again byte for byte: no second reading of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            # Before anything is read: overlapping or compressed members could unpack to terabytes.
            small = sum(i.file_size for i in infos) <= len(data) <= MAX_ARCHIVE
            if small and len(infos) <= MAX_FILES and not any(i.compress_type for i in infos):
                files = {i.filename: archive.read(i) for i in infos}
                if pack(files) == data:
                    return files
    except Exception:  # noqa: S110  zipfile has no one error for a hostile archive
        pass
    raise Bad("archive-damaged", "")


def read_json(raw: bytes, where: str) -> Any:
    """A value in its one spelling: RFC 8785, ASCII keys, no floats. Two readers can't differ on it."""
    try:
        value = json.loads(raw)
        if _plain(value) and compact(value).encode() == raw:
            return value
    except (ValueError, RecursionError):
        pass
    raise Bad("malformed", where)


# One for all: `json.dumps` makes such an encoder for each value.
compact = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _plain(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict):
        return all(key.isascii() for key in value) and _plain(list(value.values()), depth)
    if isinstance(value, list):
        return depth < MAX_DEPTH and all(_plain(item, depth + 1) for item in value)
    return (
        value is None or isinstance(value, str) or (type(value) is not float and abs(value) < 2**53)
    )


def demand(value: Any, form: str, where: str, exactly: bool = False) -> Any:
    """The value, if it is an object with (at least) the fields of that form."""
    fields = [field.split(":") for field in FIELDS.get(form, "").split()]
    for name, letter in fields:
        text = compact(value[name]) if isinstance(value, dict) and name in value else ""
        if not re.fullmatch(FORMS[letter], text, re.DOTALL):
            raise Bad("malformed", f"{where}, {name}")
    if exactly and len(value) != len(fields):
        raise Bad("malformed", where)
    return value


def b64u(text: str) -> bytes:
    """base64url without padding, only as an encoder writes it: no bit of it is without meaning."""
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        raise ValueError
    return data


def b64(text: str) -> bytes:
    data = base64.b64decode(text)
    if base64.b64encode(data).decode() != text:
        raise ValueError
    return data


class Files(dict[str, bytes]):
    def __missing__(self, name: str) -> bytes:
        raise Bad("file-missing", name)


def read_bundle(data: bytes) -> Bundle:
    """Every entry and disclosure in its form, each disclosed value the one committed to; or `Bad`."""
    files = Files(unpack(data))
    parts = [part for name in files if (part := PART.fullmatch(name))]
    indexes = sorted({int(part[1]) for part in parts if part[1]})
    facts = {index: _fact(files[f"entries/{index}.json"], index) for index in indexes}
    if 0 not in facts or facts[0]["kind"] != "ledger.created":
        raise Bad("genesis-missing", "entry 0")
    values = {part[3]: _value(files[part[0]], part[3]) for part in parts if part[3]}
    return Bundle(files, facts, values)


def _fact(raw: bytes, index: int) -> Fact:
    fact: Fact = demand(read_json(raw, f"entry {index}"), "entry", f"entry {index}", exactly=True)
    demand(fact["body"], fact["kind"] if "." in fact["kind"] else "", f"entry {index}")
    return {**fact, "index": index}


def _value(raw: bytes, commitment: str) -> bytes:
    told = demand(read_json(raw, commitment), "disclosure", commitment, exactly=True)
    head = b"trustwright/commitment/v1\0" + told["tag"].encode() + b"\0"
    salt, value = b64u(told["salt"]), b64u(told["value"])
    fits = hashlib.sha256(head + salt + value).hexdigest() == commitment == told["commitment"]
    if not fits or len(salt) != 32 or "\0" in told["tag"]:
        raise Bad("disclosure-mismatch", commitment)
    return value


def tell(b: Bundle) -> list[str]:
    """The case as the bundle tells it, one line a fact."""
    named = {
        f["body"]["person"]: b.values.get(f["body"]["name"]) for f in b.of("identity.enrolled")
    }
    names = {person: json.loads(value.decode())["name"] for person, value in named.items() if value}
    lines = ["The log says of itself that it is a demonstration."] * b.facts[0]["body"]["demo"]
    for fact in b.case:
        words = {name: _words(value) for name, value in fact["body"].items()}
        found = fact["body"].get("findings") or []
        words["findings"] = _words([f"{f.get('check')} ({f.get('severity')})" for f in found])
        words["opened"] = "this one too" if fact["body"].get("opened") else "not this one"
        person = f"{names.get(fact['actor'], 'somebody')} ({fact['actor']})"
        who = person if fact["actor"].startswith("p:") else fact["actor"].removeprefix("m:")
        told = {**words, "who": who, "kind": fact["kind"]}
        line = TELL.get(fact["kind"], "{who}: {kind}").format_map(told)
        lines.append(f"{fact['at']}  {line}  [entry {fact['index']}]")
    return lines


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(_words(inner) for inner in value.values())
    if isinstance(value, list):
        return ", ".join(_words(inner) for inner in value) or "nothing"
    return f"{value[:12]}..." if re.fullmatch(HEX, f'"{value}"') else str(value)


def content(b: Bundle) -> list[list[str]] | None:
    """The named parts that went out (or would), if they are disclosed."""
    texts = b.of("proposal.released", "proposal.edited", "proposal.submitted")
    texts.sort(key=lambda f: (f["kind"] == "proposal.released", f["index"]))
    value = b.values.get(texts[-1]["body"]["content"]) if texts else None
    return None if value is None else [[str(n), str(t)] for n, t in read_json(value, "content")]


def visible(text: str) -> str:
    """Controls, direction marks and invisible characters written out, so that none can act."""
    hidden = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    marks = {c: f"<U+{ord(c):04X}>" for c in set(text) if unicodedata.category(c) in hidden}
    return "".join(marks.get(c, c) for c in text)
