"""Files and folders that are there and cannot be read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from analyzer import engine
from analyzer.app import analyze
from analyzer.model import Report, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = """
import { pgTable, text } from "drizzle-orm/pg-core";
export const wicks = pgTable("wicks", { id: text("id") });
"""


@pytest.fixture
def locked(tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A code base of which what has `locked` in its name cannot be read, whoever asks."""
    files = {"src/schema.ts": SCHEMA, "src/locked.ts": "", "tests/locked/a.ts": "", "src/free.ts": ""}
    scan = os.scandir

    def refused(path: str) -> None:
        if "locked" in path:
            raise PermissionError(13, "Permission denied")

    def opened(path: str, *how: object, **more: object) -> IO[bytes]:
        refused(os.path.basename(path))
        return open(path, *how, **more)  # type: ignore[call-overload, no-any-return]

    def scandir(path: str) -> os._ScandirIterator[str]:
        refused(os.path.basename(path))
        return scan(path)

    monkeypatch.setattr(engine, "open", opened, raising=False)
    monkeypatch.setattr(os, "scandir", scandir)
    return tree(files)


def _report(folder: Path, *exclude: str) -> Report:
    return analyze(Settings(roots=(str(folder),), exclude=exclude, jobs=1))


def test_what_cannot_be_read_may_use_any_table(locked: Path) -> None:
    report = _report(locked)
    [wicks] = report.verdicts
    assert (wicks.status, wicks.reason) == (
        "undetermined",
        "it cannot be read: Permission denied (src/locked.ts:1)",
    )
    assert [(one.file, one.reason) for one in report.problems] == [
        ("src/locked.ts", "cannot be read: Permission denied"),
        ("tests/locked", "cannot be read: Permission denied"),
    ]


def test_tests_that_cannot_be_read_rescue_nothing(locked: Path) -> None:
    report = _report(locked, "src/locked.ts")
    assert [(one.status, len(one.unresolved)) for one in report.verdicts] == [("orphaned", 1)]


def test_what_is_excluded_need_not_be_read(locked: Path) -> None:
    report = _report(locked, "locked", "locked.ts")
    assert [one.status for one in report.verdicts] == ["orphaned"]
    assert not report.problems
