"""The audit of dependencies is green only if everything was looked up and nothing was found."""

from typing import Any

import pytest

from scripts.audit import said

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "1", "vulns": [{"id": "CVE-1"}]}
SKIPPED = {"name": "c", "skip_reason": "Not found."}


@pytest.mark.parametrize(
    ("found", "code", "words"),
    [
        ([GOOD], 0, "audited: 1 of 1 packages"),
        ([GOOD, BAD], 1, "b 1: CVE-1"),
        ([GOOD, SKIPPED], 3, "not audited: 1 of 2 packages (c)\n   Not found."),
        ([BAD, SKIPPED], 1, "not audited: 1 of 2 packages (c)\n   Not found."),
        ([], 3, "audited: 0 of 0 packages"),
    ],
)
def test_what_was_not_audited_is_not_green(
    found: list[dict[str, Any]], code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(found) == code
    assert words in capsys.readouterr().out
