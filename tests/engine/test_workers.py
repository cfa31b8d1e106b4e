"""Tasks are done whatever becomes of the processes that do them."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from analyzer.engine.workers import TRIES, Lost, Workers
from analyzer.model import AnalyzerError


def _work(task: str) -> str:
    kind, _, rest = task.partition(" ")
    if kind == "once" and not Path(rest).exists():
        Path(rest).write_text("", "utf8")
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "always":
        with Path(rest).open("a", encoding="utf8") as file:
            file.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
    if kind == "wrong":
        raise ValueError("a mistake\nof ours")
    return kind.upper()


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_with_the_number_of_their_task(jobs: int) -> None:
    assert sorted(Workers(_work, jobs).done(["a", "b", "c"])) == [(0, "A"), (1, "B"), (2, "C")]


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_costs_its_task_alone(jobs: int) -> None:
    found = dict(Workers(_work, jobs).done(["a", "wrong", "c"]))
    assert found == {0: "A", 1: Lost("ValueError: a mistake"), 2: "C"}


def test_a_process_that_is_killed_costs_a_retry(tmp_path: Path) -> None:
    tasks = ["a", f"once {tmp_path / 'mark'}", *"bcdefgh"]
    found = dict(Workers(_work, 2).done(tasks))
    assert [found[number] for number in range(len(tasks))] == ["A", "ONCE", *"BCDEFGH"]


def test_a_task_that_always_kills_its_process_is_lost_alone(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    tasks = ["a", f"always {mark}", *"bcdefgh"]
    found = dict(Workers(_work, 2).done(tasks))
    assert found.pop(1) == Lost(f"the process that reads it ended {TRIES} times")
    assert sorted(found.values(), key=str) == ["A", *"BCDEFGH"]
    assert mark.read_text("utf8") == "x" * (TRIES + 1)


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("analyzer.engine.workers._TIMEOUT", "200ms")
    with pytest.raises(AnalyzerError, match="No Dask scheduler answers at 'tcp:"):
        list(Workers(_work, 1, "tcp://127.0.0.1:9").done(["a"]))
    with pytest.raises(AnalyzerError, match="No Dask scheduler answers at 'gopher://x'"):
        list(Workers(_work, 1, "gopher://x").done(["a"]))
