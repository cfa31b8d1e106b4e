"""The pipeline, read aloud. The one module that knows the rooms."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import columns, discover, engine, extract, findings, graph, link, verdicts
from analyzer.model import AnalyzerError, Problem, Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.model import FileFacts, Language, Linked, Project, Settings, SourceFile

MAX_BYTES = 2_000_000
MAX_NULS = 2  # some sources hold a NUL in a string


def analyze(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Tell which physical tables the code uses, and how we know; `advance` is told how many files are done of how many.

    Raises `AnalyzerError` when a root is no folder, or no table is declared anywhere.
    """
    project, linked, problems, lines = linked_code(settings, advance)
    judged = verdicts.judge(linked, frozenset(graph.reached(linked.files)), settings)
    if settings.columns:
        judged = columns.judge(judged, _named(project, columns.wanted(judged)), linked)
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


def linked_code(settings: Settings, advance: Callable[[int, int], None]) -> tuple[Project, Linked, list[Problem], int]:
    """Return a code base with its names resolved, what could not be read of it, and how many lines were."""
    project = discover.project(settings)
    facts, problems, lines = _facts(project.files, advance)
    while imported := link.wanted(facts, project):
        more, failed, count = _facts(imported, advance)
        facts, problems, lines = {**facts, **more}, [*problems, *failed], lines + count
        left = tuple(file for file in project.ignored if file not in imported)
        project = replace(
            project, files=tuple(sorted((*project.files, *imported), key=lambda file: file.path)), ignored=left
        )
    linked = link.link(facts, project)
    if not linked.tables:
        roots = ", ".join(settings.roots)
        raise AnalyzerError(
            f"No Drizzle table is declared below {roots} ({len(facts)} files read): give the folder that holds the schema{_ignored(project)}."
        )
    return project, linked, problems, lines


def _facts(
    files: tuple[SourceFile, ...], advance: Callable[[int, int], None]
) -> tuple[dict[str, FileFacts], list[Problem], int]:
    """Return what files say, by path, what could not be read, and how many lines were."""
    sources, problems = _read(files)
    facts = {file.path: extract.unread(data, reason) for file, data, reason in sources if reason}
    fit = [(file, data) for file, data, reason in sources if not reason]
    given: list[tuple[bytes, Language]] = [(data, file.language) for file, data in fit]
    for (file, _), found in zip(fit, engine.extracted(given), strict=True):
        facts[file.path] = found
        advance(len(facts), len(sources))
    return facts, problems, sum(data.count(b"\n") for _, data in fit)


def _named(project: Project, words: frozenset[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return which of some words each file names, with the lines."""
    sources, _ = _read(project.files)
    fit = [(file, data) for file, data, reason in sources if not reason]
    found = engine.named([(data, file.language) for file, data in fit], words)
    return {file.path: mentions for (file, _), mentions in zip(fit, found, strict=True) if mentions}


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


def _read(files: tuple[SourceFile, ...]) -> tuple[list[tuple[SourceFile, bytes, str | None]], list[Problem]]:
    """Read every file; with each comes the reason why it cannot be parsed, if there is one."""
    sources: list[tuple[SourceFile, bytes, str | None]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            data = Path(file.location).read_bytes()
        except OSError as error:
            problems.append(Problem(file.path, None, f"cannot be read: {error.strerror}"))
        else:
            data = _utf8(data)
            sources.append((file, data, _unfit(data)))
    return sources, problems


def _utf8(data: bytes) -> bytes:
    """Return UTF-16 (told by its byte order mark) as UTF-8; anything else as it is."""
    if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    try:
        return data.decode("utf-16").encode("utf8")
    except UnicodeDecodeError:
        return data


def _unfit(data: bytes) -> str | None:
    if len(data) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1_000_000} MB and was not parsed"
    if data[:8192].count(b"\0") > MAX_NULS:
        return "is binary and was not parsed"
    try:
        data.decode("utf8")
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start}) and was not parsed"
    return None
