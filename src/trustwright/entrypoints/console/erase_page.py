"""The erase page: forgetting somebody written to, for good."""

from fastapi import Response

from trustwright.entrypoints.console.erase import Erase
from trustwright.entrypoints.console.visit import Visit
from trustwright.kernel.errors import Problem


async def show(visit: Visit) -> Response:
    return visit.show(_page(visit))


async def erase(visit: Visit) -> Response:
    subject = (await visit.form()).get("subject", "")
    try:
        gone = await visit.call("subjects.erase", subject=subject)
    except Problem as e:
        return visit.show(_page(visit, subject=subject, problem=str(e)), e.status)
    done = f"{gone.items} sealed texts were erased and {gone.cases} open cases closed."
    return visit.show(_page(visit, done=done))


def _page(visit: Visit, **said: str) -> Erase:
    with visit.view() as view:
        return Erase(frame=visit.frame(view), **said)
