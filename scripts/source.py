"""The source as data: what the tests of its structure and the generated documentation read."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "trustwright"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of the package. `parts` is its dotted name below `trustwright`: ("ledger", "tree")."""

    path: Path
    parts: tuple[str, ...]
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        return self.parts[0] if self.parts else ""

    @property
    def question(self) -> str:
        """The first line of its docstring; a room's is a question."""
        return (ast.get_docstring(self.tree) or "").split("\n")[0]

    @property
    def imports(self) -> set[str]:
        """Dotted names of all it imports, wherever the import stands: {"sqlalchemy.exc.DatabaseError"}."""
        found = set[str]()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
        return found

    @property
    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the last word of what is called: `datetime.now()` is "now"."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                match node.func:
                    case ast.Name(name) | ast.Attribute(attr=name):
                        yield name, node

    @property
    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    @property
    def strings(self) -> set[str]:
        return {
            node.value
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package, in the order of their paths."""
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def _read(path: Path) -> Module:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    text = path.read_text("utf-8")
    return Module(path, parts[:-1] if parts[-1] == "__init__" else parts, text, ast.parse(text))


@cache
def rooms() -> tuple[Module, ...]:
    """The rooms there are, top to bottom, as pyproject.toml orders them."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = pyproject["tool"]["importlinter"]["contracts"][0]
    found = {module.parts: module for module in modules()}
    order = [(layer.strip("()"),) for layer in contract["layers"]]
    return tuple(found[room] for room in order if room in found)


@dataclass(frozen=True)
class Error:
    """One place where a caller is told what was wrong; what is known only at run time is …."""

    code: str
    status: int
    sentence: str
    remedy: str


@cache
def problems() -> dict[str, int]:
    """Every kind of problem with the status it is answered with."""
    return {
        kind.name: int(ast.unparse(line.value))
        for module in modules()
        for kind in ast.walk(module.tree)
        if isinstance(kind, ast.ClassDef) and [ast.unparse(b) for b in kind.bases] == ["Problem"]
        for line in kind.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
    }


def errors() -> list[Error]:
    """Every error with a literal code, by code."""
    kinds = problems()
    found = {
        Error(code, kinds[name], _words(call, 1), _words(call, 2))
        for module in modules()
        for name, call in module.calls
        if name in kinds and call.args and (code := _text(call.args[0]))
    }
    return sorted(found, key=lambda error: (error.code, error.sentence, error.remedy))


def _words(call: ast.Call, position: int) -> str:
    if len(call.args) > position:
        return _text(call.args[position]) or "…"
    keyword = ("code", "sentence", "remedy")[position]
    return next((_text(word.value) for word in call.keywords if word.arg == keyword), "")


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(str(value)):
            return value
        case ast.JoinedStr(values):
            return "".join(_text(value) or "…" for value in values)
        case ast.BinOp(left, ast.Add(), right):
            return _text(left) + _text(right)
    return ""
