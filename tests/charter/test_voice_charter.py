"""Rules of speech in the charter: Vale's form, and nothing that could take long."""

import pytest

from trustwright.charter.model import Charter
from trustwright.charter.reading import examine, read
from trustwright.charter.voice import bounded
from trustwright.testing.company import files

VOICE = r"""
voice:
  - id: no-hype
    extends: existence
    message: "Say what it does, not '%s'."
    level: error
    ignorecase: true
    tokens: [revolutionary, "game[- ]chang(er|ing)", '\w+ly unique']
    exceptions: [Truly unique]
  - id: our-words
    extends: substitution
    swap:
      utilize: use
      "in order to": to
  - id: short
    extends: occurrence
    scope: sentence
    max: 25
    token: '\b\w+\b'
"""


def test_a_charter_may_say_how_we_speak() -> None:
    charter = read(files(voice=VOICE))
    assert [rule.id for rule in charter.voice] == ["no-hype", "our-words", "short"]
    assert charter.voice[1].swap == (("in order to", "to"), ("utilize", "use"))
    assert Charter.from_json(charter.as_json()) == charter


def test_without_rules_the_digest_is_what_it_was() -> None:
    charter = read(files())
    assert b"voice" not in charter.as_json()
    assert b"attention_seconds" not in charter.as_json()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a+)+", "at most two * or +, each after one character"),
        ("a*b*c*", "at most two"),
        ("(?=a)b", "nothing that looks around"),
        (r"(a)\1", "nothing that looks around or back"),
        ("a{9}", "knows groups"),
        ("(a|b", "isn't a pattern"),
        ("a*", "would be found everywhere"),
        ("(a)(b)(c)(d)(e)", "at most four groups"),
    ],
)
def test_a_pattern_that_could_take_long_is_refused(pattern: str, words: str) -> None:
    text = f"voice: [{{id: x, extends: existence, tokens: ['{pattern}']}}]"
    (problem,) = examine(files(voice=text)).problems
    assert problem.file == "voice.yaml"
    assert words in problem.sentence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{id: x, extends: existence}", "needs tokens"),
        ("{id: x, extends: occurrence, token: a}", "needs token and max or min"),
        ("{id: x, extends: capitalization}", "should be"),
        ("{id: x, extends: existence, tokens: [a], tone: b}", "isn't known here"),
    ],
)
def test_a_rule_that_says_nothing_is_refused(rule: str, words: str) -> None:
    (problem,) = examine(files(voice=f"voice: [{rule}]")).problems
    assert words in problem.sentence


def test_repeats_get_an_end() -> None:
    assert bounded(r"\w+ly|[+*]\+(a|b)?") == r"\w{1,40}ly|[+*]\+(?:a|b)?"
