"""Seconds and memory of a scan, beside the time that only parsing the same files takes. Usage: speed.py FOLDER [RUNS]"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tree_sitter import Parser

from analyzer.discover import project
from analyzer.extract.queries import language
from analyzer.model import Settings


def scan_seconds(folder: str) -> float:
    """Return how long one scan takes, the start of the process included."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "analyzer", "scan", folder, "-f", "json", "--exit-zero"],
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def parse_seconds(folder: str) -> tuple[float, int, int]:
    """Return how long parsing every file in one thread takes, how many files, and how many bytes."""
    files = [file for file in project(Settings(roots=(folder,))).files if file.language != "sql"]
    sources = [(Path(file.location).read_bytes(), "ts" if file.language == "ts" else "tsx") for file in files]
    parsers = {name: Parser(language(name)) for name in ("ts", "tsx")}
    start = time.perf_counter()
    for data, name in sources:
        parsers[name].parse(data)
    return time.perf_counter() - start, len(sources), sum(len(data) for data, _ in sources)


def main() -> None:
    """Print the medians."""
    folder, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    scans = statistics.median(scan_seconds(folder) for _ in range(runs))
    parses = [parse_seconds(folder) for _ in range(runs)]
    parse = statistics.median(seconds for seconds, _, _ in parses)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{parses[0][1]} files, {parses[0][2] / 1e6:.1f} MB; median of {runs}")
    print(
        f"scan {scans:.2f} s, {peak:.0f} MB in its largest process; parsing alone {parse:.2f} s; ratio {scans / parse:.2f}"
    )


if __name__ == "__main__":
    main()
