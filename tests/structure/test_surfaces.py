"""What is for people only, no machine surface offers."""

from types import SimpleNamespace
from typing import cast

import pytest

from scripts.source import Module, modules
from trustwright.app import OPERATIONS, App, Settings
from trustwright.entrypoints import api
from trustwright.kernel.operations import for_machines

PEOPLE_ONLY = {name for name, verb in OPERATIONS.items() if verb.people_only}


def test_the_verbs_a_person_answers_with_are_for_people_only() -> None:
    decides = {"proposals.countersign", "proposals.refuse", "proposals.edit", "charter.countersign"}
    assert decides <= PEOPLE_ONLY
    assert not PEOPLE_ONLY & set(for_machines(OPERATIONS))


def test_the_api_offers_exactly_what_machines_may_ask_for() -> None:
    # The routes come from the table alone, so none of them needs a workspace to be listed.
    unopened = cast(App, SimpleNamespace(settings=Settings()))
    paths = api.create(unopened).openapi()["paths"]
    assert {p for p in paths if p.startswith("/v1/")} == {
        f"/v1/{v}" for v in for_machines(OPERATIONS)
    }


def machine_surfaces() -> list[Module]:
    entrances = [m for m in modules() if m.room in {"entrypoints", "client"}]
    return [m for m in entrances if "console" not in m.parts]


@pytest.mark.parametrize("module", machine_surfaces(), ids=str)
def test_no_machine_surface_names_a_verb_for_people(module: Module) -> None:
    assert not PEOPLE_ONLY & module.strings
