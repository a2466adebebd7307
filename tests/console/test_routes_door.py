"""Coming in and going out: links that work once, passkeys, cookies, and posts from elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER

from .caller import House, house


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as home:
        yield home


def link(home: House, person: str) -> str:
    """The token of a link for the first person."""
    token = home.company.app.write(WORKER, lambda uow: passkeys.invite(uow, person)).token
    assert token
    return str(token)


def test_the_first_person_enrols_through_the_link_and_is_in(home: House) -> None:
    guest, token = home.visitor(), link(home, "ada")
    page = guest.get(f"/console/enrol/{token}")
    assert page.status_code == 200
    assert "Welcome, Ada Birch" in page.text
    assert "24 Nov 2026, 09:00 UTC" in page.text
    answer = guest.enrolls(token)
    assert answer.json() == {"location": "/console"}
    assert guest.get("/console/people").status_code == 200
    assert "Ada Birch" in guest.get("/console/people").text


def test_with_no_charter_in_force_enrolling_leads_to_the_one_proposed(tmp_path: Path) -> None:
    with house(tmp_path, demo=False) as home:
        home.company.adopts()
        assert home.visitor().enrolls(link(home, "cy")).json() == {"location": "/console/charter"}


def test_a_link_works_once(home: House) -> None:
    token = link(home, "ada")
    home.visitor().enrolls(token)
    late = home.visitor()
    for gone in (token, "never.was", "x"):
        page = late.get(f"/console/enrol/{gone}")
        assert page.status_code == 410
        assert "This link no longer works" in page.text
        again = late.enrolls(gone)
        assert (again.status_code, again.json()["code"]) == (404, "used-or-expired")


def test_a_link_lapses_after_a_day(home: House) -> None:
    token = link(home, "ada")
    home.company.wait(hours=24)
    assert home.visitor().get(f"/console/enrol/{token}").status_code == 410


def test_a_person_signs_in_and_out(home: House) -> None:
    ada, home_page = home.person("ada"), "/console/holds"
    assert ada.get("/console/sign-in").headers["location"] == "/console"
    out = ada.posts("/console/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, "/console/sign-in")
    assert "tw_session" not in ada.client.cookies
    gone = ada.get(home_page)
    assert gone.status_code == 303
    assert gone.headers["location"] == "/console/sign-in?next=%2Fconsole%2Fholds"


def test_a_cookie_kept_after_signing_out_opens_nothing(home: House) -> None:
    ada = home.person("ada")
    cookie = f"tw_session={ada.client.cookies['tw_session']}"
    ada.posts("/console/sign-out")
    assert home.visitor().get("/console/holds", cookie=cookie).status_code == 303


def test_a_session_ends_by_itself_and_with_its_passkey(home: House) -> None:
    ada, bo = home.person("ada"), home.person("bo")
    credential = home.company.person("ada").credential
    ada.posts("/console/people/ada/revoke", credential=credential, reason="lost")
    assert ada.get("/console/holds").status_code == 303
    home.company.wait(hours=12)
    assert bo.get("/console/holds").status_code == 303


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_session_cookie_is_for_our_own_pages_alone(home: House, scheme: str) -> None:
    caller, app = home.visitor(), home.company.app
    caller.device = home.company.person("ada").device
    caller.origin = f"{scheme}://localhost:8787"
    app.settings = replace(app.settings, url=caller.origin)
    cookie = caller.signs_in().headers["set-cookie"].lower().split("; ")
    assert {"httponly", "path=/", "samesite=strict", "max-age=43200"} <= set(cookie)
    assert ("secure" in cookie) is (scheme == "https")


@pytest.mark.parametrize(
    ("next", "to"),
    [
        ("/console/cases/case-1?part=2", "/console/cases/case-1?part=2"),
        ("", "/console"),
        ("https://evil.example/console", "/console"),
        ("//evil.example", "/console"),
        ("/console\\..\\evil", "/console"),
        ("/consoleevil", "/console"),
        ("/console@evil.example", "/console"),
        ("javascript:alert(1)", "/console"),
        ("/console/\nx", "/console"),
    ],
)
def test_after_sign_in_one_stays_in_the_console(home: House, next: str, to: str) -> None:
    caller = home.visitor()
    caller.device = home.company.person("ada").device
    assert caller.signs_in(next).json() == {"location": to}


def test_the_sign_in_page_carries_where_one_wanted_to_go(home: House) -> None:
    page = home.visitor().get("/console/sign-in?next=%2Fconsole%2Fcases%2Fcase-1")
    assert 'data-send="next" value="/console/cases/case-1"' in page.text


def test_a_link_from_a_mail_asks_again_from_our_own_page(home: House) -> None:
    page = home.visitor().get("/console/holds?a=%22%3E", **{"sec-fetch-site": "cross-site"})
    assert page.status_code == 200
    assert re.search(r'http-equiv="refresh" content="0;url=/console/holds\?a=%22%3E"', page.text)


@pytest.mark.parametrize(
    ("site", "tunnel"),
    [
        ("http://127.0.0.1:8787", ""),
        ("http://[::1]:8787", ""),
        ("http://localhost:9000", ""),
        ("http://192.0.2.7:8787", "ssh -N -L 8787:localhost:8787 192.0.2.7"),
        ("http://desk.example:8787", "ssh -N -L 8787:localhost:8787 desk.example"),
    ],
)
def test_at_an_address_without_passkeys_the_page_says_which_has_them(
    home: House, site: str, tunnel: str
) -> None:
    page = home.visitor(site).get("/console/sign-in?next=/console/holds").text
    assert 'href="http://localhost:8787/console/sign-in?next=/console/holds"' in page
    assert "Use my passkey" not in page
    assert (tunnel in page) if tunnel else ("ssh" not in page)
    token = link(home, "ada")
    page = home.visitor(site).get(f"/console/enrol/{token}").text
    assert f'href="http://localhost:8787/console/enrol/{token}"' in page
    assert "Create my passkey" not in page


def test_another_passkey_does_not_open(home: House) -> None:
    home.person("ada")
    stranger = home.visitor()
    stranger.device.create(
        '{"excludeCredentials": [], "challenge": "AAAA",'
        ' "user": {"id": "AAAA"}, "rp": {"id": "localhost"}}'
    )
    answer = stranger.signs_in()
    assert (answer.status_code, answer.json()["code"]) == (404, "credential-unknown")


@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://127.0.0.1:8787"])
def test_nothing_is_done_for_another_site(home: House, origin: str) -> None:
    ada = home.person("ada")
    ada.origin = origin
    assert ada.posts("/console/holds", scope="all", reason="x").status_code == 403
    assert ada.fetches("/console/charter/countersign/begin").json()["code"] == "wrong-site"
    assert ada.fetches("/console/passkey/sign-in/begin").json()["code"] == "wrong-site"
    assert "No hold in force" in ada.get("/console/holds").text


def test_nothing_is_done_without_the_token_of_the_session(home: House) -> None:
    ada, bo = home.person("ada"), home.person("bo")
    for token in ("", bo.csrf, "\u00e9", ada.csrf[:-1]):
        answer = ada.posts("/console/holds", csrf=token, scope="all", reason="x")
        assert answer.status_code == 403
        assert "form-outdated" in answer.text
    ada.csrf = bo.csrf
    begun = ada.fetches("/console/charter/countersign/begin")
    assert (begun.status_code, begun.json()["code"]) == (403, "form-outdated")


@pytest.mark.parametrize(
    "body", [b"csrf=\xff", b"csrf=%FF", b"&".join([b"a=1"] * 300), b"\x00", b""], ids=repr
)
def test_a_form_that_is_none_is_refused(home: House, body: bytes) -> None:
    ada = home.person("ada")
    answer = ada.client.post("/console/holds", content=body, headers={"origin": ada.origin})
    assert answer.status_code in (403, 422)
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'"x"', b"{", b'{"credential": 7}', b"\xff"], ids=repr
)
def test_a_fetch_that_is_none_is_refused(home: House, body: bytes) -> None:
    headers = {"origin": "http://localhost:8787", "content-type": "application/json"}
    for kind in ("sign-in", "enrol"):
        path = f"/console/passkey/{kind}/finish"
        answer = home.visitor().client.post(path, content=body, headers=headers)
        assert answer.status_code in (404, 422)
        assert answer.json()["title"]


def test_a_fetch_nested_too_deeply_is_refused(home: House) -> None:
    ada = home.person("ada")
    headers = {"origin": ada.origin, "x-csrf-token": ada.csrf, "content-type": "application/json"}
    body = b'{"statement": "s", "credential": ' + b'{"a":' * 995 + b"1" + b"}" * 996
    answer = ada.client.post("/console/charter/countersign/finish", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_somebody_not_signed_in_is_told_so_in_kind(home: House) -> None:
    nobody = home.visitor()
    assert nobody.posts("/console/holds", scope="all").headers["location"] == "/console/sign-in"
    fetched = nobody.fetches("/console/charter/countersign/begin")
    assert (fetched.status_code, fetched.json()["code"]) == (401, "not-signed-in")
