"""Letting people in, and out."""

import json
from dataclasses import replace
from functools import partial

import pytest

from tests.identity.house import House
from trustwright.identity import passkeys, queries
from trustwright.identity.model import Enrolled, Invited
from trustwright.kernel.actors import WORKER, Machine, Person
from trustwright.kernel.canonical import b64u, from_b64u
from trustwright.kernel.errors import NotFound
from trustwright.ledger import store
from trustwright.testing.authenticator import Authenticator


def test_the_first_person_enrolls_with_a_link_and_signs_in(house: House) -> None:
    anna = house.enrolls("anna")
    signed_in = house.signs_in(anna)
    assert house.who(signed_in.token) == "anna"
    assert house.sees(lambda v: queries.name_of(v, house.pseudonym("anna"))) == queries.Name(
        "anna", "Anna Weber"
    )


def test_a_name_is_in_no_entry_of_the_log_and_in_no_read_model(house: House) -> None:
    house.enrolls("anna")
    log = b"".join(fact.entry for fact in house.sees(lambda v: v.after(0)))
    rows = house.sees(lambda v: str(v.rows(queries.credentials.select())))
    assert b"anna" not in log.lower()
    assert "anna" not in rows.lower()


def test_the_second_needs_the_first_and_the_third_needs_both(house: House) -> None:
    house.enrolls("anna")
    assert house.invites("anna", "ben").still_needed == 0
    house.enrolls("ben", "anna")
    first = house.invites("anna", "cid")
    assert (first.token, first.still_needed) == (None, 1)
    again = house.invites("anna", "cid")
    assert (again.token, again.still_needed) == (None, 1)
    house.opens(house.invites("ben", "cid").token, Authenticator())
    (enrolled,) = [f.body for f in house.sees(lambda v: v.of_kind(Enrolled))][2:]
    assert isinstance(enrolled, Enrolled)
    assert set(enrolled.sponsors) == {house.pseudonym("anna"), house.pseudonym("ben")}


def test_every_request_to_let_somebody_in_is_a_fact(house: House) -> None:
    house.enrolls("anna")
    house.enrolls("ben", "anna")
    bodies = [f.body for f in house.sees(lambda v: v.of_kind(Invited))]
    anna, ben = house.pseudonym("anna"), house.pseudonym("ben")
    assert bodies == [
        Invited(person=anna, by="m:trustwright", needs=0),
        Invited(person=ben, by=anna, needs=1),
    ]


@pytest.mark.parametrize(
    "actor",
    [WORKER, Machine("copilot"), Person("eve"), Person("mallory")],
    ids=["the worker", "an AI system", "the invited", "a stranger"],
)
def test_once_somebody_is_enrolled_only_the_enrolled_invite(
    house: House, actor: Person | Machine
) -> None:
    house.enrolls("anna")
    assert house.refuses(lambda uow: passkeys.invite(uow, "eve"), actor) == "may-not-invite"


def test_who_has_a_colleague_cannot_invite_themselves_for_another_key(house: House) -> None:
    house.enrolls("anna")
    house.enrolls("ben", "anna")
    itself = house.refuses(lambda uow: passkeys.invite(uow, "anna"), Person("anna"))
    assert itself == "may-not-invite"
    house.enrolls("anna", "ben")
    assert len(house.sees(lambda v: queries.credentials_of(v, house.pseudonym("anna")))) == 2


def test_the_only_person_who_lost_the_key_is_let_in_again_by_the_operator(house: House) -> None:
    house.enrolls("anna")
    other = house.enrolls("anna")
    assert house.who(house.signs_in(other).token) == "anna"


def test_a_link_works_once(house: House) -> None:
    token = house.invites(None, "anna").token
    house.opens(token, Authenticator())
    assert token
    assert house.sees(lambda v: passkeys.open_link(v, token)) is None
    code = house.refuses(lambda uow: passkeys.begin_enrol(uow, token, "Anna"))
    assert code == "used-or-expired"


def test_a_link_used_twice_at_once_lets_one_in(house: House) -> None:
    token = house.invites(None, "anna").token or ""
    answer = Authenticator().create(house.does(lambda uow: passkeys.begin_enrol(uow, token, "A")))
    runs = [
        house.ledger.write(WORKER, lambda uow: passkeys.finish_enrol(uow, token, answer, "A"))
        for _ in range(2)
    ]
    outcomes = sorted(type(run.exception()).__name__ for run in runs)
    assert outcomes == ["NoneType", "NotFound"]
    assert len(house.sees(lambda v: v.of_kind(Enrolled))) == 1


def test_a_link_ends_after_a_day_and_by_a_newer_one(house: House) -> None:
    old, new = house.invites(None, "anna").token, house.invites(None, "anna").token
    assert old
    assert new
    assert house.sees(lambda v: passkeys.open_link(v, old)) is None
    assert house.sees(lambda v: passkeys.open_link(v, new)) == "anna"
    house.wait(hours=24, seconds=1)
    assert house.sees(lambda v: passkeys.open_link(v, new)) is None


@pytest.mark.parametrize("token", ["", ".", "x", "p:x.y", "ä.ö"])
def test_a_token_that_is_none_opens_nothing(house: House, token: str) -> None:
    assert house.sees(lambda v: passkeys.open_link(v, token)) is None


def test_the_browser_is_asked_for_user_verification_and_a_key_it_finds_by_itself(
    house: House,
) -> None:
    token = house.invites(None, "anna").token or ""
    create = json.loads(house.does(lambda uow: passkeys.begin_enrol(uow, token, "Anna Weber")))
    get = json.loads(house.does(passkeys.begin_sign_in))
    wanted = {"residentKey": "required", "requireResidentKey": True, "userVerification": "required"}
    assert create["authenticatorSelection"] == wanted
    assert create["rp"]["id"] == get["rpId"] == "localhost"
    assert (get["userVerification"], get["allowCredentials"]) == ("required", [])


def test_a_secret_is_kept_only_as_its_digest(house: House) -> None:
    used = house.invites(None, "anna").token or ""
    house.opens(used, device := Authenticator())
    waiting = house.invites(None, "anna").token or ""
    secrets = [used.split(".")[1], waiting.split(".")[1], house.signs_in(device).token]
    kept = house.sees(lambda v: str(v.rows(store.scratch.select())))
    assert "session" in kept
    assert not [secret for secret in secrets if secret in kept]


def test_a_pending_link_asks_for_another_sponsor_once_more_people_are_enrolled(
    house: House,
) -> None:
    house.enrolls("anna")
    pending = house.invites("anna", "cid").token or ""
    house.enrolls("ben", "anna")
    code = house.refuses(lambda uow: passkeys.begin_enrol(uow, pending, "Cid"))
    assert code == "sponsor-missing"
    house.opens(house.invites("ben", "cid").token, Authenticator())


def test_the_word_of_a_sponsor_who_left_does_not_count(house: House) -> None:
    house.enrolls("anna")
    left = b64u(house.enrolls("ben", "anna").passkeys[0].id)
    house.enrolls("cid", "anna", "ben")
    house.invites("ben", "dora")
    house.does(lambda uow: passkeys.revoke(uow, left, "left"))
    assert (
        house.refuses(lambda uow: passkeys.invite(uow, "dora"), Person("ben")) == "may-not-invite"
    )
    assert house.invites("anna", "dora") == passkeys.Invitation(None, 1)
    house.opens(house.invites("cid", "dora").token, Authenticator())


def test_a_passkey_held_wrongly_costs_nobody_their_link(house: House) -> None:
    token = house.invites(None, "anna").token or ""
    careless = Authenticator(verified=False)
    options = house.does(lambda uow: passkeys.begin_enrol(uow, token, "Anna"))
    wrong, right = careless.create(options), Authenticator().create(options)
    code = house.refuses(lambda uow: passkeys.finish_enrol(uow, token, wrong, "Anna"))
    assert code == "user-not-verified"
    house.does(lambda uow: passkeys.finish_enrol(uow, token, right, "Anna"))


@pytest.mark.parametrize(
    ("device", "code"),
    [
        (Authenticator(verified=False), "user-not-verified"),
        (Authenticator(present=False), "user-not-verified"),
        (Authenticator(origin="http://127.0.0.1:8787"), "wrong-origin"),
        (Authenticator(origin="https://localhost:8787"), "wrong-origin"),
        (Authenticator(cross_origin=True), "cross-origin"),
        (Authenticator(rp_id="example.org"), "wrong-rp"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_passkey_must_say_to_enroll_and_to_sign_in(
    house: House, device: Authenticator, code: str
) -> None:
    anna = house.enrolls("anna")
    token = house.invites(None, "anna").token or ""
    made = device.create(house.does(lambda uow: passkeys.begin_enrol(uow, token, "Anna")))
    assert house.refuses(lambda uow: passkeys.finish_enrol(uow, token, made, "Anna")) == code
    given = replace(device, passkeys=anna.passkeys).get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, given)) == code


@pytest.mark.parametrize("alg", [-7, -8, -257], ids=["ES256", "EdDSA", "RS256"])
def test_each_usual_kind_of_key_enrolls_signs_in_and_countersigns(house: House, alg: int) -> None:
    device = house.enrolls("anna", device=Authenticator(alg=alg))
    assert house.who(house.signs_in(device).token) == "anna"
    assert house.countersigns("anna", device).statement.role == "legal"


def test_a_browser_that_says_nothing_of_cross_origin_is_let_in(house: House) -> None:
    device = house.enrolls("anna", device=Authenticator(cross_origin=None))
    assert house.who(house.signs_in(device).token) == "anna"


@pytest.mark.parametrize("synced", [True, False])
def test_whether_a_passkey_may_be_copied_is_on_record(house: House, synced: bool) -> None:
    house.enrolls("anna", device=Authenticator(synced=synced))
    (key,) = house.sees(lambda v: queries.credentials_of(v, house.pseudonym("anna")))
    assert key.synced is synced


def test_the_same_device_is_not_offered_twice(house: House) -> None:
    device = house.enrolls("anna")
    with pytest.raises(AssertionError, match="InvalidStateError"):
        house.enrolls("anna", device=device)


def test_a_credential_id_enrolled_before_is_refused_to_others_too(house: House) -> None:
    anna = house.enrolls("anna")
    token = house.invites("anna", "ben").token or ""
    options = house.does(lambda uow: passkeys.begin_enrol(uow, token, "Ben"))
    copy = Authenticator()
    answer = copy.create(options)
    made = from_b64u(answer["response"]["attestationObject"])
    taken = made.replace(copy.passkeys[0].id, anna.passkeys[0].id)
    answer["response"]["attestationObject"] = b64u(taken)
    code = house.refuses(lambda uow: passkeys.finish_enrol(uow, token, answer, "Ben"))
    assert code == "credential-known"


def test_a_sign_in_works_once_and_not_for_long(house: House) -> None:
    device = house.enrolls("anna")
    answer = device.get(house.does(passkeys.begin_sign_in))
    late = device.get(house.does(passkeys.begin_sign_in))
    house.does(lambda uow: passkeys.sign_in(uow, answer))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "used-or-expired"
    house.wait(minutes=11)
    assert house.refuses(lambda uow: passkeys.sign_in(uow, late)) == "used-or-expired"


def test_a_passkey_of_elsewhere_or_of_somebody_else_does_not_sign_in(house: House) -> None:
    anna = house.enrolls("anna")
    ben = house.enrolls("ben", "anna")
    house.invites("anna", "cid")
    token, stranger = house.invites("ben", "cid").token or "", Authenticator()
    stranger.create(house.does(lambda uow: passkeys.begin_enrol(uow, token, "Cid")))
    answer = stranger.get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "credential-unknown"
    anna.passkeys[0].user = ben.passkeys[0].user
    answer = anna.get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "other-person"


def test_a_session_ends_after_twelve_hours_or_by_signing_out(house: House) -> None:
    device = house.enrolls("anna")
    kept, ended = house.signs_in(device).token, house.signs_in(device).token
    house.does(lambda uow: passkeys.sign_out(uow, ended), Person("anna"))
    assert (house.who(kept), house.who(ended), house.who("")) == ("anna", None, None)
    house.wait(hours=12)
    assert house.who(kept) is None


def test_a_revoked_key_cannot_sign_in_and_its_sessions_end(house: House) -> None:
    laptop = house.enrolls("anna")
    phone = house.enrolls("anna")
    on_laptop, on_phone = house.signs_in(laptop).token, house.signs_in(phone).token
    lost = b64u(phone.passkeys[0].id)
    house.does(lambda uow: passkeys.revoke(uow, lost, "lost"), Person("anna"))
    assert (house.who(on_laptop), house.who(on_phone)) == ("anna", None)
    answer = phone.get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "credential-revoked"
    again = house.refuses(lambda uow: passkeys.revoke(uow, lost, "lost"), Person("anna"))
    assert again == "credential-revoked"


def test_a_reason_to_revoke_is_a_code_and_the_key_must_exist(house: House) -> None:
    key = b64u(house.enrolls("anna").passkeys[0].id)
    free = house.refuses(lambda uow: passkeys.revoke(uow, key, "Anna left on bad terms"))
    assert free == "reason-unknown"
    assert house.refuses(lambda uow: passkeys.revoke(uow, "AAAA", "lost")) == "credential-unknown"
    with pytest.raises(NotFound):
        house.sees(lambda v: passkeys.owner_of(v, "AAAA"))


def test_who_was_erased_cannot_sign_in(house: House) -> None:
    device = house.enrolls("anna")
    stream = "person-" + house.pseudonym("anna").removeprefix("p:")
    house.does(lambda uow: uow.erase(stream))
    answer = device.get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "erased"


def test_a_counter_that_goes_back_is_refused_and_zero_is_normal(house: House) -> None:
    synced = house.enrolls("anna")
    assert [house.who(house.signs_in(synced).token) for _ in range(2)] == ["anna", "anna"]
    counting = house.enrolls("anna", device=Authenticator(count=7))
    at_enrolment = counting.get(house.does(passkeys.begin_sign_in))
    assert house.refuses(lambda uow: passkeys.sign_in(uow, at_enrolment)) == "counter-went-back"
    counting.count = 8
    house.signs_in(counting)
    for counting.count in (8, 3, 0):
        answer = counting.get(house.does(passkeys.begin_sign_in))
        code = house.refuses(partial(passkeys.sign_in, answer=answer))
        assert code == "counter-went-back"


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"response": None},
        {"response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}},
        {"response": {"clientDataJSON": "W10", "authenticatorData": "AA", "signature": "AA"}},
        {"type": "password"},
        {"rawId": 7},
    ],
)
def test_an_unreadable_answer_is_said_to_be_so(house: House, damage: dict[str, object]) -> None:
    device = house.enrolls("anna")
    answer = device.get(house.does(passkeys.begin_sign_in)) | damage if damage else {}
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "passkey-unreadable"


def test_read_models_rebuilt_are_the_ones_that_grew(house: House) -> None:
    house.enrolls("anna")
    key = b64u(house.enrolls("anna").passkeys[0].id)
    house.does(lambda uow: passkeys.revoke(uow, key, "stolen"))
    (projection,) = queries.PROJECTIONS
    live = house.sees(lambda v: v.rows(queries.credentials.select()))
    stream = live[0].stream
    rebuilt = projection.fold(stream, house.sees(lambda v: v.facts(stream)))
    assert [dict(row._mapping) for row in live] == rebuilt
