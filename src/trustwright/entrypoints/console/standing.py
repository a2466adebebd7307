"""What must everybody know now, whatever page they look at?"""

from trustwright.app.worker import health
from trustwright.charter import service as charter
from trustwright.duties import queries as duties
from trustwright.duties.asked import unanswered
from trustwright.entrypoints.console.page import Link, Notice
from trustwright.ledger.work import View

CHARTER = Link("Charter", "/console/charter")
BASES = {
    "none": Notice(
        "warn",
        "No charter is in force, so nothing can be decided.",
        "Propose one with trustwright charter adopt, then countersign it here.",
        CHARTER,
    ),
    "proposed": Notice(
        "warn",
        "No charter is in force, so nothing can be decided.",
        "One is proposed: read it, and countersign it.",
        CHARTER,
    ),
    "bootstrap": Notice(
        "warn",
        "One person alone adopted this charter.",
        "Until a second person countersigns it, nothing goes out without a person.",
        CHARTER,
    ),
}
DEMO = Notice("info", "Demo workspace: the company and its people are invented.")
NO_WORKER = Notice(
    "warn",
    "Nothing is released, escalated or told just now: no worker is running.",
    "trustwright serve runs one.",
)

FAILING = Notice(
    "bad",
    "The worker runs, and not everything it should do succeeds.",
    "The server's log says what fails; until then duties or cases may stand still.",
)
ABSENCES = Link("Duties", "/console/duties")


def notices(view: View) -> tuple[Notice, ...]:
    """Demo workspace, charter not agreed, holds in force, no worker."""
    found = [DEMO] if view.genesis.demo else []
    basis = charter.basis(view)
    if basis == "none" and charter.proposed(view):
        basis = "proposed"
    found += [BASES[basis]] if basis in BASES else []
    if holds := duties.standing_holds(view):
        many = f"{len(holds)} holds stop" if len(holds) > 1 else "A hold stops"
        found.append(Notice("warn", f"{many} releases.", link=Link("See why", "/console/holds")))
    if (life := health(view)) != "alive":
        found.append(NO_WORKER if life == "none" else FAILING)
    if basis in ("agreed", "bootstrap", "demo") and (left := unanswered(view)):
        sentence = f"Nobody answers for {', '.join(left)}: everybody is away."
        found.append(Notice("bad", sentence, "Name who stands in.", ABSENCES))
    return tuple(found)
