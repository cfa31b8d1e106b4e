"""What several tests need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers import Postgres

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "fixtures" / "projects" / "bazaar"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")


@pytest.fixture
def example() -> Path:
    """The bundled example."""
    return EXAMPLE


@pytest.fixture
def tabletrace(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in a folder (default: an empty one) and return what it did."""

    def run(*words: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {key: value for key, value in os.environ.items() if key not in {"FORCE_COLOR", "NO_COLOR"}}
        command = [sys.executable, "-m", "analyzer", *map(str, words)]
        return subprocess.run(
            command, cwd=cwd or tmp_path, capture_output=True, text=True, env={**variables, **environment}, check=False
        )

    return run


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Write files into a new folder: `tree({"src/a.ts": "…"})`."""

    def write(files: dict[str, str | bytes], name: str = "project") -> Path:
        folder = tmp_path / name
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode() if isinstance(text, str) else text)
        return folder

    return write


@pytest.fixture(scope="session")
def postgres18(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running PostgreSQL 18."""
    with servers.postgres(18, tmp_path_factory.mktemp("pg18")) as server:
        yield server


@pytest.fixture(scope="session")
def postgres16(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running PostgreSQL 16."""
    with servers.postgres(16, tmp_path_factory.mktemp("pg16")) as server:
        yield server


@pytest.fixture(scope="session", params=[18, 16], ids=["postgresql-18", "postgresql-16"])
def postgres(request: pytest.FixtureRequest) -> Postgres:
    """Each PostgreSQL in turn."""
    server: Postgres = request.getfixturevalue(f"postgres{request.param}")
    return server
