"""The pipeline of databases: what stands beside the code, and what follows for tables that it does not use."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer import databases, declared, findings, removal
from analyzer.app import linked_code
from analyzer.databases.evidence import gathered
from analyzer.drift import compare
from analyzer.model import AnalyzerError, Filters, Settings, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.model import Advised, Dialect, Drift, DrizzleConfig, Evidence, Linked, PhysicalSchema, Plan, Report

OF_CODE = {"code", "schema", "report"}


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
        return linked_code(self._settings, self._advance)[1]

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
        linked = linked_code(everything, self._advance)[1]
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
