"""What does a check come to on one page, with pictures? A file that needs nothing and asks for nothing.

No script, no request, one style whose digest the page's own policy names. Every value is escaped.
"""

import base64
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from trustwright.checks.model import Severity
from trustwright.signals import telling
from trustwright.signals.model import Report, Result, Verdict

HERE = Path(__file__).parent
WIDTH = 780
NARROW, ROW, NAMES, COUNTS = 440, 20, 130, 110  # Legible on a telephone too.
MOST = 8
TONES = {Verdict.FAIL: "bad", Verdict.NOT_RUN: "warn", Verdict.ACCEPTED: "", Verdict.PASS: "good"}
WORDS = {Verdict.FAIL: "fails", Verdict.NOT_RUN: "not decided", Verdict.PASS: "may be used"}
SVG = Markup(
    '<svg role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-label="{said}">{parts}</svg>'
)
RECT = Markup('<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2"/>')
TEXT = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
LIMIT = Markup(
    '<line class="limit" x1="{0:.1f}" x2="{0:.1f}" y1="{1}" y2="{2}"><title>{3}</title></line>'
)


@dataclass(frozen=True)
class Told:
    """One result that isn't a pass."""

    state: str
    tone: str
    what: str
    picture: Markup
    flaws: Markup | None
    examples: tuple[str, ...]
    agreed: str
    since: str
    who: str
    remedy: str
    rule: str


@dataclass(frozen=True)
class Page:
    """The whole report. `watched`: pictures by the field's name."""

    table: str
    verdict: str
    tone: str
    about: str
    notes: tuple[str, ...]
    sum: str
    picture: Markup
    told: tuple[Told, ...]
    passed: tuple[str, ...]
    watched: tuple[tuple[str, Markup], ...]


def as_html(report: Report, hidden: Collection[str] = ()) -> str:
    """The report as one HTML file. `hidden`: personal fields, whose values aren't drawn."""
    style = (HERE / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    templates = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined
    )
    return templates.get_template("report.html").render(
        page=_page(report, hidden), style=style, digest=digest
    )


def _page(report: Report, hidden: Collection[str]) -> Page:
    whole = telling.verdict(report)
    return Page(
        table=report.table,
        verdict=WORDS[whole],
        tone=TONES[whole],
        about=f"{report.rows:,} rows, as of {report.as_of:%Y-%m-%d}; fingerprint {report.fingerprint}",
        notes=report.notes,
        sum=telling.summed(report),
        picture=_verdicts(report),
        told=tuple(_told(result, report.key) for result in telling.ordered(report)),
        passed=tuple(_passed(result) for result in report.having(Verdict.PASS)),
        watched=tuple(_watched(report, hidden)),
    )


def _told(result: Result, key: str | None) -> Told:
    why = result.undecided
    unknown = "" if why else "Not known: earlier checks weren't looked at."
    return Told(
        state=telling.state(result),
        tone=_tone(result),
        what=telling.what(result),
        picture=Markup("") if why else _share(result),
        flaws=_bars(telling.flaws(result), result.n, "what is wrong") if result.flaws else None,
        examples=telling.examples(result, key),
        agreed=result.use.description or "",
        since=f"{result.since:%Y-%m-%d}" if result.since else unknown,
        who=telling.who(result),
        remedy=f"{why.sentence} {why.remedy}".strip() if why else result.remedy,
        rule=f"{result.use.id}, {result.use.check} {result.version}",
    )


def _tone(result: Result) -> str:
    mild = result.verdict is Verdict.FAIL and result.severity is not Severity.BLOCK
    return "warn" if mild else TONES[result.verdict]


def _passed(result: Result) -> str:
    return f"{result.use.id}: {telling.counted(result)} ({result.use.check} {result.version})"


# Pictures


def _verdicts(report: Report) -> Markup:
    """All rules as one bar."""
    counts = [(verdict, len(report.having(verdict))) for verdict in TONES]
    parts, at, all = [], 0.0, len(report.results) or 1
    for verdict, n in counts:
        wide = WIDTH * n / all
        if n:
            parts.append(RECT.format(f"part {TONES[verdict]}", at, 0, max(wide - 2, 1), 12))
        at += wide
    said = ", ".join(f"{verdict}: {n}" for verdict, n in counts if n)
    return SVG.format(w=WIDTH, h=12, said=said or "no rule", parts=Markup("").join(parts))


def _share(result: Result) -> Markup:
    """How many of how many, with a line where more than was agreed on begins."""
    n = result.n or 1
    parts = [
        RECT.format("all", 0, 2, WIDTH, 10),
        RECT.format(f"part {_tone(result)}", 0, 2, _wide(WIDTH, result.k, n), 10),
    ]
    most, said = result.use.most, telling.counted(result)
    limit = most.limit / n if most.unit == "rows" else most.limit / 100
    if 0 < limit < 1:
        agreed = f"{most.limit:g} {most.unit} were agreed on"
        parts.append(LIMIT.format(WIDTH * limit, 0, 14, agreed))
        said = f"{said}; {agreed}"
    return SVG.format(w=WIDTH, h=14, said=said, parts=Markup("").join(parts))


def _wide(room: float, k: int, n: int) -> float:
    """To scale; what there is at all can be seen."""
    return max(room * k / n, 2.0) if k else 0.0


def _bars(rows: Iterable[tuple[str, int]], n: int, said: str) -> Markup:
    """One bar for each name, of `n`; no name longer than there is room for."""
    shown, parts = list(rows), []
    room = NARROW - NAMES - COUNTS
    most = max((k for _, k in shown), default=1) or 1
    for at, (name, k) in enumerate(shown):
        y = at * ROW
        short = name if len(name) <= 20 else f"{name[:19]}…"
        parts += [
            TEXT.format(NAMES - 8, y + 14, "end", short),
            RECT.format("part", NAMES, y + 4, _wide(room, k, most), 12),
            TEXT.format(NARROW, y + 14, "end", f"{k:,} ({100 * k / (n or 1):.2g} %)"),
        ]
    told = "; ".join(f"{name}: {k:,}" for name, k in shown)
    return SVG.format(
        w=NARROW, h=max(ROW * len(shown), 1), said=f"{said}: {told}", parts=Markup("").join(parts)
    )


def _watched(report: Report, hidden: Collection[str]) -> Iterator[tuple[str, Markup]]:
    for names, counts in report.distributions.items():
        if len(names) == 1 and names[0] not in hidden:
            yield names[0], _bars(_frequent(counts), report.rows, f"shares of {names[0]}")


def _frequent(counts: Mapping[tuple[object, ...], int]) -> list[tuple[str, int]]:
    """The most frequent values, and the rest as one."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    rows = [("(empty)" if v is None else str(v), k) for (v,), k in ranked[:MOST]]
    if left := ranked[MOST:]:
        rows.append((f"{len(left):,} more", sum(k for _, k in left)))
    return rows
