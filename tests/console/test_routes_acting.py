"""What people do outside of cases: adopt a charter, let others in, give keys, hold and lift."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from trustwright.charter.reading import read
from trustwright.entrypoints.console.charter_grids import changes
from trustwright.identity import passkeys
from trustwright.kernel.actors import WORKER
from trustwright.kernel.canonical import canonical, from_b64u
from trustwright.ledger.vault import commit
from trustwright.testing.company import files

from .caller import House, house, said

AT = "/console/charter/countersign"
HARDER = files()["rights.yaml"].replace("checkable: true", "checkable: true\n      sourced: true")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as home:
        yield home


def shown_parts(page: str) -> list[list[str]]:
    """What passkey.js reads back: names and text contents of the parts, tags left out."""
    found = re.findall(r'<div class="text code" data-part="([^"]*)">(.*?)</div>', page, re.DOTALL)
    return [[unescape(name), unescape(re.sub(r"<[^>]*>", "", text))] for name, text in found]


def secret(page: str) -> str:
    found = re.search(r'role="status".*?<code class="secret">(.*?)</code>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_a_first_charter_is_bootstrap_until_a_second_person_countersigns(tmp_path: Path) -> None:
    with house(tmp_path, demo=False) as home:
        home.company.adopts()
        cy, dee = home.person("cy"), home.person("dee")
        page = cy.get("/console/charter").text
        assert "No charter is in force yet" in page
        assert "One is proposed: read it, and countersign it." in page
        assert page.count("anybody with a passkey here") == 2
        assert cy.countersigns(AT).json() == {"location": "/console/charter"}
        page = cy.get("/console/charter").text
        assert "Adopted 23 Nov 2026, 09:00 UTC by Cy Rowan alone" in page
        assert "One person alone adopted this charter." in page
        assert "You have countersigned it." in page
        assert "What AI may do alone stays the same." not in page
        assert "data-begin" not in page
        again = cy.countersigns(AT)
        assert again.status_code in (200, 409)
        assert "One person alone" in cy.get("/console/charter").text
        dee.countersigns(AT)
        page = dee.get("/console/charter").text
        assert "Adopted 23 Nov 2026, 09:00 UTC by Cy Rowan and Dee Alder." in page
        assert "data-part" not in page


def test_what_is_signed_is_what_the_page_shows(home: House) -> None:
    home.company.adopts(rights=HARDER)
    cy = home.person("cy")
    parts = shown_parts(cy.get("/console/charter").text)
    assert [name for name, _ in parts] == ["What AI may do alone", *sorted(files())]
    begun = cy.fetches(f"{AT}/begin").json()
    content = commit("content", from_b64u(begun["salt"]), canonical(parts))
    statement = said(begun)
    assert statement["content"] == content
    must = re.findall(r'data-must="(\w+)" value="([^"]*)"', cy.get("/console/charter").text)
    assert {name for name, _ in must} == {"decision", "case", "approver", "log", "charter"}
    assert {name: statement[name] for name, _ in must} == dict(must)


def test_an_agreed_charter_is_changed_by_the_roles_that_adopt(home: House) -> None:
    home.company.adopts("cy", "dee", evidence="evidence: []")
    home.company.adopts(rights=HARDER)
    ada, cy = home.person("ada"), home.person("cy")
    page = ada.get("/console/charter").text
    assert "Cy Rowan or Dee Alder" in page
    assert re.search(r'<tr class="gone"><td[^>]*>loses</td><td[^>]*>[^<]*sourced: false, \?', page)
    assert "risk: low; sourced: true; workflow" in page
    ada.countersigns(AT)
    assert "Ada Birch" in ada.get("/console/charter").text
    assert "data-part" in ada.get("/console/charter").text
    cy.countersigns(AT)
    page = cy.get("/console/charter").text
    assert "data-part" not in page
    assert "by Ada Birch and Cy Rowan." in page


def test_a_signature_for_another_statement_does_not_adopt(home: House) -> None:
    home.company.adopts(rights=HARDER)
    cy = home.person("cy")
    one, other = (cy.fetches(f"{AT}/begin").json() for _ in range(2))
    credential = cy.device.get(canonical(one["options"]).decode())
    sent = {"statement": said(other)["id"], "credential": credential}
    answer = cy.fetches(f"{AT}/finish", **sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge-mismatch")
    assert cy.fetches(f"{AT}/finish").json()["code"] == "malformed"
    assert cy.fetches(f"{AT}/finish", statement="statement-x", credential={}).status_code == 404


def test_a_page_older_than_the_proposal_does_not_match_what_would_be_signed(home: House) -> None:
    home.company.adopts(rights=HARDER)
    cy = home.person("cy")
    parts = shown_parts(cy.get("/console/charter").text)
    home.company.adopts(
        rights=HARDER.replace("sourced: true", "sourced: true\n      promises: false")
    )
    begun = cy.fetches(f"{AT}/begin").json()
    assert said(begun)["content"] != commit("content", from_b64u(begun["salt"]), canonical(parts))


def test_with_nothing_proposed_there_is_nothing_to_sign(home: House) -> None:
    cy = home.person("cy")
    assert cy.countersigns(AT).json()["code"] == "no-proposed-charter"
    assert "nobody signed it" in cy.get("/console/charter").text


def test_an_invitation_needs_two_others_once_there_are_two(home: House) -> None:
    ada, bo, eve = (home.person(id) for id in ("ada", "bo", "eve"))
    asked = ada.posts("/console/people/fay/invite")
    assert (asked.status_code, asked.headers["location"]) == (303, "/console/people")
    assert "Invited by Ada Birch; one other person must confirm." in ada.get("/console/people").text
    assert ">Confirm<" not in ada.get("/console/people").text
    ada.posts("/console/people/fay/invite")
    assert ">Confirm<" in bo.get("/console/people").text
    once = bo.posts("/console/people/fay/invite")
    link = secret(once.text)
    assert link not in bo.get("/console/people").text
    assert "not used yet" in bo.get("/console/people").text
    guest = home.visitor()
    page = guest.get(link.removeprefix("http://localhost:8787"))
    assert "confirmed by Ada Birch and Bo Lind" in page.text
    newer = secret(eve.posts("/console/people/fay/invite").text)
    assert guest.get(link.removeprefix("http://localhost:8787")).status_code == 410
    assert guest.enrolls(newer.rpartition("/")[2]).json() == {"location": "/console"}
    assert "Fay Elm" in guest.get("/console/people").text


def test_nobody_is_invited_who_is_not_of_the_charter(home: House) -> None:
    ada, _ = home.person("ada"), home.person("bo")
    assert ada.posts("/console/people/mallory/invite").status_code == 404
    assert ada.posts("/console/people/ada/invite").status_code == 409


def test_a_key_is_shown_once_works_and_is_revoked(home: House) -> None:
    ada = home.person("ada")
    page = ada.posts("/console/systems/copilot/keys")
    key = secret(page.text)
    assert key not in ada.get("/console/people").text
    system = home.visitor().client
    bearer = {"authorization": f"Bearer {key}"}
    order = {"system": "copilot", "workflow": "replies", "parts": [{"name": "body", "text": "Hi"}]}
    answer = system.post("/v1/proposals.submit", json=order, headers=bearer)
    assert answer.status_code == 200, answer.text
    id = key.split("_")[1]
    assert id in ada.get("/console/people").text
    assert ada.posts(f"/console/systems/copilot/keys/{id}/revoke").status_code == 303
    assert system.post("/v1/proposals.submit", json=order, headers=bearer).status_code == 401
    assert ada.posts(f"/console/systems/copilot/keys/{id}/revoke").status_code == 404


@pytest.mark.parametrize(("person", "may"), [("ada", True), ("cy", True), ("bo", False)])
def test_keys_are_given_by_the_owner_or_who_adopts_charters(
    home: House, person: str, may: bool
) -> None:
    home.company.person("ada")
    caller = home.person(person)
    page = caller.get("/console/people").text
    assert ('action="/console/systems/copilot/keys"' in page) is may
    assert ("Ada Birch or a role that adopts charters can issue one." in page) is not may
    answer = caller.posts("/console/systems/copilot/keys")
    assert answer.status_code == (200 if may else 409)
    assert ("tw_" in answer.text) is may


def test_one_takes_away_ones_own_passkey_and_the_board_anybodys(home: House) -> None:
    ada, bo, cy = (home.person(id) for id in ("ada", "bo", "cy"))
    of_ada = {"credential": home.company.person("ada").credential, "reason": "lost"}
    assert of_ada["credential"] not in bo.get("/console/people").text
    assert bo.posts("/console/people/ada/revoke", **of_ada).status_code == 409
    assert cy.posts("/console/people/ada/revoke", **of_ada | {"reason": "why"}).status_code == 422
    assert cy.posts("/console/people/ada/revoke", **of_ada).status_code == 303
    assert ada.get("/console/people").status_code == 303
    assert ada.signs_in().json()["code"] == "credential-revoked"
    assert cy.posts("/console/people/ada/revoke", **of_ada).status_code == 409


def test_who_left_the_charter_is_still_shown_until_their_passkey_ends(home: House) -> None:
    home.person("fay")
    left = re.sub(r".*id: fay.*\n", "", files()["people.yaml"])
    home.company.adopts("cy", "dee", people=left)
    page = home.person("cy").get("/console/people").text
    assert "no longer in the charter" in page
    assert home.company.person("fay").credential in page


def without_bo(home: House) -> None:
    """The charter again, in which somebody else does what Bo did."""
    people = home.company.files["people.yaml"].replace("id: bo,", "id: bob,")
    changed = {"people": people.replace("substitute: bo}", "substitute: cy}")}
    for name in ("systems", "workflows"):
        changed[name] = re.sub(r": bo\b", ": bob", home.company.files[f"{name}.yaml"])
    home.company.adopts("cy", "dee", **changed)


@pytest.mark.parametrize(
    "page", ["", "/charter", "/people", "/holds", "/ledger", "/duties", "/erase", "/sign-out"]
)
def test_who_left_the_charter_is_signed_out_at_once_and_not_let_in_again(
    home: House, page: str
) -> None:
    bo = home.person("bo")
    bo.posts("/console/holds", scope="all", reason="A secret.")
    cookie = f"tw_session={bo.client.cookies['tw_session']}"
    without_bo(home)
    seen = bo.posts("/console/sign-out") if page == "/sign-out" else bo.get(f"/console{page}")
    assert (seen.status_code, "in the charter any more" in seen.text) == (409, True)
    assert "secret" not in seen.text
    assert "Ada" not in seen.text
    assert "tw_session" not in bo.client.cookies
    assert home.visitor().get("/console/people", cookie=cookie).status_code == 303
    assert bo.get("/console/people").headers["location"].startswith("/console/sign-in")
    assert (bo.signs_in().status_code, bo.signs_in().json()["code"]) == (409, "not-in-charter")


def test_who_revokes_everybody_elses_keys_can_still_not_let_in_alone_whom_they_like(
    home: House,
) -> None:
    """The attack: as the only one left with a key, be every colleague one after the other."""
    ada, bo, cy, dee = (home.person(id) for id in ("ada", "bo", "cy", "dee"))
    for victim in ("ada", "bo", "dee"):
        of = {"credential": home.company.person(victim).credential, "reason": "left"}
        assert cy.posts(f"/console/people/{victim}/revoke", **of).status_code == 303
    assert [each.get("/console").status_code for each in (ada, bo, dee)] == [303, 303, 303]
    for puppet in ("fay", "ada"):
        asked = cy.posts(f"/console/people/{puppet}/invite")
        assert (asked.status_code, "/console/enrol/" in asked.text) == (303, False)
    assert cy.get("/console/people").text.count("one other person must confirm.") == 2
    assert cy.posts("/console/people/cy/invite").status_code == 409
    # The way back is whoever runs the server: recorded, and seen by who let them in.
    token = home.company.app.write(WORKER, lambda uow: passkeys.recover(uow, "dee"))
    again = home.visitor()
    assert "confirmed by trustwright" in again.get(f"/console/enrol/{token}").text
    assert again.enrolls(token).json() == {"location": "/console"}
    assert "identity.invited" in again.get("/console/ledger").text
    assert ">Confirm<" in again.get("/console/people").text


def test_who_has_a_passkey_adds_another_and_needs_no_colleague(home: House) -> None:
    ada, _ = home.person("ada"), home.person("bo")
    page = ada.get("/console/people").text
    assert page.count("Add another passkey") == 1
    assert "With one alone, a lost device keeps you out." in page
    link = ada.adds_a_passkey().json()["location"]
    phone = home.visitor()
    assert "24 Nov" not in phone.get(link).text
    assert "23 Nov 2026, 09:10 UTC" in phone.get(link).text
    assert phone.enrolls(link.rpartition("/")[2]).json() == {"location": "/console"}
    assert ada.get("/console/people").text.count("Passkey since") == 3
    lost = {"credential": home.company.person("ada").credential, "reason": "lost"}
    assert phone.posts("/console/people/ada/revoke", **lost).status_code == 303
    assert ada.get("/console/people").status_code == 303
    assert phone.get("/console/people").status_code == 200


def test_another_passkey_is_asked_for_with_ones_own_and_not_with_a_session(home: House) -> None:
    ada, bo = home.person("ada"), home.person("bo")
    thief = home.visitor()
    thief.client.cookies.set("tw_session", ada.client.cookies["tw_session"])
    thief.get("/console/people")
    thief.device = bo.device
    refused = thief.adds_a_passkey()
    assert (refused.status_code, refused.json()["code"]) == (409, "other-person")
    nobody = home.visitor()
    nobody.device = ada.device
    assert nobody.adds_a_passkey().json()["code"] == "not-signed-in"


def test_a_stolen_passkey_leaves_no_link_behind(home: House) -> None:
    ada, cy = home.person("ada"), home.person("cy")
    link = ada.adds_a_passkey().json()["location"]
    stolen = {"credential": home.company.person("ada").credential, "reason": "stolen"}
    cy.posts("/console/people/ada/revoke", **stolen)
    thief = home.visitor()
    assert thief.get(link).status_code == 409
    assert thief.enrolls(link.rpartition("/")[2]).json()["code"] == "credential-revoked"
    home.company.wait(minutes=10)
    assert thief.get(link).status_code == 410


def test_a_hold_is_raised_seen_and_lifted(home: House) -> None:
    ada, bo = home.person("ada"), home.person("bo")
    raised = {"scope": "workflow", "target": "replies", "reason": "opt-outs doubled"}
    assert ada.posts("/console/holds", **raised).headers["location"] == "/console/holds"
    page = bo.get("/console/holds").text
    assert "opt-outs doubled" in page
    assert "Ada Birch, 23 Nov 2026, 09:00 UTC" in page
    assert "A hold stops releases." in bo.get("/console/people").text
    found = re.search(r'action="(/console/holds/hold-\w+/lift)"', page)
    assert found
    assert bo.posts(found[1], reason="").status_code == 422
    assert bo.posts(found[1], reason="all is well").status_code == 303
    assert "No hold in force" in ada.get("/console/holds").text
    assert bo.posts(found[1], reason="again").status_code == 404


def test_a_hold_counts_the_cases_that_wait_for_it_alone(home: House) -> None:
    ada = home.person("ada")
    ada.posts("/console/holds", scope="all", reason="a fire", legal="yes")
    ada.posts("/console/holds", scope="subject", target="customer-7", reason="a complaint")
    case = home.company.system().proposes("Hi", subject="customer-7").case
    home.company.person("ada").countersigns(case)
    page = ada.get("/console/holds").text
    assert page.count("1 case waits for nothing else.") == 2
    assert "customer-7" not in page
    assert "legal</span>" in page


def test_what_was_typed_is_not_lost_with_a_hold_that_can_not_be(home: House) -> None:
    answer = home.person("ada").posts("/console/holds", scope="all", target="faq", reason="why not")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="faq"' in answer.text
    assert "why not" in answer.text


@pytest.mark.parametrize(
    ("file", "was", "now", "told"),
    [
        ("company", "high: 4}", "high: 6}", ("4", "6")),
        ("company", "Birch & Sons", "Birch & Co", ("Birch & Sons", "Birch & Co")),
        ("people", "fay@birch", "fay.elm@birch", ("fay@birch.example", "fay.elm@birch.example")),
        ("people", "substitute: bo", "substitute: cy", ("Bo Lind", "Cy Rowan")),
        ("people", "reads_all: true", "reads_all: false", ("yes", "no")),
        ("systems", "data_use: The customer", "data_use: A customer", ("The cust", "A cust")),
        ("workflows", "sensitive: true", "sensitive: false", ("yes", "no")),
        ("workflows", "channel: chat", "channel: chat\n    label: {external: never}",
         ("“Written with AI", "inside only")),
        ("rights", "default: owner", "default: block", ("otherwise owner", "otherwise block")),
        ("rights", "A letter binds us.", "A letter binds.", ("binds us.", "binds.")),
        ("restraints", "diagnos*", "diagnosis", ("diagnos*", "diagnosis")),
        ("evidence", "2030-01-01", "2026-01-01", ("2030-01-01", "2026-01-01 (ended)")),
    ],
)  # fmt: skip
def test_the_page_tells_whatever_a_proposed_charter_would_change(
    file: str, was: str, now: str, told: tuple[str, str]
) -> None:
    old, new = files(), files()
    new[f"{file}.yaml"] = old[f"{file}.yaml"].replace(was, now, 1)
    found = changes(read(old), read(new), date(2026, 11, 23))
    pairs = [(c.was or "", c.words) for grid in found for row in grid.rows for c in row.cells]
    pairs += [(grid.note.partition("now")[0], grid.note.partition("now")[2]) for grid in found]
    assert [pair for pair in pairs if told[0] in pair[0] and told[1] in pair[1]]


def test_somebody_is_forgotten_by_whoever_may(home: House) -> None:
    home.company.system().proposes("Hello.", subject="customer-7", workflow="notices")
    assert "not-yours" not in home.person("cy").get("/console/erase").text
    refused = home.person("ada").posts("/console/erase", subject="customer-7")
    assert "adopts charters may erase" in refused.text
    done = home.person("cy").posts("/console/erase", subject="customer-7")
    assert "1 open cases closed" in done.text
    again = home.person("cy").posts("/console/erase", subject="customer-7")
    assert "Nothing is known under that name" in again.text


def test_what_the_rules_leave_out_is_told_before_one_signs(home: House) -> None:
    page = home.person("cy").get("/console/charter").text
    assert "What only the default decides" in page
    assert "Rules to look at" in page
    idle = """\
  - id: idle
    owner: cy
    reason: It is always overruled.
    review_by: 2026-01-01
    when: {worst_finding: block, sourced: true}
    then: {outcome: owner}
"""
    home.company.adopts(rights=f"{files()['rights.yaml'].rstrip()}\n{idle}")
    page = home.person("cy").get("/console/charter").text
    proposed, in_force = page.split("In force</h2>")
    assert "The rule idle never decides: " in proposed
    assert "The rule idle was to be reviewed by 2026-01-01." in proposed
    assert "idle" not in in_force


def test_what_it_would_have_decided_is_told_with_the_cases_one_may_open(home: House) -> None:
    case = home.company.system().proposes("Good morning.").case
    looser = files()["rights.yaml"].replace("checkable: true", "sourced: [true, false]")
    home.company.adopts(rights=looser)
    ada, fay = (home.person(one).get("/console/charter").text for one in ("ada", "fay"))
    for page in (ada, fay):
        assert "Of the last 1 cases 1 would newly have gone out alone and 0 no longer" in page
    assert f'href="/console/cases/{case}"' in ada
    assert case not in fay
