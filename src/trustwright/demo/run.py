"""Do the main job: make or continue the workspace, submit everything, count, tell two stories."""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from trustwright.app import App, Settings, create
from trustwright.charter.document import FILES
from trustwright.charter.service import adopt_for_demo, demand_charter, in_force
from trustwright.demo import measure, story
from trustwright.demo.items import Item, Reply, answers, replies
from trustwright.demo.result import Result
from trustwright.kernel.actors import WORKER, Machine
from trustwright.kernel.errors import NotFound, Refused
from trustwright.ledger.work import View
from trustwright.proposals.model import Submitted
from trustwright.proposals.orders import Details

AT_ONCE = 256

Watch = Callable[[int, int], None]


def unwatched(done: int, of: int) -> None:
    """Progress nobody wants to see."""


def run(
    folder: Path,
    url: str = Settings.url,
    items: Sequence[Item] | None = None,
    watch: Watch = unwatched,
) -> Result:
    """The demonstration in `folder`, made there or continued; `items`: only these, not all there are.

    `watch` is told how many texts are in the ledger, of how many. Raises `Refused` for a workspace
    that isn't a demonstration, and leaves it as it was.
    """
    app = _opened(folder, url)
    try:
        cases = _submitted(app, items or [*replies(), *answers()], watch)
        return _result(app, cases)
    finally:
        app.close()


def _opened(folder: Path, url: str) -> App:
    settings = Settings(dir=folder, url=url)
    try:
        app = App(settings)
    except NotFound:
        _demand_a_place(folder)
        app = create(settings, demo=True)
    with app.ledger.view() as view:
        demo, agreed = view.genesis.demo, in_force(view) is not None
    if not demo:
        app.close()
        raise Refused(
            "not-a-demo",
            f"{folder} is a workspace already, and not a demonstration.",
            "Name another folder with --dir.",
        )
    if not agreed:
        app.write(WORKER, lambda uow: adopt_for_demo(uow, charter_files()))
    return app


def _demand_a_place(folder: Path) -> None:
    """A workspace is many files: not among somebody's own, of which none is overwritten either."""
    if folder.is_dir() and any(path.name != "keys" for path in folder.iterdir()):
        raise Refused(
            "folder-in-use",
            f"{folder} holds something else, and the demonstration wants a folder of its own.",
            "Name a new or empty one with --dir.",
        )


def charter_files() -> dict[str, str]:
    """The invented company's charter: file name to YAML text."""
    folder = files("trustwright.demo") / "charter"
    return {name: (folder / name).read_text("utf-8") for name in [*FILES, "calendars.yaml"]}


def _submitted(app: App, items: Sequence[Item], watch: Watch) -> dict[Item, str]:
    """The case of every item; what isn't in the ledger yet is submitted, each as its own system."""
    with app.ledger.view() as view:
        known = _known(view)
    orders = {item: item.order() for item in items}
    found = {x: known[at] for x, o in orders.items() if (at := (o.system, o.title)) in known}
    for chunk in _chunks([item for item in items if item not in found]):
        asked = {item.key: orders[item] for item in chunk}
        told = app.many("proposals.submit", Machine(chunk[0].system), asked)
        found |= {item: told[item.key].case for item in chunk}
        watch(len(found), len(items))
    return found


def _known(view: View) -> dict[tuple[str, str], str]:
    """Cases by system and title. Keys against doing things twice are forgotten; the vault isn't."""
    known: dict[tuple[str, str], str] = {}
    for fact in view.of_kind(Submitted):
        assert isinstance(fact.body, Submitted)
        if opened := view.open(fact.body.details):
            title = Details.model_validate_json(opened.value).title
            known.setdefault((fact.body.system, title), fact.stream)
    return known


def _chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Together what one system wrote, in its order."""
    for system in dict.fromkeys(item.system for item in items):
        theirs = [item for item in items if item.system == system]
        yield from (theirs[at : at + AT_ONCE] for at in range(0, len(theirs), AT_ONCE))


def _result(app: App, cases: dict[Item, str]) -> Result:
    replied = {item: case for item, case in cases.items() if isinstance(item, Reply)}
    with app.ledger.view() as view:
        charter = demand_charter(view)
    proved = story.proved(app, charter, replied)
    handed_over = story.handed_over(app, charter, replied)
    with app.ledger.view() as view:
        return Result(
            workspace=app.settings.dir,
            company=charter.company.name,
            systems=len({item.system for item in cases}),
            proposals=measure.proposals(view),
            waits=measure.waits(view, charter),
            reasons=measure.reasons(view, charter),
            citation_check=measure.citation_check(view, replied),
            ledger=app.ledger.verify(view),
            proved=proved,
            handed_over=handed_over,
        )
