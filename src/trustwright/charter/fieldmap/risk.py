"""Which fields may send the wrong thing to the wrong person? Told by their names, unless set."""

import re
from collections.abc import Iterable

from trustwright.charter.fieldmap.model import Risk

HIGH = (
    *("language", "lang", "locale", "region", "consent", "lifecycle", "lifecyclestage"),
    *("opt out", "optout", "opt in", "optin", "unsubscribed", "customer status", "lifecycle stage"),
    *("account status", "do not contact"),
)
ALONE = ("status", "state of consent", "stage")  # High where the whole name says no more.


def risk(name: str, synonyms: Iterable[str] = (), critical: bool = False) -> Risk:
    """High for language, region, consent, lifecycle stage and customer status, and for what is
    called critical; low for the rest."""
    names = [_words(each) for each in (name.rpartition(".")[2], *synonyms)]
    named = any(f" {word} " in f" {each} " for word in HIGH for each in names)
    return "high" if critical or named or set(names) & set(ALONE) else "low"


def _words(name: str) -> str:
    """`optOut`, `opt_out` and `OPT-OUT` are "opt out"."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", apart.lower()))
