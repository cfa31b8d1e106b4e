"""Facts that were begun before they were asked for are those that would have been found."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer import discover, engine
from analyzer.model import Settings

PROJECT = Path(__file__).parents[2] / "fixtures" / "projects" / "bazaar"


def test_what_was_begun_is_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PARALLEL_FROM", dict.fromkeys(engine.PARALLEL_FROM, 0))
    monkeypatch.setattr(engine, "_BEGUN_BYTES", 2_000)
    files = discover.project(Settings(roots=(str(PROJECT),))).files
    foreign = [frozenset({"zod"}) for _ in files]
    one, two = engine.Engine(1), engine.Engine(2)
    found = list(two.surfaces(files))
    two.begin(files[::2], foreign[::2])
    two.begin(files[:3], [frozenset()] * 3)  # not what will be asked for
    assert list(two.extracted(files, foreign)) == list(one.extracted(files, foreign))
    assert found == list(one.surfaces(files))
    two.close()


def test_nothing_is_begun_where_no_process_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> None:
        raise AssertionError("read before it was asked for")

    monkeypatch.setattr(engine, "_extracted", read)
    files = discover.project(Settings(roots=(str(PROJECT),))).files
    engine.Engine(2).begin(files, [frozenset()] * len(files))
    engine.Engine(1).begin(files, [frozenset()] * len(files))
