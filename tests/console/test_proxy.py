"""The reverse proxy of docs/operations.md, as it stands there: TLS, a real server, a passkey behind it."""

import base64
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser

from tests.conftest import FLAGS
from trustwright.app import Settings, create
from trustwright.charter import service as charter
from trustwright.kernel.actors import WORKER
from trustwright.testing.company import files

NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
PAGE = Path(__file__).parents[2] / "docs" / "operations.md"
PROGRAM = [sys.executable, "-c", "from trustwright.entrypoints.cli import main; main()"]
NAME = "desk.example"
pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx here: apt-get install nginx-light")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def certificate(folder: Path) -> str:
    """A self-signed one for the name; the hash of its public key, as Chromium wants it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(hashlib.sha256(public).digest()).decode()


class Desk:
    """A workspace for https://desk.example:PORT, served behind nginx."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pin = folder, certificate(folder)
        self.plain, self.tls, self.inner = free_port(), free_port(), free_port()
        self.url = f"https://{NAME}:{self.tls}"
        app = create(Settings(dir=folder / "desk", url=self.url), demo=True)
        app.write(WORKER, lambda uow: charter.adopt_for_demo(uow, files()))
        app.close()
        self.log = folder / "log"
        self.running = [self._nginx(), self._serve()]
        until = time.monotonic() + 30
        while not self.log.read_text().count("\n") >= 2 or not self._answers():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)
        self.link = self.log.read_text().splitlines()[1]

    def _nginx(self) -> "subprocess.Popen[bytes]":
        found = re.search(r"<!-- nginx: .*?-->\n```nginx\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert found
        text = found[1]
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.tls} ssl;"),
            ("return 301 https://desk.example", f"return 301 {self.url}"),
            ("/etc/ssl/desk.example.pem", f"{self.folder}/cert.pem"),
            ("/etc/ssl/private/desk.example.key", f"{self.folder}/key.pem"),
            ("127.0.0.1:8787", f"127.0.0.1:{self.inner}"),
        ):
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        # The paths of a packaged nginx belong to root.
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        whole = f"pid {self.folder}/nginx.pid; daemon off; events {{}} http {{ {paths}\n{text} }}"
        (self.folder / "nginx.conf").write_text(whole)
        assert NGINX
        command = [NGINX, "-e", f"{self.folder}/nginx.log", "-c", f"{self.folder}/nginx.conf"]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def _serve(self) -> "subprocess.Popen[bytes]":
        command = [*PROGRAM, "serve", "--dir", f"{self.folder}/desk", "--port", f"{self.inner}"]
        env = {**os.environ, "TRUSTWRIGHT_PROXIES": "127.0.0.1"}
        with self.log.open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=subprocess.DEVNULL, env=env)

    def _answers(self) -> bool:
        try:
            return self.ask("/healthz")[0] == 200
        except OSError:
            return False

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, dict[str, str]]:
        """Status and headers of a request to the proxy."""
        trust = ssl.create_default_context(cafile=f"{self.folder}/cert.pem")
        trust.check_hostname = False
        asked = urllib.request.Request(f"https://127.0.0.1:{self.tls}{path}", data=body)
        asked.add_header("Host", f"{NAME}:{self.tls}")
        asked.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(asked, context=trust, timeout=20) as answer:
                return answer.status, dict(answer.headers)
        except urllib.error.HTTPError as e:
            with e:
                return e.code, dict(e.headers)

    def close(self) -> None:
        for process in self.running:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("proxy"))
    yield made
    made.close()


def test_what_is_asked_in_the_clear_is_sent_to_tls(desk: Desk) -> None:
    with socket.create_connection(("127.0.0.1", desk.plain)) as plain:
        plain.sendall(f"GET /console HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
        answer = plain.makefile("rb").read().decode()
    assert "301 Moved Permanently" in answer.splitlines()[0]
    assert f"Location: {desk.url}/console" in answer


def test_pages_come_with_the_servers_own_headers_and_hsts(desk: Desk) -> None:
    status, headers = desk.ask("/console/sign-in")
    assert status == 200
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "default-src 'none'" in headers["content-security-policy"]


def test_a_body_too_large_never_reaches_the_server(desk: Desk) -> None:
    assert desk.ask("/v1/proposals.submit", bytes(5 * 2**20))[0] == 413
    assert desk.ask("/v1/proposals.submit", b"{}")[0] == 401


@pytest.mark.browser
def test_a_passkey_is_made_and_used_behind_the_proxy(
    desk: Desk, browser: Browser, chromium: str
) -> None:
    assert desk.link.startswith(f"{desk.url}/console/enrol/")
    flags = [
        f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={desk.pin}",
    ]
    own = browser.browser_type.launch(executable_path=chromium, args=[*FLAGS, *flags])
    tab = own.new_page()
    tab.set_default_timeout(15000)
    devtools = tab.context.new_cdp_session(tab)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    tab.goto(desk.link)
    tab.get_by_role("button", name="Create my passkey").click()
    tab.wait_for_url(f"{desk.url}/console")
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="Use my passkey").click()
    tab.wait_for_url(f"{desk.url}/console")
    (session,) = [c for c in tab.context.cookies() if c.get("httpOnly")]
    assert session.get("secure")
    own.close()
