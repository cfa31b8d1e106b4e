"""The walk, the roles and the configurations on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from analyzer.discover import project
from analyzer.model import AnalyzerError, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_ignored_files_and_built_folders_are_left_out(tree: Callable[..., Path]) -> None:
    folder = tree(
        {
            ".gitignore": "generated/\n*.log.ts\n!keep.log.ts\n",
            "a.ts": "",
            "a.log.ts": "",
            "keep.log.ts": "",
            "generated/b.ts": "",
            "sub/.gitignore": "/c.ts\n",
            "sub/c.ts": "",
            "sub/deep/c.ts": "",
            "node_modules/x/index.ts": "",
            "readme.md": "",
        }
    )
    found = project(Settings(roots=(str(folder),)))
    assert [file.path for file in found.files] == ["a.ts", "keep.log.ts", "sub/deep/c.ts"]
    assert [file.path for file in found.ignored] == ["a.log.ts", "generated/b.ts", "sub/c.ts"]


def test_exclude_takes_globs(tree: Callable[..., Path]) -> None:
    folder = tree({"a.ts": "", "examples/b.ts": "", "c.gen.ts": ""})
    found = project(Settings(roots=(str(folder),), exclude=("examples/", "*.gen.ts")))
    assert [file.path for file in found.files] == ["a.ts"]


def test_links_are_not_followed(tree: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "outside.ts").write_text("")
    folder = tree({"a.ts": ""})
    os.symlink(tmp_path / "outside.ts", folder / "link.ts")
    os.symlink(folder, folder / "loop")
    assert [file.path for file in project(Settings(roots=(str(folder),))).files] == ["a.ts"]


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("src/server/db.ts", "production"),
        ("src/server/db.test.ts", "test"),
        ("src/__tests__/db.ts", "test"),
        ("packages/db/test/db.ts", "test"),
        ("src/latest/db.ts", "production"),
        ("scripts/seed.ts", "script"),
        ("db/seed.ts", "script"),
        ("src/scripted/db.ts", "production"),
        ("drizzle-introspected/schema.ts", "generated"),
        ("db/migrations/0001.sql", "generated"),
        ("db/fix.sql", "script"),
        ("pulled/schema.ts", "generated"),
        ("next/20240101120000_init/migration.sql", "script"),
        ("v8/schema.ts", "generated"),
    ],
)
def test_role(path: str, role: str, tree: Callable[..., Path]) -> None:
    folder = tree({path: "", "pulled/meta/_journal.json": "{}", "v8/20240101120000_init/snapshot.json": "{}"})
    found = {file.path: file.role for file in project(Settings(roots=(str(folder),))).files}
    assert found[path] == role


def test_tsconfig_extends_comments_and_trailing_commas(tree: Callable[..., Path]) -> None:
    folder = tree(
        {
            "tsconfig.base.json": '{"compilerOptions": {"baseUrl": "./src", /* here */ "paths": {"~/*": ["./*"],},}}',
            "app/tsconfig.json": '{\n// comment\n"extends": ["../tsconfig.base"],}',
        }
    )
    configs = {config.path: config for config in project(Settings(roots=(str(folder),))).tsconfigs}
    assert configs["app/tsconfig.json"].paths == (("~/*", ("src/*",)),)
    assert configs["app/tsconfig.json"].base == "src"


def test_what_cannot_be_read_is_a_problem(tree: Callable[..., Path]) -> None:
    folder = tree({"tsconfig.json": "{ paths: ", "package.json": "[", "a.ts": ""})
    problems = [(problem.file, problem.reason) for problem in project(Settings(roots=(str(folder),))).problems]
    assert [file for file, _ in problems] == ["package.json", "tsconfig.json"]
    assert "is no valid JSON" in problems[0][1]
    assert "is no valid tsconfig" in problems[1][1]


def test_several_roots_are_below_their_common_folder(tree: Callable[..., Path]) -> None:
    folder = tree({"one/a.ts": "", "two/b.ts": "", "three/c.ts": ""})
    found = project(Settings(roots=(str(folder / "one"), str(folder / "two"))))
    assert [file.path for file in found.files] == ["one/a.ts", "two/b.ts"]


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AnalyzerError, match="does not exist: give the folder of the code base"):
        project(Settings(roots=(str(tmp_path / "none"),)))
