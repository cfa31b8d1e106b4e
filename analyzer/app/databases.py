"""The pipeline of databases: what stands beside the code, and what follows for tables that it does not use."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer import databases, declared, findings
from analyzer.app import linked_code
from analyzer.databases.evidence import gathered
from analyzer.databases.saved import declarations
from analyzer.drift import compare
from analyzer.model import AnalyzerError, Filters, Settings, Source
from analyzer.progress import Progress

if TYPE_CHECKING:
    from analyzer.model import Dialect, Drift, DrizzleConfig, Evidence, Linked, PhysicalSchema, Report

OF_CODE = {"code", "schema", "report"}


def drift(
    settings: Settings,
    sources: tuple[Source, ...],
    filters: Filters,
    progress: Progress | None = None,
) -> Drift:
    """Tell what sources have otherwise than the first of them.

    Raises `AnalyzerError` when a source cannot be read, or two are of different kinds of database.
    """
    read = {one.name: databases.read(one) for one in sources if one.kind not in OF_CODE}
    dialect = next((one.dialect for one in read.values()), None)
    code = _Code(settings, sources, dialect, progress or Progress())
    read |= {one.name: code.schema(one) for one in sources if one.kind in OF_CODE}
    named = code.configuration(next((one for one in sources if one.kind == "code"), None))
    judge = None if any(one.kind == "code" for one in sources) else code.judge()
    plans = {"code", "report", "snapshot", "migrations"}
    expected, *actual = (replace(read[one.name], runs=one.kind not in plans) for one in sources)
    return compare(expected, actual, _with_configured(filters, named), judge)


def _with_configured(filters: Filters, named: DrizzleConfig | None) -> Filters:
    """Return filters with those of a drizzle.config."""
    if named is None:
        return filters
    return replace(filters, tables=named.tables_filter or (), schemas=named.schema_filter or ())


def evidence(report: Report, sources: tuple[Source, ...], *, count: bool = False) -> tuple[Evidence, ...]:
    """Tell what databases know of the unused tables of a report; `count` counts their rows exactly.

    Raises `AnalyzerError` when a source cannot be read, or holds declarations and no database.
    """
    tables = tuple(one.table for one in report.verdicts)
    unused = tuple(one.table for one in report.unused)
    known = declared.dialects(tables, report.configurations)
    wrong = next((one for one in sources if one.kind in OF_CODE), None)
    if wrong is not None:
        raise AnalyzerError(f"{wrong.name} is no database: give --db a URL, a dump, a snapshot or migrations.")
    return tuple(each for one in sources for each in gathered(one, unused, known, count=count))


def with_drift(report: Report, sources: tuple[Source, ...]) -> Report:
    """Return a report with what databases have otherwise than its code declares among its findings."""
    tables = tuple(one.table for one in report.verdicts)
    found = list(report.findings)
    for source in map(databases.read, sources):
        dialect = declared.spoken(tables, report.configurations, source.dialect)
        code = declared.schema(tables, report.configurations, dialect)
        named = declared.chosen_configuration(report.configurations, dialect, None)
        drifted = compare(code, [source], _with_configured(Filters(), named)).differences
        found += [findings.drifted(one) for one in drifted if one.cause is None]
    return replace(report, findings=tuple(sorted(set(found))))


class _Code:
    """The code base as a source: read once, and only when something asks."""

    def __init__(
        self,
        settings: Settings,
        sources: tuple[Source, ...],
        dialect: Dialect | None,
        progress: Progress,
    ) -> None:
        self._settings, self._sources, self._dialect, self._progress = settings, sources, dialect, progress

    @cached_property
    def _linked(self) -> Linked:
        return linked_code(self._settings, self._progress)

    def _spoken(self, linked: Linked) -> Dialect:
        return declared.spoken(linked.tables, linked.configurations, self._dialect)

    def schema(self, source: Source) -> PhysicalSchema:
        """Return what the code base, or one file of declarations, says."""
        if source.kind == "schema":
            return self._of_file(source)
        if source.kind == "report":
            tables, configurations = declarations(source)
            dialect = declared.spoken(tables, configurations, self._dialect, source.name)
            return declared.schema(tables, configurations, dialect, None, source.name)
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
        linked = linked_code(everything, self._progress)
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
