"""Everything that can be seen before the transaction: may it be sent, is it clean, is it sound."""

from dataclasses import dataclass
from datetime import date

import orjson

from trustwright.charter.model import Charter
from trustwright.charter.service import demand_charter
from trustwright.checks import model as checks
from trustwright.checks.run import run
from trustwright.kernel.actors import Machine
from trustwright.kernel.errors import Invalid, Refused, Unavailable
from trustwright.ledger.work import View
from trustwright.proposals import content
from trustwright.proposals.model import Case
from trustwright.proposals.orders import Details, Source, Submit

MAX_SOURCES = 1024 * 1024


@dataclass(frozen=True)
class Checked:
    """Clean parts, what the checks said of them, and under which charter they were run."""

    parts: content.Parts
    report: checks.Report
    charter: str


def check(view: View, order: Submit) -> Checked:
    """Look at a new proposal."""
    charter = demand_charter(view)
    _demand_submitter(view, charter, order)
    parts = content.demand_parts([(p.name, p.text) for p in order.parts])
    content.demand_names(parts)
    content.to_bytes(parts)
    _demand_clean(order)
    return look(charter, order.workflow, parts, order.sources, order, view.now.date())


def demand_same(charter: Charter, seen: Checked) -> None:
    """What was seen under another charter is looked at once more."""
    if charter.digest != seen.charter:
        raise Unavailable("charter-moved", "The charter changed meanwhile.", "Try again.")


def look(
    charter: Charter,
    workflow: str,
    parts: content.Parts,
    sources: tuple[Source, ...],
    details: Details,
    today: date,
) -> Checked:
    """Run all checks over the parts."""
    at = charter.workflow(workflow)
    subject = checks.Subject(
        parts=parts,
        today=today,
        sources=tuple(checks.Source(s.id, s.text, s.title) for s in sources),
        evidence=registry(charter),
        promises=tuple(checks.Promise(p.quote, p.owner, p.due) for p in details.promises),
        recipient=details.recipient,
        written=details.written,
        channel=at.channel,
        attention=at.attention_seconds,
        language=details.language,
        voice=charter.voice,
    )
    return Checked(parts, run(subject), charter.digest)


def registry(charter: Charter) -> tuple[checks.Evidence, ...]:
    """The evidence registry as checks read it."""
    return tuple(
        checks.Evidence(e.claim, e.proof, e.owner, e.valid_until) for e in charter.evidence
    )


def details_of(view: View, of: Case) -> Details:
    """What was said beside the content, from the vault."""
    return Details.model_validate_json(_opened(view, of.submitted.details))


def sources_of(view: View, of: Case) -> tuple[Source, ...]:
    """The sources as submitted, from the vault."""
    return tuple(Source.model_validate_json(_opened(view, c)) for c in of.submitted.sources)


def parts_of(view: View, commitment: str) -> content.Parts:
    """Content from the vault, as parts."""
    return content.from_bytes(_opened(view, commitment))


def report_of(view: View, commitment: str) -> checks.Report:
    """What the checks said, from the vault."""
    return checks.Report.from_json(orjson.loads(_opened(view, commitment)))


def _opened(view: View, commitment: str) -> bytes:
    opened = view.open(commitment)
    if opened is None:
        raise Refused(
            "erased", "What this case was about was erased; the log still shows its story."
        )
    return opened.value


def _demand_submitter(view: View, charter: Charter, order: Submit) -> None:
    system, workflow = charter.system(order.system), charter.workflow(order.workflow)
    if view.actor != Machine(order.system):
        raise Refused(
            "not-your-system",
            f"{view.actor.id} can't submit as {order.system}.",
            "Use the API key of that AI system.",
        )
    if missing := charter.missing(system.id):
        raise Refused(
            "system-not-registered",
            f"{system.id} may not submit: its entry in the charter lacks {', '.join(missing)}.",
            "Complete systems.yaml and adopt the charter.",
        )
    if system.id not in workflow.systems:
        raise Refused(
            "system-not-in-workflow",
            f"The workflow {workflow.id} doesn't list the AI system {system.id}.",
            "Add it to workflows.yaml and adopt the charter.",
        )
    for promise in order.promises:
        charter.person(promise.owner)


def _demand_clean(order: Submit) -> None:
    if order.written and any(part.name == checks.WRITTEN for part in order.parts):
        raise Invalid(
            "part-name-taken",
            f"A part is named {checks.WRITTEN!r}, as what the customer wrote.",
            "Give the part another name.",
        )
    named = [("title", order.title), ("subject", order.subject or "")]
    named += [("written", order.written)]
    for n, source in enumerate(order.sources):
        named += [(f"sources.{n}.{name}", text) for name, text in source]
    named += [(f"recipient.{n}", text) for n, text in enumerate(order.recipient)]
    named += [(f"facts.{key}", key + text) for key, text in order.facts.items()]
    named += [(f"promises.{n}.quote", promise.quote) for n, promise in enumerate(order.promises)]
    named += [(f"topics.{n}", text) for n, text in enumerate(order.topics or ())]
    for where, text in named:
        content.demand_clean(text, where)
    if sum(len(source.text) for source in order.sources) > MAX_SOURCES:
        raise Invalid("sources-too-large", f"The sources hold over {MAX_SOURCES:,} characters.")
