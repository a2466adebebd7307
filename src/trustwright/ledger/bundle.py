"""An evidence bundle: one archive with all that an outsider needs to verify a case by themselves.

Deterministic: the same evidence is the same bytes. Its form is in docs/formats.md.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import Invalid
from trustwright.ledger import evidence as reading

README = """Trustwright evidence bundle: {case}
{rule}

What it holds: every fact that the log {origin} recorded about this case, byte for byte, each with
its proof of inclusion; the passkey signatures of the people who countersigned, and when their
passkeys were enrolled; and the texts these facts are commitments to, as far as they still exist.

To verify, offline:

    python verify.py THIS.zip --key LOG_KEY      (Python 3.11 or later, and the package cryptography)
    or open verify.html in a browser and drop the archive on it

Both answer ok, invalid or incomplete, with reasons. Take LOG_KEY, verify.py and verify.html from
somebody other than whoever gave you this: a forger can put another verifier beside a forgery. This
README, verify.py and verify.html are the only files here that nothing proves. The key this log
names, to compare:

    {log_key}

What "ok" proves: the log's key signed a tree that holds these entries; what was released is the very
text shown, decided by the rules and the charter named; and each passkey named signed a statement
of exactly that, with the person present and verified, before the key was revoked as far as shown.

What it doesn't prove: that the text is true; that nothing else was recorded about the case or the
passkeys (only a walk over the whole log shows that); that a person held the role they signed in
(the charter says that); that the log shows everybody the same tree. For the last, ask how far its
checkpoints are seen by others:

    L0  the log alone: whoever holds its key and its database can rewrite everything unseen
    L1  its checkpoints are also kept elsewhere
    L2  a witness in another department, or at the auditor, countersigns its checkpoints
    L3  public witnesses do
"""


@dataclass(frozen=True)
class Evidence:
    """What goes into a bundle. Entries and `.tlog-proof`s by leaf index; `released` is a leaf index
    or None; `disclosures` are {commitment, tag, salt, value} with salt and value base64url."""

    case: str
    origin: str
    log_key: str
    checkpoint: bytes
    entries: Mapping[int, bytes]
    proofs: Mapping[int, bytes]
    disclosures: Sequence[Mapping[str, str]]
    released: int | None


def write_bundle(evidence: Evidence) -> bytes:
    """The archive."""
    files = {"README.txt": _readme(evidence), "bundle.json": _manifest(evidence)}
    files["checkpoint"] = evidence.checkpoint
    for index in sorted(evidence.entries):
        files[f"entries/{index}.json"] = evidence.entries[index]
        files[f"entries/{index}.tlog-proof"] = evidence.proofs[index]
    for told in sorted(evidence.disclosures, key=lambda told: told["commitment"]):
        files[f"disclosures/{told['commitment']}.json"] = canonical(dict(told))
    if evidence.released is not None:
        released = json.loads(evidence.entries[evidence.released])
        files["label.json"] = canonical(released["body"]["label"])
        files["receipt.tlog-proof"] = evidence.proofs[evidence.released]
    return reading.pack({**files, "verify.py": verify_program(), "verify.html": verify_page()})


def read_bundle(archive: bytes) -> Evidence:
    """What is in an archive, not yet believed; one that isn't a bundle is `Invalid`."""
    try:
        b = reading.read_bundle(archive)
        manifest = reading.read_json(b.files["bundle.json"], "bundle.json")
        told = [name for name in b.files if name.startswith("disclosures/")]
        return Evidence(
            case=manifest["case"],
            origin=manifest["origin"],
            log_key=manifest["log_key"],
            checkpoint=b.files["checkpoint"],
            entries={i: b.files[f"entries/{i}.json"] for i in b.facts},
            proofs={i: b.files[f"entries/{i}.tlog-proof"] for i in b.facts},
            disclosures=[json.loads(b.files[name]) for name in told],
            released=manifest["released"],
        )
    except (reading.Bad, LookupError, TypeError, ValueError) as e:
        raise Invalid("bundle-unreadable", "This isn't an evidence bundle.") from e


def verify_program() -> bytes:
    """verify.py: the verifier's own source, with the modules it rests on in place."""
    ours = re.compile(r"^from trustwright\.[^(\n]*(\(.*?\))?\n", re.DOTALL | re.MULTILINE)
    judging, *others = (
        _source(f"{name}.py").decode() for name in ("verifier", "evidence", "signatures")
    )
    below = "".join(other[other.index("\nimport ") + 1 :] for other in others)
    at = ours.search(judging)
    assert at
    return ours.sub("", judging[: at.start()] + below + judging[at.start() :]).encode()


def verify_page() -> bytes:
    """verify.html: one self-contained page."""
    return _source("verify.html")


def page_policy(page: bytes) -> str:
    """The Content-Security-Policy under which the page works: its own script and style, no request."""
    inline = re.findall(rb"<(script|style)>(.*?)</\1>", page, re.DOTALL)
    hashes = {
        kind.decode(): base64.b64encode(hashlib.sha256(text).digest()).decode()
        for kind, text in inline
    }
    sources = "; ".join(f"{kind}-src 'sha256-{digest}'" for kind, digest in sorted(hashes.items()))
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _source(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def _readme(evidence: Evidence) -> bytes:
    rule = "=" * (29 + len(evidence.case))
    told = {"case": evidence.case, "origin": evidence.origin, "log_key": _newest(evidence)}
    return README.format(rule=rule, **told).encode()


def _newest(evidence: Evidence) -> str:
    """The key that signs the checkpoint: the first, or the last that one of these entries names."""
    facts = [json.loads(evidence.entries[index]) for index in sorted(evidence.entries)]
    named = [fact["body"]["new"] for fact in facts if fact["kind"] == "ledger.rotated"]
    return str(named[-1]) if named else evidence.log_key


def _manifest(evidence: Evidence) -> bytes:
    return canonical(
        {
            "format": "trustwright.bundle.v1",
            "case": evidence.case,
            "origin": evidence.origin,
            "log_key": evidence.log_key,
            "released": evidence.released,
            "entries": sorted(evidence.entries),
        }
    )
