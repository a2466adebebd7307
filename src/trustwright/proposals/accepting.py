"""Is what an edit leaves behind mended, or does the editor answer for it? Pure.

A finding is named by what it says of which words, not by where they stand: it keeps its name while
the text around it is typed.
"""

import hashlib

from trustwright.checks.model import WRITTEN, Finding, Severity
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import Refused
from trustwright.ledger.facts import Body, fact
from trustwright.proposals.checking import Checked
from trustwright.proposals.model import Found
from trustwright.proposals.orders import Edit
from trustwright.proposals.routing import found


@fact("proposal.findings-accepted")
class FindingsAccepted(Body):
    """An editor says that these findings in their text are wrong, or right to leave; why is in the vault."""

    content: str
    findings: tuple[Found, ...]
    reason: str


def key(of: Finding, parts: dict[str, str]) -> str:
    """What the finding is called between two looks at a text."""
    words = parts.get(of.part, "")[of.start : of.end]
    return hashlib.sha256(canonical([of.check, of.code, of.part, words])).hexdigest()[:16]


def asked(seen: Checked) -> list[Finding]:
    """What an editor has to mend or accept: all but notes, and what the customer wrote."""
    findings = seen.report.findings
    return [x for x in findings if x.severity is not Severity.NOTE and x.part != WRITTEN]


def accepted(order: Edit, seen: Checked) -> tuple[Found, ...]:
    """What the editor accepts, or `Refused`: nothing that was found goes by unanswered."""
    left = asked(seen)
    open_now = [x for x in left if key(x, dict(seen.parts)) not in order.accepted]
    if open_now:
        n = len(open_now)
        raise Refused(
            "findings-open",
            f"{n} {'finding' if n == 1 else 'findings'} in your text: neither mended nor accepted.",
            "Mend what is wrong; tick what is right as it stands, and say why.",
        )
    if left and not order.because.strip():
        raise Refused("reason-missing", "You accepted findings without a reason.", "Say why.")
    return found(left)
