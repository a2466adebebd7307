"""`python -m scripts.release`: keep a small workspace as this version writes it, for every later one to open.

Made anew until the version is tagged, and never touched afterwards.
"""

import base64
import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from scripts.source import ROOT
from trustwright import __version__
from trustwright.ledger.sqlite import FILE
from trustwright.proposals.evidence import bundle
from trustwright.testing.company import Company

KEPT = ROOT / "tests" / "ledger" / "releases"


def lived(company: Company) -> dict[str, str]:
    """A release, a case that waits, one that was refused, a person who was erased; their ids."""
    copilot, ada = company.system(), company.person("ada")
    cases = {
        name: copilot.proposes(f"Hello, this one is {name}.", subject=f"customer-{name}").case
        for name in ("released", "waiting", "refused", "erased")
    }
    ada.countersigns(cases["released"])
    ada.asks("refuse", cases["refused"], reason="No.")
    company.asks("subjects.erase", company.person("cy").actor, subject="customer-erased")
    return cases


def keep() -> str:
    """The workspace as one JSON text."""
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder) / "workspace")
        cases = lived(company)
        with company.view() as view:
            proof = bundle(view, company.case(cases["released"]))
        log_key, settings = company.app.ledger.signer.vkey, company.app.settings
        company.close()
        with closing(sqlite3.connect(settings.dir / FILE)) as database:
            dump = list(database.iterdump())
        kept = {
            "version": __version__,
            "cases": cases,
            "log_key": log_key,
            "bundle": base64.b64encode(proof).decode(),
            "keys": {
                path.name: path.read_bytes().hex() for path in (settings.dir / "keys").iterdir()
            },
            "dump": dump,
        }
    return json.dumps(kept, indent=1) + "\n"


def main() -> None:
    KEPT.mkdir(exist_ok=True)
    path = KEPT / f"{__version__}.json"
    path.write_text(keep(), "utf-8")
    print(path)


if __name__ == "__main__":
    main()
