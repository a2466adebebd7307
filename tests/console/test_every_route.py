"""Every address as everybody: what each may do is written down here, and a new address is too, or fails."""

import re
from collections.abc import Iterator

import pytest
from httpx2 import Response
from starlette.routing import Route

from tests.client.served import api_key
from trustwright.duties.queries import open_duties
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER, Person
from trustwright.ledger import proving
from trustwright.testing.company import files

from .caller import SITE, Caller, House, house

# Everything here is about the workflow `replies` and cases of `copilot`. gus was in the charter, fay has
# no role, dee reads other workflows and adopts charters, eve audits, bo reviews, ada owns, cy is asked
# late and adopts charters.
OUTSIDE = ("nobody", "expired", "signed out", "gus")
INSIDE = ("fay", "dee", "eve", "bo", "ada", "cy")
KEYS = ("none", "revoked", "other's", "own", "session")

ANYBODY = {
    "GET /": "303", "GET /console/assets/{name}": "200", "GET /console/enrol/{token}": "410",
    "GET /verify": "200", "GET /verify/offline": "200", "GET /verify/verify.py": "200",
    "GET /healthz": "200", "GET /healthz/worker": "503", "GET /log/checkpoint": "200", "GET /openapi.json": "200",
    "POST /console/passkey/sign-in/begin": "200",
    "POST /console/passkey/sign-in/finish": "passkey-unreadable",
    "POST /console/passkey/enrol/begin": "used-or-expired",
    "POST /console/passkey/enrol/finish": "used-or-expired",
}  # fmt: skip

# In the order of INSIDE; one word for all of them. A word is the code of what is wrong, else the status.
SIGNED_IN = {
    "GET /console/sign-in": "303",
    "GET /console": "200", "GET /console/duties": "200", "GET /console/charter": "200",
    "GET /console/people": "200", "GET /console/holds": "200", "GET /console/erase": "200",
    "GET /console/signals": "200",
    "GET /console/signals/{table}": "table-not-mapped",
    "GET /console/signals/{table}/{field}": "table-not-mapped",
    "GET /console/signals/alarms/{alarm}": "no-such-alarm",
    "POST /console/signals/alarms/{alarm}": "malformed",
    "GET /console/ledger": "200", "POST /console/ledger/verify": "303",
    "POST /console/passkey/another": "passkey-unreadable",
    "POST /console/charter/countersign/begin": "no-proposed-charter",
    "POST /console/charter/countersign/finish": "no-proposed-charter",
    "POST /console/people/{person}/invite": "unknown-person",
    "POST /console/people/{person}/revoke":
        "not-yours reason-unknown not-yours not-yours not-yours reason-unknown",
    "POST /console/systems/{system}/keys": "not-yours 200 not-yours not-yours 200 200",
    "POST /console/systems/{system}/keys/{key}/revoke":
        "not-yours 303 not-yours not-yours 303 303",
    "POST /console/holds": "422",
    "POST /console/holds/{hold}/lift": "not-yours 303 not-yours not-yours not-yours 303",
    "POST /console/erase": "409 404 409 409 409 404",
    "GET /console/cases/{id}": "no-such-case no-such-case 200 200 200 200",
    "GET /console/cases/{id}/edit": "no-such-case no-such-case may-only-read 200 200 200",
    "GET /console/cases/{id}/refuse": "no-such-case no-such-case may-only-read 200 200 200",
    "GET /console/cases/{id}/hand-on": "no-such-case no-such-case may-only-read 200 200 200",
    "GET /console/cases/{id}/evidence.zip": "no-such-case no-such-case 200 200 200 200",
    "POST /console/cases/{id}/countersign/begin":
        "no-such-case no-such-case not-a-signer 200 200 200",
    "POST /console/cases/{id}/countersign/finish": "no-such-case no-such-case "
        "used-or-expired used-or-expired used-or-expired used-or-expired",
    "GET /console/checks": "200",
    "POST /console/cases/{id}/judge": "no-such-case no-such-case "
        "may-only-read no-such-finding no-such-finding no-such-finding",
    "POST /console/cases/{id}/undo":
        "no-such-case no-such-case not-signed not-signed not-signed not-signed",
    "POST /console/cases/{id}/edit": "no-such-case no-such-case 409 409 409 409",
    "POST /console/cases/{id}/look": "malformed",
    "POST /console/cases/{id}/refuse": "no-such-case no-such-case 409 303 303 303",
    "POST /console/cases/{id}/hand-on": "no-such-case no-such-case 409 404 404 404",
    "GET /console/batches/{id}":
        "no-such-batch no-such-batch no-such-batch no-such-batch 200 no-such-batch",
    "POST /console/batches": "malformed",
    "POST /console/batches/{id}/countersign/begin": "no-such-batch no-such-batch no-such-batch "
        "no-such-batch sample-unopened no-such-batch",
    "POST /console/batches/{id}/countersign/finish": "no-such-batch no-such-batch no-such-batch "
        "no-such-batch sample-unopened no-such-batch",
    "POST /console/promises/{id}/keep": "no-such-duty no-such-duty no-such-duty no-such-duty 303 no-such-duty",
    "POST /console/promises/{id}/break": "no-such-duty no-such-duty no-such-duty no-such-duty 303 no-such-duty",
    "GET /console/duties/{person}": "200",
    "POST /console/duties/{person}/away": "409 303 409 409 303 303",
    "POST /console/absences/{absence}/end": "not-your-absence 303 not-your-absence not-your-absence 303 303",
    "POST /console/sign-out": "303",
}  # fmt: skip
# In the order of KEYS from the third on: without a valid key there is nothing.
MACHINES = {
    "charter.propose": "not-your-charter not-your-charter",
    "charter.replay": "not-your-charter not-your-charter",
    "charter.show": "200 200",
    "proposals.submit": "not-your-system 200",
    "proposals.status": "no-such-case 200",
    "proposals.evidence": "no-such-case 200",
    "proposals.list": "200 200",
    "proposals.outdated": "200 200",
    "proposals.take": "no-such-case not-released",
    "signals.backfill": "table-not-mapped table-not-mapped",
    "signals.record": "table-not-mapped table-not-mapped",
    "signals.report": "table-not-mapped table-not-mapped",
    "signals.reported": "table-not-mapped table-not-mapped",
    "signals.sending": "no-tolerance no-tolerance",
    "signals.watched": "table-not-mapped table-not-mapped",
    "proposals.delivered": "no-such-case not-taken",
    "proposals.withdraw": "no-such-case 200",
}


REPORT = {
    "table": "customers", "as_of": "2026-11-23T00:00:00Z", "fingerprint": "x", "rows": 1, "results": []
}  # fmt: skip
SNAPSHOT = {"table": "customers", "period": "2026-11-16", "fingerprint": "f", "rows": 1}
COUNTED = {"k": 0, "n": 10}


class World:
    """One company, everybody with a session, and what the addresses are about."""

    def __init__(self, home: House) -> None:
        self.home, self.company = home, home.company
        for person in ("gus", *INSIDE):
            self.company.person(person)
        self.company.adopts("cy", "dee", people=files()["people.yaml"])
        self.batch = self.drawn()
        self.late = self.session("bo")
        self.company.wait(hours=12)
        self.keys = {
            "own": api_key(self.company.app),
            "other's": api_key(self.company.app, "shadow"),
        }
        self.keys["revoked"] = api_key(self.company.app)
        self.revoke(self.keys["revoked"])

    def caller(self, who: str) -> Caller:
        """Their browser, with a session begun just now."""
        caller = self.home.visitor()
        if who != "nobody":
            token = self.late if who == "expired" else self.session(who)
            caller.client.cookies.set("tw_session", token)
        if who in INSIDE:
            caller.get("/console/holds")
        return caller

    def session(self, who: str) -> str:
        id = "bo" if who == "signed out" else who
        credential = self.company.person(id).credential
        write = self.company.app.write
        begun = write(WORKER, lambda uow: passkeys.start_session(uow, Person(id), credential))
        if who == "signed out":
            write(WORKER, lambda uow: passkeys.sign_out(uow, begun.token))
        return str(begun.token)

    def revoke(self, key: str) -> None:
        self.company.asks("people.revoke_key", Person("ada"), key=key.split("_")[1])

    def case(self) -> str:
        return str(self.company.system().proposes("We refund you.", subject="c").case)

    def drawn(self) -> str:
        cases = [self.case(), self.case()]
        return str(self.company.asks("batches.draw", Person("ada"), cases=cases).batch)

    def hold(self) -> str:
        ask = self.company.asks
        why = {"scope": "subject", "target": "x", "reason": "a letter"}
        return str(ask("holds.raise", Person("ada"), None, **why, legal=True).hold)

    def absence(self) -> str:
        days = {"first": "2026-12-01", "last": "2026-12-02"}
        return str(self.company.asks("absences.state", Person("ada"), person="ada", **days).absence)

    def promise(self) -> str:
        """A duty of ada's to keep her word."""
        said = {"quote": "We call you.", "owner": "ada", "due": "2026-12-01"}
        case = self.company.system().proposes("We call you.", promises=[said]).case
        self.company.person("ada").countersigns(case)
        with self.company.view() as view:
            return next(d.id for d in open_duties(view, case) if d.what == "keep-promise")

    def entries(self) -> int:
        with self.company.view() as view:
            return proving.size(view)

    def asks(self, caller: Caller, route: str) -> str:
        return self.sends(caller, route.partition(" ")[0], self.place(route))

    def place(self, route: str) -> str:
        """The path, about something there is."""
        path = route.partition(" ")[2]
        place = path.split("/")[2] if path.count("/") > 1 else ""
        ids = {
            "cases": self.case() if "/cases/" in path else "",
            "batches": self.batch,
            "promises": self.promise() if "/promises/" in path else "",
        }
        return path.format(
            id=ids.get(place, ""),
            name="mark.svg",
            token="x.y",
            person="ada" if "/duties/" in path else "nobody",
            table="none",
            field="none",
            alarm="alarm-x",
            absence=self.absence() if "{absence}" in path else "",
            system="copilot",
            key=api_key(self.company.app).split("_")[1] if "{key}" in path else "",
            hold=self.hold() if "{hold}" in path else "",
        )

    def sends(self, caller: Caller, method: str, path: str) -> str:
        if method == "GET":
            return told(caller.get(path))
        if re.search(r"/(begin|finish|another)$", path):
            return told(caller.fetches(path, statement="statement-x", credential={}))
        return told(caller.posts(path, **self.form(path)))

    def post(self, key: str, verb: str) -> Response:
        """Asked by a machine, or with a person's session instead of a key."""
        text = [{"name": "body", "text": "We refund you."}]
        orders = {
            "charter.propose": {"files": {}},
            "charter.show": {},
            "charter.replay": {},
            "proposals.list": {},
            "proposals.outdated": {},
            "signals.backfill": {"snapshots": [SNAPSHOT]},
            "signals.record": {"snapshot": SNAPSHOT},
            "signals.sending": {"workflow": "replies", "send": "x", "what": "bounces"} | COUNTED,
            "signals.watched": {"table": "customers"},
            "signals.reported": {"table": "customers"},
            "signals.report": REPORT,
            "proposals.submit": {"system": "copilot", "workflow": "replies", "parts": text},
        }
        caller = self.caller("ada" if key == "session" else "nobody")
        headers = {"authorization": f"Bearer {self.keys[key]}"} if key in self.keys else {}
        order = orders.get(verb) if verb in orders else {"case": self.case()}
        return caller.client.post(f"/v1/{verb}", json=order, headers=headers)

    def calls(self, key: str, verb: str) -> str:
        return told(self.post(key, verb))

    def form(self, path: str) -> dict[str, str]:
        """Enough to be let through by whoever may, and no more."""
        last = path.rpartition("/")[2]
        forms = {
            "revoke": {"credential": self.company.person("dee").credential, "reason": "why"},
            "holds": {"scope": "all", "target": "x", "reason": "r"},
            "lift": {"reason": "r"},
            "erase": {"subject": "somebody"},
            "edit": {"seen": "x", "name": "body", "text": "y"},
            "refuse": {"reason": "no"},
            "judge": {"finding": "none", "right": "yes"},
            "keep": {"proof": "We called."},
            "break": {"reason": "Nobody was there."},
            "hand-on": {"to": "nobody", "question": "q"},
            "batches": {"case": "case-x"},
            "away": {"first": "2026-12-01", "last": "2026-12-02"},
        }
        return {} if "/keys/" in path else forms.get(last, {})


def told(answer: Response) -> str:
    """The code of what is wrong; else the status."""
    if found := re.search(r"<code>([\w-]+)</code> · \d+", answer.text):
        return found[1]
    if answer.headers.get("content-type") == "application/problem+json":
        return str(answer.json()["code"])
    return str(answer.status_code)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    line = "  - {id: gus, name: Gus, email: gus@birch.example, roles: [sales]}\nroles:\n"
    gus = files()["people.yaml"].replace("roles:\n", line, 1)
    company = files()["company.yaml"] + "batches: {most: 40, low: 200}\n"
    with house(tmp_path_factory.mktemp("company"), people=gus, company=company) as home:
        yield World(home)


def routes(home: House) -> dict[str, Route]:
    return {
        f"{'GET' if 'GET' in (route.methods or ()) else 'POST'} {route.path}": route
        for route in home.web.routes
        if isinstance(route, Route)
    }


def test_a_new_address_is_written_down_here(world: World) -> None:
    known = {*ANYBODY, *SIGNED_IN, *(f"POST /v1/{verb}" for verb in MACHINES)}
    assert known == set(routes(world.home))


@pytest.mark.parametrize("route", ANYBODY)
def test_what_is_open_is_the_same_for_everybody(world: World, route: str) -> None:
    answers = {who: world.asks(world.caller(who), route) for who in (*OUTSIDE, *INSIDE)}
    assert answers == dict.fromkeys(answers, ANYBODY[route])


@pytest.mark.parametrize("route", SIGNED_IN)
def test_from_outside_one_is_shown_the_way_in(world: World, route: str) -> None:
    fetch = re.search(r"/(begin|finish|another)$", route)
    before = "200" if route == "GET /console/sign-in" else "not-signed-in" if fetch else "303"
    answers = {who: world.asks(world.caller(who), route) for who in OUTSIDE}
    left = "303" if route == "GET /console/sign-in" else "not-in-charter"
    assert answers == {**dict.fromkeys(OUTSIDE, before), "gus": left}


@pytest.mark.parametrize("route", SIGNED_IN)
def test_inside_one_may_what_ones_roles_allow(world: World, route: str) -> None:
    said = SIGNED_IN[route].split()
    expected = said if len(said) > 1 else said * len(INSIDE)
    answers = {who: world.asks(world.caller(who), route) for who in INSIDE}
    assert answers == dict(zip(INSIDE, expected, strict=True))


FORMS = [route for route in (*ANYBODY, *SIGNED_IN) if route.startswith("POST")]


@pytest.mark.parametrize("route", FORMS)
def test_another_sites_page_does_nothing_here(world: World, route: str) -> None:
    """Sent by a browser that is signed in as somebody who may; and it may, from our own page."""
    path, ada, others = world.place(route), world.caller("ada"), world.caller("bo").csrf
    before = world.entries()
    for origin in ("https://evil.example", "null", "http://localhost:8788", ""):
        ada.origin = origin
        assert world.sends(ada, "POST", path) == "wrong-site", origin
    if route in SIGNED_IN:
        ada.origin, own = SITE, ada.csrf
        for ada.csrf in ("", "0" * 64, others):
            looks = path.endswith("/look")  # A script's, as JSON.
            said = told(ada.fetches(path)) if looks else world.sends(ada, "POST", path)
            assert said == "form-outdated"
        ada.csrf = own
    assert world.entries() == before
    ada.origin = SITE
    assert world.sends(ada, "POST", path) not in ("wrong-site", "form-outdated", "not-signed-in")


@pytest.mark.parametrize("verb", MACHINES)
def test_a_key_opens_its_own_systems_cases(world: World, verb: str) -> None:
    answers = {key: world.calls(key, verb) for key in KEYS}
    other, own = MACHINES[verb].split()
    closed = dict.fromkeys(KEYS, "not-signed-in")
    assert answers == {**closed, "other's": other, "own": own}


def test_a_list_has_no_case_of_another_system(world: World) -> None:
    world.case()
    assert world.post("other's", "proposals.list").json()["cases"] == []
    assert world.post("own", "proposals.list").json()["cases"]
