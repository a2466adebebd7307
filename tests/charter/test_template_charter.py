"""The charter that `trustwright init` writes."""

import re

import pytest

from trustwright.charter import template
from trustwright.charter.document import FILES
from trustwright.charter.reading import read
from trustwright.kernel.errors import Invalid
from trustwright.rights.model import Outcome


@pytest.mark.parametrize("name", ["Acme", 'Müller "& Söhne" # {x}: [1]', "雪\\n", "👍", "- yes"])
def test_any_company_gets_a_charter_that_loads(name: str) -> None:
    files = template.write(name)
    assert list(files) == [*FILES, "calendars.yaml"]
    assert read(files).company.name == name


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "\u202eemcA", "x" * 301])
def test_a_name_nobody_could_read_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match=r"company\.yaml"):
        template.write(name)


def test_every_line_is_explained() -> None:
    unexplained = [
        line
        for text in template.write("Acme").values()
        for line in text.splitlines()
        if line.strip() and "#" not in line and not line.endswith(":")
    ]
    assert unexplained == []


def test_nothing_goes_alone_until_somebody_writes_that_it_may() -> None:
    table = read(template.write("Acme")).table
    assert Outcome.AUTOMATE not in {rule.outcome for rule in table.rules}


def test_the_example_in_the_comments_loads() -> None:
    files = template.write("Acme")
    files["rights.yaml"] = re.sub(r"(?m)^  # (?=- id|  )", "  ", files["rights.yaml"])
    rule = read(files).table.rules[-1]
    assert (rule.id, rule.outcome) == ("routine", Outcome.AUTOMATE)


def test_one_line_makes_the_example_system_complete() -> None:
    files = template.write("Acme")
    assert read(files).missing("assistant") == ("test_results",)
    files["systems.yaml"] = files["systems.yaml"].replace("# test_results", "test_results")
    assert read(files).missing("assistant") == ()
