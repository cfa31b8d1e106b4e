"""Facts of single files become one picture: names resolved, tables declared, usages attributed. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzer.link.adapters import Adapters
from analyzer.link.autos import Autos, autos
from analyzer.link.broken import computed, mentioned
from analyzer.link.casing import casings
from analyzer.link.configurations import configurations
from analyzer.link.entries import Entries, started
from analyzer.link.evaluate import Evaluator
from analyzer.link.frameworks import aliases
from analyzer.link.ghosts import missing_imports
from analyzer.link.labels import labelled
from analyzer.link.modules import Modules
from analyzer.link.mounts import Mounts
from analyzer.link.relational import Relational
from analyzer.link.sql import RawSql
from analyzer.link.tables import Tables, declare
from analyzer.link.through import Through
from analyzer.link.usages import Usages
from analyzer.link.world import Unit
from analyzer.model import Linked, LinkedFile, Problem, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.model import FileFacts, Project, SourceFile, Table


def link(facts: Mapping[str, FileFacts], project: Project) -> Linked:
    """Resolve every name of a project; `facts` maps each file's path to what its text says."""
    modules = Modules(project)
    units = _units(facts, project, modules)
    evaluator = _evaluator(units, modules, project)
    declare(evaluator)
    declared = Tables(evaluator, casings(evaluator))
    tables, handles = declared.all(), declared.handles()
    symbols = _symbols(tables, units)
    references = Usages(evaluator, symbols, _physical(tables), declared.siblings())
    relational = Relational(evaluator, symbols, handles)
    through = Through(tables, units, modules, len(project.roots))
    raw, adapters = RawSql(tables, through, evaluator), Adapters(evaluator, tables)
    usages: set[Usage] = set(relational.related.declared())
    for _, unit in sorted(units.items()):
        found = [usage for reader in (references, relational, raw) for usage in reader.of(unit)]
        handed = {usage.table for usage in found if usage.action == "pass" and usage.certainty == "proven"}
        found += [usage for usage in adapters.of(unit) if usage.table not in handed]
        found = [replace(usage, table=handles.get(usage.table, usage.table)) for usage in found]
        usages.update(_with_statement(usage, unit, raw) for usage in found)
    for view, table in references.views:
        through.add_view(view, table)
    usages = through.expanded(usages)
    open = {
        *references.unresolved,
        *relational.unresolved,
        *raw.unresolved,
        *mentioned(units, tables),
        *computed(evaluator),
    }
    mounts = Mounts(units, modules)
    missing = missing_imports(units, modules, {table.file for table in tables})
    ghosts = {labelled(one) for one in (*raw.ghosts, *relational.ghosts, *missing)}
    return Linked(
        tables=tables,
        usages=tuple(sorted((mounts.named(labelled(usage)) for usage in usages), key=_place)),
        unresolved=tuple(
            sorted(open, key=lambda one: (one.file, one.site.line, one.site.column, one.reason, one.tables))
        ),
        ghosts=tuple(sorted(ghosts, key=lambda one: (one.file, one.site.line, one.site.column, one.rule, one.name))),
        problems=(*project.problems, *_faults(units), *_strays(units, modules)),
        files=tuple(_files(units, modules, project)),
        relations=tuple(relational.related.spans),
        configurations=configurations(evaluator),
        joins=relational.related.joins(),
    )


def _evaluator(units: Mapping[str, Unit], modules: Modules, project: Project) -> Evaluator:
    """Return what evaluates the project's names, with what frameworks add to them."""
    for folder, paths in list(aliases(lambda: Evaluator(units, modules, Autos()), project)):
        modules.add_aliases(folder, paths)
    return Evaluator(units, modules, autos(units, lambda: Evaluator(units, modules, Autos())))


def _units(facts: Mapping[str, FileFacts], project: Project, modules: Modules) -> dict[str, Unit]:
    live = _live(facts, project, modules)
    return {
        file.path: Unit(file.path, "production" if file.path in live else file.role, file.language, facts[file.path])
        for file in project.files
        if file.path in facts
    }


def _live(facts: Mapping[str, FileFacts], project: Project, modules: Modules) -> set[str]:
    """Return the files that are no production by their names, and are all the same: production code imports them.

    A pulled schema that is used is the live one; a page below `tests/` is a page, and `commands/migrate.ts` a command.
    """
    roles = {file.path: file.role for file in project.files}
    entries = Entries(project)
    pages = {path for path, role in roles.items() if role == "test" and path in facts and entries.is_page(path)}
    queue = sorted(pages | {path for path, role in roles.items() if role == "production" and path in facts})
    seen = set(queue)
    while queue:
        path = queue.pop()
        for one in facts[path].specifiers:
            target = modules.resolve(one.source, path) if not one.type_only else None
            promoted = {"generated", "script", "test"} if path in pages else {"generated", "script"}
            if target is not None and target in facts and target not in seen and roles[target] in promoted:
                pages |= {target} if roles[target] == "test" else set()
                seen.add(target)
                queue.append(target)
    return {path for path in seen if roles[path] != "production"}


def wanted(facts: Mapping[str, FileFacts], project: Project) -> tuple[SourceFile, ...]:
    """Return the ignored files that files of the project import: code reaches them, so they are to be read as well."""
    if not project.ignored:
        return ()
    modules = Modules(replace(project, files=(*project.files, *project.ignored)))
    targets = {modules.resolve(one.source, path) for path, found in facts.items() for one in found.specifiers}
    return tuple(file for file in project.ignored if file.path in targets)


def _symbols(tables: tuple[Table, ...], units: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the tables that a name may mean, those of production code where there are any."""
    found: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        if table.kind != "enum":
            found[table.symbol].append(table)
    declared = {name: tuple(some) for name, some in found.items()}
    for _, unit in sorted(units.items()):
        for fact in unit.facts.exports:
            if fact.exported != fact.local and fact.exported not in {"*", "default"}:
                found[fact.exported] += declared.get(fact.local, ())
    return {name: tuple(sorted({table.id for table in _preferred(some)})) for name, some in found.items()}


def _physical(tables: tuple[Table, ...]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the tables of a physical name, in lower case."""
    found: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        if table.kind != "enum" and table.name:
            found[table.name.lower()].append(table)
    return {name: tuple(sorted(table.id for table in _preferred(some))) for name, some in found.items()}


def _preferred(tables: list[Table]) -> list[Table]:
    production = [table for table in tables if table.role == "production"]
    return production or tables


def _with_statement(usage: Usage, unit: Unit, raw: RawSql) -> Usage:
    if usage.evidence != "sql template" or usage.column is not None:
        return usage
    for reference in unit.facts.references:
        if usage.site in (reference.site, *reference.sites) and reference.place >= 0:
            place = unit.facts.places[reference.place]
            return replace(usage, statement=raw.statement(unit, place.name, place.index))
    return usage


def _place(usage: Usage) -> tuple[str, ...]:
    return (
        usage.table, usage.file, f"{usage.site.line:9}", f"{usage.site.column:9}",
        usage.action, usage.column or "", usage.certainty, usage.evidence, usage.statement or "",
    )  # fmt: skip


def _faults(units: Mapping[str, Unit]) -> list[Problem]:
    return [
        Problem(path, unit.facts.faults[0].site.line, unit.facts.faults[0].reason)
        for path, unit in sorted(units.items())
        if unit.facts.faults
    ]


def _strays(units: Mapping[str, Unit], modules: Modules) -> list[Problem]:
    """Imports that were meant to lead into the tree and lead nowhere; types aside, which cost nothing."""
    found: dict[tuple[str, str], Problem] = {}
    for path, unit in sorted(units.items()):
        if unit.role == "generated":
            continue
        for one in unit.facts.specifiers:
            if one.type_only or modules.resolve(one.source, path) is not None or not modules.is_ours(one.source, path):
                continue
            reason = f"imports {one.source!r}, which leads nowhere"
            found.setdefault((path, one.source), Problem(path, one.site.line, reason))
    return list(found.values())


def _files(units: Mapping[str, Unit], modules: Modules, project: Project) -> list[LinkedFile]:
    found = []
    entries, named = Entries(project), started(units, project.packages)
    for path, unit in sorted(units.items()):
        targets = {modules.resolve(one.source, path) for one in unit.facts.specifiers if not one.type_only}
        imports = tuple(sorted(target for target in targets if target))
        found.append(LinkedFile(path, unit.role, imports, path in named or entries.has(path)))
    return found
