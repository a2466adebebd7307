"""Every page of the console, as Lindenhof & Vale would see it. The company and its people are invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trustwright.entrypoints.console import charts
from trustwright.entrypoints.console.batch import Batch
from trustwright.entrypoints.console.batch import Member as InBatch
from trustwright.entrypoints.console.case import (
    Actions,
    Case,
    Edit,
    Evidence,
    Fact,
    Finding,
    Label,
    Missed,
    Part,
    PartChange,
    Rule,
    Slot,
    Source,
    Step,
    Why,
)
from trustwright.entrypoints.console.charter import Charter, CharterProblem, Proposed, Replay
from trustwright.entrypoints.console.checks_page import COLUMNS, Checks
from trustwright.entrypoints.console.clock import Age, Clock, clock
from trustwright.entrypoints.console.diff import pieces
from trustwright.entrypoints.console.duties import Away, AwayForm, Duties, Item, Load, Person
from trustwright.entrypoints.console.edit import EditForm, Field
from trustwright.entrypoints.console.erase import Erase
from trustwright.entrypoints.console.error import Error
from trustwright.entrypoints.console.hand_on import Colleague, HandOnForm
from trustwright.entrypoints.console.holds import Hold, Holds
from trustwright.entrypoints.console.ledger import Ledger, LoggedFact
from trustwright.entrypoints.console.marks import Severity, Span, stretches
from trustwright.entrypoints.console.page import (
    Cell,
    Frame,
    Grid,
    Link,
    Notice,
    Page,
    Row,
    Signing,
    plain,
)
from trustwright.entrypoints.console.people import (
    ApiKey,
    Member,
    Once,
    Passkey,
    People,
    System,
)
from trustwright.entrypoints.console.queue import Choice, Entry, Facet, Queue
from trustwright.entrypoints.console.refuse import RefuseForm
from trustwright.entrypoints.console.sign import Enrol, LinkGone, SignIn
from trustwright.entrypoints.console.signals import (
    Alarm,
    Drawing,
    Example,
    FieldPage,
    Mapped,
    Report,
    Signals,
    State,
    TablePage,
    Watched,
)
from trustwright.entrypoints.console.signals import Choice as SignalChoice
from trustwright.entrypoints.console.signals import Rule as RuleEnd
from trustwright.entrypoints.console.verify import Verify

NOW = datetime(2026, 11, 22, 9, 40, tzinfo=UTC)
OUTSIDE = Frame(csrf="csrf-7Yk2")
FRAME = Frame(csrf="csrf-7Yk2", viewer="Lena Brandt", waiting=6)
DEMO = replace(
    FRAME,
    notices=(
        Notice("info", "A demonstration:", "the company and its people are invented."),
        Notice(
            "warn",
            "The charter is a bootstrap, so nothing goes out by itself.",
            link=Link("A second person countersigns it", "/console/charter"),
        ),
    ),
)

NASTY = (
    "\n\n\tTab, no\u00a0break, \u202eright to left\u202c, zero\u200bwidth, p\u0430ypal, \u202f\u3164|\n"
    "emoji 👩\u200d🚂 ❤\ufe0f, Z\u0351\u036ba\u0321lgo, \ufeff bom, \ue000 private, \U000e0041 tag\n"
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> &amp; &lt; \"quotes\" 'too'\n"
    "{{ 7*7 }} {% raw %} \\ \\u0041 \x0c form feed \u2028 line \u2029 end مرحبا  \n "
)

SUBJECT = "Your question about the Royal Blue"
ORIGINAL = (
    "Hello Ms Haddad,\n\nThe Royal Blue was the Baltimore and Ohio Railroad's flagship passenger "
    "train between New York City and Washington, beginning in 1890. It was the fastest train in "
    "the world and ran until 1963. Your refund of EUR 240 for the museum tickets will arrive "
    "within 24 hours.\n\nOur guided tours are certified accessible under EN 17210.\n\nKind regards"
)
EDITED = (
    "Hello Ms Haddad,\n\nThe Royal Blue was the Baltimore and Ohio Railroad's flagship passenger "
    "train between New York City and Washington, beginning in 1890. It made its last run in 1958. "
    "Your refund of EUR 240 for the museum tickets was approved today and normally arrives within "
    "5 working days.\n\nOur guided tours are certified accessible under EN 17210.\n\n"
    "Kind regards\nLena Brandt, Visitor Care"
)
PASSAGE = (
    "The Royal Blue was the Baltimore and Ohio Railroad (B&O)'s flagship passenger train between "
    "New York City and Washington, D.C., in the United States, beginning in 1890. The Baltimore-"
    "based B&O also used the name between 1890 and 1917 for its improved passenger service. "
    "The train was discontinued in 1958."
)


def due(minutes: int) -> Clock:
    return clock(NOW + timedelta(minutes=minutes), NOW)


def spans(text: str, found: dict[str, tuple[int, Severity]]) -> list[Span]:
    """Where each excerpt stands in the text."""
    return [
        Span(text.index(e), text.index(e) + len(e), number, severity)
        for e, (number, severity) in found.items()
    ]


SAID: dict[str, tuple[int, Severity]] = {
    "fastest train in the world": (1, "block"),
    "1963": (2, "warn"),
    "will arrive within 24 hours": (3, "block"),
    "certified accessible under EN 17210": (4, "backed"),
}
FINDINGS = (
    Finding(
        1, "block", "claims", "A superlative without proof.",
        "Register evidence for it in evidence.yaml, or leave it out.",
        "body", "fastest train in the world",
    ),
    Finding(
        2, "warn", "citations", "No source says 1963; the passage about this train says 1958.",
        "Take the year from the source, or cite another.", "body", "1963", source=1,
    ),
    Finding(
        3, "block", "promises", "A promise nobody owns: refund policy RP-7 allows 5 working days.",
        "Name an owner and a due date, or say what the policy says.",
        "body", "will arrive within 24 hours",
    ),
    Finding(
        4, "backed", "claims", "Backed by evidence E-118.", "",
        "body", "certified accessible under EN 17210",
    ),
)  # fmt: skip

ENTRIES = (
    Entry("/console/cases/case-a8m2x5", "Complaint: data deletion", "visitor-mail · reply-writer", "two people",
          due(-12), "block", 2, ("handed on",)),
    Entry("case-4fz9k2", SUBJECT, "visitor-mail · reply-writer", "two people", due(42), "block", 2,
          ("edited",), is_open=True),
    Entry("/console/cases/case-k3c7d1", "Invoice in the wrong language", "invoices · copilot", "owner", due(70),
          "warn", 1),
    Entry("case-p9v4e8", "Cancel my season ticket", "visitor-mail · reply-writer", "owner",
          due(115), "warn", 3),
    Entry("case-w2n6r0", "When does the depot open?", "answers · depot-bot", "owner", due(200)),
    Entry("case-z5t1h7", "Spare key for locker 14", "answers · depot-bot", "owner", due(60 * 80),
          "note", 1),
)  # fmt: skip

WHY = Why(
    outcome="two_person",
    rules=(
        Rule("refund-promise", "two_person", "Money is promised to a customer.", "Visitor Care"),
        Rule("unsure", "owner", "The system is not sure enough.", "Programme office"),
    ),
    facts=(
        Fact("workflow", "visitor-mail"),
        Fact("risk", "high", decided=True),
        Fact("held", "false"),
        Fact("worst_finding", "block", decided=True),
        Fact("checks_complete", "true"),
        Fact("restrained", "false"),
        Fact("language", "?"),
    ),
    missed=(
        Missed("owner", "visitor-mail", "risk in low, medium"),
        Missed("automate", "faq-alone", "worst_finding = none"),
    ),
    charter=Link("7d09c1e4…", "/console/charter"),
    customer=(
        Fact("Language", "Arabic"),
        Fact("Region", "AE"),
        Fact("Consent", "service only"),
    ),
)
SIGNING = Signing(
    "/console/cases/case-4fz9k2/countersign/begin",
    "/console/cases/case-4fz9k2/countersign/finish",
    "You countersign these 2 parts as legal, for e-mail, with the label shown.",
    (("case", "case-4fz9k2"), ("decision", "release"), ("role", "legal"), ("channel", "e-mail")),
)
TRAIL = (
    Step("proposed by reply-writer", "09:14", "2026-11-22T09:14:02Z"),
    Step("5 checks: 2 block, 1 warn", "09:14", "2026-11-22T09:14:02Z", "bad"),
    Step("routed to two people", "09:14", "2026-11-22T09:14:02Z"),
    Step("handed on by Noor Aziz", "09:26", "2026-11-22T09:26:40Z", "warn",
         "Is 24 hours still what we promise?"),
    Step("edited by Tomás Silva", "09:31", "2026-11-22T09:31:11Z"),
    Step("countersigned by Noor Aziz as owner", "09:35", "2026-11-22T09:35:00Z", "good"),
    Step("a second countersignature"),
    Step("release"),
)  # fmt: skip

CASE = Case(
    frame=FRAME,
    id="case-4fz9k2",
    title=SUBJECT,
    about="visitor-mail · reply-writer · e-mail · case-4fz9k2",
    state="waiting",
    clock=due(42),
    duty="Noor Aziz owes it; late, it goes to Idris Vale.",
    confidence="0.61",
    entries=ENTRIES,
    parts=(
        Part("subject", stretches(SUBJECT)),
        Part("body", stretches(ORIGINAL, spans(ORIGINAL, SAID))),
    ),
    author="What reply-writer wrote",
    findings=FINDINGS,
    checks="5 checks, all complete",
    sources=(
        Source(
            "Royal Blue (train), knowledge base",
            stretches(PASSAGE, spans(PASSAGE, {"beginning in 1890": (0, "backed")})),
        ),
        Source("Refund policy RP-7", stretches("§2 Refunds arrive within 5 working days.")),
    ),
    evidence=(
        Evidence("E-118", "Tours are accessible under EN 17210", "certificate 9f3c…", "Idris Vale",
                 "14 Mar 2027", True),
        Evidence("E-097", "Oldest depot in the county", "county archive", "Idris Vale",
                 "1 Jun 2026", False),
    ),
    why=WHY,
    slots=(
        Slot("owner", "Noor Aziz, or Idris Vale for her", "Noor Aziz", "09:35"),
        Slot("legal", "Lena Brandt"),
    ),
    label=Label("Written with AI, checked by a person", True,
                "compositeWithTrainedAlgorithmicMedia"),
    trail=TRAIL,
    actions=Actions(SIGNING, "", True, True, True, "/console/cases/case-a8m2x5", "/console/cases/case-k3c7d1", "2 of 6",
                    judge=True, owner=Link("Ask Idris Vale, who owns reply-writer", "/console/cases/case-4fz9k2/hand-on?to=idris")),
)  # fmt: skip

EDITED_CASE = replace(
    CASE,
    author="As edited by Tomás Silva",
    parts=(
        Part("subject", stretches(SUBJECT)),
        Part(
            "body",
            stretches(
                EDITED, spans(EDITED, {"certified accessible under EN 17210": (1, "backed")})
            ),
        ),
    ),
    findings=(replace(FINDINGS[3], number=1),),
    edit=Edit(
        "Tomás Silva",
        "09:31",
        (PartChange("body", pieces(ORIGINAL, EDITED)),),
        "Policy says 5 working days; the year is from the source.",
    ),
    actions=replace(
        CASE.actions,
        signing=None,
        cannot="You edited this text, so somebody else countersigns it.",
    ),
)
VOID_CASE = replace(
    EDITED_CASE,
    notices=(
        Notice(
            "warn",
            "The charter changed, and it is stricter now: countersignatures are void.",
            "refund-promise asks for legal too.",
            Link("What changed", "/console/charter"),
        ),
        Notice("info", "Idris Vale opened this 2 minutes ago."),
    ),
    slots=(
        Slot("owner", "Noor Aziz", "Noor Aziz", "09:35", "decided again under a stricter charter"),
        Slot("owner", "Noor Aziz, or Idris Vale for her"),
        Slot("legal", "Lena Brandt"),
    ),
)
DONE = Actions(
    previous="/console/cases/case-a8m2x5", next="/console/cases/case-k3c7d1", position="2 of 6"
)
RELEASED_CASE = replace(
    EDITED_CASE,
    state="released",
    because="Countersigned by Noor Aziz and Lena Brandt, 09:41.",
    clock=None,
    duty="",
    slots=(
        Slot("owner", "Noor Aziz", "Noor Aziz", "09:35"),
        Slot("legal", "Lena Brandt", "Lena Brandt", "09:41"),
    ),
    actions=replace(
        DONE,
        proofs=(
            Link("Evidence bundle", "/console/cases/case-4fz9k2/bundle"),
            Link("How to verify it", "/verify"),
        ),
    ),
)
STOPPED_CASE = replace(
    CASE,
    state="stopped",
    why=replace(WHY, outcome="block"),
    slots=(),
    actions=replace(CASE.actions, signing=None),
)
SIGNED_CASE = replace(
    RELEASED_CASE,
    state="signed",
    because="It cools off until 22 Nov 2026, 09:50 UTC.",
    actions=replace(DONE, undo=True, out=due(9)),
)
REFUSED_CASE = replace(CASE, state="refused", because="By Noor Aziz, 09:44.", actions=DONE)
VOIDED_CASE = replace(
    CASE, state="voided", parts=(), findings=(), sources=(), evidence=(), actions=DONE
)
HOSTILE_CASE = replace(
    CASE,
    title="</title><script>alert(1)</script> \u202egnirts",
    about='"><img src=x onerror=alert(3)>',
    parts=(
        Part("subject", stretches(NASTY)),
        Part('bo"dy<i>', stretches(NASTY, [Span(0, 20, 1, "block"), Span(10, 40, 2, "warn")])),
    ),
    findings=(
        replace(FINDINGS[0], part='bo"dy<i>', excerpt=NASTY[:20], sentence=NASTY),
        replace(FINDINGS[1], excerpt=NASTY[10:40]),
    ),
    sources=(Source(NASTY, stretches(NASTY)),),
    edit=Edit(
        "<b>Mallory</b>", "09:31", (PartChange("body", pieces(NASTY, NASTY[5:] + "x")),), NASTY
    ),
)

QUEUE = Queue(
    frame=DEMO,
    entries=tuple(replace(e, is_open=False) for e in ENTRIES),
    facets=(
        Facet("Whose", (Choice("Everybody's", "/console", "6", True),
                        Choice("Mine", "/console?mine=1", "2"))),
        Facet("Workflow", (Choice("visitor-mail", "/console?workflow=visitor-mail", "3"),
                           Choice("invoices", "/console?workflow=invoices", "1"),
                           Choice("answers", "/console?workflow=answers", "2"))),
        Facet("Outcome", (Choice("owner", "/console?outcome=owner", "4"),
                          Choice("two people", "/console?outcome=two_person", "2"),
                          Choice("stopped", "/console?outcome=block", "0"))),
        Facet("Finding", (Choice("claims", "/console?finding=claims", "2"),
                          Choice("citations", "/console?finding=citations", "3"),
                          Choice("promises", "/console?finding=promises", "1"))),
    ),
    shown="6",
    total=6,
    late="1",
    everything="/console",
    elsewhere=3,
)  # fmt: skip
EMPTY_QUEUE = replace(
    QUEUE, frame=FRAME, entries=(), facets=(), shown="0", total=0, late="", elsewhere=0
)
FILTERED_QUEUE = replace(QUEUE, entries=(), shown="0", late="")

SURFACE = plain(
    "What AI may do alone",
    ("workflow", "risk", "worst finding", "checks", "confidence", "held", "restrained", "rule"),
    [("answers", "low", "none, note", "complete", "≥ 0.8", "no", "no", "faq-alone")],
    note="everything else waits for a person",
)
GRIDS = (
    SURFACE,
    plain(
        "Decision rights",
        ("rule", "when", "then", "who signs", "reason", "owner", "review by"),
        [
            ("faq-alone", "workflow = answers; risk = low; confidence ≥ 0.8", "automate", "",
             "Two years of right answers", "Programme office", "2027-05-01"),
            ("visitor-mail", "workflow = visitor-mail; risk in low, medium", "owner", "",
             "A visitor reads it", "Visitor Care", "2027-05-01"),
            ("refund-promise", "finding = promises", "two_person", "legal",
             "Money is promised", "Visitor Care", "2026-12-31"),
        ],
        note="the strictest of all that could match; else block",
    ),
    plain(
        "Workflows",
        ("workflow", "owner", "channel", "risk", "who reads"),
        [
            ("visitor-mail", "Noor Aziz", "e-mail", "high", "visitor-care, legal"),
            ("answers", "Idris Vale", "web chat", "low", "everybody"),
        ],
    ),
    plain(
        "AI systems",
        ("system", "purpose", "owner", "data use", "test results", "incidents"),
        [
            ("reply-writer", "Drafts replies to visitors", "Noor Aziz", "mail, knowledge base",
             "2026-09-14: 412 of 430", "noor@lindenhof-vale.example"),
            ("depot-bot", "Answers questions about the depot", "Idris Vale", "knowledge base",
             "2026-08-02: 96 of 100", "idris@lindenhof-vale.example"),
        ],
    ),
    plain(
        "People and roles",
        ("person", "roles", "substitute"),
        [("Noor Aziz", "visitor-care", "Idris Vale"), ("Lena Brandt", "legal", "Noor Aziz")],
    ),
    plain("What AI is not used for", ("what", "why"), [], empty="Nothing is ruled out yet."),
)  # fmt: skip
CHARTER = Charter(
    frame=FRAME,
    digest="7d09c1e4",
    standing="Adopted 3 Nov 2026 by Idris Vale and Noor Aziz.",
    grids=GRIDS,
)
PROPOSED = replace(
    CHARTER,
    proposed=Proposed(
        digest="b1f6a2c8",
        by="Idris Vale",
        at="22 Nov 2026, 08:02 UTC",
        problems=(),
        changes=(
            Grid(
                "What AI may do alone",
                SURFACE.columns,
                (
                    Row((Cell("answers"), Cell("low"), Cell("none, note"), Cell("complete"),
                         Cell("≥ 0.6, ?", "≥ 0.8"), Cell("no"), Cell("no"), Cell("faq-alone"))),
                    Row((Cell("invoices"), Cell("low"), Cell("none"), Cell("complete"),
                         Cell("≥ 0.9"), Cell("no"), Cell("no"), Cell("invoice-alone")), "added"),
                ),
                "this is what AI would gain",
            ),
        ),
        parts=(
            Part("What AI may do alone", stretches("| workflow | confidence |\n| answers | ≥ 0.6, ? |")),
            Part("charter.yaml", stretches("company:\n  name: Lindenhof & Vale\n" * 6)),
            Part("rights.yaml", stretches("\n# Who may decide\nrules:\n  - id: faq-alone\n" * 9)),
        ),
        slots=(Slot("programme", "Idris Vale", "Idris Vale", "08:02"), Slot("legal", "Lena Brandt")),
        replay=Replay(
            "Of the last 1,000 cases 31 would newly have gone out alone and 2 no longer; 954 would "
            "have been decided as they were. The facts are as recorded; nothing was checked anew.",
            plain("Outcomes that change", ("was", "would be", "cases"),
                  [("automate", "owner", "2"), ("owner", "automate", "31"),
                   ("owner", "two_person", "13")]),
            tuple(Link(f"case-4fz9k2m8q0t{x}", f"/console/cases/case-4fz9k2m8q0t{x}") for x in "wxyz"),
            (Link("case-8d1k2m3n4p5q", "/console/cases/case-8d1k2m3n4p5q"),),
        ),
        signing=Signing(
            "/console/charter/countersign/begin",
            "/console/charter/countersign/finish",
            "You adopt charter b1f6a2c8 as legal. It takes effect when all roles have.",
            (("decision", "adopt"), ("role", "legal")),
        ),
    ),
)  # fmt: skip
assert PROPOSED.proposed is not None
PROBLEMS = replace(
    PROPOSED,
    proposed=replace(
        PROPOSED.proposed,
        signing=None,
        cannot="It can't be adopted while it has problems.",
        problems=(
            CharterProblem(
                "rights.yaml:14",
                "Rule faq-alone lets AI act alone without saying anything about `held`.",
                "Add `held: false` to its cells.",
            ),
            CharterProblem(
                "systems.yaml:31", "depot-bot has no incident contact.", "Add `incidents:`."
            ),
        ),
    ),
)

LEDGER = Ledger(
    frame=FRAME,
    size=1284,
    origin="trustwright.local/4fz9k2m8q0tw",
    log_key="trustwright.local/4fz9k2m8q0tw+9bc41f07+AVq3Jt0m4xjYw1y6h8Qn3l0o5cM2vY7bTz1rGk9Ds4Xe",
    checkpoint="trustwright.local/4fz9k2m8q0tw\n1284\n7mJ0hEoUkq9Wq1kq3Jm0b6uKk1nq8b1XwV0T5m0JX9A=\n\n"
    "— trustwright.local/4fz9k2m8q0tw m8QfB0Yz4k1oN3nH7rW2e9Lk0pQxV5c8sT1dJ6gAa2uE\n",
    verified=Notice("good", "All 1,284 entries verified.", "22 Nov 2026, 09:30 UTC, in 0.02 s."),
    rung=0,
    anchor="no anchor set",
    recent=(
        LoggedFact(1283, "09:35:00", "proposal.countersigned", "Noor Aziz",
                   Link("case-4fz9k2", "/console/cases/case-4fz9k2")),
        LoggedFact(1282, "09:31:11", "proposal.routed", "trustwright",
                   Link("case-4fz9k2", "/console/cases/case-4fz9k2")),
        LoggedFact(1281, "09:31:11", "proposal.edited", "Tomás Silva",
                   Link("case-4fz9k2", "/console/cases/case-4fz9k2")),
        LoggedFact(1280, "09:12:44", "hold.raised", "Idris Vale", None),
    ),
    downloads=(
        Link("Checkpoint", "/checkpoint"),
        Link("Tiles", "/console/ledger/tiles.zip"),
    ),
)  # fmt: skip
PEOPLE = People(
    frame=FRAME,
    members=(
        Member("lena.brandt", "Lena Brandt", "legal",
               (Passkey("cred-1", "3 Nov 2026", "on one device"),)),
        Member("noor.aziz", "Noor Aziz", "visitor-care",
               (Passkey("cred-2", "3 Nov 2026", "in a password manager"),
                Passkey("cred-3", "9 Nov 2026", "on one device")), absent="away until 25 Nov"),
        Member("idris.vale", "Idris Vale", "programme", ask="Invite"),
        Member("tomas.silva", "Tomás Silva", "visitor-care",
               invitation="Invited by Noor Aziz; one other person must confirm.", ask="Confirm"),
        Member("ada.roth", "Ada Roth", "visitor-care",
               invitation="A link was made and not used yet.", ask="New link"),
    ),
    systems=(
        System("reply-writer", "Drafts replies to visitors",
               (ApiKey("key-7h2m", "3 Nov 2026", "used 4 minutes ago"),), True),
        System("depot-bot", "Answers questions about the depot", (), True),
    ),
    reasons=("lost", "stolen", "left", "replaced"),
)  # fmt: skip
FORM = AwayForm((("noor.aziz", "Noor Aziz"), ("idris.vale", "Idris Vale")),
                (("replies", "Visitor replies"), ("letters", "Letters")))  # fmt: skip
PERSON = Person(
    frame=FRAME, id="lena.brandt", name="Lena Brandt", roles="visitor-care", total=102, late=1,
    hours="Mo-Fr 09:00-17:00, Europe/Berlin", instead="Noor Aziz stands in for them.",
    items=(
        Item("duty-1", "decide", SUBJECT, "Visitor replies", due(-200), "3 d", "nobody after them", "/console/cases/case-4fz9k2"),
        Item("duty-2", "keep the promise", NASTY, "Letters", due(4000), "9 d", "then Noor Aziz", "/console/cases/case-a8m2x5", True),
        Item("duty-3", "edit or refuse", "A case you don't read", "Legal", due(90), "0:40", "then Idris Vale")),
    absences=(Away("absence-1", "Away, Noor Aziz stands in, until 25 Nov 2026, 00:00 CET", True, True),
              Away("absence-2", "Gives letters away until 9 Dec 2026, 00:00 CET", False, False)),
    form=FORM,
)  # fmt: skip
HOLDS = Holds(
    frame=replace(FRAME, notices=(Notice("warn", "On hold: visitor-mail.", "Opt-outs doubled."),)),
    holds=(
        Hold("hold-1", "visitor-mail", "Opt-outs doubled since yesterday noon; asking the owner.",
             "Idris Vale", "22 Nov, 09:12 UTC", 1, True),
    ),
    scopes=(("all", "Everything"), ("workflow", "A workflow"), ("subject", "One customer")),
    targets=("visitor-mail", "answers", "invoices"),
    scope="workflow",
)  # fmt: skip
ADVICE = (
    "Put it into the system's secret store now. We keep only a digest, and can't show it again."
)
HOME = "http://localhost:8787/console"
TUNNEL = "ssh -L 8787:localhost:8787 192.0.2.10"
REST: dict[str, Page] = {
    "checks": Checks(
        frame=FRAME,
        record=plain(
            "Findings people judged", COLUMNS, [("citation", "9", "10", "90% (60% to 98%)", "2")]
        ),
    ),
    "edit": EditForm(frame=FRAME, id="case-4fz9k2", title=SUBJECT, seen="9f" * 32,
                     fields=(Field("subject", SUBJECT), Field("body", ORIGINAL)),
                     findings=tuple(replace(f, key=f"a1b2{f.number}", source=0) for f in FINDINGS[:3]),
                     because="The year is from the archive."),
    "edit-hostile": EditForm(frame=FRAME, id="case-4fz9k2", title=NASTY, seen="9f" * 32,
                             fields=(Field("body", NASTY),), note=NASTY,
                             problem="Somebody else edited this text meanwhile."),
    "refuse": RefuseForm(frame=FRAME, id="case-4fz9k2", title=SUBJECT,
                         problem="Say why: the system learns from it."),
    "hand-on": HandOnForm(frame=FRAME, id="case-4fz9k2", title=SUBJECT, colleagues=(
        Colleague("noor.aziz", "Noor Aziz", "visitor-care"),
        Colleague("idris.vale", "Idris Vale", "programme", True))),
    "people": PEOPLE,
    "people-once": replace(PEOPLE, once=Once(
        "The API key of depot-bot", "twk_7h2m9x.Jq0xY4kR7nB2cL5pA8Vt1mJq0xY4kR7n", ADVICE)),
    "duties": Duties(
        frame=FRAME, waiting=6, late=1, mine="/console/duties/lena.brandt",
        people=(
            Load("Noor Aziz", "/console/duties/noor.aziz", 4, 1, "3 d", due(-12)),
            Load("Idris Vale", "/console/duties/idris.vale", 2, 0, "5:20", due(200), "away until 24 Nov 2026"),
            Load("Lena Brandt", "/console/duties/lena.brandt", away="away until 2 Dec 2026")),
        workflows=(
            Load("Visitor replies", "/console?workflow=replies", 5, 1, "3 d", due(-12)),
            Load("gone (no longer in the charter)", "", 1, 0, "9 d", due(2000)))),
    "person": PERSON,
    "person-nothing": replace(PERSON, items=(), total=0, late=0, absences=(), form=None),
    "person-refused": replace(PERSON, form=replace(FORM, first="2026-11-24", last="2026-11-23", to="noor.aziz",
                              problem="The last day is before the first, or over.")),
    "holds": HOLDS,
    "erase": Erase(frame=FRAME),
    "erase-done": Erase(frame=FRAME, done="4 sealed texts were erased and 1 open cases closed."),
    "erase-refused": Erase(frame=FRAME, subject=NASTY, problem="Nothing is known under that name."),
    "holds-none": replace(HOLDS, frame=FRAME, holds=()),
    "ledger": LEDGER,
    "ledger-broken": replace(LEDGER, rung=2, anchor="/mnt/anchor, 2 minutes ago", verified=Notice(
        "bad", "Entry 812 isn't what was logged.", "Stop writing, keep the files, restore.")),
    "sign-in": SignIn(frame=OUTSIDE, site="localhost:8787"),
    "sign-in-ip": SignIn(frame=OUTSIDE, site="localhost:8787", elsewhere=HOME, tunnel=TUNNEL),
    "enrol": Enrol(frame=OUTSIDE, token="8Vt1mJq0", name="Tomás Silva", roles="visitor-care",
                   site="localhost:8787", until="23 Nov 2026, 09:00 UTC", sponsors="Noor Aziz"),
    "link-gone": LinkGone(frame=OUTSIDE),
    "verify": Verify(frame=OUTSIDE, origin=LEDGER.origin, log_key=LEDGER.log_key, demo=True,
                     static_page=Link("verify.html", "/verify.html"),
                     script=Link("verify.py", "/verify.py"),
                     rung="This log stands at L0: log only."),
    "error": Error(frame=FRAME, status=409, code="charter-changed",
                   sentence="The charter changed while you read.",
                   remedy="Open the case again: it was decided anew.",
                   back=Link("To the case", "/console/cases/case-4fz9k2")),
    "error-outside": Error(frame=OUTSIDE, status=404, code="not-found",
                           sentence="There is no such page."),
}  # fmt: skip
BATCH = Batch(
    frame=FRAME,
    id="batch-7t6c2mqk1v9d",
    about="Replies to customers · email · batch-7t6c2mqk1v9d",
    members=tuple(
        InBatch(f"case-4mz8h2kq0r{n:02}", title, f"{n + 10:02x}" * 32, n < 3, n < 5)
        for n, title in enumerate((SUBJECT, NASTY, *("Your parcel, and where it is",) * 7))
    ),
    sample=5,
    left=2,
    next="/console/cases/case-4mz8h2kq0r03?batch=batch-7t6c2mqk1v9d",
)
BATCH_READY = replace(
    BATCH,
    left=0,
    next="",
    signing=Signing("/begin", "/finish", "With one signature you answer for all 9 texts.", ()),
)

MARKS = [charts.Mark(f"week {n}", 0.12 + (n % 4) / 1000, 0.11, 0.13, False) for n in range(20)] + [
    charts.Mark("week 20", 0.09, 0.11, 0.13, True)
]
ALARM = Alarm(
    id="alarm-4fz9k2",
    about=Link("visitors.language", "/console/signals/visitors/language"),
    why="moved",
    tone="block",
    sentences=(
        "language 'de' where country is AT fell from 59.1 % to 48.0 %; weeks usually move ±0.1; "
        "your limit is 1.0.",
        "language 'de' fell from 11.8 % to 9.6 %; weeks usually move ±0.1; your limit is 1.0.",
    ),
    span="16 Nov 2026 to 22 Nov 2026",
    rows=20_000,
    segment="country is AT",
    last_clean="9 Nov 2026",
    chart=charts.line("alarm-4fz9k2", "language: share of de", MARKS, 330, 150),
    holds=("visitor-mail", "answers"),
    who="Noor Aziz, Idris Vale or a role that adopts charters",
    asked="Noor Aziz",
    due=due(-12),
    may_answer=True,
    may_stay=True,
)
ANSWERED = replace(
    ALARM,
    id="alarm-8d1k2m",
    chart=charts.line("alarm-8d1k2m", "language: share of de", MARKS[:9], 330, 150),
    holds=(),
    asked="",
    due=None,
    may_answer=False,
    said="a false alarm: Noor Aziz, 3 Nov 2026, 10:02 CET",
    reason="The museum night brought other visitors.",
)
FAILED = RuleEnd(
    id="language-tags",
    check="language-tag 1",
    state=State("stop", "bad"),
    counted="412 of 20,000 rows (2.1 %)",
    says="`language` is no language tag.",
    flaws=(("`de_DE` is written `de-DE`", 400), ("`xx` is no language", 12)),
    examples=(Example("v-000120", "language de_DE"), Example("v-000310", "language xx")),
    hidden=False,
    agreed="Letters go out in the visitor's language.",
    owner="Noor Aziz",
    since="16 Nov 2026",
    remedy="Write tags with a hyphen where the table is made.",
)
SIGNALS = Signals(
    frame=replace(FRAME, signals=True),
    tables=(
        Mapped("visitors", "/console/signals/visitors", (State("failed", "bad"), State("1 alarm", "bad")),
               "20,000 rows, 17 rules: 2 failed, 1 not run, 14 passed. 1 high-risk field has gaps.",
               Age("42 min ago", "2026-11-22T08:58:00Z", "22 Nov 2026, 09:58 CET"), "16 Nov 2026",
               "Noor Aziz, Idris Vale", ("visitor-mail", "answers")),
        Mapped("tickets", "/console/signals/tickets", (State("passed", "good"),),
               "812,440 rows, 9 rules: 9 passed.",
               Age("3 d ago", "2026-11-19T08:58:00Z", "19 Nov 2026, 09:58 CET"),
               "nothing is watched", "Lena Brandt", ()),
        Mapped("partners", "/console/signals/partners", (State("never checked", "warn"),), "",
               None, "none yet", "nobody", ()),
    ),
)  # fmt: skip
TABLE = TablePage(
    frame=SIGNALS.frame,
    name="visitors",
    states=SIGNALS.tables[0].states,
    about="crm 1.4.0, key visitor, 17 rules; a failure keeps back visitor-mail.",
    alarms=(ALARM,),
    report=Report(
        SIGNALS.tables[0].told,
        Age("42 min ago", "2026-11-22T08:58:00Z", "22 Nov 2026, 09:58 CET"),
        "22 Nov 2026",
        (
            FAILED,
            replace(FAILED, id="status", state=State("look at it", "warn"), examples=(), flaws=(),
                    hidden=True),
            replace(FAILED, id="orphans", state=State("not run", "bad"), counted="", remedy="",
                    says="The table `accounts` wasn't named. Name it with --against.",
                    flaws=(), examples=()),
            replace(FAILED, id="zip", state=State("accepted", "good"), examples=(), flaws=(),
                    accepted="2026-12-31 by idris.vale: the old portal is switched off then"),
        ),
        ("id-unique", "mail-not-null", "consent-values"),
    ),
    watched=(
        Watched("language", "/console/signals/visitors/language", "share, each week, by country",
                State("alarm", "bad"), "16 Nov 2026"),
        Watched("opted_out", "/console/signals/visitors/opted_out", "stock, each day",
                State("as usual", "good"), "16 Nov 2026"),
    ),
    fields=plain(
        "Field map",
        ("field", "type", "risk", "owner", "source", "allowed values", "no older than", "lacks", "read by"),
        [
            ("visitor", "string, required, unique", "low", "Idris Vale", "crm.visitors", "", "", "", ""),
            ("language", "string", "high", "Noor Aziz", "crm.visitors", "de, en, fr", "36 h", "", "visitor-mail"),
            ("consent", "boolean", "high", "", "", "", "36 h", "owner, source", "visitor-mail"),
        ],
        note="3 fields",
    ),
    false="False alarms: 1 of 3 answered.",
)  # fmt: skip
FIELD = FieldPage(
    frame=SIGNALS.frame,
    table=Link("visitors", "/console/signals/visitors"),
    name="language",
    about="Owned by Noor Aziz. An alarm stops what reads it: visitor-mail.",
    segments=(SignalChoice("whole table", "/console/signals/visitors/language", True),
              SignalChoice("country is AT", "/console/signals/visitors/language?segment=country%3DAT", False)),
    drawings=tuple(
        Drawing(value, charts.line(f"value-{n}", f"language: share of {value}", MARKS, 330, 150))
        for n, value in enumerate(("de", "en", "fr", NASTY))
    ),
    numbers=None,
    undrawn="",
    open=(ALARM,),
    answered=(ANSWERED,),
    false="False alarms: 1 of 3 answered.",
)  # fmt: skip
TABLES: dict[str, Page] = {
    "signals": SIGNALS,
    "signals-none": replace(SIGNALS, tables=()),
    "table": TABLE,
    "table-hostile": replace(
        TABLE,
        name=NASTY,
        alarms=(replace(ALARM, about=Link(NASTY, "/x"), sentences=(NASTY, NASTY), segment=NASTY),),
        report=Report(
            NASTY,
            Age("now", "", ""),
            "",
            (
                replace(
                    FAILED,
                    says=NASTY,
                    flaws=((NASTY, 1),),
                    examples=(Example(NASTY, NASTY),),
                    remedy=NASTY,
                ),
            ),
            (),
        ),
    ),
    "table-never": replace(TABLE, states=(State("never checked", "warn"),), alarms=(), report=None),
    "field": FIELD,
    "field-none": replace(
        FIELD, open=(), answered=(), drawings=(), undrawn="No snapshot of it was recorded yet."
    ),
}

PAGES: dict[str, Page] = {
    **TABLES,
    "batch": BATCH,
    "batch-ready": BATCH_READY,
    "queue": QUEUE,
    "queue-empty": EMPTY_QUEUE,
    "queue-filtered": FILTERED_QUEUE,
    "case": CASE,
    "case-edited": EDITED_CASE,
    "case-void": VOID_CASE,
    "case-released": RELEASED_CASE,
    "case-stopped": STOPPED_CASE,
    "case-signed": SIGNED_CASE,
    "case-refused": REFUSED_CASE,
    "case-voided": VOIDED_CASE,
    "case-hostile": HOSTILE_CASE,
    "charter": CHARTER,
    "charter-proposed": PROPOSED,
    "charter-problems": PROBLEMS,
    **REST,
}
