"""Does a charter's directory hold together? Its files in; the charter and every problem out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from trustwright.charter import mapping
from trustwright.charter.advice import unknown_holidays, unread
from trustwright.charter.calendars import public_holidays
from trustwright.charter.document import CharterProblem, Draft, meant, parse
from trustwright.charter.model import (
    RESERVED_SYSTEMS,
    SLOTS,
    Charter,
    with_standard_facts,
)
from trustwright.charter.plain import Path
from trustwright.kernel.canonical import canonical
from trustwright.kernel.errors import Invalid
from trustwright.rights.form import Flawed
from trustwright.rights.load import load
from trustwright.rights.understanding import GAPS, overdue

# Where the charter names somebody or something by id, and in which section that must be found.
REFERENCES = (
    ("company.adopts.*", "roles"),
    ("people.*.roles.*", "roles"),
    ("people.*.substitute", "people"),
    ("systems.*.owner", "people"),
    ("systems.*.incident_contact", "people"),
    ("workflows.*.owner", "people"),
    ("workflows.*.escalation", "people"),
    ("workflows.*.escalation.*", "people"),
    ("company.calendar", "calendars"),
    ("people.*.calendar", "calendars"),
    ("workflows.*.readers.*", "roles"),
    ("workflows.*.systems.*", "systems"),
    ("rights.rules.*.owner", "people"),
    ("rights.rules.*.then.roles.*", "roles"),
    ("restraints.*.owner", "people"),
    ("restraints.*.workflows.*", "workflows"),
    ("restraints.*.systems.*", "systems"),
    ("evidence.*.owner", "people"),
)
SAID = {
    "string_type": ("should be text", "Put it in quotes."),
    "bool_type": ("should be true or false", ""),
    "int_type": ("should be a whole number", ""),
    "tuple_type": ("should be a list", "Write [a, b], or one `- ` per line."),
    "dict_type": ("should have keys", "Write `key: value` below it."),
    "model_type": ("should have keys", "Write `key: value` below it."),
    "literal_error": ("should be {expected}", ""),
    "greater_than_equal": ("should be {ge} or more", ""),
    "less_than_equal": ("should be {le} or less", ""),
    "string_too_long": ("should be at most {max_length} characters", "Shorten it."),
    "date_from_datetime_parsing": ("should be a date", "Write it like 2027-12-31."),
    "date_from_datetime_inexact": ("should be a date", "Write it like 2027-12-31."),
    "date_parsing": ("should be a date", "Write it like 2027-12-31."),
    "date_type": ("should be a date", "Write it like 2027-12-31."),
}
"""pydantic's words for what doesn't fit, in ours."""

RESERVED = {"roles": (*SLOTS, "adopter"), "systems": RESERVED_SYSTEMS}
SOME_YEAR = 2026
# Roles without which something could never be signed: somebody has to have them.
SIGNING = ("company.adopts.*", "rights.rules.*.then.roles.*")


@dataclass(frozen=True)
class Reading:
    """The charter, unless something beyond warnings is wrong; and all problems in file order.

    `notes`: what is right as it is, and may not be what was meant.
    """

    charter: Charter | None
    problems: tuple[CharterProblem, ...]
    notes: tuple[CharterProblem, ...] = ()


def read(files: Mapping[str, str]) -> Charter:
    """The charter of the texts, by file name. Invalid `charter-flawed` names all that is wrong."""
    reading = examine(files)
    if reading.charter is None:
        problems = [str(problem) for problem in reading.problems]
        raise Invalid(
            "charter-flawed",
            f"The files make no charter: {' '.join(problems)}",
            "Mend what is named; `trustwright charter check` shows it line by line.",
            problems=problems,
        )
    return reading.charter


def examine(files: Mapping[str, str], today: date | None = None) -> Reading:
    """The charter of the texts (every `*.yaml` and `*.yml` of a directory, by name), if they make one.

    `today` lets what has expired be warned of, and what the decision table leaves out be told.
    Never raises for what the texts say.
    """
    draft = parse(files)
    charter = _modelled(draft)
    for check in (
        _duplicates,
        _references,
        _nobody,
        _substitutes,
        _time_zone,
        _places,
        _rights,
        mapping.check,
    ):
        check(draft)
    if charter is None or draft.problems:
        return Reading(None, tuple(sorted(set(draft.problems))))
    for warn in (_incomplete, _alone, _expired, _unreviewed, _idle, unread, unknown_holidays):
        warn(draft, charter, today)
    notes = (*_unmatched(draft, charter), *_gaps(draft, charter)) if today else ()
    return Reading(charter, tuple(sorted(draft.problems)), notes)


# The model


def _modelled(draft: Draft) -> Charter | None:
    try:
        return Charter.from_json(canonical(draft.document))
    except ValidationError as e:
        for error in e.errors():
            if error["loc"] not in draft.unread:
                draft.report(error["loc"], *_said(draft, error))
    return None


def _said(draft: Draft, error: ErrorDetails) -> tuple[str, str]:
    """A sentence and a remedy for what pydantic found."""
    called, context = draft.called(error["loc"]), error.get("ctx", {})
    if error["type"] == "missing":
        return f"{called} is missing.", f"Add `{error['loc'][-1]}:`."
    if error["type"] == "extra_forbidden":
        known = _fields(error["loc"][:-1])
        return f"{called} isn't known here.", meant(str(error["loc"][-1]), known)
    if error["input"] in (None, "") or error["type"] in ("too_short", "string_too_short"):
        return f"{called} is empty.", "Give it a value."
    if error["type"] == "value_error":
        return f"{called} {context['error']}.", ""
    sentence, remedy = SAID.get(error["type"], (error["msg"], ""))
    return f"{called} {sentence.format(**context)}.", remedy


def _fields(loc: Path) -> Iterable[str]:
    """The keys known at a place of the charter."""
    part: type[BaseModel] = Charter
    for step in loc:
        if isinstance(step, str):
            kind = part.model_fields[step].annotation
            part = next(k for k in (kind, *get_args(kind)) if isinstance(k, type(BaseModel)))
    return part.model_fields


# What only the whole shows


def _duplicates(draft: Draft) -> None:
    for section in draft.document:
        taken = dict.fromkeys(RESERVED.get(section, ()), "is reserved")
        for path, id in draft.at(f"{section}.*.id"):
            if isinstance(id, str) and id in taken:
                draft.report(path, f"The id {id!r} {taken[id]} in {section}.", "Choose another.")
            taken[str(id)] = "is there twice"


def _references(draft: Draft) -> None:
    for pattern, section in REFERENCES:
        known = draft.ids(section) + [*SLOTS] * pattern.startswith("rights.rules.*.then")
        for path, id in draft.at(pattern):
            if isinstance(id, str) and id not in known and (section,) not in draft.unread:
                sentence = f"{draft.called(path)} names {id!r}, which isn't in {section}."
                draft.report(path, sentence, meant(id, known))


def _nobody(draft: Draft) -> None:
    taken = {role for _, role in draft.at("people.*.roles.*")}
    for pattern in SIGNING:
        for path, role in draft.at(pattern):
            if role in draft.ids("roles") and role not in taken and ("people",) not in draft.unread:
                sentence = f"Nobody has the role {role!r}, so it could never sign."
                draft.report(path, sentence, "Give it to somebody in people.yaml.")


def _substitutes(draft: Draft) -> None:
    for path, stands_in in draft.at("people.*.substitute"):
        person = next((id for at, id in draft.at("people.*.id") if at[:2] == path[:2]), None)
        if stands_in is not None and stands_in == person:
            draft.report(path, f"{person} is their own substitute.", "Name somebody else.")


def _time_zone(draft: Draft) -> None:
    for path, zone in (*draft.at("company.time_zone"), *draft.at("calendars.*.time_zone")):
        if not isinstance(zone, str) or _is_time_zone(zone):
            continue
        if known := available_timezones():  # Empty on a machine without time zone data.
            near = get_close_matches(zone, known, n=1) or ["Europe/Berlin"]
            draft.report(path, f"The time zone {zone!r} isn't known.", f"Write one like {near[0]}.")


def _is_time_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _places(draft: Draft) -> None:
    """Whether public holidays are known where a calendar says."""
    for path, country in draft.at("calendars.*.country"):
        part = next(
            (p for at, p in draft.at("calendars.*.subdivision") if at[:2] == path[:2]), None
        )
        if not isinstance(country, str) or not isinstance(part, str | None):
            continue
        try:
            public_holidays(country, part, SOME_YEAR)
        except LookupError:
            where = f"{part!r} in {country!r}" if part else repr(country)
            sentence = f"No public holidays are known of {where}."
            remedy = "Write ISO 3166 codes like DE and BE, or list the days under `holidays`."
            draft.report(path, sentence, remedy)


def _rights(draft: Draft) -> None:
    rights, systems = draft.document.get("rights"), draft.ids("systems")
    if not isinstance(rights, dict) or draft.unread & {("systems",), ("workflows",)}:
        return
    if "facts" in rights:
        sentence = "The facts are the same in every charter and aren't declared."
        draft.report(("rights", "facts"), sentence, "Remove `facts:`; docs/charter.md lists them.")
    try:
        load(with_standard_facts(rights, systems), draft.ids("workflows"))
    except Flawed as e:
        for flaw in e.flaws:
            draft.report(("rights", *flaw.path), flaw.sentence, flaw.remedy)


# What may be adopted as it is, but somebody should know


def _incomplete(draft: Draft, charter: Charter, _today: date | None) -> None:
    for index, system in enumerate(charter.systems):
        if missing := charter.missing(system.id):
            sentence = f"{system.id} may not submit: the register lacks its {', '.join(missing)}."
            draft.report(("systems", index), sentence, "Add what lacks.", warning=True)


def _alone(draft: Draft, charter: Charter, _today: date | None) -> None:
    for index, workflow in enumerate(charter.workflows):
        if charter.substitute(workflow.owner) is None:
            sentence = f"{workflow.owner} owns {workflow.id} and has no substitute."
            remedy = "Name one in people.yaml."
            draft.report(("workflows", index, "owner"), sentence, remedy, warning=True)


def _expired(draft: Draft, charter: Charter, today: date | None) -> None:
    for index, evidence in enumerate(charter.evidence):
        if today and evidence.valid_until < today:
            sentence = f"The evidence {evidence.id} expired on {evidence.valid_until}."
            path = ("evidence", index, "valid_until")
            draft.report(path, sentence, "Renew it, or drop the claim.", warning=True)


def _unreviewed(draft: Draft, charter: Charter, today: date | None) -> None:
    for rule in overdue(charter.table, today) if today else ():
        sentence = f"The rule {rule.id} was to be reviewed by {rule.review_by}."
        path = ("rights", "rules", charter.table.rules.index(rule), "review_by")
        draft.report(path, sentence, f"Ask {rule.owner}.", warning=True)


def _idle(draft: Draft, charter: Charter, today: date | None) -> None:
    if today is None:
        return
    at = {rule.id: ("rights", "rules", index) for index, rule in enumerate(charter.table.rules)}
    for dead in charter.understood.conflicts:
        place = ("when", dead.alternative - 1) if dead.alternative else ()
        remedy = "Remove it, or narrow what overrules it."
        draft.report((*at[dead.rule], *place), dead.sentence, remedy, warning=True)
    for unproven in charter.understood.unproven:
        what = "every situation has a rule" if unproven == GAPS else f"{unproven} ever decides"
        sentence = f"Not proven, for too many situations to tell apart: whether {what}."
        draft.report(at.get(unproven, ("rights",)), sentence, warning=True)


def _unmatched(draft: Draft, charter: Charter) -> Iterator[CharterProblem]:
    """No mistake where a rule waits for a workflow that is still to come, or says why once more."""
    at = [rule.id for rule in charter.table.rules]
    for dead in charter.understood.dead:
        if not dead.by:
            place = draft.place(("rights", "rules", at.index(dead.rule)))
            yield CharterProblem(*place, dead.sentence, note=True)
    for rule in charter.understood.redundant:
        place = draft.place(("rights", "rules", at.index(rule.rule)))
        yield CharterProblem(*place, rule.sentence, note=True)


def _gaps(draft: Draft, charter: Charter) -> Iterator[CharterProblem]:
    found, place = charter.understood, draft.place(("rights", "default"))
    for gap in found.gaps:
        sentence = f"Only the default, {found.default.value}, decides where {gap.where}."
        example = f"For example: {gap.example}." if gap.example else ""
        yield CharterProblem(*place, sentence, example, note=True)
    if found.more:
        yield CharterProblem(*place, f"And {found.more} more of such regions.", note=True)
