"""What one repository of a fleet says: the work of a worker, wherever it runs."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.model import AnalyzerError, Settings, Ways
from analyzer.model.fleet import Answer, Owned, Survey, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.app.reading import Reader
    from analyzer.link import Files
    from analyzer.model import Linked, Project, Status, Table, Unresolved, Usage, Verdict
    from analyzer.model.fleet import Task


def answer(task: Task) -> Answer:
    """Return what a repository says, that nothing changed since it was asked last, or why it cannot be read."""
    from analyzer.app import own_version

    try:
        return _answered(task, own_version())
    except AnalyzerError as error:
        return Answer(own_version(), failure=str(error).rstrip("."))


def _answered(task: Task, version: str) -> Answer:
    from analyzer import discover
    from analyzer.app import files_of
    from analyzer.app.earlier import Earlier
    from analyzer.app.reading import Reader
    from analyzer.progress import Progress

    settings = _settings(task)
    project = discover.project(settings)
    with Reader(settings, Progress()) as reader:
        earlier = Earlier(reader)
        state = earlier.state(project)
        if state == task.known and earlier.is_fresh(project, task.imported):
            return Answer(version, state)
        files = files_of(project, reader)
        survey = _survey(task, files, reader, settings)
        imported = earlier.imported(files.project, project.ignored)
        return Answer(version, state if reader.steady else b"", imported, survey)


def _settings(task: Task) -> Settings:
    """Return the settings of a repository, as if it were read in its folder, with the folders of those it is read with."""
    from analyzer.settings import load

    [(name, folder), *others] = task.roots
    if not Path(folder).is_dir():
        raise AnalyzerError(f"{folder!r} is no folder: clone {name} there")
    settings = load(Path(folder))
    roots = (folder,) if settings.roots == Settings().roots else settings.roots
    return replace(settings, roots=(*roots, *(other for _, other in others)), jobs=1, cache=None)


def _survey(task: Task, files: Files, reader: Reader, settings: Settings) -> Survey:
    from analyzer import link, verdicts
    from analyzer.app import lines_of, without_collector

    if len(task.roots) == 1 and task.elsewhere.tables and not link.names_any(files, task.elsewhere, reader.mentioning):
        return Survey()
    with without_collector():
        linked = link.link(link.Reach(files, reader, elsewhere=task.elsewhere))
    places = _Places(files.project, task)
    keys = {table.id: _key(table, *places.of(table.file)) for table in linked.tables}
    linked = replace(
        linked,
        usages=tuple(replace(one, file=places.of(one.file)[1]) for one in linked.usages if places.is_own(one.file)),
        unresolved=tuple(
            replace(one, file=places.of(one.file)[1]) for one in linked.unresolved if places.is_own(one.file)
        ),
    )
    judged = [
        one
        for one in verdicts.judge(linked, frozenset(), settings)
        if places.is_own(one.table.file) and one.table.kind != "enum" and one.table.role not in {"generated", "test"}
    ]
    packages = {one.name for one in files.project.packages if one.name and places.is_own(f"{one.folder}/package.json")}
    return Survey(
        tables=tuple(_owned(one, keys[one.table.id], places.of(one.table.file)[1]) for one in judged),
        uses=tuple(_foreign(linked, keys, {keys[one.table.id] for one in judged})),
        ways=_ways(linked.ways, keys),
        packages=tuple(sorted(packages)),
        asked=tuple(sorted(set(files.packages()))),
        files=len(files.by_path),
        lines=lines_of(files),
        problems=len(linked.problems),
    )


class _Places:
    """Whose each file is, of several repositories that were read together, and where it lies in it."""

    def __init__(self, project: Project, task: Task) -> None:
        self._base = project.roots[0] if len(project.roots) == 1 else os.path.commonpath(project.roots)
        folders = [(os.path.realpath(folder), name) for name, folder in task.roots]
        self._folders = sorted(folders, key=lambda one: -len(one[0]))
        self._own = task.roots[0][0]

    def of(self, path: str) -> tuple[str, str]:
        """Return the name of the repository, and the file's path in it."""
        whole = os.path.normpath(os.path.join(self._base, path))
        for folder, name in self._folders:
            if whole.startswith(folder + os.sep):
                return name, os.path.relpath(whole, folder).replace(os.sep, "/")
        return self._own, path

    def is_own(self, path: str) -> bool:
        """Whether a file is of the repository that was asked."""
        return self.of(path)[0] == self._own


def _key(table: Table, repository: str, file: str) -> str:
    """Return what names a physical table within its database."""
    if table.name is None:
        return f"{table.dialect} {repository}:{file}:{table.line} {table.symbol}"
    schema = table.schema or ("public" if table.dialect == "postgresql" else "")
    return f"{table.dialect} {schema}.{table.name}"


def _owned(one: Verdict, key: str, file: str) -> Owned:
    table = one.table
    use = _use(key, one.status, one.reason, one.usages)
    return Owned(
        key, table.dialect, table.kind, table.schema, table.name, table.pattern, table.symbol, file, table.line, use
    )


def _foreign(linked: Linked, keys: Mapping[str, str], own: set[str]) -> Iterable[Use]:
    """Yield what is done with tables that are not this repository's."""
    from analyzer.verdicts import status_of

    usages: dict[str, list[Usage]] = defaultdict(list)
    for usage in linked.usages:
        usages[keys.get(usage.table, usage.table)].append(usage)
    doubts: dict[str, list[Unresolved]] = defaultdict(list)
    for doubt in linked.unresolved:
        for table in doubt.tables:
            doubts[keys.get(table, table)].append(doubt)
    for key in sorted((usages.keys() | doubts.keys()) - own):
        yield _use(key, *status_of(usages[key], doubts[key]), usages[key])


def _use(key: str, status: Status, reason: str, usages: Iterable[Usage]) -> Use:
    from analyzer.verdicts import crud

    done = [usage for usage in usages if usage.is_use and usage.role == "production"]
    return Use(key, status, reason, crud(done), len(done))


def _ways(ways: Ways, keys: Mapping[str, str]) -> Ways:
    return Ways(
        tuple((name, tuple(sorted({keys.get(id, id) for id in ids}))) for name, ids in ways.routines),
        tuple(sorted({(keys.get(one, one), keys.get(other, other), how) for one, other, how in ways.leads})),
        ways.prefixes,
    )
