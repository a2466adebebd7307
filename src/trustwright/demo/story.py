"""Two cases out of thousands: one that went alone, with its proof; one for the reader to decide."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from trustwright.app import App
from trustwright.charter.model import Charter
from trustwright.demo.items import Reply
from trustwright.demo.result import HandedOver, Proved
from trustwright.identity import passkeys
from trustwright.identity.queries import enrolled_people
from trustwright.kernel.actors import WORKER
from trustwright.ledger.work import View
from trustwright.proposals import evidence
from trustwright.proposals.model import Case, Status, case

# Told first because they are short and can be judged at a glance; without them, others are told.
PROVED = "demo/grounded/doha/115"
HANDED_OVER = "demo/grounded/doha/140"
WORKFLOW = "general-knowledge"

Cases = Mapping[Reply, str]


def proved(app: App, charter: Charter, cases: Cases) -> Proved | None:
    """A reply that went alone. Its evidence bundle is written into the workspace, once."""
    order = sorted(cases, key=lambda x: (x.key != PROVED, x.label != "entailment", len(x.text)))
    reasons = {rule.id: rule.reason for rule in charter.table.rules}
    with app.ledger.view() as view:
        for reply, of in _those(view, cases, order, _went_alone):
            rule = of.routed.rules[0] if of.routed else ""
            bundle = app.settings.dir / f"evidence-{of.id}.zip"
            if not bundle.exists():
                part = bundle.with_suffix(".part")
                part.write_bytes(evidence.bundle(view, of))
                part.replace(bundle)
            return Proved(
                case=of.id,
                system=reply.system,
                text=reply.text,
                rule=rule,
                reason=reasons.get(rule, ""),
                entry=of.released_at,
                bundle=str(bundle),
                log_key=view.log_key,
            )
    return None


def handed_over(app: App, charter: Charter, cases: Cases) -> HandedOver:
    """A reply whose owner is asked, and the way in for whoever plays that owner."""
    order = sorted(cases, key=lambda x: (x.key != HANDED_OVER, not x.hallucinated, len(x.text)))
    with app.ledger.view() as view:
        reply, of = next(_those(view, cases, order, _differs), (None, None))
    workflow = charter.workflow(WORKFLOW)
    return HandedOver(
        case=of.id if of else None,
        person=workflow.owner,
        name=charter.person(workflow.owner).name,
        workflow=workflow.title,
        text=reply.text if reply else "",
        link=_link(app, workflow.owner),
    )


def _those(
    view: View, cases: Cases, order: Iterable[Reply], fits: Callable[[Case], bool]
) -> Iterator[tuple[Reply, Case]]:
    for reply in order:
        of = case(cases[reply], view.facts(cases[reply]))
        if fits(of):
            yield reply, of


def _went_alone(of: Case) -> bool:
    return of.released is not None and of.released.basis == "automate"


def _differs(of: Case) -> bool:
    found = of.routed.findings if of.routed else ()
    return of.status is Status.WAITING and any(x.check == "citation" for x in found)


def _link(app: App, person: str) -> str:
    """A one-time link for the first to come in; then the console, where people invite each other."""
    with app.ledger.view() as view:
        console, somebody = f"{view.genesis.site}/console", bool(enrolled_people(view))
    if somebody:
        return console
    return f"{console}/enrol/{app.write(WORKER, lambda uow: passkeys.recover(uow, person))}"
