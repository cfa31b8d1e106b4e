"""The pipeline, read aloud. The one module that knows the rooms."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from analyzer import columns, discover, findings, graph, link, verdicts
from analyzer.engine import Engine
from analyzer.model import AnalyzerError, Problem, Report
from analyzer.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzer.model import FileFacts, Linked, Project, Settings, Sought, SourceFile, Surface


def analyze(settings: Settings, progress: Progress | None = None) -> Report:
    """Tell which physical tables the code uses, and how we know; `progress` is told what is done, and counts the time.

    Raises `AnalyzerError` when a root is no folder, or no table is declared anywhere.
    """
    progress = progress or Progress()
    project, linked, problems, lines = linked_code(settings, progress)
    with progress.stage("judge"):
        judged = verdicts.judge(linked, frozenset(graph.reached(linked.files)), settings)
    if settings.columns:
        with progress.stage("columns"):
            judged = columns.judge(judged, _named(project, columns.wanted(judged), settings.jobs), linked)
    report = Report(
        roots=project.roots,
        configurations=linked.configurations,
        verdicts=judged,
        unresolved=linked.unresolved,
        ghosts=linked.ghosts,
        problems=tuple(
            sorted(
                (*linked.problems, *problems, *_unmatched(linked, settings)),
                key=lambda one: (one.file, one.line or 0, one.reason),
            )
        ),
        files=linked.files,
        lines=lines,
        version=own_version(),
    )
    return replace(report, findings=findings.findings(report))


def linked_code(settings: Settings, progress: Progress) -> tuple[Project, Linked, list[Problem], int]:
    """Return a code base with its names resolved, what could not be read of it, and how many lines were."""
    engine = Engine(settings.jobs)
    with progress.stage("discover"):
        project = discover.project(settings)
    with progress.stage("scan"):
        project, surfaces, problems = _surfaces(project, engine, progress)
    files = link.Files(project, surfaces)

    def parse(wanted: Sequence[SourceFile]) -> dict[str, FileFacts]:
        with progress.stage("parse"):
            return {file.path: facts for file, facts in zip(wanted, engine.extracted(wanted), strict=True)}

    def search(suspects: Sequence[SourceFile], sought: Sought) -> list[str]:
        with progress.stage("search"):
            found = zip(suspects, engine.mentioning(suspects, sought), strict=True)
            return [file.path for file, mentions in found if mentions]

    with progress.stage("link"):
        linked = link.link(link.Reach(files, parse, search, everything=not settings.prefilter))
    if not linked.tables:
        roots = ", ".join(settings.roots)
        raise AnalyzerError(
            f"No Drizzle table is declared below {roots} ({len(surfaces)} files read): give the folder that holds the schema{_ignored(project)}."
        )
    return project, linked, problems, sum(surface.lines for surface in surfaces.values() if surface.unfit is None)


def _surfaces(
    project: Project, engine: Engine, progress: Progress
) -> tuple[Project, dict[str, Surface], list[Problem]]:
    """Return what the bytes of each file say, those of ignored files among them that others import, and what cannot be read."""
    surfaces: dict[str, Surface] = {}
    problems: list[Problem] = []
    wanted = project.files
    while wanted:
        for file, found in zip(wanted, engine.surfaces(wanted), strict=True):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                surfaces[file.path] = found
            progress.advance(len(surfaces), len(project.files))
        wanted = link.wanted(project, surfaces)
        left = tuple(file for file in project.ignored if file not in wanted)
        files = tuple(sorted({*project.files, *wanted}, key=lambda file: file.path))
        project = replace(project, files=files, ignored=left)
    return project, surfaces, problems


def _named(project: Project, words: frozenset[str], jobs: int) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return which of some words each file names, with the lines."""
    found = Engine(jobs).named(project.files, words)
    return {file.path: mentions for file, mentions in zip(project.files, found, strict=True) if mentions}


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
    try:
        return version("tabletrace")
    except PackageNotFoundError:
        return "0+unknown"
