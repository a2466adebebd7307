"""The desk over HTTP: what people of a company do with a case, and what the pages tell them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from httpx2 import Response

from trustwright.kernel.actors import WORKER
from trustwright.ledger import verifier
from trustwright.testing.company import files

from .caller import SITE, Caller, House, house, said
from .sample import NASTY

SOURCE = "The Royal Blue ran between New York City and Washington from 1890 on."
RIGHT = "The Royal Blue ran from New York City to Washington from 1890 on."
WRONG = "The Royal Blue ran from New York City to Washington from 1891 on."


@pytest.fixture
def at(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path / "workspace") as made:
        yield made


def proposed(at: House, text: str = WRONG, **more: Any) -> str:
    return str(at.company.system().proposes(text, source=SOURCE, **more).case)


def page(caller: Caller, path: str) -> str:
    """A page's words, without its tags."""
    answer = caller.get(path)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def edits(caller: Caller, case: str, text: str, note: str = "") -> Response:
    form = caller.get(f"/console/cases/{case}/edit").text
    found = re.search(r'name="seen" value="(\w+)"', form)
    assert found
    return caller.posts(
        f"/console/cases/{case}/edit", seen=found[1], name="body", text=text, note=note
    )


def test_from_the_queue_to_a_release_an_outsider_can_verify(at: House) -> None:
    case = proposed(at, title="About the Royal Blue")
    ada, bo = at.person("ada"), at.person("bo")
    assert "About the Royal Blue in 2 d Replies · copilot owner 1 warn" in page(ada, "/console")
    shown = page(ada, f"/console/cases/{case}")
    assert "Not by itself : sourced-alone wants worst_finding: none (it is warn)" in shown
    assert "Ada Birch owes it; late, it goes to Bo Lind." in shown
    assert "“Written with AI, answered for by Ada Birch”" in shown
    assert edits(ada, case, RIGHT, "The year is from the source.").headers["location"] == (
        f"/console/cases/{case}"
    )
    edited = page(ada, f"/console/cases/{case}")
    assert "You edited this text, so somebody else countersigns it." in edited
    assert "“The year is from the source.”" in edited
    assert "As edited by Ada Birch" in page(bo, f"/console/cases/{case}")
    signed = bo.countersigns(f"/console/cases/{case}/countersign")
    assert signed.json() == {"location": f"/console/cases/{case}"}
    released = page(bo, f"/console/cases/{case}")
    assert "Released. Countersigned by Bo Lind" in released
    bundle = bo.get(f"/console/cases/{case}/evidence.zip")
    assert bundle.headers["content-type"] == "application/zip"
    assert f"evidence-{case}.zip" in bundle.headers["content-disposition"]
    key = at.company.app.ledger.signer.vkey
    assert verifier.verify(bundle.content, key)["verdict"] == "ok"
    assert "verify.html" in ZipFile(BytesIO(bundle.content)).namelist()


def test_the_statement_says_what_the_page_said(at: House) -> None:
    case = proposed(at)
    ada = at.person("ada")
    html = ada.get(f"/console/cases/{case}").text
    must = dict(re.findall(r'data-must="(\w+)" value="([^"]*)"', html))
    statement = said(ada.fetches(f"/console/cases/{case}/countersign/begin").json())
    assert {"case", "decision", "role", "channel", "charter", "label"} == set(must)
    assert {key: statement[key] for key in must} == must


def test_refused_with_a_reason_and_closed(at: House) -> None:
    case = proposed(at)
    ada, here = at.person("ada"), f"/console/cases/{case}"
    ada.get(f"{here}/refuse")
    nothing = ada.posts(f"{here}/refuse", reason="")
    assert nothing.status_code == 422
    assert 'role="alert"' in nothing.text
    assert ada.posts(f"{here}/refuse", reason="The year is wrong.").status_code == 303
    shown = page(ada, here)
    assert "Refused. By Ada Birch" in shown
    assert "The year is wrong." in shown
    assert "Countersign A" not in shown
    late = ada.posts(f"{here}/refuse", reason="Once more, in other words.")
    assert late.status_code == 409
    assert "This case is refused already." in late.text
    assert "Once more, in other words." in late.text
    assert ada.get(f"{here}/refuse").status_code == 409


def test_handed_on_with_a_question(at: House) -> None:
    case = proposed(at)
    ada, bo, here = at.person("ada"), at.person("bo"), f"/console/cases/{case}"
    form = page(ada, f"{here}/hand-on")
    assert "Bo Lind (service)" in form
    assert "Fay Elm" not in form
    wrong = ada.posts(f"{here}/hand-on", to="fay", question="Is that so?")
    assert wrong.status_code == 409
    assert "Is that so?" in wrong.text
    assert "Ada Birch 1 0" in page(ada, "/console/duties")
    assert ada.posts(f"{here}/hand-on", to="bo", question="Is that so?").status_code == 303
    assert "Ada Birch asks you: Is that so?" in page(bo, here)
    assert "Bo Lind 1 0" in page(ada, "/console/duties")
    assert case in bo.get("/console?whose=bo").text
    assert case not in ada.get("/console?whose=ada").text


def test_two_people_at_once_and_one_of_them_is_told(at: House) -> None:
    case = proposed(at)
    here = f"/console/cases/{case}/countersign"
    ada, bo = at.person("ada"), at.person("bo")
    assert ada.countersigns(here).status_code == 200
    late = bo.countersigns(here)
    assert late.status_code == 409
    assert late.json()["title"] == "This case is released already."


def test_two_edits_at_once_and_no_word_is_lost(at: House) -> None:
    case = proposed(at)
    ada, bo = at.person("ada"), at.person("bo")
    seen = at.company.case(case).content
    edits(ada, case, RIGHT)
    bo.get(f"/console/cases/{case}")
    late = bo.posts(
        f"/console/cases/{case}/edit", seen=seen, name="body", text="Mine,\r\ntoo.", note="Why not?"
    )
    assert late.status_code == 409
    assert "Somebody changed the text since you opened it." in late.text
    assert "Mine,\ntoo.</textarea>" in late.text
    assert "Why not?" in late.text


def test_hostile_text_is_shown_as_text_on_every_page(at: House) -> None:
    text = NASTY.replace("\x0c", "")
    case = str(
        at.company.system()
        .proposes(
            "",
            parts=[{"name": "body", "text": text}],
            title=text[:400],
            subject=text[:400],
            facts={"<b>k</b>": "<b>v</b>"},
            sources=[{"id": text[:100], "text": text}],
        )
        .case
    )
    ada, here = at.person("ada"), f"/console/cases/{case}"
    pages = [ada.get(path) for path in ("/console", here, f"{here}/edit", f"{here}/hand-on")]
    ada.posts(f"{here}/hand-on", to="bo", question=text)
    pages += [ada.posts(f"{here}/refuse", reason=text), ada.get(here), ada.get(f"{here}/edit")]
    assert [p.status_code for p in pages] == [200, 200, 200, 200, 303, 200, 409]
    for shown in pages:
        assert not re.search(r"<script>|<img src=x|<b>[kv]<|onerror=[^\w ]", shown.text)
    assert "{{ 7*7 }}" in pages[1].text
    assert 'data-sign="RLO"' in pages[0].text


def test_who_may_not_read_learns_nothing(at: House) -> None:
    case, here = proposed(at), ""
    fay = at.person("fay")
    for verb in ("", "/edit", "/refuse", "/hand-on", "/evidence.zip"):
        here = f"/console/cases/{case}{verb}"
        found, none = fay.get(here), fay.get(f"/console/cases/case-0123456789ab{verb}")
        assert (found.status_code, none.status_code) == (404, 404)
        assert "no-such-case" in found.text
    assert fay.posts(f"/console/cases/{case}/refuse", reason="no").status_code == 404
    assert fay.countersigns(f"/console/cases/{case}/countersign").status_code == 404
    queue = page(fay, "/console")
    assert "1 more in workflows you don't read." in queue
    assert case not in queue


def test_an_auditor_reads_and_is_told_why_that_is_all(at: House) -> None:
    case = proposed(at)
    eve = at.person("eve")
    shown = page(eve, f"/console/cases/{case}")
    assert "You may read this case, but not act on it." in shown
    assert "Edit E" not in shown
    assert eve.get(f"/console/cases/{case}/edit").status_code == 409


def test_nobody_signed_in_is_sent_to_the_door(at: House) -> None:
    case = proposed(at)
    for path in ("/console", f"/console/cases/{case}", "/console/duties"):
        assert at.visitor().get(path).headers["location"].startswith("/console/sign-in")
    ada = at.person("ada")
    ada.csrf = "0" * 64
    assert ada.posts(f"/console/cases/{case}/refuse", reason="no").status_code == 403
    ada.origin = SITE + "1"
    assert ada.fetches(f"/console/cases/{case}/countersign/begin").status_code == 403


def test_what_was_erased_still_has_a_page(at: House) -> None:
    waits = proposed(at, subject="customer-7", title="Customer 7")
    out = proposed(at, RIGHT, subject="customer-7", title="Customer 7")
    cy, ada = at.company.person("cy"), at.person("ada")
    at.company.asks("subjects.erase", cy.actor, subject="customer-7")
    for case, state in ((waits, "Void: its text was erased first."), (out, "Released.")):
        shown = page(ada, f"/console/cases/{case}")
        assert "(erased)" in shown
        assert state in shown
        assert "The text is no longer here." in shown
        assert "Customer 7" not in shown
    assert "(erased)" in page(ada, "/console?status=released")


def test_a_stricter_charter_is_said_with_what_it_voids(at: House) -> None:
    letter = proposed(at, "Hello there.", workflow="letters")
    ada, dee = at.person("ada"), at.person("dee")
    ada.countersigns(f"/console/cases/{letter}/countersign")
    assert "You countersigned it. It still needs second:" in page(ada, f"/console/cases/{letter}")
    begun = dee.fetches(f"/console/cases/{letter}/countersign/begin").json()
    strict = at.company.files["rights.yaml"].replace(
        "then: {outcome: two_person}", "then: {outcome: two_person, roles: [legal, board]}"
    )
    at.company.adopts("cy", "dee", rights=strict)
    shown = page(ada, f"/console/cases/{letter}")
    assert "The charter changed, so this was decided again." in shown
    assert "It is stricter now: countersignatures given before are void." in shown
    assert "void: decided again under a stricter charter" in shown
    assert "board Cy Rowan or Dee Alder" in shown
    old = dee.device.get(json.dumps(begun["options"]))
    late = dee.fetches(
        f"/console/cases/{letter}/countersign/finish", statement=said(begun)["id"], credential=old
    )
    assert (late.status_code, late.json()["code"]) == (409, "charter-differs")


def test_a_charter_no_stricter_is_said_too(at: House) -> None:
    case = proposed(at)
    ada = at.person("ada")
    at.company.adopts("cy", "dee", evidence="evidence: []\n")
    shown = page(ada, f"/console/cases/{case}")
    assert "The charter changed, so this was decided again. It still goes to: owner." in shown
    assert "stricter" not in shown


def test_evidence_that_ran_out_is_said_with_what_it_voids(at: House) -> None:
    until = (
        "evidence:\n  - {id: r, claim: %s, proof: Study., owner: ada, valid_until: 2026-11-24}\n"
    )
    claim = "We are the market leader for parcels."
    at.company.adopts("cy", "dee", evidence=until % claim)
    letter = proposed(at, claim, workflow="letters")
    at.person("ada").countersigns(f"/console/cases/{letter}/countersign")
    at.company.wait(days=2)
    at.company.asks("proposals.recheck", WORKER)
    at.company.now -= timedelta(days=2)  # Nobody's sign-in lasts so long.
    shown = page(at.person("ada"), f"/console/cases/{letter}")
    assert "Evidence ran out, so this was decided again. Whoever signed saw it proved" in shown
    assert "void: evidence it rests on ran out" in shown
    assert "decided again, evidence ran out: two people decide" in shown


def test_what_a_hold_keeps_back_says_whose(at: House) -> None:
    case = proposed(at)
    ada = at.person("ada")
    hold = {"scope": "workflow", "target": "replies", "reason": "Opt-outs doubled."}
    at.company.asks("holds.raise", at.company.person("bo").actor, **hold)
    ada.countersigns(f"/console/cases/{case}/countersign")
    shown = page(ada, f"/console/cases/{case}")
    assert "Decided, and not out yet. Held by Bo Lind: Opt-outs doubled." in shown
    assert "not out yet 1" in page(ada, "/console")


def test_a_promise_is_kept_by_who_made_it(at: House) -> None:
    text = "We will call you back by Friday."
    promise = {"quote": text, "owner": "bo", "due": "2026-11-27"}
    case = str(at.company.system().proposes(text, workflow="notices", promises=[promise]).case)
    ada, bo = at.person("ada"), at.person("bo")
    assert "Bo Lind keeps it until 27 Nov 2026." in page(ada, f"/console/cases/{case}")
    ada.get("/console")
    bo.countersigns(f"/console/cases/{case}/countersign")
    mine = bo.get("/console/duties/bo").text
    assert text in mine
    assert "keep the promise" in page(ada, "/console/duties/bo")
    assert "/keep" not in ada.get("/console/duties/bo").text
    found = re.search(r"/console/promises/duty-\w+/keep", mine)
    assert found
    proof = {"proof": "Called <b>them</b> on Thursday.", "link": "https://calls.example/7"}
    assert ada.posts(found[0], **proof).status_code == 404
    assert bo.posts(found[0], proof="").status_code == 422
    assert bo.posts(found[0], **proof | {"link": "javascript:alert(1)"}).status_code == 422
    assert bo.posts(found[0], **proof).status_code == 303
    assert bo.posts(found[0].replace("/keep", "/break"), reason="No.").status_code == 404
    assert "Owes nothing" in page(bo, "/console/duties/bo")
    shown = page(bo, f"/console/cases/{case}")
    assert "promise kept, says Bo Lind" in shown
    assert "on Thursday. https://calls.example/7" in shown
    assert "<b>them" not in bo.get(f"/console/cases/{case}").text


def test_what_nobody_answers_is_told_in_the_trail(at: House) -> None:
    case = proposed(at)
    at.company.wait(hours=49)
    at.company.asks("duties.escalate", WORKER)
    bo = at.person("bo")
    shown = page(bo, f"/console/cases/{case}")
    assert "no answer in time; asked of Bo Lind" in shown
    assert "Nobody answered in time. Bo Lind owes it; late, it goes to Cy Rowan." in shown


def test_a_case_somebody_works_on_can_be_read_by_others_and_left_to_them(at: House) -> None:
    case = proposed(at)
    ada, bo = at.person("ada"), at.person("bo")
    ada.get(f"/console/cases/{case}")
    shown = page(bo, f"/console/cases/{case}")
    assert "Ada Birch has been working on it since" in shown
    assert "Countersign A" not in shown
    assert "Ada Birch works on it" in page(bo, "/console")
    assert "Ada Birch has been working" in words(bo.get(f"/console/cases/{case}/edit").text)
    refused = bo.posts(f"/console/cases/{case}/refuse", reason="No.")
    assert refused.status_code == 409
    assert "Ada Birch has been working" in words(refused.text)
    ada.get("/console")
    assert "Refuse R" in page(bo, f"/console/cases/{case}")


def test_a_countersignature_is_taken_back_while_the_text_cools_off(tmp_path: Path) -> None:
    cool = """
  - id: notices-cool
    owner: cy
    reason: Whoever signs may think again.
    review_by: 2030-01-01
    when: {workflow: notices}
    then: {outcome: owner, cooling_off: 600}
"""
    with house(tmp_path, rights=files()["rights.yaml"] + cool) as at:
        case = str(at.company.system().proposes("Good day!", workflow="notices").case)
        bo = at.person("bo")
        bo.countersigns(f"/console/cases/{case}/countersign")
        shown = bo.get(f"/console/cases/{case}").text
        assert "Take back my countersignature U" in words(shown)
        assert "data-out" in shown
        assert "Take back" not in page(at.person("ada"), f"/console/cases/{case}")
        assert bo.posts(f"/console/cases/{case}/undo").status_code == 303
        shown = page(bo, f"/console/cases/{case}")
        assert "void: taken back" in shown
        assert "countersignature taken back by Bo Lind" in shown
        assert "Countersign A" in shown


def test_a_finding_in_an_edit_is_shown_and_accepted_with_a_reason(at: House) -> None:
    case = proposed(at)
    ada = at.person("ada")
    answer = edits(ada, case, WRONG + " Really.")
    assert answer.status_code == 409
    assert "neither mended nor accepted" in words(answer.text)
    assert WRONG + " Really." in answer.text
    keys = re.findall(r'name="accept" value="(\w+)"', answer.text)
    assert len(keys) == 1
    seen = at.company.case(case).content
    sent = {"seen": seen, "name": "body", "text": WRONG, "accept": keys[0], "because": "It is so."}
    assert ada.posts(f"/console/cases/{case}/edit", **sent).status_code == 303
    shown = page(ada, f"/console/cases/{case}")
    assert "Ada Birch accepts" in shown
    assert "It is so." in shown


def test_beside_a_finding_people_say_whether_it_was_right(at: House) -> None:
    case = proposed(at)
    ada = at.person("ada")
    shown = ada.get(f"/console/cases/{case}").text
    found = re.search(r'name="finding" value="(\w+)"', shown)
    assert found
    path = f"/console/cases/{case}/judge"
    assert ada.posts(path, finding=found[1], right="no").status_code == 303
    assert "right? no, says Ada Birch" in page(ada, f"/console/cases/{case}")
    assert "citation 0 1 0% (0% to 79%) 0" in page(ada, "/console/checks")
    refused = ada.posts(f"/console/cases/{case}/refuse", reason="The year.", why="wrong")
    assert refused.status_code == 303
    assert "refused by Ada Birch: it says something wrong" in page(ada, f"/console/cases/{case}")


def test_one_button_asks_who_owns_the_ai_system(at: House) -> None:
    case = proposed(at)
    bo = at.person("bo")
    shown = bo.get(f"/console/cases/{case}").text
    found = re.search(r'href="(/console/cases/[\w-]+/hand-on\?to=\w+)"', unescape(shown))
    assert found, words(shown)
    assert re.search(r"<option value=\"\w+\" selected>", bo.get(found[1]).text)


def test_a_finding_leads_to_the_passage_of_the_source(at: House) -> None:
    case = proposed(at)
    shown = at.person("ada").get(f"/console/cases/{case}").text
    assert shown.count('href="#passage-1"') == 1
    assert re.search(r'<mark class="mark \w+" id="passage-1">[^<]+</mark>', shown)
