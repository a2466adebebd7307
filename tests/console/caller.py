"""Somebody's browser without the browser: the console's routes over a company for tests."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from trustwright.entrypoints.server import web
from trustwright.kernel.canonical import from_b64u
from trustwright.testing.authenticator import Authenticator
from trustwright.testing.company import Company, files

SITE = "http://localhost:8787"


class Caller:
    """One browser with its own cookies. `origin` is what it says a POST comes from."""

    def __init__(self, web: FastAPI, device: Authenticator | None = None, site: str = SITE) -> None:
        self.client = TestClient(
            web, base_url=site, follow_redirects=False, raise_server_exceptions=False
        )
        self.device = device or Authenticator()
        self.origin = SITE
        self.csrf = ""

    def get(self, path: str, **headers: str) -> Response:
        """The page; the token in it goes into what is posted next."""
        page = self.client.get(path, headers={"accept": "text/html", **headers})
        if found := re.search(r'<meta name="csrf" content="(\w*)">', page.text):
            self.csrf = found[1]
        return page

    def posts(self, path: str, **form: str) -> Response:
        """A form as a browser sends it."""
        headers = {"origin": self.origin}
        return self.client.post(path, data={"csrf": self.csrf, **form}, headers=headers)

    def fetches(self, path: str, **sent: Any) -> Response:
        """What passkey.js posts."""
        headers = {"origin": self.origin, "x-csrf-token": self.csrf}
        return self.client.post(path, json=sent, headers=headers)

    def signs_in(self, next: str = "") -> Response:
        begun = self.fetches("/console/passkey/sign-in/begin").json()
        credential = self.device.get(json.dumps(begun["options"]))
        answer = self.fetches("/console/passkey/sign-in/finish", next=next, credential=credential)
        self.get("/console/holds")
        return answer

    def adds_a_passkey(self) -> Response:
        begun = self.fetches("/console/passkey/sign-in/begin").json()
        credential = self.device.get(json.dumps(begun["options"]))
        return self.fetches("/console/passkey/another", credential=credential)

    def enrolls(self, token: str) -> Response:
        begun = self.fetches("/console/passkey/enrol/begin", token=token)
        if begun.is_error:
            return begun
        credential = self.device.create(json.dumps(begun.json()["options"]))
        answer = self.fetches("/console/passkey/enrol/finish", token=token, credential=credential)
        self.get("/console/holds")
        return answer

    def countersigns(self, at: str) -> Response:
        """Where `at` is `/console/charter/countersign` or a case's."""
        begun = self.fetches(f"{at}/begin")
        if begun.is_error:
            return begun
        given = begun.json()
        credential = self.device.get(json.dumps(given["options"]))
        return self.fetches(f"{at}/finish", statement=given_id(given), credential=credential)


def given_id(begun: dict[str, str]) -> str:
    """The id of the statement, as the page reads it."""
    return str(said(begun)["id"])


def said(begun: dict[str, str]) -> dict[str, Any]:
    """What the statement says."""
    found: dict[str, Any] = json.loads(from_b64u(begun["statement"]))
    return found


class House:
    """A company with its console."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.web = web(company.app)

    @staticmethod
    def people(**names: str) -> str:
        """people.yaml with other names (YAML) for some."""
        text = files()["people.yaml"]
        for id, name in names.items():
            before, _, after = text.partition(f"id: {id}, name: ")
            text = f"{before}id: {id}, name: {name},{after.partition(',')[2]}"
        return text

    def visitor(self, site: str = SITE) -> Caller:
        return Caller(self.web, site=site)

    def person(self, id: str) -> Caller:
        """Somebody enrolled, signed in."""
        caller = Caller(self.web, self.company.person(id).device)
        assert caller.signs_in().status_code == 200
        return caller


@contextmanager
def house(folder: Path, demo: bool = True, **changed: str) -> Iterator[House]:
    company = Company(folder, demo, **changed)
    yield House(company)
    company.close()
