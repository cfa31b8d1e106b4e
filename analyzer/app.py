"""The pipeline, read aloud. The one module that knows the rooms."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import columns, databases, declared, discover, engine, extract, findings, graph, link, removal, verdicts
from analyzer.databases.evidence import gathered
from analyzer.drift import compare
from analyzer.model import AnalyzerError, Filters, Problem, Report, Settings, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.model import (
        Advised,
        Dialect,
        Drift,
        DrizzleConfig,
        Evidence,
        FileFacts,
        Language,
        Linked,
        PhysicalSchema,
        Plan,
        Project,
        SourceFile,
    )

MAX_BYTES = 2_000_000
OF_CODE = {"code", "schema", "report"}
MAX_NULS = 2  # some sources hold a NUL in a string


def analyze(settings: Settings, advance: Callable[[int, int], None] = lambda done, total: None) -> Report:
    """Tell which physical tables the code uses, and how we know; `advance` is told how many files are done of how many.

    Raises `AnalyzerError` when a root is no folder, or no table is declared anywhere.
    """
    project, linked, problems, lines = _linked(settings, advance)
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


def _linked(settings: Settings, advance: Callable[[int, int], None]) -> tuple[Project, Linked, list[Problem], int]:
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


def drift(
    settings: Settings,
    sources: tuple[Source, ...],
    filters: Filters,
    advance: Callable[[int, int], None] = lambda done, total: None,
) -> Drift:
    """Tell what sources have otherwise than the first of them.

    Raises `AnalyzerError` when a source cannot be read, or two are of different kinds of database.
    """
    read = {one.name: databases.read(one) for one in sources if one.kind not in OF_CODE}
    dialect = next((one.dialect for one in read.values()), None)
    code = _Code(settings, sources, dialect, advance)
    read |= {one.name: code.schema(one) for one in sources if one.kind in OF_CODE}
    named = code.configuration(next((one for one in sources if one.kind == "code"), None))
    if named is not None:
        more = {"tables": named.tables_filter or (), "schemas": named.schema_filter or ()}
        filters = replace(filters, **more)
    judge = None if any(one.kind == "code" for one in sources) else code.judge()
    plans = {"code", "report", "snapshot", "migrations"}
    expected, *actual = (replace(read[one.name], runs=one.kind not in plans) for one in sources)
    return compare(expected, actual, filters, judge)


def evidence(report: Report, sources: tuple[Source, ...], *, count: bool = False) -> tuple[Evidence, ...]:
    """Tell what databases know of the unused tables of a report; `count` counts their rows exactly.

    Raises `AnalyzerError` when a source cannot be read, or holds declarations and no database.
    """
    keys = [(one.table.schema, one.table.name) for one in report.unused if one.table.name]
    dialects = {one.table.dialect for one in report.judged}
    dialect = next(iter(dialects)) if len(dialects) == 1 else None
    wrong = next((one for one in sources if one.kind in OF_CODE), None)
    if wrong is not None:
        raise AnalyzerError(f"{wrong.name} is no database: give --db a URL, a dump, a snapshot or migrations.")
    return tuple(each for one in sources for each in gathered(one, keys, dialect, count=count))


def with_drift(report: Report, sources: tuple[Source, ...]) -> Report:
    """Return a report with what databases have otherwise than its code declares among its findings."""
    read = [databases.read(one) for one in sources]
    tables = tuple(one.table for one in report.verdicts)
    found = list(report.findings)
    for source in read:
        code = declared.schema(tables, report.configurations, source.dialect)
        named = declared.chosen_configuration(report.configurations, source.dialect, None)
        filters = Filters(tables=(named and named.tables_filter) or (), schemas=(named and named.schema_filter) or ())
        found += [findings.drifted(one) for one in compare(code, [source], filters).differences if one.cause is None]
    return replace(report, findings=tuple(sorted(set(found))))


def plan(report: Report, found: tuple[Evidence, ...]) -> Plan:
    """Plan the removal of the unused tables of a report."""
    return removal.plan(report, found)


def advised(report: Report, found: tuple[Evidence, ...]) -> dict[str, tuple[Advised, ...]]:
    """Return what databases advise for each unused table, by its id."""
    keys = frozenset((one.table.schema, one.table.name) for one in report.unused if one.table.name)
    return {
        one.table.id: tuple(
            removal.advised(each, keys)
            for each in found
            if (each.schema, each.table) == (one.table.schema, one.table.name)
        )
        for one in report.unused
    }


class _Code:
    """The code base as a source: read once, and only when something asks."""

    def __init__(
        self,
        settings: Settings,
        sources: tuple[Source, ...],
        dialect: Dialect | None,
        advance: Callable[[int, int], None],
    ) -> None:
        self._settings, self._sources, self._dialect, self._advance = settings, sources, dialect, advance

    @cached_property
    def _linked(self) -> Linked:
        return _linked(self._settings, self._advance)[1]

    def _spoken(self, linked: Linked) -> Dialect:
        known = declared.dialects(linked.tables, linked.configurations)
        if self._dialect is not None and known and self._dialect not in known:
            raise AnalyzerError(
                f"The code declares tables of {' and '.join(known)}: compare it with a database of theirs."
            )
        if self._dialect is None and len(known) > 1:
            raise AnalyzerError(
                f"The code declares tables of {' and '.join(known)}: compare it with a database of one."
            )
        return self._dialect or known[0]

    def schema(self, source: Source) -> PhysicalSchema:
        """Return what the code base, or one file of declarations, says."""
        if source.kind == "schema":
            return self._of_file(source)
        if source.kind == "report":
            tables, configurations = databases.saved.declarations(source)
            known = declared.dialects(tables, configurations)
            return declared.schema(tables, configurations, self._dialect or known[0], None, source.name)
        linked, chosen = self._linked, self._chosen(source)
        return declared.schema(
            linked.tables, linked.configurations, self._spoken(linked), chosen, source.name, linked.joins
        )

    def _chosen(self, source: Source) -> str | None:
        """Return the drizzle.config that is meant: the one that is named, or the only one that writes where a source lies."""
        root = Path(self._settings.roots[0]).resolve()
        if source.location:
            named = Path(source.location).resolve()
            return (
                named.relative_to(root).as_posix()
                if named.is_file() and named.is_relative_to(root)
                else source.location
            )
        places = {Path(one.location).resolve() for one in self._sources if one.kind in {"migrations", "snapshot"}}
        found = [
            one.file
            for one in self._linked.configurations
            if one.out and places & {root / one.out, root / one.out / "meta"}
        ]
        return found[0] if len(found) == 1 else None

    def _of_file(self, source: Source) -> PhysicalSchema:
        """Return what one file and the files that it imports declare, such as a schema that drizzle-kit pulled."""
        path = Path(source.location).resolve()
        everything = Settings(
            roots=(str(path.parent),), test_files=(), script_files=(), generated_files=(), respect_gitignore=False
        )
        linked = _linked(everything, self._advance)[1]
        imports = {file.path: file.imports for file in linked.files}
        reached, queue = {path.name}, [path.name]
        while queue:
            new = [one for one in imports.get(queue.pop(), ()) if one not in reached]
            reached.update(new)
            queue += new
        folder = Path(source.location).parent.as_posix()
        tables = tuple(
            replace(table, file=table.file if folder == "." else f"{folder}/{table.file}")
            for table in linked.tables
            if table.file in reached
        )
        if not tables:
            raise AnalyzerError(f"{source.location!r} declares no table: give a schema of Drizzle.")
        return declared.schema(tables, (), self._spoken(linked), None, source.name)

    def configuration(self, source: Source | None) -> DrizzleConfig | None:
        """Return the drizzle.config that says which tables are meant."""
        if source is None:
            return None
        linked = self._linked
        return declared.chosen_configuration(linked.configurations, self._spoken(linked), self._chosen(source))

    def judge(self) -> PhysicalSchema | None:
        """Return the code's schema where there is a project, to say which of two databases is right."""
        if not any((Path(root) / "package.json").is_file() for root in self._settings.roots):
            return None
        try:
            return self.schema(Source("code", "code", ""))
        except AnalyzerError:
            return None


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
