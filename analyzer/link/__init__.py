"""Facts of single files become one picture: names resolved, tables declared, usages attributed. Pure."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.adapters import Adapters
from analyzer.link.broken import computed, mentioned, unread
from analyzer.link.configurations import configurations
from analyzer.link.files import Files, wanted
from analyzer.link.ghosts import missing_imports, prefixes
from analyzer.link.labels import labelled
from analyzer.link.mounts import Mounts
from analyzer.link.naming import names_any
from analyzer.link.reach import Reach
from analyzer.link.relational import Relational
from analyzer.link.sql import RawSql
from analyzer.link.usages import Usages
from analyzer.model import Linked, Problem, Usage

__all__ = ["Files", "Reach", "link", "names_any", "wanted"]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analyzer.link.reach import World
    from analyzer.link.world import Unit
    from analyzer.model import Table


def link(reach: Reach) -> Linked:
    """Say of what can matter in a project who does what to which table."""
    while True:
        world = reach.world()
        known = frozenset(world.matters)
        linked = _linked(world, reach.bare())
        if not world.is_stale(world.matters - known):
            return linked


def _linked(world: World, bare: Mapping[str, Unit]) -> Linked:
    evaluator, tables, files = world.evaluator, world.tables, world.files
    units, modules = evaluator.units, evaluator.modules
    handles = world.declared.handles()
    named = world.named
    symbols = _symbols(named, units)
    references = Usages(evaluator, symbols, _physical(named), world.declared.siblings())
    relational = Relational(evaluator, symbols, handles)
    raw, adapters = RawSql(named, world.through, evaluator), Adapters(evaluator, named)
    usages: set[Usage] = set(relational.related.declared())
    for unit in _each(units):
        found = [usage for reader in (references, relational, raw) for usage in reader.of(unit)]
        handed = {usage.table for usage in found if usage.action == "pass" and usage.certainty == "proven"}
        found += [usage for usage in adapters.of(unit) if usage.table not in handed]
        found = [replace(usage, table=handles.get(usage.table, usage.table)) for usage in found]
        usages.update(_with_statements(found, unit, raw))
    for path, unit in bare.items():
        if path not in units:
            usages.update(replace(usage, table=handles.get(usage.table, usage.table)) for usage in raw.of(unit))
    read = {**bare, **{path: units[path] for path in units if path in world.matters}}
    for view, table in references.views:
        world.through.add_view(view, table)
    usages = world.through.expanded(usages)
    open = {
        *references.unresolved,
        *relational.unresolved,
        *raw.unresolved,
        *adapters.unresolved,
        *mentioned(read, named),
        *computed(evaluator),
        *unread(files.project, named),
    }
    mounts = Mounts(units, modules)
    missing = missing_imports(evaluator, {table.file for table in tables})
    ghosts = {labelled(one) for one in (*raw.ghosts, *relational.ghosts, *missing)}
    return Linked(
        tables=tables,
        usages=tuple(sorted((mounts.named(labelled(usage)) for usage in usages), key=_place)),
        unresolved=tuple(
            sorted(open, key=lambda one: (one.file, one.site.line, one.site.column, one.reason, one.tables))
        ),
        ghosts=tuple(sorted(ghosts, key=lambda one: (one.file, one.site.line, one.site.column, one.rule, one.name))),
        problems=tuple(_problems(files, read)),
        files=tuple(files.linked()),
        relations=tuple(relational.related.spans),
        configurations=configurations(evaluator),
        joins=relational.related.joins(),
        ways=world.through.ways(prefixes(evaluator.declared.values())),
    )


def _each(units: Mapping[str, Unit]) -> Iterator[Unit]:
    """Yield every unit by path, then those that were read meanwhile."""
    seen: set[str] = set()
    while fresh := sorted(units.keys() - seen):
        seen.update(fresh)
        yield from (units[path] for path in fresh)


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


def _with_statements(usages: list[Usage], unit: Unit, raw: RawSql) -> Iterator[Usage]:
    """Yield usages, those of tables put into a template with what the template does to them."""
    if not any(usage.evidence == "sql template" for usage in usages):
        yield from usages
        return
    places = {
        site: unit.facts.places[reference.place]
        for reference in reversed(unit.facts.references)
        if reference.place >= 0
        for site in (reference.site, *reference.sites)
    }
    for usage in usages:
        place = places.get(usage.site) if usage.evidence == "sql template" and usage.column is None else None
        yield replace(usage, statement=raw.statement(unit, place.name, place.index)) if place is not None else usage


def _place(usage: Usage) -> tuple[str, ...]:
    return (
        usage.table, usage.file, f"{usage.site.line:9}", f"{usage.site.column:9}",
        usage.action, usage.column or "", usage.certainty, usage.evidence, usage.statement or "",
        usage.by, usage.role, str(usage.whole_row), str(usage.outside),
    )  # fmt: skip


def _problems(files: Files, read: Mapping[str, Unit]) -> Iterator[Problem]:
    """Yield what could not be read, or parsed, or led nowhere."""
    yield from files.project.problems
    yield from (Problem(one.path, None, one.reason) for one in files.project.unread)
    for path, unit in sorted(read.items()):
        if unit.facts.faults:
            yield Problem(path, unit.facts.faults[0].site.line, unit.facts.faults[0].reason)
    yield from files.strays()
