"""What machines do: the clock goes back, the disk is full."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from sqlalchemy import select

from tests.ledger.stores import Site, problems, raise_one
from trustwright.duties.queries import duties
from trustwright.kernel.actors import WORKER, Person
from trustwright.kernel.errors import NotFound, Unavailable
from trustwright.ledger import proving
from trustwright.ledger.work import UnitOfWork
from trustwright.proposals.model import Status
from trustwright.proposals.queries import cases
from trustwright.testing.company import Company

ADA = Person("ada")
HALF_AN_HOUR = timedelta(minutes=30)


def test_a_clock_set_back_an_hour_moves_no_deadline(company: Company) -> None:
    """What is recorded meanwhile is dated as the last entry was, and so is all that follows from it."""
    copilot = company.system()
    first = copilot.proposes("First.").case
    used = company.app.write(ADA, lambda uow: uow.remember("x", "1", "v", uow.now + HALF_AN_HOUR))
    assert used is None
    company.wait(hours=-1)
    second = copilot.proposes("Second.").case
    with company.view() as view:
        stamps = [fact.at for fact in view.after(0)]
        due = dict(view.rows(select(duties.c.case, duties.c.due)))
        ends = dict(view.rows(select(cases.c.stream, cases.c.expires)))
    assert stamps == sorted(stamps)
    assert due[second] == due[first]
    assert ends[second] == ends[first]
    company.wait(hours=1, minutes=31)
    gone = company.app.ledger.write(ADA, lambda uow: uow.consume("x", "1"))
    assert isinstance(gone.exception(), NotFound), "it outlived its half hour"
    company.wait(days=400)
    company.asks("proposals.expire", WORKER)
    assert {company.case(id).status for id in (first, second)} == {Status.EXPIRED}
    assert problems(company) == ()


def fill(site: Site, size: int) -> list[object]:
    """What becomes of writing that many megabytes, one by one."""
    found: list[object] = []
    for _ in range(size):
        asked = site.company.app.ledger.write(ADA, megabyte)
        found.append(asked.exception())
    return found


def megabyte(uow: UnitOfWork) -> None:
    uow.seal(raise_one(uow), "reason", os.urandom(10**6))


def test_a_full_disk_is_not_now_and_nothing_is_lost(site: Site) -> None:
    """The operating system refuses a file beyond a size, as it does when the disk is full."""
    company = site.company
    kept = company.app.ledger.write(ADA, raise_one).result()
    with company.view() as view:
        before = proving.size(view)
    with small_files(site, 16 * 2**20):
        outcomes = fill(site, 40)
        written = outcomes.count(None)
        assert 0 < written < 40
        assert {getattr(e, "code", "") for e in outcomes if e} == {"store-unavailable"}
        with company.view() as view:
            assert proving.size(view) == before + written
    for _ in range(3):
        with suppress(Unavailable):
            company.app.ledger.write(ADA, raise_one).result()
    assert company.app.ledger.write(ADA, raise_one).result()
    assert problems(company) == ()
    with company.view() as view:
        assert view.facts(kept)
        assert company.app.ledger.examine(view) == ()


@contextmanager
def small_files(site: Site, size: int) -> Iterator[None]:
    """Neither this process, or the database server, may let a file grow beyond `size` bytes."""
    if site.server:
        site.server.stop()
        site.server.start(largest=size)
        yield
        site.server.stop()
        site.server.start()
        return
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
