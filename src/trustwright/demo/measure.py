"""What is there to be counted: outcomes, who waits, why, and the citation check against experts."""

from collections import Counter
from collections.abc import Iterable, Mapping

from trustwright.charter.model import Charter
from trustwright.checks import Report, Source, Subject
from trustwright.checks import run as checked
from trustwright.demo.items import Reply, people
from trustwright.demo.result import CitationCheck, Proposals, Reason, Waits
from trustwright.kernel.actors import Person
from trustwright.ledger.work import View
from trustwright.proposals import queries
from trustwright.proposals.checking import report_of
from trustwright.proposals.model import Routed, Status
from trustwright.stats.proportions import Proportion

WENT = (Status.RELEASED, Status.TAKEN, Status.DELIVERED)
CHECK = "citation"
Judged = tuple[Reply, Report, str]


def proposals(view: View) -> Proposals:
    """Every case of the workspace."""
    outcomes, released = Counter[str](), 0
    for (status, outcome), n in queries.totals(view).items():
        outcomes[outcome] += n
        released += n if status in WENT else 0
    by_outcome = {name: outcomes[name] for name in ("automate", "owner", "two_person", "block")}
    return Proposals(submitted=outcomes.total(), released=released, **by_outcome)


def waits(view: View, charter: Charter) -> tuple[Waits, ...]:
    """For whom cases wait, most first."""
    workflows = tuple(workflow.id for workflow in charter.workflows)

    def waiting(person: str) -> int:
        owner = view.pseudonym(Person(person))
        return queries.count(view, queries.Filter(workflows, (Status.WAITING,), owner=owner))

    found = [Waits(person.id, person.name, waiting(person.id)) for person in charter.people]
    return tuple(sorted((x for x in found if x.n), key=lambda x: (-x.n, x.person)))


def reasons(view: View, charter: Charter, most: int = 5) -> tuple[Reason, ...]:
    """The rules that kept most cases from going alone."""
    sentences = {rule.id: rule.reason for rule in charter.table.rules}
    counted = sorted(queries.reasons(view).items(), key=lambda x: (-x[1], x[0]))
    return tuple(Reason(id, n, sentences.get(id, "")) for id, n in counted[:most])


def citation_check(view: View, cases: Mapping[Reply, str]) -> CitationCheck:
    """The check's own reports, from the vault, against the experts' labels."""
    judged = [found for reply, case in cases.items() if (found := _judged(view, reply, case))]
    theirs = [(reply, _compared(view, reply)) for reply in people()]
    positive = [reply.hallucinated for reply, _, _ in judged]
    predicted = [_found(report) for _, report, _ in judged]
    both = [p and q for p, q in zip(positive, predicted, strict=True)]
    return CitationCheck(
        precision=Proportion(sum(both), sum(predicted)),
        recall=Proportion(sum(both), sum(positive)),
        base_rate=_share(positive),
        checkable=_share(bool(report.checkable) for _, report, _ in judged),
        alone=_share(reply.hallucinated for reply, _, went in judged if went == "automate"),
        people=_share(_found(report) for _, report in theirs),
        people_base_rate=_share(reply.hallucinated for reply, _ in theirs),
    )


def _judged(view: View, reply: Reply, case: str) -> Judged | None:
    """The first report: the one about the AI's own words. None once it was erased."""
    routed = next(x.body for x in view.facts(case) if isinstance(x.body, Routed))
    erased = view.open(routed.report) is None
    return None if erased else (reply, report_of(view, routed.report), routed.outcome)


def _compared(view: View, reply: Reply) -> Report:
    source = Source(f"passage-{reply.n}", reply.passage)
    subject = Subject((("reply", reply.text),), today=view.now.date(), sources=(source,))
    return checked(subject, only=[CHECK])


def _found(report: Report) -> bool:
    return any(finding.check == CHECK for finding in report.findings)


def _share(values: Iterable[bool]) -> Proportion:
    counted = list(values)
    return Proportion(sum(counted), len(counted))
