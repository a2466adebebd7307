"""The data is what was published: counts, labels and judgements as computed from the originals."""

import gzip
import json
from collections import Counter
from importlib.resources import files
from itertools import groupby

import pytest

from trustwright.charter.reading import read
from trustwright.demo.items import Item, answers, people, replies
from trustwright.demo.run import charter_files
from trustwright.proposals.content import demand_clean

LABELS = {"gpt2": (133, 30), "ctrl": (62, 10), "doha": (79, 58)}
CORRECT = {"fid": 0.815, "gpt35": 0.784, "chatgpt": 0.844, "gpt4": 0.902, "newbing": 0.896}


@pytest.mark.parametrize(("system", "counts"), LABELS.items())
def test_experts_saw_as_many_hallucinations(system: str, counts: tuple[int, int]) -> None:
    labels = Counter(reply.label for reply in replies() if reply.system == system)
    assert labels.total() == 200
    assert (labels["hallucination"], labels["entailment,hallucination"]) == counts


@pytest.mark.parametrize(("system", "share"), CORRECT.items())
def test_people_judged_as_many_answers_correct(system: str, share: float) -> None:
    theirs = [answer for answer in answers() if answer.system == system]
    judged = [answer.correct for answer in theirs if not answer.improper]
    assert (len(theirs), len(judged)) == (2000, 1938)
    assert round(sum(map(bool, judged)) / len(judged), 3) == share


def test_replies_by_people_are_labelled_in_the_same_way() -> None:
    labels = Counter(reply.label for reply in people())
    assert labels == {
        "Partial Hallucination": 83,
        "Entailment": 57,
        "Hallucination": 39,
        "Uncooperative": 11,
        "Generic": 10,
    }
    assert sum(reply.hallucinated for reply in people()) == 122


def test_every_text_can_be_submitted_by_a_registered_system_under_a_title_of_its_own() -> None:
    items: list[Item] = [*replies(), *answers()]
    charter = read(charter_files())
    for item in items:
        assert demand_clean(item.text, "text")
        assert item.system in charter.workflow(item.order().workflow).systems
    assert not any(charter.missing(system) for system in {item.system for item in items})
    assert len({(item.system, item.order().title) for item in items}) == len(items) == 10_600
    assert len({item.key for item in items}) == len(items)


def test_the_charter_quotes_the_figures_of_the_data() -> None:
    charter = read(charter_files())
    for system, (only, beside) in LABELS.items():
        stated = charter.system(system).test_results or ""
        assert f"in {only + beside} of 200" in stated
        assert f"in {only} of them" in stated
    for system, share in CORRECT.items():
        assert f"{100 * share:.1f} % of 1,938" in (charter.system(system).test_results or "")


def test_the_invented_company_is_said_to_be_invented() -> None:
    company = read(charter_files()).company
    assert company.invented
    assert "invented" in company.name


def test_the_licences_stand_beside_the_data() -> None:
    data = files("trustwright.demo") / "data"
    assert "Copyright (c) 2022 Nouha Dziri" in (data / "LICENSE-MIT.txt").read_text("utf-8")
    assert "Apache License" in (data / "LICENSE-Apache-2.0.txt").read_text("utf-8")
    told = (data / "DATA.md").read_text("utf-8")
    for file in ("replies", "people", "answers"):
        assert f"`{file}.jsonl.gz`" in told


def test_a_row_is_one_object_a_line_in_a_file_without_a_time() -> None:
    packed = (files("trustwright.demo") / "data" / "answers.jsonl.gz").read_bytes()
    assert packed[4:8] == b"\0\0\0\0"
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    assert [n for n, _ in groupby(row["n"] for row in rows)] == list(range(1, 2001))
