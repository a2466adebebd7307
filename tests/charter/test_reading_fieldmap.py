"""A data contract says what must hold; every word of it is asked or told, and every mistake has its line."""

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trustwright.charter.fieldmap.model import FieldMap, Most, RuleUse, TableMap
from trustwright.charter.fieldmap.reading import GRAMMAR, examine, read
from trustwright.charter.fieldmap.risk import risk
from trustwright.charter.fieldmap.writing import write
from trustwright.kernel.errors import Invalid

HEAD = """\
apiVersion: v3.2.0
kind: DataContract
id: customers
version: 1.0.0
status: active
"""
GOOD = (
    HEAD
    + """\
slaProperties:
  - {property: freshness, value: 36, unit: h, element: customers.changed}
schema:
  - name: customers
    physicalName: crm_customers
    customProperties:
      - {property: audience, value: all-journeys, vendor: trustwright}
      - {property: source, value: crm, vendor: trustwright}
    properties:
      - {name: id, physicalName: customer_id, logicalType: string, required: true, unique: true}
      - name: language
        logicalType: string
        description: The language we write in
        classification: personal
        synonyms: [{synonym: lang}]
        transformSourceObjects: [crm.people, web.forms]
        customProperties:
          - {property: trustwright.owner, value: lena}
          - {property: shade, value: blue, vendor: other}
        quality:
          - id: tags
            type: custom
            engine: trustwright
            severity: warning
            description: Registered language tags
            customProperties:
              - {property: owner, value: rolf, vendor: trustwright}
              - property: waiver
                vendor: trustwright
                value: {by: rolf, until: 2027-01-31, reason: The form is being mended}
            implementation: {check: bcp47, mustBeLessThan: 0.5, unit: percent}
          - id: drift
            type: custom
            engine: trustwright
            implementation: {check: shift, floor: 2pp, segments: [country], by: day}
      - {name: changed, logicalType: timestamp}
      - {name: account, logicalType: string, relationships: [{to: accounts.number}]}
  - name: accounts
    physicalName: billing.accounts
    properties:
      - {name: number, physicalName: nr, logicalType: string, primaryKey: true}
"""
)


def customers(text: str) -> TableMap:
    return read(text, "map.yaml").tables[0]


def asked(*lines: str, table: str = "") -> tuple[RuleUse, ...]:
    """What a property `a` with these lines asks for, in a table with that line."""
    body = "".join(f"        {line}\n" for line in lines)
    more = f"    {table}\n" if table else ""
    head = f"{HEAD}schema:\n  - name: t\n    properties:\n      - name: a\n"
    return customers(head + body + more).rules


def test_a_document_means_what_it_says() -> None:
    table = customers(GOOD)
    assert (table.name, table.key, table.audience) == (
        "crm_customers",
        "customer_id",
        "all-journeys",
    )
    language = table.field("language")
    assert language is not None
    assert (language.owner, language.risk, language.personal) == ("lena", "high", True)
    assert (language.source, language.synonyms) == ("crm.people, web.forms", ("lang",))
    assert language.freshness == timedelta(hours=36)
    key = table.field("customer_id")
    assert key is not None
    assert key.source == "crm"


def test_our_rules_come_with_owner_waiver_and_limit() -> None:
    tags = next(rule for rule in customers(GOOD).rules if rule.id == "tags")
    assert (tags.check, tags.columns, tags.severity, tags.owner) == (
        "bcp47",
        ("language",),
        "warn",
        "rolf",
    )
    assert tags.most == Most(limit=0.5, unit="percent", below=True)
    assert tags.waiver is not None
    assert tags.waiver.until == date(2027, 1, 31)


def test_a_shift_is_watched_not_asked() -> None:
    table = customers(GOOD)
    (watch,) = table.watches
    assert (watch.field, watch.segments, watch.floor, watch.by) == (
        "language",
        ("country",),
        0.02,
        "day",
    )
    assert "shift" not in {rule.check for rule in table.rules}


def test_references_and_keys_are_by_the_names_the_tables_have() -> None:
    rule = next(rule for rule in customers(GOOD).rules if rule.check == "reference")
    assert rule.params == {"table": "billing.accounts", "of": ["nr"]}
    accounts = read(GOOD, "m").tables[1]
    assert [(rule.check, rule.columns) for rule in accounts.rules] == [
        ("not-null", ("nr",)),
        ("unique", ("nr",)),
    ]


@pytest.mark.parametrize(
    "to", ["accounts.number", "schema/acc/properties/nr_id", "/schema/acc/properties/nr_id"]
)
def test_a_reference_may_be_by_ids(to: str) -> None:
    text = GOOD.replace("- name: accounts", "- id: acc\n    name: accounts")
    text = text.replace("{name: number,", "{id: nr_id, name: number,")
    table = customers(text.replace("{to: accounts.number}", f"{{to: {to}}}"))
    rule = next(rule for rule in table.rules if rule.check == "reference")
    assert rule.params == {"table": "billing.accounts", "of": ["nr"]}


def test_columns_that_refer_together_are_one_rule() -> None:
    relation = "[{from: [t.a, t.b], to: [u.x, u.y]}]"
    (rule,) = asked(table=f"relationships: {relation}")
    assert (rule.columns, rule.params) == (("a", "b"), {"table": "u", "of": ["x", "y"]})


WORDS = [
    (("required: true",), [("not-null", {})]),
    (("unique: true",), [("unique", {})]),
    (("enum: [{value: 1}, {value: x}]",), [("values", {"values": [1, "x"]})]),
    (("logicalType: string", "logicalTypeOptions: {pattern: '^a$'}"), [("format", {"pattern": "^a$"})]),
    (("logicalType: string", "logicalTypeOptions: {format: email}"), [("format", {"format": "email"})]),
    (("logicalType: string", "logicalTypeOptions: {maxLength: 3}"), [("format", {"pattern": "^[\\s\\S]{0,3}$"})]),
    (("logicalType: number", "logicalTypeOptions: {minimum: 0.5, exclusiveMaximum: 9}"), [("range", {"minimum": 0.5, "below": 9})]),
    (("logicalType: integer", "logicalTypeOptions: {format: i32}"), []),
    (("quality: [{metric: nullValues, mustBe: 0}]",), [("not-null", {})]),
    (("quality: [{metric: duplicateValues, mustBeLessThan: 3}]",), [("unique", {})]),
    (("quality: [{metric: missingValues, mustBe: 0, arguments: {missingValues: ['', n/a]}}]",), [("missing-code", {"codes": ["", "n/a"]})]),
    (("quality: [{metric: invalidValues, mustBe: 0, arguments: {validValues: [a], pattern: '^a$'}}]",), [("values", {"values": ["a"]}), ("format", {"pattern": "^a$"})]),
    (("quality: [{type: custom, engine: trustwright, implementation: {check: plausible, columns: [a, b], deep: 3}}]",), [("plausible", {"deep": 3})]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "rules"), WORDS)
def test_each_word_of_the_standard_becomes_a_rule(
    lines: tuple[str, ...], rules: list[tuple[str, object]]
) -> None:
    assert [(rule.check, rule.params) for rule in asked(*lines)] == rules


NOT_OURS = [
    ("{type: sql, mustBe: 0, query: select 1}", "SQL is for the database to run: select 1"),
    ("{type: text, description: Looks right}", "Only people can check what is said in words: Looks right"),
    ("{type: custom, engine: soda, implementation: x}", "This is a rule for soda."),
    ("{type: custom, engine: trustwright, implementation: x}", "The implementation names no `check`."),
    ("{metric: nullValues, mustBeGreaterThan: 3}", "`nullValues` counts failing rows: only how many may fail at most can be asked of it."),
    ("{metric: nullValues, mustBe: 3}", "`nullValues` counts failing rows: only how many may fail at most can be asked of it."),
    ("{metric: nullValues, mustBeLessThan: 3, unit: bananas}", "`nullValues` counts failing rows: only how many may fail at most can be asked of it."),
    ("{metric: invalidValues, mustBe: 0}", "It doesn't say which values are valid."),
]  # fmt: skip


@pytest.mark.parametrize(("quality", "why"), NOT_OURS)
def test_what_is_not_for_us_is_carried_and_never_dropped(quality: str, why: str) -> None:
    (rule,) = asked(f"quality: [{quality}]")
    assert (rule.check, rule.params) == ("elsewhere", {"why": why})


@pytest.mark.parametrize(
    ("comparison", "most"),
    [
        ("mustBe: 0", Most()),
        ("mustBeLessThan: 3", Most(limit=3, below=True)),
        ("mustBeLessOrEqualTo: 3", Most(limit=3)),
        ("mustBeBetween: [0, 7]", Most(limit=7)),
        ("mustBeLessThan: 1.5, unit: '%'", Most(limit=1.5, unit="percent", below=True)),
    ],
)
def test_how_many_may_fail_is_read_from_the_comparison(comparison: str, most: Most) -> None:
    (rule,) = asked(f"quality: [{{metric: nullValues, {comparison}}}]")
    assert rule.most == most


def test_two_rules_never_share_an_id() -> None:
    rules = asked(
        "required: true",
        "quality: [{id: q, metric: nullValues, mustBe: 0}, {id: q, metric: nullValues, mustBe: 0}]",
    )
    assert [rule.id for rule in rules] == ["a-not-null", "q", "a-not-null-2"]


def test_rows_are_counted_with_the_comparison_as_it_stands() -> None:
    (rule,) = asked(table="quality: [{metric: rowCount, mustBeBetween: [10, 20]}]")
    assert (rule.check, rule.params) == ("row-count", {"mustBeBetween": [10, 20]})


PLAIN = HEAD + "schema:\n  - name: t\n    properties:\n      - {name: a, logicalType: string}\n"
MISTAKES = [
    ("kind: DataContract\n", "", "1: This has no `kind`. Add `kind:`."),
    ("v3.2.0", "v2.2.0", "1: The standard's version v2.2.0 isn't read. Known: v3.2.0, v3.1.0, v3.0.2, v3.0.1, v3.0.0."),
    ("version: 1.0.0", "version: 1.0", "4: `version` should be text."),
    ("status", "statsu", "5: The standard has no `statsu` here. Did you mean `status`?"),
    ("status: active", "color: blue", "5: The standard has no `color` here. What is your own belongs in customProperties."),
    ("logicalType: string", "logicalType: strin", "9: `logicalType` should be one of those the standard has. Did you mean `string`?"),
    ("logicalType: string", "required: yes", "9: `required` should be true or false."),
    ("logicalType: string", "requird: true", "9: The standard has no `requird` here. Did you mean `required`?"),
    ("logicalType: string", "quality: [{metric: nullValues}]", "9: A rule has exactly one comparison, with a number. Write one of mustBe, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween ..."),
    ("logicalType: string", "quality: [{type: sql, mustBe: 1}]", "9: This has no `query`. Add `query:`."),
    ("logicalType: string", "relationships: [{to: a b}]", "9: `to` has none of the forms the standard has for it."),
    ("logicalType: string", "customProperties: [{property: trustwright.owner, value: Lena Vogt}]", "9: owner: should be an id: a-z, 0-9, '.', '_' and '-', at most 64 of them."),
    ("logicalType: string", "quality: [{type: custom, engine: trustwright, implementation: {check: shift, floor: -1}}]", "9: floor: input should be greater than 0."),
    ("logicalType: string", "quality: [{metric: nullValues, mustBe: 0, customProperties: [{property: waiver, vendor: trustwright, value: {by: ana, until: soon, reason: R}}]}]", "9: waiver.until: input should be a valid date."),
    ("logicalType: string", "customProperties: [{property: trustwright.ownr, value: ana}]", "9: trustwright.ownr isn't known. Did you mean `owner`?"),
    ("logicalType: string", "customProperties: [{property: trustwright.baseline, value: 12}]", "9: trustwright.baseline isn't known. Say how many rows may fail (`mustBeLessThan`), or who answers for them until when (`waiver`)."),
    ("logicalType: string", "quality: [{type: custom, engine: trustwright, implementation: {check: shift, then: stop}}]", "9: then: extra inputs are not permitted."),
    ("status: active", "slaProperties: [{property: freshness, value: soon, unit: h, element: t}]", "5: `soon h` is no time. Write value: 24, unit: h."),
    ("status: active", "status: &a active", "5: Anchors and aliases aren't read. Write the value out."),
    ("status: active", "status: active\nstatus: draft", "6: status is there twice. Keep one of the two."),
    ("status: active", "status: a\u202ective", "5: `status` has invisible or control characters. Type it again."),
]  # fmt: skip


@pytest.mark.parametrize(("stands", "written", "said"), MISTAKES, ids=lambda x: None)
def test_a_mistake_is_named_with_its_line(stands: str, written: str, said: str) -> None:
    assert stands in PLAIN
    with pytest.raises(Invalid) as refused:
        read(PLAIN.replace(stands, written, 1), "map.yaml")
    assert refused.value.detail["problems"] == [f"map.yaml:{said}"]


@pytest.mark.parametrize(
    ("rule", "check", "params"),
    [
        ("{type: library, rule: duplicateCount, mustBeLessThan: 10}", "unique", {}),
        ("{rule: nullCheck}", "not-null", {}),
        ("{rule: validValues, validValues: [kg]}", "values", {"values": ["kg"]}),
        ("{rule: tableCompleteness}", "elsewhere", {"why": "Only people can check what is said in words: (rule: tableCompleteness)"}),
        ("{rule: minCheck, description: Large, mustBe: 3, customProperties: [{property: min, value: 3}]}", "elsewhere", {"why": "Only people can check what is said in words: Large (rule: minCheck, mustBe: 3)"}),
    ],
)  # fmt: skip
def test_the_rules_of_3_0_are_read(rule: str, check: str, params: object) -> None:
    text = PLAIN.replace("v3.2.0", "v3.0.1").replace("logicalType: string", f"quality: [{rule}]")
    (asked,) = customers(text).rules
    assert (asked.check, asked.params, asked.severity) == (check, params, "block")


def test_a_bomb_is_refused_before_it_is_read() -> None:
    deep = HEAD + "tags: " + "[" * 5000
    assert examine(deep).problems[0][1] == "This is nested too deeply."
    long = HEAD + "#" * GRAMMAR.characters
    assert "longer than" in examine(long).problems[0][1]


def test_five_thousand_columns_are_read() -> None:
    columns = "".join(
        f"      - {{name: c{n}, logicalType: string, required: true}}\n" for n in range(5000)
    )
    table = customers(f"{HEAD}schema:\n  - name: t\n    properties:\n{columns}")
    assert len(table.fields) == len(table.rules) == 5000


@pytest.mark.parametrize("text", [GOOD, PLAIN, GOOD.replace("v3.2.0", "v3.0.2")])
def test_what_is_written_is_what_was_read(text: str) -> None:
    reading = examine(text)
    assert reading.document is not None
    again = examine(write(reading.document))
    assert again.document == {**reading.document, "apiVersion": "v3.2.0"}
    assert again.map == reading.map
    # And for any other reader of YAML too; dates are text in the standard.
    assert yaml.load(write(reading.document), Loader=yaml.BaseLoader)["id"] == "customers"


@given(
    at=st.floats(0, 1),
    junk=st.text(st.sampled_from("\x00\t\n -:[]{},&*!|>'\"%@`?#a1\u202e"), max_size=12),
)
@settings(max_examples=60, deadline=None)
def test_no_text_makes_the_reader_stumble(at: float, junk: str) -> None:
    cut = int(at * len(GOOD))
    reading = examine(GOOD[:cut] + junk + GOOD[cut:])
    assert isinstance(reading.map, FieldMap) or reading.problems


@pytest.mark.parametrize(
    ("name", "high"),
    [
        ("preferred_language", True),
        ("prefLang", True),
        ("LANG", True),
        ("sales_region", True),
        ("consent_email", True),
        ("optOut", True),
        ("opt-out-date", True),
        ("lifecycle_stage", True),
        ("status", True),
        ("customer_status", True),
        ("marital_status", False),
        ("slang", False),
        ("regional_manager", False),
        ("email", False),
    ],
)
def test_risk_is_told_by_the_name(name: str, high: bool) -> None:
    assert risk(name) == ("high" if high else "low")
