"""A registry larger than any cache of a few entries is still read once, not for every claim."""

from datetime import date
from typing import Any

import pytest

from trustwright.checks import Evidence, Subject, english, proof, run


def test_each_entry_is_read_once_however_many_claims_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    sentences = english.sentences

    def counting(text: str) -> Any:
        read.append(text)
        return sentences(text)

    monkeypatch.setattr(proof, "sentences", counting)
    proof._registered.cache_clear()
    said = [Evidence(f"Model {n} saves {n} % water", "A report", "ada") for n in range(1000, 1200)]
    text = " ".join("Model 1199 saves 1199 % water." for _ in range(40))
    subject = Subject((("body", text),), today=date(2026, 1, 1), evidence=tuple(said))
    assert run(subject, only=["unproven-claim"]).findings == ()
    entries = [one for one in read if one.startswith("Model") and one != text]
    assert len(entries) == len(set(entries)) == 200
