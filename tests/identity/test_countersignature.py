"""A person's signature over exactly what was shown: every way in which it can be wrong, by name."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from tests.identity.house import ORIGIN, TERMS, House, signing
from trustwright.identity import passkeys
from trustwright.identity.countersignature import Prepared, Statement, challenge, prepare, verify
from trustwright.kernel.actors import Machine, Person
from trustwright.kernel.canonical import b64u, canonical, from_b64u, sha256
from trustwright.ledger import signatures
from trustwright.testing.authenticator import Authenticator

ANNA = Person("anna")


@pytest.fixture
def anna(house: House) -> Authenticator:
    return house.enrolls("anna")


def altered(house: House, prepared: Prepared, **changes: Any) -> Prepared:
    """As if somebody had written another statement into scratch, and the passkey signed it."""
    statement = prepared.statement.model_copy(update=changes)
    exact = statement.as_bytes()
    until = house.now.replace(year=2030)
    house.does(lambda uow: uow.remember("statement", statement.id, exact.decode(), until))
    options = json.loads(prepared.options) | {"challenge": b64u(challenge(exact))}
    return Prepared(statement, exact, json.dumps(options))


def test_a_countersignature_verifies_with_the_raw_bytes_alone(
    house: House, anna: Authenticator
) -> None:
    signed = house.countersigns("anna", anna)
    assert signatures.signed_by(
        signed.cose, signed.signature, signed.authenticator_data + sha256(signed.client_data)
    )
    asked = json.loads(signed.client_data)["challenge"]
    assert from_b64u(asked) == sha256(b"trustwright/approval/v1\0" + signed.statement_bytes)
    assert house.sees(lambda v: v.after(signed.enrolment)[0].kind) == "identity.enrolled"


def test_the_statement_says_who_signs_what_where_and_for_how_long(
    house: House, anna: Authenticator
) -> None:
    said = json.loads(house.prepares("anna").statement_bytes)
    assert said | TERMS.model_dump(mode="json") == said
    assert set(said) - set(TERMS.model_dump()) == {
        *("type", "id", "approver", "credential", "log", "rp_id", "iat", "exp", "nonce")
    }
    assert said["approver"] == house.pseudonym("anna")
    assert said["credential"] == b64u(anna.passkeys[0].id)
    assert (said["log"], said["rp_id"], said["basis"]) == (ORIGIN, "localhost", "seen")
    assert (said["iat"], said["exp"]) == (
        "2026-11-22T12:00:00.000000Z",
        "2026-11-22T12:15:00.000000Z",
    )
    assert len(from_b64u(said["nonce"])) == 16


def test_statement_bytes_are_canonical_and_nothing_unknown_is_in_them(
    house: House, anna: Authenticator
) -> None:
    exact = house.prepares("anna").statement_bytes
    assert canonical(json.loads(exact)) == exact == Statement.model_validate_json(exact).as_bytes()
    with pytest.raises(ValidationError):
        Statement.model_validate_json(canonical(json.loads(exact) | {"approved": True}))


def test_no_two_statements_are_the_same(house: House, anna: Authenticator) -> None:
    one, other = house.prepares("anna"), house.prepares("anna")
    assert challenge(one.statement_bytes) != challenge(other.statement_bytes)


def test_already_consumed(house: House, anna: Authenticator) -> None:
    sign = signing(house.prepares("anna"), anna)
    house.does(sign, ANNA)
    assert house.refuses(sign, ANNA) == "used-or-expired"


def test_consumed_by_one_of_two_at_once(house: House, anna: Authenticator) -> None:
    sign = signing(house.prepares("anna"), anna)
    runs = [house.ledger.write(ANNA, sign) for _ in range(8)]
    assert sum(run.exception() is None for run in runs) == 1


@pytest.mark.parametrize(
    ("minutes", "code"), [(15, "statement-expired"), (60 * 24, "used-or-expired")]
)
def test_expired(house: House, anna: Authenticator, minutes: int, code: str) -> None:
    sign = signing(house.prepares("anna"), anna)
    house.wait(minutes=minutes)
    assert house.refuses(sign, ANNA) == code


def test_just_in_time(house: House, anna: Authenticator) -> None:
    sign = signing(house.prepares("anna"), anna)
    house.wait(minutes=14, seconds=59)
    assert house.does(sign, ANNA).statement.case == TERMS.case


def test_revoked_key(house: House, anna: Authenticator) -> None:
    sign = signing(house.prepares("anna"), anna)
    key = b64u(anna.passkeys[0].id)
    house.does(lambda uow: passkeys.revoke(uow, key, "stolen"))
    assert house.refuses(sign, ANNA) == "credential-revoked"
    assert house.refuses(lambda uow: prepare(uow, ANNA, TERMS), ANNA) == "no-passkey"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"origin": "http://localhost:8788"}, "wrong-origin"),
        ({"origin": "http://localhost:8787.example.org"}, "wrong-origin"),
        ({"origin": "http://127.0.0.1:8787"}, "wrong-origin"),
        ({"cross_origin": True}, "cross-origin"),
        ({"rp_id": "example.org"}, "wrong-rp"),
        ({"verified": False}, "user-not-verified"),
        ({"present": False}, "user-not-verified"),
    ],
)
def test_wrong_origin_cross_origin_wrong_relying_party_missing_user_verification(
    house: House, anna: Authenticator, wrong: dict[str, Any], code: str
) -> None:
    assert house.refuses(signing(house.prepares("anna"), replace(anna, **wrong)), ANNA) == code


def test_a_failed_attempt_leaves_the_statement_to_be_signed_rightly(
    house: House, anna: Authenticator
) -> None:
    prepared = house.prepares("anna")
    assert house.refuses(signing(prepared, replace(anna, verified=False)), ANNA)
    assert house.does(signing(prepared, anna), ANNA)


@pytest.mark.parametrize(
    "changes", [{"log": "trustwright.local/other"}, {"rp_id": "example.org"}], ids=["log", "site"]
)
def test_wrong_log(house: House, anna: Authenticator, changes: dict[str, str]) -> None:
    elsewhere = altered(house, house.prepares("anna"), **changes)
    assert house.refuses(signing(elsewhere, anna), ANNA) == "wrong-log"


def test_replay_on_another_statement(house: House, anna: Authenticator) -> None:
    signed, other = house.prepares("anna"), house.prepares("anna")
    answer = anna.get(signed.options)
    code = house.refuses(lambda uow: verify(uow, other.statement.id, answer), ANNA)
    assert code == "challenge-mismatch"


def test_a_sign_in_is_no_countersignature_nor_the_other_way_round(
    house: House, anna: Authenticator
) -> None:
    prepared = house.prepares("anna")
    sign_in = anna.get(house.does(passkeys.begin_sign_in))
    code = house.refuses(lambda uow: verify(uow, prepared.statement.id, sign_in), ANNA)
    assert code == "challenge-mismatch"
    answer = anna.get(prepared.options)
    assert house.refuses(lambda uow: passkeys.sign_in(uow, answer)) == "used-or-expired"


@pytest.mark.parametrize(
    "changes",
    [{"content": "00" * 32}, {"charter": "00" * 32}, {"role": "owner"}, {"decision": "adopt"}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_signature_covers_every_word_of_the_statement(
    house: House, anna: Authenticator, changes: dict[str, str]
) -> None:
    prepared = house.prepares("anna")
    answer = anna.get(prepared.options)
    altered(house, prepared, **changes)
    code = house.refuses(lambda uow: verify(uow, prepared.statement.id, answer), ANNA)
    assert code == "challenge-mismatch"


def test_a_changed_signature(house: House, anna: Authenticator) -> None:
    prepared = house.prepares("anna")
    answer = anna.get(prepared.options)
    signature = bytearray(from_b64u(answer["response"]["signature"]))
    signature[-1] ^= 1
    answer["response"]["signature"] = b64u(bytes(signature))
    code = house.refuses(lambda uow: verify(uow, prepared.statement.id, answer), ANNA)
    assert code == "signature-invalid"


def test_a_registration_is_no_signature(house: House, anna: Authenticator) -> None:
    prepared = house.prepares("anna")
    confused = replace(anna, says="webauthn.create")
    assert house.refuses(signing(prepared, confused), ANNA) == "signature-invalid"


@pytest.mark.parametrize("actor", [Person("ben"), Machine("copilot"), Machine("trustwright")])
def test_nobody_hands_in_the_signature_of_another(
    house: House, anna: Authenticator, actor: Person | Machine
) -> None:
    house.enrolls("ben", "anna")
    assert house.refuses(signing(house.prepares("anna"), anna), actor) == "signer-not-actor"


def test_another_persons_key(house: House, anna: Authenticator) -> None:
    ben = house.enrolls("ben", "anna")
    prepared = house.prepares("anna")
    bens = {"allowCredentials": [{"id": b64u(ben.passkeys[0].id)}]}
    answer = ben.get(json.dumps(json.loads(prepared.options) | bens))
    code = house.refuses(lambda uow: verify(uow, prepared.statement.id, answer), ANNA)
    assert code == "other-passkey"
    forged = altered(house, prepared, credential=b64u(ben.passkeys[0].id))
    answer = ben.get(json.dumps(json.loads(forged.options) | bens))
    code = house.refuses(lambda uow: verify(uow, forged.statement.id, answer), ANNA)
    assert code == "other-person"


def test_of_several_keys_the_latest_is_asked_unless_one_is_chosen(
    house: House, anna: Authenticator
) -> None:
    phone = house.enrolls("anna")
    laptop_id, phone_id = (b64u(device.passkeys[0].id) for device in (anna, phone))
    assert house.prepares("anna").statement.credential == phone_id
    chosen = house.prepares("anna", laptop_id)
    assert chosen.statement.credential == laptop_id
    assert house.does(signing(chosen, anna), ANNA).statement.credential == laptop_id


def test_nobody_chooses_the_key_of_another(house: House, anna: Authenticator) -> None:
    ben = house.enrolls("ben", "anna")
    bens = b64u(ben.passkeys[0].id)
    assert house.refuses(lambda uow: prepare(uow, ANNA, TERMS, bens), ANNA) == "no-passkey"


def test_a_copied_keys_counter_goes_back(house: House) -> None:
    device = house.enrolls("anna", device=Authenticator(count=1))
    copy = replace(device, count=3)
    device.count = 4
    house.countersigns("anna", device)
    assert house.refuses(signing(house.prepares("anna"), copy), ANNA) == "counter-went-back"
