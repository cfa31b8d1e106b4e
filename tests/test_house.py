"""The plan of the house: what may import what, values that cannot change, and sizes to steer by."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
import typing
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec import Struct

import analyzer
from analyzer import model

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "analyzer").rglob("*.py"))
ROOMS = sorted(
    path.name for path in (ROOT / "analyzer").iterdir() if (path / "__init__.py").exists() and path.name != "model"
)
LARGE = {  # one subject each that reads better in one piece; the rest stays below 300 lines
    "analyzer/extract/lowering.py",  # one method for each kind of syntax
    "analyzer/link/evaluate.py",  # one case for each kind of value
    "analyzer/link/library.py",  # what each name of drizzle-orm means
}
VALUES = [
    value for name in model.__all__ if isinstance(value := getattr(model, name), type) and issubclass(value, Struct)
]


def test_rooms_import_only_the_floor() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_values_are_frozen_all_the_way_down(value: type) -> None:
    assert value.__struct_config__.frozen  # type: ignore[attr-defined]
    changeable = [name for name, hint in typing.get_type_hints(value).items() if _changeable(hint)]
    assert changeable == []


def _changeable(hint: object) -> bool:
    origin = typing.get_origin(hint) or hint
    if isinstance(origin, type) and (issubclass(origin, (list, set, dict)) or origin is Mapping):
        return True
    return any(_changeable(part) for part in typing.get_args(hint) if not isinstance(part, str))


def test_model_needs_values_and_the_standard_library_only() -> None:
    imported = set()
    for path in (ROOT / "analyzer" / "model").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
            elif isinstance(node, ast.Import):
                imported.update(name.name.partition(".")[0] for name in node.names)
    assert imported - set(sys.stdlib_module_names) == {"analyzer", "msgspec"}


def test_heavy_modules_are_imported_late() -> None:
    heavy = (
        "networkx",
        "pygraphviz",
        "sqlglot",
        "rich",
        "tree_sitter",
        "re2",
        "pathspec",
        "pyjson5",
        "psycopg",
        "sqlalchemy",
    )
    code = "import sys, analyzer.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names_are_few() -> None:
    assert len(analyzer.__all__) <= 12
    assert all(hasattr(analyzer, name) for name in analyzer.__all__)


def test_every_room_has_its_tests() -> None:
    missing = [room for room in ROOMS if not list((ROOT / "tests" / room).glob("test_*.py"))]
    assert missing == []


def test_sizes() -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text("utf8").count("\n") for path in FILES}
    functions = {
        f"{path.relative_to(ROOT)}:{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf8")))
        if isinstance(node, ast.FunctionDef)
    }
    print(f"median file {statistics.median(lines.values())}, median function {statistics.median(functions.values())}")
    large = {name for name, size in lines.items() if size > 300}
    assert large <= LARGE
    assert max(lines.values()) <= 450
    assert {name: size for name, size in functions.items() if size > 50} == {}
