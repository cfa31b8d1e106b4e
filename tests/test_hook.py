"""The pre-commit hook, tried for real: a git repository, a commit that orphans a table, a baseline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analyzer.discover import walk

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SCHEMA = 'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const users = pgTable("app_users", { name: text() });\n'
USE = 'import { users } from "./schema";\nexport const list = (db) => db.select().from(users);\n'


@pytest.fixture
def repository(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A repository with the hook installed; returns a function that runs git in it."""
    folder = tmp_path / "shop"
    (folder / "src").mkdir(parents=True)
    hook = (ROOT / ".pre-commit-hooks.yaml").read_text("utf8").replace("language: python", "language: system")
    stanza = "\n".join("      " + line for line in hook.splitlines() if not line.startswith("#"))
    (folder / ".pre-commit-config.yaml").write_text(f"repos:\n  - repo: local\n    hooks:\n{stanza}\n")
    (folder / "src/schema.ts").write_text(SCHEMA)
    (folder / "src/use.ts").write_text(USE)
    variables = {
        **os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
    }  # fmt: skip
    for key in [key for key in variables if key.startswith("GIT_") and key.endswith(("_DIR", "_FILE", "_TREE"))]:
        del variables[key]

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, env=variables, check=False)

    assert run("git", "init", "-q").returncode == 0
    assert run(str(BIN / "pre-commit"), "install").returncode == 0
    run.folder = folder  # type: ignore[attr-defined]
    return run


def test_a_commit_that_orphans_a_table_is_stopped_until_the_baseline_holds_it(
    repository: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    folder: Path = repository.folder  # type: ignore[attr-defined]
    repository("git", "add", "-A")
    first = repository("git", "commit", "-qm", "first")
    assert first.returncode == 0, first.stdout + first.stderr
    (folder / "src/use.ts").write_text("export const list = () => [];\n")
    repository("git", "add", "-A")
    second = repository("git", "commit", "-qm", "second")
    assert second.returncode == 1
    assert "src/schema.ts:2: TT001 app_users (users) is orphaned" in second.stdout + second.stderr
    assert repository(str(BIN / "tabletrace"), "check", "--update-baseline").returncode == 0
    repository("git", "add", "-A")
    third = repository("git", "commit", "-qm", "third")
    assert third.returncode == 0, third.stdout + third.stderr


def test_a_commit_of_prose_alone_does_not_run_it(repository: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    folder: Path = repository.folder  # type: ignore[attr-defined]
    (folder / "notes.md").write_text("words\n")
    repository("git", "add", "notes.md", ".pre-commit-config.yaml")
    done = repository("git", "commit", "-qm", "notes")
    assert done.returncode == 0
    assert "no files to check" in done.stdout + done.stderr


def test_the_published_hook_looks_at_the_whole_project_once() -> None:
    import yaml

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf8"))
    assert (hook["id"], hook["entry"], hook["language"]) == ("tabletrace", "tabletrace check", "python")
    assert (hook["pass_filenames"], hook["require_serial"]) == (False, True)


@pytest.mark.parametrize("name", [".pre-commit-hooks.yaml", "README.md", "analyzer/reports/starter.py"])
def test_the_hook_runs_for_every_file_that_is_read(name: str) -> None:
    """Data in JSON aside: only some files of it are read."""
    found = re.search(r"files: '?(.*?\$\|\S*?)'?$", (ROOT / name).read_text("utf8").replace("\\\\", "\\"), re.M)
    assert found is not None
    read = {suffix for suffix in walk.READ if not suffix.startswith(".json")}
    assert {suffix for suffix in read if not re.search(found[1], f"a/b{suffix}")} == set()
    assert not re.search(found[1], "a/b.md")
