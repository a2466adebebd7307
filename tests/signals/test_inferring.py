"""A first map from a table: what is proposed, with its evidence, and what isn't."""

from collections.abc import Sequence
from typing import Any

import ibis
import polars as pl
import pytest

from tests.signals.tables import NOW, table
from trustwright.charter.fieldmap.reading import read
from trustwright.charter.fieldmap.writing import write
from trustwright.connectors.tables.profiling import profile
from trustwright.connectors.tables.remote import RemoteTable
from trustwright.signals import names, preflight, proposing, telling
from trustwright.signals.drafting import draft
from trustwright.signals.library import mapped_sanity
from trustwright.signals.model import Verdict
from trustwright.signals.proposing import Proposal
from trustwright.signals.spelling import form, misspelt

PHONES = [f"20532510{n:02}" for n in range(60)]


def proposed(**columns: Sequence[Any]) -> dict[tuple[str, ...], Proposal]:
    """Proposals by check and columns; not those that everything is filled."""
    found = proposing.propose(profile(table("people", columns)))
    return {(p.check, *p.columns): p for p in found if p.check != "not-null"}


def test_a_missing_value_in_disguise_is_named() -> None:
    found = proposed(job=["clerk"] * 30 + ["unknown"] * 8, days=[3, 4, 5] * 10 + [999] * 8)
    assert found["missing-code", "job"].params == {"codes": ["unknown"]}
    assert (found["missing-code", "days"].k, found["missing-code", "days"].n) == (8, 38)
    assert "unknown" in str(found["values", "job"].params)


@pytest.mark.parametrize("days", [[90, 95, 98, 99] * 10, [1, 500, 999] * 10, [999] * 30])
def test_a_number_among_others_is_no_code(days: list[int]) -> None:
    assert ("missing-code", "days") not in proposed(days=days)


def test_what_looks_misspelt_is_left_out_of_the_values() -> None:
    found = proposed(city=["birmingham"] * 30 + ["montgomery"] * 20 + ["birminghxm"])
    values = found["values", "city"]
    assert (values.k, values.n) == (1, 51)
    assert values.params == {"values": ["birmingham", "montgomery"]}
    assert '"birminghxm" for "birmingham"' in values.says


@pytest.mark.parametrize(
    ("word", "like"),
    [
        ("birmingxam", True),
        ("acutexcarexhospital", False),
        ("dark ale", False),
        ("route 67", False),
    ],
)
def test_a_misspelling_is_one_word_written_wrong(word: str, like: bool) -> None:
    known = {"birmingham": 40, "pale ale": 40, "route 66": 40}
    assert (word in misspelt({**known, word: 2})) is like


def test_a_form_is_seen_in_what_most_have() -> None:
    found = proposed(phone=[*PHONES, "2053x51000"])
    assert found["format", "phone"].params == {"pattern": "^[0-9]{10}$"}
    assert found["format", "phone"].k == 1


@pytest.mark.parametrize(
    ("shapes", "pattern"),
    [
        ({"9:99 a.a.": 50, "99:99 a.a.": 50}, "^[0-9]+:[0-9]+ [a-z]+\\.[a-z]+\\.$"),
        ({"AA-99": 95, "aa": 5}, "^[A-Z]{2}-[0-9]{2}$"),
        ({"aaaa": 100}, None),
        ({"9a": 50, "a.9": 40, "99-9": 30, "A#9": 30}, None),
    ],
)
def test_a_pattern_has_digits_and_few_forms(shapes: dict[str, int], pattern: str | None) -> None:
    found = form(shapes, sum(shapes.values()), 0.1)
    assert (found[0] if found else None) == pattern


def test_units_written_in_several_ways_are_told() -> None:
    found = proposed(ounces=["12 oz", "12.0 ounce", "16 oz."] * 10)
    assert "3 ways to write its unit" in found["format", "ounces"].says
    assert "unit" not in str(proposed(ounces=["12 oz", "16 oz"] * 15))


def test_a_name_that_promises_something_else_is_told() -> None:
    found = proposed(zip_code=["Urban", "Rural", "Suburban"] * 10)
    assert found["mapped-sanity", "zip_code"].k == 30
    assert ("mapped-sanity", "zip_code") not in proposed(zip_code=[f"{n:05}" for n in range(30)])


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("email_consent", None),
        ("phone_opt_out", None),
        ("ok_email", None),
        ("email", "email"),
        ("consent_date", "date"),
        ("mobile_phone", "phone"),
    ],
)
def test_what_was_said_of_an_address_is_no_address(name: str, what: str | None) -> None:
    assert mapped_sanity.named(name) == what


def test_languages_and_countries_are_known_by_name_and_code() -> None:
    found = proposed(language=["de-DE", "en"] * 20 + ["de_DE"], country=["DE", "GB"] * 20 + ["UK"])
    assert (found["language-tag", "language"].k, found["country", "country"].k) == (1, 1)
    assert found["country", "country"].params == {"form": "alpha2"}
    assert ("language-tag", "language") not in proposed(language=["German", "English"] * 20)


def test_what_depends_on_a_key_is_seen_through_mistakes() -> None:
    flights = ["A1", "B2", "C3", "D4", "E5"] * 12
    departs = ["7:10 a.m.", "8:20 a.m.", "9:30 p.m.", "6:05 a.m.", "1:00 p.m."] * 12
    departs[0], departs[6] = "7:15 a.m.", "8:25 a.m."
    found = proposed(flight=flights, departs=departs)
    assert (found["depends", "flight", "departs"].k) == 2
    assert ("depends", "departs", "flight") not in found  # A time names nothing.


def test_what_only_meets_by_chance_depends_on_nothing() -> None:
    found = proposed(a=["x", "y", "z"] * 20, b=["p"] * 57 + ["q"] * 3)
    assert not [each for each in found if each[0] == "depends"]


def test_keys_are_never_empty_and_never_twice() -> None:
    whole = profile(table("t", {"name": [f"n{n}" for n in range(30)], "row_id": list(range(30))}))
    assert proposing.key(whole) == "row_id"
    twice = profile(table("t", {"row_id": [1] * 30, "amount": [n / 7 for n in range(30)]}))
    assert proposing.key(twice) is None


def test_too_few_rows_prove_nothing() -> None:
    assert proposed(a=["x"] * 19) == {}
    assert draft(profile(table("t", {"a": []})))["schema"][0]["properties"][0]["name"] == "a"


def test_nobodys_name_gets_into_a_map() -> None:
    shown = write(draft(profile(table("t", {"surname": ["Lovelace", "Hopper"] * 30}))))
    assert "Lovelace" not in shown
    assert "classification: personal" in shown


@pytest.mark.parametrize(
    ("name", "personal"),
    [("emailAddress", True), ("soc_sec_id", True), ("Telephone", True), ("product_name", False)],
)
def test_personal_data_is_told_by_its_name(name: str, personal: bool) -> None:
    assert names.personal(name) is personal


def test_a_sample_is_spread_and_said() -> None:
    seen = profile(table("t", {"n": list(range(1000))}), rows=100)
    assert (seen.rows, seen.looked) == (1000, 100)
    assert {value for value, _ in seen.columns[0].common} == set(range(0, 1000, 10))
    assert "100 of 1,000 rows" in draft(seen)["description"]["purpose"]


def test_a_drafted_map_is_a_contract_that_finds_what_it_names() -> None:
    data = pl.DataFrame(
        {
            "row_id": range(61),
            "phone": [*PHONES, "2053x51000"],
            "language": ["de", "en"] * 30 + ["de"],
            "city": ["birmingham"] * 60 + ["birminghxm"],
        }
    )
    agreed = read(write(draft(profile(table("people", data)))), "map").tables[0]
    assert agreed.key == "row_id"
    assert [watch.field for watch in agreed.watches] == ["language"]
    told = preflight.check(table("people", data), agreed, NOW, {})
    failed = {result.use.columns: result.k for result in told.having(Verdict.FAIL)}
    assert failed.get(("city",)) == 1


@pytest.mark.filterwarnings("ignore:fetch_.*is deprecated:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:The .future.infer_string. option")
def test_a_table_in_a_database_is_looked_at_like_a_file() -> None:
    data = {"id": range(60), "flight": ["A1", "B2", "C3"] * 20, "gate": ["g1", "g2", "g3"] * 20}
    rows = pl.DataFrame({**data, "gate": ["g9", *data["gate"][1:]]})
    there = RemoteTable("t", ibis.duckdb.connect().create_table("t", rows.to_arrow()))
    assert profile(there) == profile(table("t", rows))


def test_all_rows_are_a_hundred_percent() -> None:
    rows = {"zip_code": ["Urban", "Rural"] * 20}
    agreed = read(write(draft(profile(table("people", rows)))), "map").tables[0]
    told = preflight.check(table("people", rows), agreed, NOW, {})
    assert "40 of 40 rows (100 %)" in telling.as_text(told)
