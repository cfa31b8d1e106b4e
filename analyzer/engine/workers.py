"""Where tasks run that take long: in this process, in several of this machine, or on a Dask cluster. A lost worker costs a retry."""

from __future__ import annotations

from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, ProcessPoolExecutor, as_completed, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor, Future

Asked = TypeVar("Asked")
Result = TypeVar("Result")

TRIES = 3
_AHEAD = 2  # tasks handed out for each process: one runs, one waits
_TIMEOUT = "10s"


class Lost(Struct, frozen=True):
    """A task that was not done: the process that it ran in ended each time, or something went wrong that nobody foresaw."""

    reason: str


class Workers(Generic[Asked, Result]):
    """Runs a function over many tasks; results come as they are done, each with the number of its task.

    >>> sorted(Workers(len).done(["a", "bc"]))
    [(0, 1), (1, 2)]
    """

    def __init__(self, function: Callable[[Asked], Result], jobs: int = 1, scheduler: str | None = None) -> None:
        self._function, self._jobs, self._scheduler = function, jobs, scheduler

    def done(self, tasks: Iterable[Asked]) -> Iterator[tuple[int, Result | Lost]]:
        """Yield what each task gives, or why it was lost. Raises `AnalyzerError` when no scheduler answers."""
        waiting = deque(enumerate(tasks))
        if self._scheduler is not None:
            yield from self._on_cluster(waiting, self._scheduler)
        elif self._jobs == 1 or len(waiting) < 2:
            yield from ((number, self._result(lambda task=task: self._function(task))) for number, task in waiting)  # type: ignore[misc]
        else:
            while waiting:
                yield from self._in_processes(waiting)

    def _in_processes(self, waiting: deque[tuple[int, Asked]]) -> Iterator[tuple[int, Result | Lost]]:
        """Run tasks until all are done or a process ends; then those that were handed out run alone, so that none is blamed for another."""
        running: dict[Future[Result], tuple[int, Asked]] = {}
        with ProcessPoolExecutor(self._jobs) as pool:
            while waiting or running:
                try:
                    while waiting and len(running) < self._jobs * _AHEAD:
                        running[pool.submit(self._function, waiting[0][1])] = waiting[0]
                        waiting.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        if isinstance(future.exception(), BrokenExecutor):
                            raise BrokenExecutor
                        yield running.pop(future)[0], self._result(future.result)
                except BrokenExecutor:
                    break
        for number, task in sorted(running.values(), key=lambda one: one[0]):
            yield number, self._alone(task)

    def _alone(self, task: Asked) -> Result | Lost:
        for _ in range(TRIES):
            with ProcessPoolExecutor(1) as pool:
                future = pool.submit(self._function, task)
                if not isinstance(future.exception(), BrokenExecutor):
                    return self._result(future.result)
        return Lost(f"the process that reads it ended {TRIES} times")

    def _on_cluster(self, waiting: deque[tuple[int, Asked]], scheduler: str) -> Iterator[tuple[int, Result | Lost]]:
        """Run tasks where a scheduler says; it gives those of a worker that is lost to another."""
        with _cluster(scheduler) as executor:
            futures = {executor.submit(self._function, task): number for number, task in waiting}
            try:
                for future in as_completed(futures):
                    yield futures[future], self._result(future.result)
            finally:
                for future in futures:
                    future.cancel()

    def _result(self, given: Callable[[], Result]) -> Result | Lost:
        try:
            return given()
        except (Exception, CancelledError) as error:  # one task costs only itself
            said = str(error).strip().splitlines()
            return Lost(f"{type(error).__name__}: {said[0]}" if said else type(error).__name__)


@contextmanager
def _cluster(scheduler: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise AnalyzerError("--scheduler needs Dask: pip install 'tabletrace[cluster]'.") from None
    try:
        client = Client(scheduler, timeout=_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise AnalyzerError(
            f"No Dask scheduler answers at {scheduler!r} ({str(error).splitlines()[0]}): start one with `dask scheduler`, or leave --scheduler out."
        ) from None
    with client:
        yield client.get_executor(retries=0)
