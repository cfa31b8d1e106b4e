"""A fleet on 1, 2, 4 workers of a Dask cluster on this machine, and what goes over the wire: `python benchmarks/fleet.py FLEET.toml`."""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analyzer import fleet
from analyzer.app.surveys import answer
from analyzer.model.fleet import Survey, Task


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    first = None
    for workers in asked.workers:
        with _cluster(workers) as (address, processes):
            seconds = statistics.median(_run(asked.file, "--scheduler", address) for _ in range(asked.runs))
            peak = max(_peak(process.pid) for process in processes)
        first = first or seconds
        print(f"{workers} workers  {seconds:6.2f} s  {first / seconds:5.2f} ×  {peak:5.0f} MB each at most", flush=True)
    for jobs in asked.workers:
        seconds = statistics.median(_run(asked.file, "--jobs", str(jobs)) for _ in range(asked.runs))
        print(f"--jobs {jobs}   {seconds:6.2f} s", flush=True)
    _weigh(asked.file)


def _run(file: Path, *words: str) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "analyzer", "fleet", str(file), "--no-cache", "--exit-zero", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


@contextmanager
def _cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "scheduler.json"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        dask = [sys.executable, "-m", "dask"]
        common = ["--no-dashboard", "--scheduler-file", str(place)]
        scheduler = subprocess.Popen([*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *common], **quiet)
        worker = [*dask, "worker", "--no-nanny", "--nthreads", "1", *common]
        started = [subprocess.Popen(worker, **quiet) for _ in range(workers)]
        try:
            while not place.is_file() or not place.read_text("utf8").strip():
                time.sleep(0.1)
            address = json.loads(place.read_text("utf8"))["address"]
            from distributed import Client

            with Client(address) as client:
                client.wait_for_workers(workers)
            yield address, started
        finally:
            for process in (*started, scheduler):
                process.kill()
                process.wait()


def _peak(pid: int) -> float:
    """Return the most memory that a process had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text("utf8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


def _weigh(file: Path) -> None:
    """Say how many bytes are asked and answered for each repository."""
    repositories = fleet.load(file)
    tasks = {one.name: Task(((one.name, one.folder),)) for one in repositories}
    answers = {name: answer(task) for name, task in tasks.items()}
    surveys = {name: one.survey for name, one in answers.items() if isinstance(one.survey, Survey)}
    second = dict(fleet.asked(repositories, surveys))
    told = {name: answer(task) for name, task in second.items()}
    tables = sum(len(one.tables) for one in surveys.values())
    for title, values in (
        ("first question", tasks),
        ("first answer", answers),
        ("second question", second),
        ("second answer", told),
    ):
        sizes = [len(pickle.dumps(value)) for value in values.values()]
        print(f"{title:<16} {len(sizes):4} × {statistics.mean(sizes) if sizes else 0:9,.0f} bytes")
    print(f"{len(surveys)} repositories, {tables} tables; this process {_own():.0f} MB")


def _own() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
