"""Can the checks be believed? How often people found each of them right."""

from dataclasses import dataclass
from typing import ClassVar

from trustwright.entrypoints.console.page import Grid, Page, plain
from trustwright.entrypoints.console.visit import Visit
from trustwright.proposals import judging

COLUMNS = ("check", "right", "judged", "share, 95 % interval", "unsure")


@dataclass(frozen=True, kw_only=True)
class Checks(Page):
    template: ClassVar[str] = "checks.html"
    here: ClassVar[str] = "queue"
    record: Grid


def build(visit: Visit) -> Checks:
    """The page, from what was said beside the findings of cases."""
    with visit.view() as view:
        record = judging.judgements(view, judging.Ask())
        return Checks(frame=visit.frame(view), record=grid(record))


def grid(record: judging.Record) -> Grid:
    """One row a check."""
    rows = [
        (x.check, f"{x.right:,}", f"{x.n:,}", _share(x), f"{x.unsure:,}") for x in record.checks
    ]
    empty = "Nobody judged a finding yet. It is asked beside every finding of a case."
    return plain("Findings people judged", COLUMNS, rows, empty=empty)


def _share(x: judging.CheckRecord) -> str:
    if x.low is None or x.high is None:
        return "none judged"
    return f"{x.right / x.n:.0%} ({x.low:.0%} to {x.high:.0%})"
