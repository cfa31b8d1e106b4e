"""Which executor reads files: one after the other, or one process per core."""

from __future__ import annotations

import gc
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from analyzer.extract import extract, names, sqlish
from analyzer.extract.surface import surface
from analyzer.model import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analyzer.model import FileFacts, Sought, SourceFile, Surface

Result = TypeVar("Result")

PARALLEL_FROM = {"surface": 20_000_000, "extract": 1_000_000, "search": 20_000_000, "named": 3_000_000}  # bytes
_CHUNK = 24


class Engine:
    """Reads files with some number of processes; results come in the order of the files, whatever their number."""

    def __init__(self, jobs: int = 0) -> None:
        self._jobs = jobs or os.cpu_count() or 1

    def surfaces(self, files: Sequence[SourceFile]) -> Iterator[Surface | Problem]:
        """Yield the surface of each file, or why it cannot be read."""
        return self._each(_surface, files, PARALLEL_FROM["surface"])

    def extracted(self, files: Sequence[SourceFile]) -> Iterator[FileFacts]:
        """Yield the facts of each file."""
        return self._each(_extracted, files, PARALLEL_FROM["extract"])

    def mentioning(self, files: Sequence[SourceFile], sought: Sought) -> Iterator[bool]:
        """Yield whether the SQL of each file may name what is sought."""
        return self._each(partial(_mentions, sought=sought), files, PARALLEL_FROM["search"])

    def named(self, files: Sequence[SourceFile], words: frozenset[str]) -> Iterator[tuple[tuple[str, int], ...]]:
        """Yield where each file names some words."""
        return self._each(partial(_named, words=words), files, PARALLEL_FROM["named"])

    def _each(
        self, function: Callable[[SourceFile], Result], files: Sequence[SourceFile], parallel_from: int
    ) -> Iterator[Result]:
        """Yield what a function says of each file.

        Small trees are read in this process: starting others would cost more than it saves.
        """
        if self._jobs == 1 or not files or sum(file.size for file in files) < parallel_from:
            yield from map(function, files)
            return
        from concurrent.futures import ProcessPoolExecutor

        with ProcessPoolExecutor(self._jobs, initializer=_start) as pool:
            yield from pool.map(function, files, chunksize=_CHUNK)


def _start() -> None:
    gc.disable()  # facts hold no circles, and looking for some among many objects is slow


def _surface(file: SourceFile) -> Surface | Problem:
    try:
        data = read(file)
    except OSError as error:
        return Problem(file.path, None, f"cannot be read: {error.strerror}")
    return surface(data, file.language)


def _extracted(file: SourceFile) -> FileFacts:
    return extract(read(file), file.language)


def _mentions(file: SourceFile, sought: Sought) -> bool:
    return sqlish.mentions(read(file), sought)


def _named(file: SourceFile, words: frozenset[str]) -> tuple[tuple[str, int], ...]:
    return names.named(read(file), file.language, words)


def read(file: SourceFile) -> bytes:
    """Return the bytes of a file as UTF-8, where a byte order mark says that they are UTF-16."""
    data = Path(file.location).read_bytes()
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        return data.decode("utf-16").encode("utf8")
    except UnicodeDecodeError:
        return data
