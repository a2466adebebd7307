"""New keys for an old log: everything goes on, what was proved stays proved, who isn't told stops."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.ledger import cut_off
from tests.ledger.stores import Site, problems, raise_one
from trustwright.app import App, Settings
from trustwright.kernel.actors import Person
from trustwright.kernel.errors import Problem, Unavailable
from trustwright.ledger import keys as key_files
from trustwright.ledger import proving, rotating, store, verifier
from trustwright.ledger.keys import LOG, NAMES, VAULT
from trustwright.proposals import evidence
from trustwright.testing.company import Company

ADA = Person("ada")


def released(company: Company) -> str:
    """A case that Ada countersigned."""
    case: str = company.system().proposes("Your parcel left.", subject="customer-1").case
    company.person("ada").countersigns(case)
    return case


def reopened(company: Company) -> None:
    company.app.close()
    company.app = App(company.app.settings, lambda: company.now)


def bundle(company: Company, case: str) -> bytes:
    with company.view() as view:
        return evidence.bundle(view, company.case(case))


def verdict(archive: bytes, key: str | None) -> tuple[str, list[str]]:
    report = verifier.verify(archive, key)
    return report["verdict"], [reason["code"] for reason in report["reasons"]]


def test_a_new_log_key_signs_and_the_old_one_leads_to_it(site: Site) -> None:
    company = site.company
    case = released(company)
    first, before = company.app.ledger.signer.vkey, bundle(company, case)
    second = rotating.rotate_log(company.app.ledger)
    reopened(company)
    assert company.app.ledger.signer.vkey == second != first
    later = released(company)
    assert problems(company) == ()
    for archive in (bundle(company, case), bundle(company, later)):
        assert verdict(archive, first) == ("ok", [])
        assert verdict(archive, second) == ("ok", [])
        assert verdict(archive, None) == ("incomplete", ["log-key-not-given"])
    assert verdict(before, first) == ("ok", [])
    assert verdict(before, second) == ("invalid", ["log-key-mismatch"])
    third = rotating.rotate_log(company.app.ledger)
    reopened(company)
    assert verdict(bundle(company, case), first) == ("ok", [])
    assert verdict(bundle(company, case), third) == ("ok", [])
    assert problems(company) == ()


def test_a_mark_from_before_a_new_key_is_believed_and_a_rollback_seen(site: Site) -> None:
    company = site.company
    company.app.write(ADA, raise_one)
    mark = company.app.settings.dir / "high-water"
    older = mark.read_bytes()
    site.back_up()
    rotating.rotate_log(company.app.ledger)
    newer = mark.read_bytes()
    mark.write_bytes(older)
    reopened(company)
    company.app.write(ADA, raise_one)
    company.app.close()
    mark.write_bytes(newer)
    site.restore()
    with pytest.raises(Unavailable) as e:
        App(company.app.settings)
    assert e.value.code == "keys-of-another"


def test_a_new_vault_key_opens_everything_and_the_old_one_nothing(site: Site) -> None:
    company = site.company
    case = released(company)
    folder = company.app.settings.dir / "keys"
    old, me = key_files.load(folder), company.app.ledger.keys.pseudonym("person", "ada")
    with company.view() as view:
        wrapped = view.rows(select(store.vault_keys))
    assert rotating.rotate_vault(company.app.ledger) == len(wrapped) > 2
    reopened(company)
    assert company.app.ledger.keys.pseudonym("person", "ada") == me
    assert {path.name for path in folder.iterdir()} == {LOG, VAULT, NAMES}
    with company.view() as view:
        sealed = company.case(case).content
        opened = view.open(sealed)
        assert opened
        assert json.loads(opened.value) == [["body", "Your parcel left."]]
        for holder, lookup, box in view.rows(select(store.vault_keys)):
            with pytest.raises(Problem):
                old.unwrap(holder, lookup, box)
        assert company.app.ledger.examine(view) == ()
    assert company.app.ledger.keys.fingerprint != old.fingerprint
    company.asks("subjects.erase", company.person("cy").actor, subject="customer-1")
    rotating.rotate_vault(company.app.ledger)
    reopened(company)
    with company.view() as view:
        assert view.open(sealed) is None
    assert problems(company) == ()


def rotate_log(app: App, _: str) -> None:
    rotating.rotate_log(app.ledger)


def rotate_vault(app: App, _: str) -> None:
    rotating.rotate_vault(app.ledger)


@pytest.mark.parametrize("rotate", [rotate_log, rotate_vault])
def test_a_process_that_was_not_told_stops(site: Site, rotate: Callable[[App, str], None]) -> None:
    settings = site.company.app.settings
    with closing(App(settings)) as idle, closing(App(settings)) as busy:
        busy.write(ADA, raise_one)
        rotate(site.company.app, "")
        for untold in (idle, busy):
            with pytest.raises(Unavailable) as e:
                untold.write(ADA, raise_one)
            assert e.value.code == "keys-rotated"
    reopened(site.company)
    site.company.app.write(ADA, raise_one)
    assert problems(site.company) == ()


@pytest.mark.parametrize(("rotate", "name"), [(rotate_log, LOG), (rotate_vault, VAULT)])
def test_keys_from_before_open_nothing(
    site: Site, rotate: Callable[[App, str], None], name: str
) -> None:
    settings = site.company.app.settings
    old = (settings.dir / "keys" / name).read_bytes()
    rotate(site.company.app, "")
    (settings.dir / "keys" / name).write_bytes(old)
    with pytest.raises(Unavailable) as e:
        App(settings)
    assert e.value.code == "keys-of-another"


def test_without_what_pseudonyms_are_made_with_nothing_opens(in_file: Site) -> None:
    settings = in_file.company.app.settings
    rotating.rotate_vault(in_file.company.app.ledger)
    names = settings.dir / "keys" / NAMES
    names.write_bytes(bytes(32))
    with pytest.raises(Unavailable) as e:
        App(settings)
    assert e.value.code == "keys-of-another"
    names.unlink()
    with pytest.raises(Unavailable) as e:
        App(settings)
    assert e.value.code == "key-missing"


def goes_on(settings: Settings) -> None:
    with closing(App(settings)) as app:
        app.write(ADA, raise_one)
        with app.ledger.view() as view:
            assert app.ledger.verify(view).problems == ()
            assert app.ledger.examine(view) == ()


Rotate = Callable[[App, str], None]
both = pytest.mark.parametrize("rotate", [rotate_log, rotate_vault])


@both
def test_killed_where_it_matters_one_of_the_keys_is_in_force(in_file: Site, rotate: Rotate) -> None:
    killed(in_file, rotate, ("COMMIT", "DELETE", "os."))


@both
@pytest.mark.soak
def test_killed_at_every_step_one_of_the_keys_is_in_force(site: Site, rotate: Rotate) -> None:
    killed(site, rotate, ("",))


def killed(site: Site, rotate: Rotate, telling: tuple[str, ...]) -> None:
    company = site.company
    case = released(company)
    first, settings = company.app.ledger.signer.vkey, company.app.settings
    company.app.close()
    told = cut_off.steps(rotate, settings, "")
    goes_on(settings)
    fatal = [n for n, what in enumerate(told) if what.startswith(telling)]
    for step in (n + 1 for n in fatal if n + 1 < len(told)):
        cut_off.killed_before(step, rotate, settings, "")
        goes_on(settings)
    reopened(company)
    assert verdict(bundle(company, case), first) == ("ok", [])


def test_a_new_key_nobody_signed_is_named(site: Site) -> None:
    """Somebody with the database, but not with the keys, puts their own key in."""
    company = site.company
    rotating.rotate_log(company.app.ledger)
    settings = replace(company.app.settings)
    site.edit(
        *site.unguard,
        """UPDATE facts SET entry = replace(entry, '"signed_by_old":"', '"signed_by_old":"A') """
        "WHERE kind = 'ledger.rotated'",
    )
    with pytest.raises(Problem):
        App(settings)


def test_the_log_says_which_key_is_in_force(company: Company) -> None:
    with company.view() as view:
        assert view.log_key == view.genesis.log_key == company.app.ledger.signer.vkey
    second = rotating.rotate_log(company.app.ledger)
    reopened(company)
    with company.view() as view:
        assert (view.log_key, proving.size(view)) == (second, proving.size(view))
        assert view.genesis.log_key != second
