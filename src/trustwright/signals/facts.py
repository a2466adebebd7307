"""What is recorded of reports, snapshots and alarms? Names of tables and values are sealed: a column
that went wrong may hold anything, and a fact can't be taken back."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from trustwright.ledger.facts import Body, fact

Why = Literal["shift", "schema", "not-run", "stale", "send", "rule"]
How = Literal["false", "level", "fault"]
Verdict = Literal["pass", "fail", "not-run", "accepted"]


class Ruled(BaseModel):
    """`k` of `n` failed a rule, which is a digest of its id."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    rule: str
    verdict: Verdict
    k: int
    n: int


@fact("check.reported")
class Reported(Body):
    """A table's rules were asked of it on a day. `table` and `fingerprint` are digests; `content` is
    the sealed report, with its examples, of which only the latest is kept."""

    table: str
    as_of: datetime
    fingerprint: str
    rows: int
    results: tuple[Ruled, ...]
    content: str


@fact("snapshot.recorded")
class Recorded(Body):
    """A table's shares in one period. `table` is a digest of its name; `undecided`: of the fields
    about which nothing could be said; `past`: taken from a history, which raises no alarm."""

    table: str
    period: date
    fingerprint: str
    rows: int
    undecided: tuple[str, ...]
    content: str
    past: bool


@fact("alarm.raised")
class Raised(Body):
    """Something moved, or couldn't be decided. `picture` is the sealed `Picture`; `workflow`
    the first that reads it, or empty; `holds` what stopped."""

    table: str
    field: str
    why: Why
    severity: Literal["note", "warn", "block"]
    snapshot: str | None
    period: date
    picture: str
    workflow: str
    holds: tuple[str, ...]


@fact("alarm.continued")
class Continued(Body):
    """The next snapshot says the same."""

    snapshot: str
    period: date
    picture: str


@fact("alarm.answered")
class Answered(Body):
    """A person said what it was: `false` (nothing had happened), `level` (right, and here to stay), or
    `fault` (it was wrong, and is mended)."""

    how: How
    reason: str
