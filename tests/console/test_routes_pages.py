"""Every address for everybody: who sees what, under which headers, and hostile words as words."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from trustwright.entrypoints.console import ledger_page, routes
from trustwright.entrypoints.console.render import ASSETS
from trustwright.entrypoints.guard import CSP
from trustwright.ledger import bundle

from .caller import Caller, House, house

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">{{ 7*7 }}\u202e'
ROLES = ("nobody", "eve", "ada", "fay", "cy")
OPEN = {"/": 303, "/console/sign-in": 200, "/verify": 200, "/verify/offline": 200,
        "/verify/verify.py": 200, "/console/assets/mark.svg": 200, "/console/enrol/none": 410,
        "/console/assets/none.js": 404, "/log/checkpoint": 200, "/healthz": 200,
        "/openapi.json": 200, "/nothing": 404}  # fmt: skip
INSIDE = (
    "/console/charter",
    "/console/people",
    "/console/holds",
    "/console/erase",
    "/console/ledger",
    "/console/signals",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house(tmp_path_factory.mktemp("company")) as home:
        home.company.adopts(evidence="evidence: []")
        yield home


@pytest.fixture(scope="module")
def callers(home: House) -> dict[str, Caller]:
    return {role: home.visitor() if role == "nobody" else home.person(role) for role in ROLES}


def test_the_tables_here_name_every_route() -> None:
    paths = {path.replace("{name}", "mark.svg").replace("{token}", "none") for path in routes.GET}
    assert {path for path in paths if "{" not in path} <= {*OPEN, *INSIDE}


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_which_page(callers: dict[str, Caller], role: str) -> None:
    inside = 303 if role == "nobody" else 200
    table = OPEN | dict.fromkeys(INSIDE, inside)
    if role != "nobody":
        table["/console/sign-in"] = 303
    assert {path: callers[role].get(path).status_code for path in table} == table


@pytest.mark.parametrize("role", ["nobody", "ada"])
def test_every_answer_carries_the_headers(callers: dict[str, Caller], role: str) -> None:
    caller = callers[role]
    answers = [caller.get(path) for path in (*OPEN, *INSIDE)]
    answers += [
        caller.posts("/console/holds", csrf=""),
        caller.fetches("/console/passkey/sign-in/finish"),
        caller.client.post("/v1/charter.show"),
        caller.client.put("/console/holds"),
        caller.client.get("/nothing"),
    ]
    own = {"/verify/offline": bundle.page_policy(bundle.verify_page())}
    for answer in answers:
        path, headers = answer.url.path, dict(answer.headers)
        assert headers["content-security-policy"] == own.get(path, CSP), path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        cached = "no-cache" if "/assets/mark" in path else "no-store"
        assert headers["cache-control"] == cached, path


def test_what_is_missing_is_a_page_for_people_and_json_for_programs(
    callers: dict[str, Caller],
) -> None:
    page = callers["ada"].get("/console/nothing")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Ada Birch" in page.text
    wrong = callers["ada"].client.put("/console/holds", headers={"accept": "text/html"})
    assert wrong.status_code == 405
    told = callers["nobody"].client.get("/console/nothing")
    assert told.headers["content-type"] == "application/problem+json"


def test_a_bug_is_a_calm_page(callers: dict[str, Caller], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_page, "RECENT", "secret-7")
    page = callers["ada"].get("/console/ledger")
    assert page.status_code == 500
    assert "Something went wrong here." in page.text
    assert "secret-7" not in page.text
    assert "Traceback" not in page.text


def test_assets_are_kept_as_long_as_they_are_the_same(callers: dict[str, Caller]) -> None:
    for path in ASSETS.iterdir():
        first = callers["nobody"].get(f"/console/assets/{path.name}")
        assert first.content == path.read_bytes()
        again = callers["nobody"].get(
            f"/console/assets/{path.name}", **{"if-none-match": first.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
    for name in ("..%2frender.py", "%2e%2e/render.py", "templates/base.html"):
        assert callers["nobody"].get(f"/console/assets/{name}").status_code == 404


def test_an_outsider_gets_what_they_verify_with(callers: dict[str, Caller]) -> None:
    nobody, home = callers["nobody"], callers["nobody"].get("/verify").text
    for href in ("/verify/offline", "/verify/verify.py"):
        assert f'href="{href}" download' in home
    assert nobody.get("/verify/verify.py").content == bundle.verify_program()
    assert nobody.get("/verify/offline").content == bundle.verify_page()
    assert "demonstration with invented people" in home


def test_the_ledger_says_how_far_trust_reaches_and_verifies_itself(home: House) -> None:
    eve = home.person("eve")
    page = eve.get("/console/ledger").text
    assert "Not verified since the server started." in page
    assert 'aria-current="true"><b>L0</b>' in page
    assert eve.posts("/console/ledger/verify").headers["location"] == "/console/ledger"
    page = eve.get("/console/ledger").text
    assert "entries verified." in page
    with home.company.view() as view:
        assert escape(view.genesis.log_key) in page
    assert '<a href="/console/charter">charter</a>' in page
    assert "Eve Hazel" in page


def test_everybody_is_told_what_stands(home: House) -> None:
    page = home.person("fay").get("/console/people").text
    assert "Demo workspace" in page
    assert "no worker is running" in page
    assert "A hold stops releases" not in page


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    name = '"<b>Mallory</b><img src=x onerror=alert(1)>"'
    people = House.people(cy=name)
    with house(tmp_path, people=people) as home:
        cy = home.person("cy")
        cy.posts("/console/holds", scope="all", reason=EVIL)
        refused = cy.posts("/console/holds", scope="all", target=EVIL, reason=EVIL)
        assert refused.status_code == 422
        for page in (refused, *(cy.get(path) for path in INSIDE), cy.get(f"/console/{EVIL}"),
                     home.visitor().get(f"/console/sign-in?next={EVIL}")):  # fmt: skip
            assert "<b>Mallory" not in page.text
            assert "<script>alert" not in page.text
            assert "<img src=x" not in page.text
            assert ">49" not in page.text
        assert "&lt;b&gt;Mallory" in refused.text
        assert "&lt;script&gt;alert(1)" in cy.get("/console/holds").text
