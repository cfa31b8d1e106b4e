"""Seconds and memory, cold and warm, beside what parsing every file takes, and beside other programs, measured in turns.

Usage: speed.py FOLDER [--runs N] [--beside NAME=COMMAND]...   The folder is copied first; a command runs in the copy.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Parser

from analyzer.cache import FOLDER, clean
from analyzer.discover import project
from analyzer.extract.queries import language
from analyzer.model import Settings

PROGRAM = [sys.executable, "-m", "analyzer"]
# with compiled modules, as an installed program has them
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass
class Measured:
    """Seconds of each run, and the megabytes of the largest process of any."""

    seconds: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def add(self, seconds: float, megabytes: float) -> None:
        """Take up one run."""
        self.seconds.append(seconds)
        self.megabytes = max(self.megabytes, megabytes)

    @property
    def median(self) -> float:
        """The seconds of the run in the middle."""
        return statistics.median(self.seconds)


def run(command: list[str], folder: Path) -> tuple[float, float]:
    """Return the seconds and the peak megabytes of a command, its children included; its findings are no failure."""
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1} and command[:2] == PROGRAM[:2]:
        raise SystemExit(f"{shlex.join(command)} failed with status {process.returncode}")
    return seconds, usage.ru_maxrss / 1024


def parse_all(folder: Path) -> tuple[float, int, int]:
    """Return how long parsing every file of TypeScript or JavaScript in one thread takes, how many they are, and how many bytes."""
    every = project(Settings(roots=(str(folder),))).files
    files = [file for file in every if file.language in {"ts", "tsx", "js", "vue"}]
    sources = [(Path(file.location).read_bytes(), "ts" if file.language == "ts" else "tsx") for file in files]
    parsers = {name: Parser(language(name)) for name in ("ts", "tsx")}
    start = time.perf_counter()
    for data, name in sources:
        parsers[name].parse(data)
    return time.perf_counter() - start, len(sources), sum(len(data) for data, _ in sources)


def edited_files(folder: Path) -> tuple[Path, Path]:
    """Return the file with most usages, and the largest component without any: those that are edited."""
    done = subprocess.run([*PROGRAM, "scan", "-f", "json"], cwd=folder, capture_output=True, check=False)
    tables = json.loads(done.stdout)["tables"]
    used = Counter(usage["file"] for table in tables for usage in table["usages"])
    files = [file for file in project(Settings(roots=(str(folder),))).files if file.path.endswith(".tsx")]
    unused = [file for file in files if file.path not in used]
    return (
        folder / min(used, key=lambda file: (-used[file], file)),
        folder / min(unused, key=lambda file: (-file.size, file.path)).path,
    )


def edit(file: Path, text: str) -> None:
    """Put a text behind what a file holds, or before it where it begins with `^`."""
    held = file.read_text("utf8")
    file.write_text(text[1:] + held if text.startswith("^") else held + text, "utf8")


def measure(folder: Path, runs: int, beside: dict[str, list[str]]) -> dict[str, Measured]:
    """Run everything in turns."""
    busiest, other = edited_files(folder)
    edits = (
        ("elsewhere an export", other, "export const edited{0} = {0};\n"),
        ("a comment more", busiest, "// edited {0}\n"),
        ("a line at its head", busiest, "^// edited {0}\n"),
        ("an export more", busiest, "export const edited{0} = {0};\n"),
    )
    names = ("parse", "cold", "one process", "warm", *(name for name, _, _ in edits), *beside)
    found = {name: Measured() for name in names}
    for turn in range(runs):
        seconds, files, size = parse_all(folder)
        if not turn:
            print(
                f"{files} files, {size / 1e6:.1f} MB; median of {runs}; edited: {busiest.relative_to(folder)}, {other.relative_to(folder)}",
                flush=True,
            )
        found["parse"].add(seconds, 0.0)
        found["cold"].add(*run([*PROGRAM, "scan", "-f", "json", "--no-cache"], folder))
        found["one process"].add(*run([*PROGRAM, "scan", "-f", "json", "--no-cache", "--jobs", "1"], folder))
        run([*PROGRAM, "check"], folder)
        found["warm"].add(*run([*PROGRAM, "check"], folder))
        for name, edited, text in edits:
            edit(edited, text.format(turn))
            found[name].add(*run([*PROGRAM, "check"], folder))
        for name, command in beside.items():
            found[name].add(*run(command, folder))
    clean(folder / FOLDER)
    return found


def main() -> None:
    """Print the medians, and each beside parsing every file."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--beside", action="append", default=[], metavar="NAME=COMMAND")
    given = options.parse_args()
    beside = {name: shlex.split(command) for name, _, command in (one.partition("=") for one in given.beside)}
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(given.folder, Path(place) / "copy", symlinks=True))
        found = measure(copy, given.runs, beside)
    for name, one in found.items():
        memory = f"{one.megabytes:7.0f} MB" if one.megabytes else ""
        print(f"{name:<20}{one.median:8.2f} s {one.median / found['parse'].median:8.2f} × parse {memory}")


if __name__ == "__main__":
    main()
