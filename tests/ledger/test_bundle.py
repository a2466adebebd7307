import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ledger.synthetic import FORGED, World, automated, owner_case
from trustwright.kernel.errors import Invalid
from trustwright.ledger.bundle import (
    Evidence,
    page_policy,
    read_bundle,
    verify_page,
    verify_program,
    write_bundle,
)


def as_dict(evidence: Evidence) -> dict[str, object]:
    told = sorted(evidence.disclosures, key=lambda d: d["commitment"])
    return {**vars(evidence), "disclosures": [dict(d) for d in told]}


@pytest.mark.parametrize("make", [owner_case, automated])
def test_a_bundle_reads_as_it_was_written(make: object) -> None:
    assert callable(make)
    world: World = make()
    archive = world.bundle()
    assert as_dict(read_bundle(archive)) == as_dict(world.evidence())
    assert write_bundle(read_bundle(archive)) == archive == world.bundle()


def test_the_archive_is_an_ordinary_one_stored_and_undated() -> None:
    with zipfile.ZipFile(io.BytesIO(owner_case().bundle())) as archive:
        assert archive.testzip() is None
        infos = archive.infolist()
        assert {(i.compress_type, i.date_time) for i in infos} == {(0, (1980, 1, 1, 0, 0, 0))}
        names = {i.filename for i in infos}
        text = archive.read("README.txt").decode()
    assert {"README.txt", "bundle.json", "checkpoint", "label.json", "receipt.tlog-proof"} < names
    assert {"verify.py", "verify.html", "entries/0.json", "entries/0.tlog-proof"} < names
    assert "L2" in text
    assert max(len(line) for line in text.splitlines()) < 120


def test_the_receipt_is_the_proof_of_the_release_and_the_label_is_its_label() -> None:
    world = owner_case()
    with zipfile.ZipFile(io.BytesIO(world.bundle())) as archive:
        released = json.loads(archive.read("bundle.json"))["released"]
        proof = archive.read(f"entries/{released}.tlog-proof")
        assert archive.read("receipt.tlog-proof") == proof
        body = json.loads(archive.read(f"entries/{released}.json"))["body"]
        assert json.loads(archive.read("label.json")) == body["label"]


def test_a_case_without_release_has_neither_receipt_nor_label() -> None:
    world = FORGED["nothing released"][0]()
    names = zipfile.ZipFile(io.BytesIO(world.bundle())).namelist()
    assert not {"receipt.tlog-proof", "label.json"} & set(names)
    assert read_bundle(world.bundle()).released is None


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all", bytes(1000)])
def test_what_is_no_bundle_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        read_bundle(data)


def test_the_page_states_the_policy_it_works_under() -> None:
    page = verify_page()
    policy = f'content="{page_policy(page)}"'
    assert policy in page.decode(), f"the page's script or style changed: write {policy}"
    assert b"http:" not in page
    assert b"https:" not in page
    assert b"innerHTML" not in page


def run(tmp_path: Path, world: World, *options: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "verify.py").write_bytes(verify_program())
    (tmp_path / "case.zip").write_bytes(world.bundle())
    # -I: nothing but the standard library and installed packages can be imported from here.
    command = [sys.executable, "-I", "verify.py", "case.zip", *options]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)


def test_the_program_in_the_bundle_runs_by_itself(tmp_path: Path) -> None:
    world = owner_case()
    assert b"trustwright." not in b"\n".join(
        line for line in verify_program().splitlines() if b"import" in line
    )
    ok = run(tmp_path, world, "--key", world.signer.vkey)
    assert (ok.returncode, ok.stderr) == (0, "")
    assert ok.stdout.splitlines()[-1] == "VERDICT: ok"
    assert "AI system reply-bot proposed a text for faq, channel email" in ok.stdout
    assert "countersigned the text as owner" in ok.stdout
    assert "body: Your parcel left." in ok.stdout


def test_without_a_key_the_program_says_incomplete_and_which_key_to_compare(tmp_path: Path) -> None:
    world = owner_case()
    answer = run(tmp_path, world, "--json")
    report = json.loads(answer.stdout)
    assert answer.returncode == 2
    assert report["verdict"] == "incomplete"
    assert [r["code"] for r in report["reasons"]] == ["log-key-not-given"]
    assert report["reasons"][0]["where"] == world.signer.vkey


def test_a_forgery_exits_with_1_and_what_is_no_bundle_never_makes_a_trace(tmp_path: Path) -> None:
    world = FORGED["editor as signer"][0]()
    answer = run(tmp_path, world, "--key", world.signer.vkey)
    assert answer.returncode == 1
    assert "signer-edited: Somebody who edited the text countersigned it." in answer.stdout
    command = [sys.executable, "-I", "verify.py"]
    for argument, code in (("verify.py", 1), ("missing.zip", 2)):
        answer = subprocess.run(
            [*command, argument], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert answer.returncode == code
        assert "Traceback" not in answer.stderr
