"""The pipeline, read aloud. The one module that knows the rooms."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from analyzer import discover
from analyzer.app.earlier import Earlier
from analyzer.app.reading import Reader
from analyzer.model import AnalyzerError, Problem, Report, Unread
from analyzer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link import Files
    from analyzer.model import Linked, Project, Settings, Spellings, Surface


def analyze(settings: Settings, progress: Progress | None = None) -> Report:
    """Tell which physical tables the code uses, and how we know; `progress` is told what is done, and counts the time.

    Raises `AnalyzerError` when a root is no folder, or no table is declared anywhere.
    """
    progress = progress or Progress()
    with Reader(settings, progress) as reader:
        project = _project(settings, progress)
        earlier = Earlier(reader)
        known = earlier.report(project)
        return known if known is not None else _report(project, earlier, reader, settings, progress)


def _report(project: Project, earlier: Earlier, reader: Reader, settings: Settings, progress: Progress) -> Report:
    """Make the report of a run, and keep it for later ones."""
    from analyzer import columns, findings, graph, verdicts

    code = _code(project, reader, settings, progress)
    linked = code.linked
    with progress.stage("judge"):
        judged = verdicts.judge(linked, frozenset(graph.reached(linked.files)), settings)
    if settings.columns:
        judged = columns.judge(judged, reader.named(code.project.files, columns.wanted(judged)), linked)
    report = Report(
        roots=project.roots,
        configurations=linked.configurations,
        verdicts=judged,
        unresolved=linked.unresolved,
        ghosts=linked.ghosts,
        problems=tuple(
            sorted(
                (*linked.problems, *_unmatched(linked, settings)),
                key=lambda one: (one.file, one.line or 0, one.reason),
            )
        ),
        files=linked.files,
        lines=code.lines,
        version=own_version(),
    )
    report = replace(report, findings=findings.findings(report))
    earlier.keep(report, code)
    return report


class Code(Struct, frozen=True):
    """A code base with its names resolved, how many lines were read, and what was asked of the files that were not parsed."""

    project: Project
    linked: Linked
    lines: int
    called: Spellings
    asked: tuple[tuple[str, tuple[str, ...]], ...]


def linked_code(settings: Settings, progress: Progress) -> Linked:
    """Return a code base with its names resolved."""
    with Reader(settings, progress) as reader:
        return _code(_project(settings, progress), reader, settings, progress).linked


def _project(settings: Settings, progress: Progress) -> Project:
    with progress.stage("discover"):
        return discover.project(settings)


def _code(project: Project, reader: Reader, settings: Settings, progress: Progress) -> Code:
    """Return a code base with its names resolved; one that declares no table is an `AnalyzerError`."""
    files = files_of(project, reader)
    from analyzer import link

    with progress.stage("link"), without_collector():
        reach = link.Reach(files, reader, everything=not settings.prefilter)
        linked = link.link(reach)
    if not linked.tables:
        roots = ", ".join(settings.roots)
        raise AnalyzerError(
            f"No Drizzle table is declared below {roots} ({len(files.surfaces)} files read): give the folder that holds the schema{_ignored(files.project)}."
        )
    asked = tuple((path, tuple(sorted(names))) for path, names in sorted(files.asked.items()))
    return Code(files.project, linked, lines_of(files), reach.called, asked)


def lines_of(files: Files) -> int:
    """Return how many lines the files have that could be read."""
    return sum(surface.lines for surface in files.surfaces.values() if surface.unfit is None)


@contextmanager
def without_collector() -> Iterator[None]:
    """Facts hold no circles, and looking for some among many objects is slow."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def files_of(project: Project, reader: Reader) -> Files:
    """Return what the bytes of each file say, those of ignored files among them that others import."""
    surfaces: dict[str, Surface] = {}
    unread = list(project.unread)
    wanted = project.files
    with without_collector():
        while wanted:
            for file, found in zip(wanted, reader.surfaces(wanted), strict=True):
                if isinstance(found, Problem):
                    unread.append(Unread(file.path, file.role, found.reason))
                else:
                    surfaces[file.path] = found
            reader.prepare()
            from analyzer import link  # it takes a while: other processes make ready meanwhile

            wanted = link.wanted(project, surfaces)
            left = tuple(file for file in project.ignored if file not in wanted)
            files = tuple(sorted({*project.files, *wanted}, key=lambda file: file.path))
            project = replace(project, files=files, ignored=left)
    return link.Files(replace(project, unread=tuple(unread)), surfaces)


def _unmatched(linked: Linked, settings: Settings) -> list[Problem]:
    """Return what the configuration keeps though no table is called so."""
    tables = linked.tables
    names = {name for table in tables for name in (table.symbol, table.name, table.physical)}
    unknown = [rule.table for rule in settings.keep if rule.table not in names]
    return [Problem("(configuration)", None, f"keeps {name!r}, but no table is called so") for name in unknown]


def _ignored(project: Project) -> str:
    return (
        f", or set respect-gitignore = false: .gitignore leaves out {len(project.ignored)}" if project.ignored else ""
    )


def own_version() -> str:
    """Return the version of tabletrace that is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tabletrace")
    except PackageNotFoundError:
        return "0+unknown"
