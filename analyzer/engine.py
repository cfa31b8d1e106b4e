"""Which executor runs `extract`: one after the other, or one process per core."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from analyzer.extract import extract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analyzer.model import FileFacts, Language

PARALLEL_FROM = 3_000_000
CHUNK = 24


def extracted(sources: Sequence[tuple[bytes, Language]], jobs: int = 0) -> Iterator[FileFacts]:
    """Yield the facts of each source, in order.

    Small trees are read in this process: starting others would cost more than it saves. The result is the same.
    """
    jobs = jobs or os.cpu_count() or 1
    if jobs == 1 or sum(len(data) for data, _ in sources) < PARALLEL_FROM:
        for data, language in sources:
            yield extract(data, language)
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(extract, *zip(*sources, strict=True), chunksize=CHUNK)
