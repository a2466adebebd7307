"""The holds page: what stops releases now, raising and lifting."""

from fastapi import Response
from fastapi.responses import RedirectResponse

from trustwright.charter import service
from trustwright.duties import holds
from trustwright.duties import queries as duties
from trustwright.duties.holds_model import Hold as Standing
from trustwright.entrypoints.console.clock import exactly, zone
from trustwright.entrypoints.console.holds import Hold, Holds
from trustwright.entrypoints.console.names import Names, either
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.errors import Invalid
from trustwright.ledger.work import View
from trustwright.proposals import queries
from trustwright.proposals.model import Status, case

HERE = "/console/holds"
SCOPES = (("all", "Everything"), ("workflow", "One workflow"), ("subject", "One customer"))


async def show(visit: Visit) -> Response:
    return visit.show(_page(visit, {}))


async def raise_hold(visit: Visit) -> Response:
    form = await visit.form()
    order = {key: form.get(key, "") for key in ("scope", "target", "reason")}
    try:
        await visit.call("holds.raise", **order, legal="legal" in form)
    except Invalid as e:
        return visit.show(_page(visit, order, str(e)), e.status)
    return RedirectResponse(HERE, 303)


async def lift_hold(visit: Visit) -> Response:
    form = await visit.form()
    await visit.call("holds.lift", hold=visit.path("hold"), reason=form.get("reason", ""))
    return RedirectResponse(HERE, 303)


def _page(visit: Visit, typed: dict[str, str], problem: str = "") -> Holds:
    with visit.view() as view:
        charter, names = service.in_force(view), Names(view)
        workflows = tuple(w.id for w in charter.workflows) if charter else ()
        standing = duties.standing_holds(view)
        return Holds(
            frame=visit.frame(view),
            holds=tuple(_hold(view, names, hold, workflows) for hold in standing),
            scopes=SCOPES,
            targets=workflows,
            problem=problem,
            **typed,
        )


def _hold(view: View, names: Names, hold: Standing, workflows: tuple[str, ...]) -> Hold:
    reason = view.open(hold.reason)
    return Hold(
        id=hold.id,
        scope={"all": "Everything", "subject": "One customer"}.get(hold.scope, hold.target),
        reason=reason.value.decode() if reason else "The reason was erased.",
        by=names(hold.by),
        at=exactly(hold.raised, zone(view)),
        stops=_stops(view, hold, workflows),
        may_lift=holds.may_lift(view, hold),
        lifters=either(holds.lifters(view, hold)),
        legal=hold.legal,
        source=f"/console/signals/alarms/{hold.source}" if hold.source else "",
    )


def _stops(view: View, hold: Standing, workflows: tuple[str, ...]) -> int:
    """How many cases in its scope are countersigned and not out."""
    if hold.scope == "subject":
        about = (case(id, view.facts(id)) for id in queries.of_subject(view, hold.target))
        return sum(of.status is Status.SIGNED for of in about)
    among = workflows if hold.scope == "all" else (hold.target,)
    return queries.count(view, queries.Filter(among, (Status.SIGNED,)))
