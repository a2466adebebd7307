"""What is handed in is read or refused with the path of the field."""

from datetime import date

import pytest

from trustwright.checks import Evidence, Promise, Source, Subject
from trustwright.checks.reading import from_line, from_text
from trustwright.kernel.errors import Invalid

DAY = date(2026, 1, 1)


def test_plain_text_is_one_part() -> None:
    assert from_text("Hi", DAY) == Subject((("text", "Hi"),), today=DAY)


def test_a_line_has_everything_a_subject_has() -> None:
    line = (
        '{"id": "7", "parts": {"subject": "Hi", "body": "We will"}, "sources": ["one", {"id": "b", "text": "two"}],'
        ' "evidence": [{"claim": "c", "proof": "p", "owner": "Ada", "valid_until": "2026-02-01"}],'
        ' "promises": [{"quote": "We will", "owner": "Bo", "due": "2026-03-01"}], "recipient": ["bo@example.com"], "written": "Where is it?", "channel": "push", "language": "de"}'
    )
    assert from_line(line, DAY) == (
        "7",
        Subject(
            (("subject", "Hi"), ("body", "We will")),
            today=DAY,
            sources=(Source("1", "one"), Source("b", "two")),
            evidence=(Evidence("c", "p", "Ada", date(2026, 2, 1)),),
            promises=(Promise("We will", "Bo", date(2026, 3, 1)),),
            recipient=("bo@example.com",),
            written="Where is it?",
            channel="push",
            language="de",
        ),
    )


@pytest.mark.parametrize(
    "line", ['{"text": "a"}', '{"parts": [["text", "a"]]}', '{"parts": {"text": "a"}}']
)
def test_parts_are_an_object_or_pairs_or_just_text(line: str) -> None:
    assert from_line(line, DAY) == ("", from_text("a", DAY))


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ('{"text": "a", "txet": "b"}', "unknown-field", "txet"),
        ('{"text": "a", "sources": ["a", {"text": "b", "url": 1}]}', "unknown-field", "sources[1].url"),
        ('{"text": "a", "sources": ["a", {"text": 5}]}', "malformed-field", "sources[1].text"),
        ('{"text": "a", "promises": [{"quote": "q", "owner": "o", "due": "soon"}]}', "malformed-field", "promises[0].due"),
        ('{"parts": {"a": 1}}', "malformed-field", "parts[0][1]"),
        ('{"parts": [["a", "b"], ["a", "c"]]}', "malformed-field", ""),
        ('{"text": "a", "parts": {"a": "b"}}', "malformed-field", ""),
        ('{"parts": {"written": "a"}, "written": "b"}', "malformed-field", ""),
        ("{}", "malformed-field", ""),
        ("[]", "malformed-field", ""),
        ("NaN", "malformed-field", ""),
        ("{", "not-json", None),
        ("[" * 100_000, "not-json", None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(line: str, code: str, path: str | None) -> None:
    with pytest.raises(Invalid) as refused:
        from_line(line, DAY)
    assert (refused.value.code, refused.value.detail.get("path")) == (code, path)
