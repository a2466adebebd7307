"""A field map is part of the charter: its people are the charter's, and no workflow reads a gap."""

from typing import Any

import pytest

from tests.charter.test_reading_charter import GOOD, TODAY, told
from trustwright.charter.fieldmap.reading import examine as examine_map
from trustwright.charter.fieldmap.reading import read as read_map
from trustwright.charter.fieldmap.stored import packed, unpacked
from trustwright.charter.model import Charter
from trustwright.charter.reading import examine, read

MAP = """\
apiVersion: v3.2.0
kind: DataContract
id: crm
version: "1"
slaProperties:
  - {property: freshness, value: 1.5, unit: d, element: people.changed}
schema:
  - name: people
    properties:
      - name: language
        logicalType: string
        enum: [{value: de}, {value: en}]
        transformSourceObjects: [crm.people]
        customProperties:
          - {property: trustwright.owner, value: anna}
      - {name: region, logicalType: string}
      - {name: shoe_size, logicalType: number, logicalTypeOptions: {minimum: 15.5}}
      - {name: changed, logicalType: timestamp}
"""
NAME = "fields/crm.odcs.yaml"
READING = GOOD["workflows.yaml"] + "    reads: [people.language, people.shoe_size]\n"
MAPPED = GOOD | {NAME: MAP, "workflows.yaml": READING}


def test_a_map_is_part_of_the_charter_and_of_its_digest() -> None:
    charter = read(MAPPED)
    assert charter.maps == (read_map(MAP, NAME),)
    assert Charter.from_json(charter.as_json()).maps == charter.maps
    assert charter.digest != read(MAPPED | {NAME: MAP.replace("15.5", "15.6")}).digest
    assert charter.digest == read(MAPPED | {NAME: MAP + "# a comment\n"}).digest


def test_a_charter_without_maps_keeps_its_digest() -> None:
    assert b'"fields"' not in read(GOOD).as_json()
    assert b'"reads"' not in read(GOOD).as_json()


def test_who_reads_a_field_is_known() -> None:
    charter = read(MAPPED)
    assert [each.id for each in charter.readers_of("people", "language")] == ["faq"]
    assert charter.readers_of("people", "region") == ()


MISTAKES = [
    (NAME, "value: anna", "value: carl", "fields/crm.odcs.yaml:10: The field map names 'carl', who isn't in people. Known: anna, bo."),
    (NAME, "kind: DataContract\n", "", "fields/crm.odcs.yaml:1: This has no `kind`. Add `kind:`."),
    ("workflows.yaml", "people.language", "people.langauge", "workflows.yaml:9: workflows.faq.reads.1 names 'people.langauge', which no field map has. Did you mean `people.language`?"),
    ("workflows.yaml", "people.language", "people.region", "workflows.yaml:9: people.region is a high-risk field without owner, source and allowed values. State it in the field map, or set trustwright.risk there."),
    (NAME, "        transformSourceObjects: [crm.people]\n", "", "workflows.yaml:9: people.language is a high-risk field without source. State it in the field map, or set trustwright.risk there."),
    (NAME, "value: 1.5, unit: d, element: people.changed", "value: 1, unit: d, element: other", "workflows.yaml:9: people.language is a high-risk field without freshness. State it in the field map, or set trustwright.risk there."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "stands", "written", "said"), MISTAKES, ids=lambda x: None)
def test_a_launch_on_a_gap_is_refused(file: str, stands: str, written: str, said: str) -> None:
    assert stands in MAPPED[file]
    wrong = MAPPED | {file: MAPPED[file].replace(stands, written, 1)}
    assert told(wrong) == [said]
    assert examine(wrong, TODAY).charter is None


def test_a_risk_that_is_set_goes_before_the_name() -> None:
    low = "      - {name: region, logicalType: string, customProperties: [{property: trustwright.risk, value: low}]}"
    mapped = MAP.replace("      - {name: region, logicalType: string}", low)
    reads = READING.replace("people.language", "people.region")
    assert told(MAPPED | {NAME: mapped, "workflows.yaml": reads}) == []


def test_a_map_nobody_reads_may_have_gaps() -> None:
    assert (
        told(GOOD | {NAME: MAP.replace("        transformSourceObjects: [crm.people]\n", "")}) == []
    )


def test_a_table_is_mapped_once() -> None:
    assert told(MAPPED | {"fields/more.yaml": MAP.replace("id: crm", "id: more")}) == [
        "fields/more.yaml:1: The table people is mapped twice. Keep one of the two."
    ]


@pytest.mark.parametrize("value", [0.5, [1, {"a": 1e-9}], {"b": [None, "0.5", True]}])
def test_fractions_are_kept_exactly(value: Any) -> None:
    assert unpacked(packed(value)) == value
    assert ":0.5" not in repr(packed(value))


def test_the_document_comes_back_from_the_charter() -> None:
    (stored,) = read(MAPPED).fields
    assert unpacked(stored) == examine_map(MAP).document
