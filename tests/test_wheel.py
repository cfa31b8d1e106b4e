"""The wheel carries what the program needs, and works when installed alone."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    code = "import sys, hatchling.build; from pathlib import Path; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_queries_schema_and_types_are_inside(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    inside = {Path(name).name for name in names if name.startswith("analyzer/_queries/typescript/")}
    assert inside == {path.name for path in (ROOT / "queries" / "typescript").glob("*.scm")}
    assert {"analyzer/py.typed", "analyzer/reports/scan.schema.json"} <= names
    assert not any(name.startswith(("tests/", "fixtures/")) for name in names)


def test_it_runs_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are borrowed from this environment; the package itself comes from the wheel only."""
    place = tmp_path / "environment"
    venv.create(place, system_site_packages=False, with_pip=False)
    python = next(place.glob("bin/python")) if (place / "bin").exists() else next(place.glob("Scripts/python.exe"))
    unpacked = tmp_path / "unpacked"
    zipfile.ZipFile(wheel).extractall(unpacked)
    import typer

    borrowed = Path(typer.__file__).parents[1]
    code = (
        f"import sys; sys.path[:0] = [{str(unpacked)!r}]; sys.path.append({str(borrowed)!r});"
        "import analyzer; from analyzer.cli import app; assert analyzer.__file__.startswith(sys.path[0]);"
        "app(prog_name='tabletrace')"
    )
    example = ROOT / "fixtures" / "projects" / "bazaar"
    done = subprocess.run(
        [python, "-c", code, "unused", str(example)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "TT001 bazaar-vid_metric (metrics) is orphaned" in done.stdout
