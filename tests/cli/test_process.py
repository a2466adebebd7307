"""The command itself, as a process: what a shell, a pipeline and a person at a terminal see."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from trustwright.testing.company import Company

PROGRAM = [sys.executable, "-c", "from trustwright.entrypoints.cli import main; main()"]
HEAVY = ("pydantic", "sqlalchemy", "fastapi", "uvicorn", "httpx2", "cryptography", "webauthn")


def trustwright(*args: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *args],
        capture_output=True,
        text=True,
        env={**os.environ, **env},
        timeout=60,
        check=False,
    )


def test_without_a_command_it_teaches() -> None:
    told = trustwright()
    assert (told.returncode, told.stderr) == (0, "")
    assert "trustwright demo " in told.stdout


def test_help_needs_nothing_heavy() -> None:
    script = (
        "import sys; from trustwright.entrypoints.cli import run; code = run(['--help']);"
        f"print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr); sys.exit(code)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert (told.returncode, told.stderr) == (0, "[]\n")
    assert "Check text or JSONL files." in told.stdout
    assert "\x1b" not in told.stdout


def test_the_check_needs_no_server() -> None:
    script = (
        "import sys; from trustwright.entrypoints.cli import run; run(['checks']);"
        "sys.exit('sqlalchemy' in sys.modules or 'fastapi' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60, check=False).returncode == 0


def test_a_reader_who_stops_reading_is_no_accident() -> None:
    command = subprocess.Popen(
        [*PROGRAM, "explain", "citation"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout
    assert command.stderr
    command.stdout.close()
    assert b"Traceback" not in command.stderr.read()
    command.stderr.close()
    command.wait(60)


def test_a_bug_is_a_sentence_and_its_trace_a_file(tmp_path: Path) -> None:
    script = (
        "import trustwright.entrypoints.cli as cli, sys;"
        "cli.checking.check.__globals__['_gather'] = None;"
        "sys.exit(cli.run(['check', '-']))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        input="Hi.",
        env={**os.environ, "TMPDIR": str(tmp_path)},
        timeout=60,
        check=False,
    )
    assert (told.returncode, told.stdout, len(told.stderr.splitlines())) == (4, "", 1)
    (trace,) = tmp_path.glob("trustwright-*.txt")
    assert str(trace) in told.stderr
    assert "TypeError" in trace.read_text()


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    Company(folder).close()
    return folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        return int(bound.getsockname()[1])


def test_a_server_starts_lets_the_first_person_in_and_stops(workspace: Path) -> None:
    port = free_port()
    env = {**os.environ, "SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"}
    server = subprocess.Popen(
        [*PROGRAM, "serve", "--dir", str(workspace), "--port", f"{port}", "--first", "bo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    assert server.stdout
    console, link = server.stdout.readline().strip(), server.stdout.readline().strip()
    assert console == "http://localhost:8787/console"
    assert re.fullmatch(r"http://localhost:8787/console/enrol/[\w.-]+", link)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as health:
        assert b'"status":"ok"' in health.read()
    with urllib.request.urlopen(link.replace("localhost:8787", f"127.0.0.1:{port}")) as page:
        assert b"Bo Lind" in page.read()
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=30)
    assert server.returncode == 0, err
    assert "For Bo Lind alone, once, within 24 hours:" in err
    assert f"ssh -N -L 8787:localhost:{port} " in err
    assert "Traceback" not in err


def test_a_port_that_is_taken_is_said_so(workspace: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = str(bound.getsockname()[1])
        told = trustwright("serve", "--dir", str(workspace), "--port", port)
    assert (told.returncode, "Nothing can listen on 127.0.0.1" in told.stderr) == (2, True)


def test_a_secret_that_cant_be_is_said_before_anybody_is_let_in(workspace: Path) -> None:
    told = trustwright(
        *("serve", "--dir", str(workspace), "--port", f"{free_port()}"),
        TRUSTWRIGHT_WEBHOOK_URL="https://hooks.example/in",
        TRUSTWRIGHT_WEBHOOK_SECRET="short",
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert "TRUSTWRIGHT_WEBHOOK_SECRET" in told.stderr


def test_nobody_of_that_name_is_let_in(workspace: Path) -> None:
    told = trustwright(
        "serve", "--dir", str(workspace), "--port", f"{free_port()}", "--first", "nobody"
    )
    assert (told.returncode, "names no person 'nobody'" in told.stderr) == (2, True)
