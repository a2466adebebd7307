"""Is this workspace well? What isn't agreed, protected or alive, each with its remedy."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from trustwright.entrypoints.cli import terminal
from trustwright.entrypoints.cli.cases import Dir, Format, at
from trustwright.entrypoints.cli.workspace import opened
from trustwright.kernel.errors import Problem

if TYPE_CHECKING:
    from trustwright.app import App
    from trustwright.charter.model import Charter
    from trustwright.ledger.work import View


PATIENCE = timedelta(minutes=1)  # what machines that share a database may differ by


@dataclass(frozen=True)
class Sign:
    """What the doctor sees. `warn` wants something done; `note` is good to know."""

    level: Literal["ok", "note", "warn"]
    sentence: str
    remedy: str = ""


def doctor(dir: Dir = None, format: Format = "text") -> int:
    """Say how a workspace is, and what to do about it.

    Exit 1 if something wants doing.
    """
    with opened(dir) as app, app.ledger.view() as view:
        signs = [
            *_folder(app, view),
            *_clock(view),
            *_anchor(app),
            *_life(app, view),
            *_agreed(view),
        ]
    if format == "json":
        terminal.data(json.dumps([asdict(sign) for sign in signs], indent=2))
    else:
        lines = (f"{sign.level:<5} {sign.sentence} {sign.remedy}".rstrip() for sign in signs)
        terminal.data(terminal.visible("\n".join(lines)))
    terminal.then(
        f"trustwright verify{at(dir)}",
        "walks over every entry of the log, and what lies beside it.",
    )
    return int(any(sign.level == "warn" for sign in signs))


def _folder(app: "App", view: "View") -> Iterator[Sign]:
    from trustwright.ledger import proving

    folder, genesis = app.settings.dir, view.genesis
    kind = "demo workspace" if genesis.demo else "workspace"
    yield Sign("ok", f"{folder} is a {kind} of {genesis.site} with {proving.size(view)} entries.")
    if app.settings.database:
        yield Sign("ok", f"Its facts are in {app.ledger.store}.")
    yield from (Sign("warn", flaw, "Ask whoever runs it.") for flaw in app.ledger.store.flaws())
    if not app.ledger.writable():
        yield Sign(
            "warn",
            f"This account can't write in {folder}.",
            "Mend its rights, there and in the database.",
        )
    else:
        yield from _goes_on(app)
    loose = [p for p in (folder / "keys").glob("*") if p.stat().st_mode & 0o077]
    if loose:
        yield Sign("warn", f"Others can read {loose[0]}.", f"chmod 600 {folder}/keys/*")
    yield Sign(
        "note",
        "Access to these files is full trust: among them are the log's key and the vault's.",
        "Keep the folder to the account that serves it.",
    )
    if app.settings.url not in (genesis.site, type(app.settings).url):
        yield Sign(
            "warn",
            f"TRUSTWRIGHT_URL says {app.settings.url}, the workspace {genesis.site}.",
            "Passkeys work under the workspace's address alone; unset the other.",
        )


def _goes_on(app: "App") -> Iterator[Sign]:
    """Whether the log would take another entry: it won't once it lies behind what was published."""
    from trustwright.kernel.actors import WORKER

    try:
        app.write(WORKER, lambda uow: None)
    except Problem as e:
        yield Sign("warn", e.sentence, e.remedy)


def _clock(view: "View") -> Iterator[Sign]:
    """Whether this machine's clock lies behind the log, as after it was set back."""
    from trustwright.ledger import proving

    behind = proving.latest(view) - view.now
    if behind > PATIENCE:
        yield Sign(
            "warn",
            f"This machine's clock is {str(behind).split('.')[0]} behind the log's last entry.",
            "Set it right. Until it catches up, what is recorded bears the last entry's moment, and "
            "nothing falls due or expires.",
        )


def _anchor(app: "App") -> Iterator[Sign]:
    if app.settings.anchor is None:
        yield Sign(
            "note",
            "Trust level L0: whoever restores an older copy of the whole folder isn't seen.",
            "Keep checkpoints on another disk: `trustwright serve --anchor DIR` reaches L1.",
        )
    elif not app.settings.anchor.is_dir():
        yield Sign("warn", f"The anchor {app.settings.anchor} isn't a folder.", "Mount or make it.")
    else:
        yield Sign("ok", f"Trust level L1: {app.settings.anchor} keeps the newest checkpoint too.")


def _life(app: "App", view: "View") -> Iterator[Sign]:
    from trustwright.app.worker import health, waits
    from trustwright.charter.service import in_force
    from trustwright.connectors.channels.mail import Mail
    from trustwright.connectors.channels.webhook import Webhook

    life = health(view)
    if life == "alive":
        yield Sign("ok", "A worker is alive: duties escalate and cases expire.")
    elif life == "failing":
        sentence = "A worker runs, and not everything it should do succeeds."
        yield Sign("warn", sentence, "The server's log says what fails.")
    else:
        yield Sign(
            "warn" if in_force(view) and waits(view) else "note",
            "No worker is alive: no duty escalates, no case expires, no event goes out.",
            "`trustwright serve` runs one.",
        )
    s = app.settings
    try:
        if s.webhook_url:
            Webhook(s.webhook_url, s.webhook_secret)
        if s.smtp_url:
            Mail(s.smtp_url, s.mail_from)
    except Problem as e:
        yield Sign("warn", e.sentence, e.remedy)
    for said in view.all_remembered("failing").values():
        yield Sign("warn", said, "It is tried again; nothing is lost.")


def _agreed(view: "View") -> Iterator[Sign]:
    from trustwright.charter import service
    from trustwright.identity import queries

    charter, basis = service.in_force(view), service.basis(view)
    if charter is None:
        yield Sign(
            "warn",
            "No charter is in force, so nothing can be decided.",
            "`trustwright charter adopt` puts one forward; people countersign it.",
        )
        return
    yield BASIS[basis]
    people = len(queries.enrolled_people(view))
    if people == 0:
        yield Sign("warn", "Nobody has a passkey.", "`trustwright serve` prints the first link.")
    else:
        yield Sign("ok", f"{people} of {len(charter.people)} people have a passkey.")
    yield from _register(view, charter)
    yield from _owed(view)


def _owed(view: "View") -> Iterator[Sign]:
    from trustwright.duties.asked import unanswered
    from trustwright.proposals.queries import loads

    for workflow in unanswered(view):
        sentence = f"Nobody answers for {workflow}: everybody is away, and nobody stands in."
        yield Sign("warn", sentence, "Name somebody on the duties page, or in the charter.")
    if late := sum(load.late for load in loads(view, "owner")):
        sentence = f"{late} duties are late." if late > 1 else "One duty is late."
        yield Sign("warn", sentence, "`trustwright duties` lists them.")


BASIS = {
    "bootstrap": Sign(
        "warn",
        "The charter rests on one signature, so nothing goes without a person.",
        "A second person countersigns it in the console.",
    ),
    "demo": Sign("note", "The charter is a demo's: nobody signed it, and it decides."),
    "agreed": Sign("ok", "The charter in force is agreed by more than one person."),
}


def _register(view: "View", charter: "Charter") -> Iterator[Sign]:
    for system in charter.systems:
        if missing := charter.missing(system.id):
            sentence = f"{system.id} may not submit: the register lacks its {', '.join(missing)}."
            yield Sign("warn", sentence, "Complete systems.yaml and adopt the charter.")
    for evidence in charter.evidence:
        if evidence.valid_until < view.now.date():
            sentence = f"The evidence {evidence.id} expired on {evidence.valid_until}."
            yield Sign("warn", sentence, "Renew it in evidence.yaml, or drop the claim.")
