"""Each thing stands in its room. (The order of the rooms is import-linter's, in pyproject.toml.)"""

import ast

import pytest

from scripts.source import Module, modules, rooms

# Who may import what. A pattern is a room, or the last word of a module's name behind a dot.
WHERE = {
    ("sqlalchemy", "sqlite3", "psycopg"): {"ledger", "app", ".queries"},
    ("fastapi", "starlette", "jinja2", "uvicorn"): {"entrypoints"},
}
CLEAN_ROOMS = {"kernel", "stats", "rights", "checks", ".model"}
OUTSIDE = {
    *("time", "os", "io", "pathlib", "tempfile", "shutil", "subprocess", "sqlite3", "sqlalchemy"),
    *("socket", "ssl", "http", "urllib.request", "httpx", "asyncio", "threading"),
}
CLOCK_AND_DISK = {"now", "utcnow", "today", "open"}


def stands_in(module: Module, places: set[str]) -> bool:
    return module.room in places or f".{module.parts[-1] if module.parts else ''}" in places


def reaches(module: Module, names: set[str]) -> list[str]:
    """What it imports of the libraries named, theirs and everything in them."""
    return sorted(
        found
        for found in module.imports
        if any(found == name or found.startswith(f"{name}.") for name in names)
    )


@pytest.mark.parametrize("module", modules(), ids=str)
def test_sql_and_the_web_stay_in_their_rooms(module: Module) -> None:
    for libraries, places in WHERE.items():
        assert stands_in(module, places) or not reaches(module, set(libraries))


@pytest.mark.parametrize("module", [m for m in modules() if stands_in(m, CLEAN_ROOMS)], ids=str)
def test_pure_modules_have_no_clock_no_disk_and_no_network(module: Module) -> None:
    assert not reaches(module, OUTSIDE)
    assert not [ast.unparse(call) for name, call in module.calls if name in CLOCK_AND_DISK]


@pytest.mark.parametrize(
    "module", [m for m in modules() if m.room not in {"app", "entrypoints", "testing"}], ids=str
)
def test_the_clock_and_the_environment_are_read_by_the_app_alone(module: Module) -> None:
    assert not reaches(module, {"os.environ", "os.getenv", "time.time"})
    assert "environ" not in {n.attr for n in ast.walk(module.tree) if isinstance(n, ast.Attribute)}
    assert not [ast.unparse(c) for name, c in module.calls if name in CLOCK_AND_DISK - {"open"}]


@pytest.mark.parametrize("room", rooms(), ids=str)
def test_a_room_asks_the_question_it_answers(room: Module) -> None:
    assert "?" in room.question
