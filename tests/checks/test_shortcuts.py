"""What is passed over without a close look has nothing in it: each shortcut against the whole pattern."""

import re

from hypothesis import given
from hypothesis import strategies as st

from trustwright.checks import english, quantities
from trustwright.checks.english import sentences
from trustwright.checks.quantities import days, numbers

SAID = """
one someone Twenty-three hundred USD $5 5m 30% % 3rd 1990's May mayor sept. 2024-01-02 3/4/2020 of 12
December, 1 ½ ſix sıx mıllion 3 ſept. ٣ _two two_ and percent eur 1,000.5 5.5. ... ! ?) . a U.S. x’s
"""
WORDS = st.sampled_from(["", "\n", "\n\n", *SAID.split()])
TEXTS = st.lists(WORDS, max_size=12).flatmap(
    lambda words: st.sampled_from(["", " ", "-"]).map(lambda between: between.join(words))
)
ENDS = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s|$)|\n+")


@given(TEXTS)
def test_every_number_is_found_where_the_pattern_finds_it(text: str) -> None:
    found = [m.span() for m in quantities._NUMBER.finditer(text)]
    assert [m.span() for m in quantities._matches(text)] == found
    assert {(n.start, n.end) for n in numbers(text)} <= {*found}


@given(TEXTS)
def test_every_date_is_found_where_the_pattern_finds_it(text: str) -> None:
    found = list(quantities._DATE.finditer(text))
    assert [d.start for d in days(text)] == [
        m.start() for m in found if any(r[1] <= 12 and (r[2] or 1) <= 31 for r in _readings(m))
    ]


def _readings(m: re.Match[str]) -> list[quantities.Reading]:
    return list(quantities._readings(m.groupdict()))


@given(TEXTS)
def test_every_sentence_ends_where_it_did(text: str) -> None:
    assert [m.span() for m in english._END.finditer(text)] == [
        m.span() for m in ENDS.finditer(text)
    ]
    assert "".join(text[a:b] for a, b in sentences(text)) == text
