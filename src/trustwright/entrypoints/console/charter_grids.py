"""A charter as tables for people, and two charters as tables of what changed."""

import json
from collections.abc import Sequence
from datetime import date

from trustwright.charter.calendars import Calendar
from trustwright.charter.model import Charter, Evidence, Label, Workflow
from trustwright.charter.restraints import Restraint
from trustwright.charter.voice import VoiceRule
from trustwright.entrypoints.console.page import Cell, Grid, Row, plain
from trustwright.rights import surface
from trustwright.rights.model import Alternative, Rule
from trustwright.rights.surface import Region
from trustwright.rights.understanding import GAPS, overdue

MOST_COLUMNS = 6
ALONE = "What AI may do alone"
UNCAUGHT = "What only the default decides"
CAUGHT = "Some rule speaks of every situation in which all facts are known."
NOT_PROVEN_GAPS = "Not proven: too many situations to tell apart."
NOT_PROVEN_RULE = "Not proven whether it ever decides: too many situations to tell apart."
NOT_PROVEN = "not proven: too many situations to tell apart, so this is at most what it may"
_SURFACES: dict[str, surface.Surface] = {}  # By digest, which never means another charter.


def grids(charter: Charter, today: date) -> tuple[Grid, ...]:
    """Everything agreed, what AI may do alone first."""
    return (_alone(charter), *understood(charter, today), *agreed(charter, today))


def understood(charter: Charter, today: date) -> tuple[Grid, ...]:
    """What no rule speaks of, and the rules somebody should look at."""
    found = charter.understood
    facts, cells, everywhere = _fitted(found.facts, [gap.region for gap in found.gaps])
    gaps = [(*row, gap.example) for row, gap in zip(cells, found.gaps, strict=True)]
    more = f"; {found.more} more of such rows" if found.more else ""
    more += f"; in every row: {everywhere}" if everywhere else ""
    unproven = [(rule, NOT_PROVEN_RULE) for rule in found.unproven if rule != GAPS]
    rules = [(dead.rule, dead.sentence) for dead in found.dead]
    rules += [(rule.rule, rule.sentence) for rule in found.redundant] + unproven
    rules += [
        (r.id, f"Was to be reviewed by {r.review_by}.") for r in overdue(charter.table, today)
    ]
    return (
        plain(UNCAUGHT, (*facts, "for example"), gaps, note=f"{found.default.value} decides{more}",
              empty=NOT_PROVEN_GAPS if GAPS in found.unproven else CAUGHT),
        plain("Rules to look at", ("rule", "why"), rules, empty="Every rule decides somewhere."),
    )  # fmt: skip


def agreed(charter: Charter, today: date) -> tuple[Grid, ...]:
    """Everything else that is agreed. The first cell of a row is its id: `changes` goes by it."""

    def name(id: str | None) -> str:
        return charter.person(id).name if id else ""

    rules = [(rule.id, _conditions(rule), _then(rule), rule.reason, name(rule.owner),
              str(rule.review_by)) for rule in charter.table.rules]  # fmt: skip
    workflows = [(w.id, w.title, name(w.owner), _channel(w), w.risk, _yes(w.sensitive),
                  ", ".join(w.readers), ", ".join(w.systems), ", ".join(map(name, w.escalation)), _label(w.label))
                 for w in charter.workflows]  # fmt: skip
    systems = [(s.id, s.purpose or "", name(s.owner), s.oversight or "", s.acceptable_use or "",
                s.data_use or "", s.test_results or "", name(s.incident_contact),
                " ".join(filter(None, (s.vendor, s.model))), _lacks(charter, s.id))
               for s in charter.systems]  # fmt: skip
    people = [(p.id, p.name, p.email, ", ".join(p.roles), name(p.substitute), p.calendar or "")
              for p in charter.people]  # fmt: skip
    roles = [(r.id, r.answers_for, _yes(r.reads_all)) for r in charter.roles]
    restraints = [(r.id, r.reason, name(r.owner), _where(r), _about(r)) for r in charter.restraints]
    evidence = [(e.id, e.claim, e.proof, name(e.owner), _until(e, today)) for e in charter.evidence]
    calendars = [(c.id, c.time_zone, "; ".join(c.hours), _days_off(c)) for c in charter.calendars]
    voice = [(v.id, v.extends, v.level, _spoken(v)) for v in charter.voice]
    return (
        plain("Decision rights", RIGHTS, rules, note=f"otherwise {charter.table.default.value}"),
        plain("Workflows", WORKFLOWS, workflows),
        plain("AI systems", SYSTEMS, systems),
        plain("People", PEOPLE, people),
        plain("Roles", ("role", "answers for", "reads every case"), roles),
        plain("What AI is not used for", ("what", "why", "owner", "where", "about"), restraints),
        plain("Evidence", ("id", "claim", "proof", "owner", "valid until"), evidence),
        plain("How we speak", ("rule", "kind", "level", "what"), voice),
        plain("When people work", CALENDARS, calendars),
        plain("Company", ("setting", "value"), _company(charter)),
    )


RIGHTS = ("rule", "when", "then", "reason", "owner", "review by")
WORKFLOWS = ("workflow", "title", "owner", "channel", "risk", "sensitive", "readers", "AI systems",
             "then asks", "label")  # fmt: skip
PEOPLE = ("id", "name", "e-mail", "roles", "substitute", "calendar")
CALENDARS = ("calendar", "time zone", "hours", "days off")
SYSTEMS = ("system", "purpose", "owner", "oversight", "acceptable use", "data use", "test results",
           "incidents", "made with", "lacks")  # fmt: skip


def changes(old: Charter, new: Charter, today: date) -> tuple[Grid, ...]:
    """What the new charter would change, what AI gains and loses first; only tables that differ.

    Between them, what the new one leaves out."""
    pairs = zip(agreed(old, today), agreed(new, today), strict=True)
    rest = (_difference(was, now) for was, now in pairs)
    return (_gained(old, new), *understood(new, today), *(grid for grid in rest if grid))


def _alone(charter: Charter) -> Grid:
    found = _SURFACES.get(charter.digest) or surface.surface(charter.table)
    _SURFACES[charter.digest] = found
    return _regions(found.facts, [("", region) for region in found.regions], found.proven,
                    empty="AI may do nothing alone.")  # fmt: skip


def _gained(old: Charter, new: Charter) -> Grid:
    found = surface.diff(old.table, new.table)
    told = [("gains", region) for region in found.added]
    told += [("loses", region) for region in found.removed]
    return _regions(found.facts, told, found.proven, empty="What AI may do alone stays the same.")


def _regions(
    facts: Sequence[str], told: Sequence[tuple[str, Region]], proven: bool, empty: str
) -> Grid:
    """`told` is what AI does with a region."""
    shown, cells, everywhere = _fitted(facts, [region for _, region in told])
    verbs = [verb for verb, _ in told if verb]
    rows = tuple(
        Row(
            tuple(Cell(words) for words in (verb, *row) if words),
            "added" if verb == "gains" else "gone" if verb == "loses" else "",
        )
        for (verb, _), row in zip(told, cells, strict=True)
    )
    notes = ["" if proven else NOT_PROVEN, f"in every row: {everywhere}" if everywhere else ""]
    columns = (("AI",) if verbs else ()) + shown
    return Grid(ALONE, columns, rows, "; ".join(filter(None, notes)), empty)


def _fitted(
    facts: Sequence[str], regions: Sequence[Region]
) -> tuple[tuple[str, ...], list[tuple[str, ...]], str]:
    """Columns, cells, and in words what is so in every row, for a page of any width. Facts that may
    have any value everywhere are left out; of too many to stand beside each other, one column tells."""
    shown = [fact for fact in facts if any(region[fact] != "any" for region in regions)]
    if len(shown) <= MOST_COLUMNS:
        return tuple(shown), [tuple(region[fact] for fact in shown) for region in regions], ""
    alike = {fact: regions[0][fact] for fact in shown if len({r[fact] for r in regions}) == 1}
    alike = alike if len(regions) > 1 else {}
    rest = [fact for fact in shown if fact not in alike]
    everywhere = "; ".join(f"{fact}: {cell}" for fact, cell in alike.items())
    if len(rest) <= MOST_COLUMNS:
        return tuple(rest), [tuple(region[fact] for fact in rest) for region in regions], everywhere
    return ("where",), [(_where_it_is(rest, region),) for region in regions], everywhere


def _where_it_is(facts: Sequence[str], region: Region) -> str:
    told = [f"{fact}: {region[fact]}" for fact in facts if region[fact] != "any"]
    return "; ".join(told) or "any"


def _difference(old: Grid, new: Grid) -> Grid | None:
    """Rows by their first cell: changed ones with what they were, new ones, and those gone."""
    if old == new:
        return None
    before, after = _by_first(old), _by_first(new)
    rows = [_changed(before[key], row) for key, row in after.items() if key in before]
    rows += [Row(row.cells, "added") for key, row in after.items() if key not in before]
    rows += [Row(row.cells, "gone") for key, row in before.items() if key not in after]
    note = new.note if new.note == old.note else f"{old.note}, now {new.note}"
    return Grid(new.title, new.columns, tuple(filter(_tells, rows)), note, "No row changed.")


def _by_first(grid: Grid) -> dict[str, Row]:
    return {row.cells[0].words: row for row in grid.rows}


def _changed(old: Row, new: Row) -> Row:
    pairs = zip(old.cells, new.cells, strict=True)
    return Row(tuple(Cell(n.words, o.words if o.words != n.words else None) for o, n in pairs))


def _tells(row: Row) -> bool:
    return bool(row.tone) or any(cell.was is not None for cell in row.cells)


def _conditions(rule: Rule) -> str:
    return " or ".join(map(_when, rule.when)) or "always"


def _when(alternative: Alternative) -> str:
    return "; ".join(f"{fact}: {cell.text}" for fact, cell in alternative.items()) or "always"


def _then(rule: Rule) -> str:
    must = rule.obligations
    told = [rule.outcome.value]
    told += [f"signed by {', '.join(must.roles)}"] if must.roles else []
    told += [f"label: {must.label}"] if must.label else []
    told += [f"{must.cooling_off} s to undo"] if must.cooling_off else []
    return "; ".join(told)


def _label(label: Label) -> str:
    if label.external == "never":
        return "inside only"
    when = " where nobody countersigned" if label.external == "unless_countersigned" else ""
    return f"“{label.countersigned}”, or “{label.alone}”, told outside{when}"


def _company(charter: Charter) -> list[tuple[str, ...]]:
    """Every setting by its name in company.yaml."""
    told = charter.company.model_dump(mode="json")
    told |= {f"due_hours {risk}": hours for risk, hours in told.pop("due_hours").items()}
    told["adopts"] = ", ".join(charter.company.adopts)
    told |= {"topics": ", ".join(charter.company.topics)} if charter.company.topics else {}
    told["invented"] = _yes(charter.company.invented)
    return [(key, str(value or "")) for key, value in told.items()]


def _days_off(calendar: Calendar) -> str:
    public = " ".join(filter(None, (calendar.country, calendar.subdivision)))
    listed = [f"public holidays of {public}"] if public else []
    return ", ".join([*listed, *map(str, calendar.holidays)])


def _until(evidence: Evidence, today: date) -> str:
    return f"{evidence.valid_until}" + (" (ended)" if evidence.valid_until < today else "")


def _lacks(charter: Charter, system: str) -> str:
    missing = charter.missing(system)
    return f"{', '.join(missing)}: it may not submit" if missing else ""


def _channel(workflow: Workflow) -> str:
    seconds = workflow.attention_seconds
    more = [f"{seconds} s"] if seconds else []
    more += [f"at most {share} {what}" for what, share in workflow.tolerates.items()]
    return f"{workflow.channel} ({', '.join(more)})" if more else workflow.channel


def _spoken(rule: VoiceRule) -> str:
    """Everything the rule says, so that nobody signs what they weren't shown."""
    said = rule.model_dump(mode="json", exclude_defaults=True, exclude={"id", "extends", "level"})
    return json.dumps(said, ensure_ascii=False)


def _where(restraint: Restraint) -> str:
    return ", ".join((*restraint.workflows, *restraint.systems)) or "everywhere"


def _about(restraint: Restraint) -> str:
    return ", ".join((*restraint.topics, *restraint.words)) or "everything"


def _yes(true: bool) -> str:
    return "yes" if true else "no"
