"""A fleet on a real Dask cluster: the same report, also when a worker is killed in the middle."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPOSITORIES = 8
_PATIENCE_SECONDS = 60

Cluster = tuple[str, list["subprocess.Popen[bytes]"]]


@pytest.fixture
def fleet_file(tmp_path: Path) -> Path:
    """A fleet whose repositories share a package, and name one another's tables in SQL."""
    folder = tmp_path / "fleet"
    generator = [sys.executable, ROOT / "benchmarks" / "synthetic.py", folder]
    subprocess.run([*generator, "--repositories", str(REPOSITORIES), "--files", "60", "--tables", "22"], check=True)
    return folder / "FLEET.toml"


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler and two workers, each a process of its own: the scheduler's address, and the workers."""
    place = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    listening = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", place]
    working = ["worker", "--no-nanny", "--nthreads", "1", "--no-dashboard", "--scheduler-file", place]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    started: list[subprocess.Popen[bytes]] = []
    with (tmp_path / "cluster.log").open("wb") as log:

        def start(words: list[str | Path]) -> subprocess.Popen[bytes]:
            process = subprocess.Popen([*dask, *words], cwd=tmp_path, env=environment, stdout=log, stderr=log)
            started.append(process)
            return process

        try:
            start(listening)
            _until(place.exists)
            workers = [start(working) for _ in range(2)]
            _until(lambda: (tmp_path / "cluster.log").read_text("utf8").count("Registered to:") == 2)
            yield json.loads(place.read_text("utf8"))["address"], workers
        finally:
            for process in started:
                process.kill()
                process.wait()


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def _command(file: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "analyzer", "fleet", str(file), "-f", "json", "--exit-zero", *words]


def _written(file: Path, *words: str) -> str:
    done = subprocess.run(_command(file, *words), capture_output=True, text=True, check=True)
    return done.stdout


def _kept(file: Path) -> int:
    place = file.parent / ".tabletrace_cache" / "cache.db"
    if not place.is_file():
        return 0
    connection = sqlite3.connect(place)
    try:
        return int(connection.execute("select count(*) from entries").fetchone()[0])
    except sqlite3.OperationalError:  # it is being made
        return 0
    finally:
        connection.close()


def test_a_worker_that_is_killed_in_the_middle_changes_nothing(fleet_file: Path, cluster: Cluster) -> None:
    address, workers = cluster
    workers[0].send_signal(signal.SIGSTOP)  # it is given tasks, and does none
    command = _command(fleet_file, "--scheduler", address)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        _until(lambda: _kept(fleet_file) > 0)
        assert run.poll() is None
        assert _kept(fleet_file) < REPOSITORIES
        workers[0].kill()
        written, told = run.communicate(timeout=_PATIENCE_SECONDS)
    assert (run.returncode, told) == (0, "")
    assert written == _written(fleet_file, "--no-cache", "-j", "1")
    statuses = [one["status"] for one in json.loads(written)["tables"]]
    assert (statuses.count("used"), statuses.count("orphaned")) == (20 * REPOSITORIES, 2 * REPOSITORIES)


def test_one_worker_that_is_left_does_all(fleet_file: Path, cluster: Cluster) -> None:
    address, workers = cluster
    for worker in workers[1:]:
        worker.kill()
    written = json.loads(_written(fleet_file, "--scheduler", address, "--no-cache"))
    assert {one["state"] for one in written["repositories"]} == {"read"}
