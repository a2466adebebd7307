"""What may be adopted as it is, but somebody should know? What the people of a charter would miss."""

from datetime import date
from itertools import product

from trustwright.charter.calendars import public_holidays
from trustwright.charter.document import Draft
from trustwright.charter.model import SLOTS, Charter, Workflow
from trustwright.rights.model import Outcome, Rule, Value


def unread(draft: Draft, charter: Charter, _today: date | None) -> None:
    """A role that is asked to sign should find what it signs in its queue."""
    for index, rule in enumerate(charter.table.rules):
        roles = set(rule.obligations.roles) - {*SLOTS}
        if rule.outcome in (Outcome.AUTOMATE, Outcome.BLOCK):
            continue
        for role, workflow in product(sorted(roles), charter.workflows):
            if _may_match(rule, workflow) and not _reads(charter, role, workflow):
                sentence = (
                    f"{rule.id} asks {role} to sign in {workflow.id}, which they may not read."
                )
                remedy = f"Add {role} to the readers of {workflow.id}; a link is all they get now."
                draft.report(("rights", "rules", index), sentence, remedy, warning=True)


def _may_match(rule: Rule, workflow: Workflow) -> bool:
    fixed: dict[str, Value] = {"workflow": workflow.id, "risk": workflow.risk, "channel": workflow.channel,
             "sensitive": workflow.sensitive}  # fmt: skip
    return any(
        all(cell.admits(fixed[name]) for name, cell in alternative.items() if name in fixed)
        for alternative in rule.when
    )


def _reads(charter: Charter, role: str, workflow: Workflow) -> bool:
    return all(charter.may_read(person.id, workflow.id) for person in charter.in_role(role))


def unknown_holidays(draft: Draft, charter: Charter, today: date | None) -> None:
    """Years near today of which the public holidays aren't known; they count as working days."""
    for index, calendar in enumerate(charter.calendars):
        for year in (today.year, today.year + 1) if today and calendar.country else ():
            if public_holidays(calendar.country or "", calendar.subdivision, year) is None:
                sentence = f"No public holidays of {calendar.country} are known for {year}: "
                remedy = "List them under `holidays`."
                path = ("calendars", index, "country")
                draft.report(path, f"{sentence}its days count as working.", remedy, warning=True)
