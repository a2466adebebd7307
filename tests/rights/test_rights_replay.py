"""What was recorded is read back exactly, and decided as the new table would have."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustwright.rights.load import load
from trustwright.rights.model import Choice, Number, Outcome, Value, bool_fact, parsed, text
from trustwright.rights.replay import Recorded, replay

ANY = Number("n", -1e300, 1e300)
LANGUAGE = Choice("language", ("en", "de"))
AUTOMATE, OWNER, TWO_PERSON, BLOCK = Outcome


@given(st.floats(-1e300, 1e300))
def test_every_number_is_read_back_as_it_was(number: float) -> None:
    back = parsed(ANY, text(number))
    assert back == number
    assert math.copysign(1, back or 0.0) == math.copysign(1, number or 0.0)


@pytest.mark.parametrize(
    ("fact", "told", "value"),
    [
        (bool_fact("b"), "true", True),
        (bool_fact("b"), "false", False),
        (bool_fact("b"), "True", None),
        (bool_fact("b"), "1", None),
        (LANGUAGE, "de", "de"),
        (LANGUAGE, "fr", None),
        (Choice("word", ("true", "no")), "true", "true"),
        (Number("n", 0, 1), "0.8", 0.8),
        (Number("n", 0, 1), "1", 1.0),
        (Number("n", 0, 1), "1.5", None),
        (Number("n", 0, 1), "0.80", None),
        (Number("n", 0, 1), "+0.8", None),
        (Number("n", 0, 1), " 0.8", None),
        (Number("n", 0, 1), "8e-1", None),
        (Number("n", 0, 1), "nan", None),
        (ANY, "inf", None),
        (ANY, "9" * 400, None),
        (ANY, "-0", None),
        (ANY, "٣", None),
        *((fact, "?", None) for fact in (bool_fact("b"), LANGUAGE, ANY)),
        *((fact, "", None) for fact in (bool_fact("b"), LANGUAGE, ANY)),
    ],
)
def test_what_was_not_told_so_is_unknown(
    fact: Choice | Number, told: str, value: Value | None
) -> None:
    assert parsed(fact, told) == value
    assert type(parsed(fact, told)) is type(value)


ALONE = {
    "workflow": "replies",
    "risk": "low",
    "held": False,
    "worst_finding": "none",
    "checks_complete": True,
    "restrained": False,
    "confidence": ">= 0.6",
}
TABLE = load(
    {
        "default": "owner",
        "facts": {"confidence": {"type": "number", "min": 0, "max": 1}},
        "rules": [
            {
                "id": name,
                "owner": "lena.brandt",
                "reason": "Because.",
                "review_by": "2027-03-01",
                "when": when,
                "then": {"outcome": then},
            }
            for name, when, then in (
                ("alone", ALONE, "automate"),
                ("stopped", {"worst_finding": "block"}, "block"),
            )
        ],
    },
    ["replies"],
)
CALM = {
    "workflow": "replies",
    "risk": "low",
    "held": "false",
    "worst_finding": "none",
    "checks_complete": "true",
    "restrained": "false",
    "confidence": "0.7",
}


def test_recorded_decisions_are_decided_again() -> None:
    found = replay(
        TABLE,
        [
            Recorded("same", CALM, AUTOMATE),
            Recorded("freed", CALM, OWNER),
            Recorded("edited", CALM, OWNER, floor=OWNER),
            Recorded("unsure", CALM | {"confidence": "0.5"}, AUTOMATE),
            Recorded("unsaid", {k: v for k, v in CALM.items() if k != "held"}, AUTOMATE),
            Recorded("elsewhere", CALM | {"workflow": "gone"}, AUTOMATE),
            Recorded("worse", CALM | {"worst_finding": "block"}, OWNER, floor=OWNER),
        ],
    )
    assert found.newly_alone == ("freed",)
    assert found.no_longer_alone == ("unsure", "unsaid", "elsewhere")
    assert found.moves == {
        (AUTOMATE, AUTOMATE): 1,
        (OWNER, AUTOMATE): 1,
        (OWNER, OWNER): 1,
        (AUTOMATE, OWNER): 3,
        (OWNER, BLOCK): 1,
    }
    assert (found.n, found.unchanged) == (7, 2)
