"""Which executor runs `extract`: one after the other, or one process per core."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from analyzer.extract import extract, names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from analyzer.model import FileFacts, Language

Source: TypeAlias = "tuple[bytes, Language]"
Result = TypeVar("Result")

PARALLEL_FROM = 3_000_000
CHUNK = 24


def extracted(sources: Sequence[Source], jobs: int = 0) -> Iterator[FileFacts]:
    """Yield the facts of each source, in order."""
    return _each(extract, sources, jobs)


def named(sources: Sequence[Source], words: frozenset[str], jobs: int = 0) -> Iterator[tuple[tuple[str, int], ...]]:
    """Yield where each source names some words, in order."""
    return _each(partial(names.named, wanted=words), sources, jobs)


def _each(function: Callable[[bytes, Language], Result], sources: Sequence[Source], jobs: int) -> Iterator[Result]:
    """Yield what a function says of each source, in order.

    Small trees are read in this process: starting others would cost more than it saves. The result is the same.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or sum(len(data) for data, _ in sources) < PARALLEL_FROM:
        for data, language in sources:
            yield function(data, language)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(function, *zip(*sources, strict=True), chunksize=CHUNK)
