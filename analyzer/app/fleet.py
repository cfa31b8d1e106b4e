"""A run over many repositories: each is asked what it says, and once more with what the others declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer import fleet
from analyzer.cache import Cache
from analyzer.engine.workers import Lost, Workers
from analyzer.model.fleet import Answer, Survey, Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from analyzer.model.fleet import FleetReport, Repository
    from analyzer.progress import Progress


def report(
    repositories: Sequence[Repository],
    workers: Workers[Task, Answer],
    folder: Path | None,
    progress: Progress,
) -> FleetReport:
    """Return one verdict for each physical table over all repositories.

    What is found is kept in `folder` as it comes, so a run that was stopped goes on where it was.
    """
    from analyzer.app import own_version

    asking = _Asking(workers, folder, progress)
    with progress.stage("declared"):
        first = asking.of((one.name, Task(((one.name, one.folder),))) for one in repositories)
    surveys = {name: found for name, found in first.items() if isinstance(found, Survey)}
    tasks = dict(fleet.asked(repositories, surveys))
    with progress.stage("used"):
        second = asking.of(tasks.items())
    asking.close()
    failures = {name: found for name, found in (*first.items(), *second.items()) if isinstance(found, str)}
    known = {
        name: (found, tuple(root for root, _ in tasks[name].roots))
        for name, found in second.items()
        if isinstance(found, Survey)
    }
    return fleet.merged(repositories, surveys, known, failures, own_version())


class _Asking:
    """Asks repositories, unless they are as they were when they were asked last."""

    def __init__(self, workers: Workers[Task, Answer], folder: Path | None, progress: Progress) -> None:
        self._workers, self._progress = workers, progress
        self._cache = Cache(folder)

    def close(self) -> None:
        self._cache.close()

    def of(self, tasks: Iterable[tuple[str, Task]]) -> dict[str, Survey | str]:
        """Return what each repository says, by name, or why it could not be read."""
        asked = dict(tasks)
        keys = {name: self._cache.key("survey", name, repr(task)) for name, task in asked.items()}
        kept = self._cache.get(keys.values(), Answer)
        known = {name: kept[key] for name, key in keys.items() if key in kept}
        told = {
            name: replace(task, known=known[name].state, imported=known[name].imported) if name in known else task
            for name, task in asked.items()
        }
        names, results = list(told), dict[str, Survey | str]()
        for number, one in self._workers.done(told.values()):
            name = names[number]
            results[name] = self._heard(one, known.get(name), keys[name])
            self._progress.advance(len(results), len(names))
        return {name: results[name] for name in names}

    def _heard(self, one: Answer | Lost, known: Answer | None, key: bytes) -> Survey | str:
        from analyzer.app import own_version

        if isinstance(one, Lost):
            return one.reason
        if one.failure is not None:
            return one.failure
        if one.version != own_version():
            return f"its worker has tabletrace {one.version}, and this is {own_version()}"
        if one.survey is None:
            return known.survey if known is not None and known.survey is not None else "its worker said nothing"
        self._cache.put({key: one})
        self._cache.flush()
        return one.survey
