"""What the product has, its documentation has: operations, settings, checks, error codes, rooms."""

import re

import pytest

from scripts.docs import generated
from scripts.source import ROOT, errors, modules
from trustwright.app import OPERATIONS, Settings
from trustwright.kernel.operations import for_machines
from trustwright.proposals.model import Status
from trustwright.proposals.orders import Standing, Submit


@pytest.mark.parametrize(("path", "text"), generated().items(), ids=generated())
def test_generated_documentation_is_what_make_docs_writes(path: str, text: str) -> None:
    assert (ROOT / path).read_text("utf-8") == text, "run `make docs`"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    named = {
        s for m in modules() for s in m.strings if re.fullmatch(r"TRUSTWRIGHT_[A-Z_]+[A-Z]", s)
    }
    declared = {f"TRUSTWRIGHT_{field.upper()}" for field in Settings.__annotations__}
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert set(re.findall(r"`(TRUSTWRIGHT_[A-Z_]+)`", page)) == named | declared


@pytest.mark.parametrize("shelf", ["docs/checks/", "docs/signals/"])
def test_every_part_of_a_shelf_has_its_page_and_no_page_is_left_over(shelf: str) -> None:
    pages = {f"{shelf}{file.name}" for file in (ROOT / shelf).glob("*.md")}
    assert pages == {path for path in generated() if path.startswith(shelf)}


def test_the_api_page_shows_requests_and_answers_as_they_are() -> None:
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    blocks = dict(re.findall(r"<!-- ([\w.]+): read by.*?-->\n```json\n(.*?)```", page, re.DOTALL))
    asked = Submit.model_validate_json(blocks["proposal.json"])
    told = Standing.model_validate_json(blocks["standing"])
    assert asked.model_fields_set == set(Submit.model_fields)
    assert told.model_fields_set == set(Standing.model_fields)
    named = set(re.findall(r"`(\w+)`", page))
    assert named >= {*Submit.model_fields, *Status}
    paths = set(re.findall(r"/v1/([\w.]+)", page))
    assert paths <= set(for_machines(OPERATIONS))


def test_an_error_code_means_one_status() -> None:
    statuses = {error.code: error.status for error in errors()}
    assert {(error.code, error.status) for error in errors()} == set(statuses.items())
