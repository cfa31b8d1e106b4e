"""What a run says of itself while it goes on: a bar on a terminal, and where the time went."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

AFTER_SECONDS = 0.5


class Progress:
    """Counts the time of each stage, and tells nobody how many files are done.

    >>> progress = Progress()
    >>> with progress.stage("read"):
    ...     progress.advance(1, 2)
    >>> list(progress.stages)
    ['read']
    """

    def __init__(self) -> None:
        self.stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done within as time of a stage; a stage within another is not counted twice."""
        start, inner = time.perf_counter(), sum(self.stages.values())
        try:
            yield
        finally:
            inner = sum(self.stages.values()) - inner
            self.stages[name] = self.stages.get(name, 0.0) + time.perf_counter() - start - inner

    def advance(self, done: int, total: int) -> None:
        """Say that `done` files of `total` are done."""


class Shown(Progress):
    """Shows how many files, or other things, are done; shows nothing where the stream is no terminal, or the run is short."""

    def __init__(self, stream: TextIO, things: str = "files") -> None:
        super().__init__()
        self._things = things
        self._stream = stream
        self._start = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Shown:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def advance(self, done: int, total: int) -> None:
        if self._bar is None:
            if not self._stream.isatty() or time.monotonic() - self._start < AFTER_SECONDS:
                return
            self._show(total)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def _show(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TextColumn(self._things))
        self._bar = Bar(*columns, console=Console(file=self._stream), transient=True)
        self._task = self._bar.add_task("reading", total=total)
        self._bar.start()
