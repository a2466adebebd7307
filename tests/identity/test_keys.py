"""API keys."""

import pytest

from tests.identity.house import House
from trustwright.identity import keys
from trustwright.kernel.actors import Machine, Person


def test_a_key_opens_its_system_and_nothing_else(house: House) -> None:
    copilot, bot = house.issues("copilot"), house.issues("bot")
    assert house.authenticates(copilot) == Machine("copilot")
    assert house.authenticates(bot) == Machine("bot")
    assert house.sees(lambda v: [f.stream for f in keys.keys_of(v, "bot")]) == [bot.split("_")[1]]


def test_a_key_is_shown_once_and_the_log_holds_only_its_digest(house: House) -> None:
    word, _, secret = house.issues("copilot").split("_", 2)
    assert (word, len(secret)) == ("tw", 43)
    assert secret.encode() not in b"".join(f.entry for f in house.sees(lambda v: v.after(0)))


def test_a_changed_half_or_foreign_key_opens_nothing(house: House) -> None:
    key = house.issues("copilot")
    id = key.split("_")[1]
    other = house.issues("bot").split("_", 2)[2]
    last = "A" if key[-1] != "A" else "B"
    wrong = ["", "tw", f"tw_{id}", f"tw_{id}_", f"tw_{id}_{other}", f"xx{key[2:]}", key[:-1] + last]
    wrong += ["tw_ledger_x", f"{key} ", key.upper(), "tw_ü_ü"]
    assert [house.authenticates(presented) for presented in wrong] == [None] * len(wrong)


def test_a_revoked_key_opens_nothing(house: House) -> None:
    key = house.issues("copilot")
    id = key.split("_")[1]
    assert house.sees(lambda v: keys.system_of(v, id)) == "copilot"
    house.does(lambda uow: keys.revoke(uow, id), Person("anna"))
    assert house.authenticates(key) is None
    assert house.sees(lambda v: keys.keys_of(v, "copilot")) == []
    assert house.refuses(lambda uow: keys.revoke(uow, id), Person("anna")) == "no-api-key"


@pytest.mark.parametrize("stream", ["ledger", "key-000000000000"])
def test_what_is_no_key_cannot_be_revoked(house: House, stream: str) -> None:
    assert house.refuses(lambda uow: keys.revoke(uow, stream), Person("anna")) == "no-api-key"


def test_nobody_gets_a_key_to_act_as_trustwright_itself(house: House) -> None:
    code = house.refuses(lambda uow: keys.issue(uow, "trustwright"), Person("anna"))
    assert code == "system-reserved"
