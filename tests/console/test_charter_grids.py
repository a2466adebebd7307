"""A grid of any table fits a page, and says all that the table says."""

from datetime import date

import pytest

from trustwright.charter.reading import read
from trustwright.entrypoints.console.charter_grids import MOST_COLUMNS, changes, grids
from trustwright.rights.surface import surface
from trustwright.testing.company import files

MANY = """
  - id: wide
    owner: cy
    reason: Many facts at once.
    review_by: 2030-01-01
    when: {workflow: [replies, notices], risk: [low, medium], held: false, worst_finding: [none, note],
      checks_complete: true, restrained: false, checkable: true, sourced: true, confidence: [">= 0.8"],
      channel: [chat, email], sensitive: false, subject_known: true, promises: false}
    then: {outcome: automate}
"""
DOUBT = """
  - {id: doubt, owner: cy, reason: Doubt., review_by: 2030-01-01, when: {confidence: "< 0.5"}, then: {outcome: two_person}}
  - {id: doubt-again, owner: cy, reason: Doubt., review_by: 2030-01-01, when: {confidence: "< 0.4"}, then: {outcome: two_person}}
"""
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("more", ["", MANY, DOUBT, MANY + DOUBT])
def test_a_grid_is_narrow_and_loses_nothing(more: str) -> None:
    charter = read(files(rights=files()["rights.yaml"] + more))
    found = surface(charter.table)
    alone = grids(charter, TODAY)[0]
    assert len(alone.columns) <= MOST_COLUMNS
    assert len(alone.rows) == len(found.regions)
    for row, region in zip(alone.rows, found.regions, strict=True):
        told = [
            f"{head}: {cell.words}" for head, cell in zip(alone.columns, row.cells, strict=True)
        ]
        told += [cell.words for cell in row.cells] + [alone.note]
        for fact, cell in region.items():
            assert cell == "any" or f"{fact}: {cell}" in "; ".join(told)


def test_what_changes_fits_too_and_a_rule_never_alone_is_named() -> None:
    old, rights = read(files()), files()["rights.yaml"]
    gained, gaps, look, *_ = changes(old, read(files(rights=rights + MANY + DOUBT)), TODAY)
    assert gained.columns == ("AI", "where")
    assert len(gaps.columns) <= MOST_COLUMNS + 1
    assert [row.cells[0].words for row in look.rows] == ["doubt-again"]
