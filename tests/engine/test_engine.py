"""Facts that were begun before they were asked for are those that would have been found."""

from __future__ import annotations

from concurrent.futures import wait
from pathlib import Path

import pytest

from analyzer import discover, engine
from analyzer.extract.queries import joined
from analyzer.model import Settings, Sought, SourceFile

FILES = discover.project(Settings(roots=(str(Path(__file__).parents[2] / "fixtures" / "projects" / "bazaar"),))).files
FOREIGN = [frozenset({"~/server/db/schema"}) for _ in FILES]
NONE: list[frozenset[str]] = [frozenset() for _ in FILES]


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> engine.Engine:
    """An engine that reads with another process, however little there is to read."""
    monkeypatch.setattr(engine, "PARALLEL_FROM", dict.fromkeys(engine.PARALLEL_FROM, 0))
    monkeypatch.setattr(engine, "_BEGUN_BYTES", 2_000)
    joined.cache_clear()  # processes are forked: they would know what this one knows
    made = engine.Engine(2)
    assert list(made.surfaces(FILES)) == list(engine.Engine(1).surfaces(FILES))
    return made


def test_what_was_begun_is_what_is_asked_for(two: engine.Engine) -> None:
    two.begin(FILES[::2], FOREIGN[::2])
    begun = {file.path: two._begun[file.path, FOREIGN[0]] for file in FILES[::2]}
    wait([future for future, _ in begun.values()])
    found = dict(zip((file.path for file in FILES), two.extracted(FILES, FOREIGN), strict=True))
    assert all(found[path] is future.result()[index] for path, (future, index) in begun.items())
    assert list(found.values()) == list(engine.Engine(1).extracted(FILES, FOREIGN))
    assert not two._begun
    two.close()


def test_facts_that_rest_on_other_foreign_modules_are_others(two: engine.Engine) -> None:
    two.begin(FILES, NONE)
    wait([future for future, _ in two._begun.values()])
    found = list(two.extracted(FILES, FOREIGN))
    assert found == list(engine.Engine(1).extracted(FILES, FOREIGN)) != list(engine.Engine(1).extracted(FILES, NONE))
    two.close()


def test_what_is_not_begun_when_it_is_asked_for_is_read_here(two: engine.Engine) -> None:
    two.begin(FILES, NONE)
    assert list(two.extracted(FILES, NONE)) == list(engine.Engine(1).extracted(FILES, NONE))
    two.close()
    assert not two.waits


def test_nothing_is_begun_where_no_process_waits() -> None:
    one = engine.Engine(2)
    one.begin(FILES, NONE)
    assert not one.waits
    assert not one._begun


def test_a_file_that_is_gone_may_name_anything(tmp_path: Path) -> None:
    file = SourceFile("a.ts", str(tmp_path / "a.ts"), "ts", "production")
    assert list(engine.Engine(1).named([file], frozenset({"name", "id"}))) == [(("id", 1), ("name", 1))]
    assert list(engine.Engine(1).mentioning([file], Sought(frozenset({"users"})))) == [(b"", True)]


def test_processes_that_wait_make_ready(two: engine.Engine) -> None:
    assert two._pool is not None
    assert not two._pool.submit(_is_ready).result()
    two.prepare()
    assert two._pool.submit(_is_ready).result()
    two.close()


def _is_ready() -> bool:
    return joined.cache_info().currsize > 0
