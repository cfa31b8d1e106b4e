"""One verdict for each physical table over all repositories."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.fleet.asking import read_together
from analyzer.model import STATUSES, UNUSED
from analyzer.model.fleet import FleetReport, FleetTable, Owned, RepositoryReport, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal as OneOf

    from analyzer.model.fleet import Repository, Survey

_HOLE = re.compile(r"\$\{.*?\}")
_OPEN = (*UNUSED, "dev-only")

Place = tuple[str, str]  # a database, and the key of a table in it


def merged(
    repositories: Sequence[Repository],
    surveys: Mapping[str, Survey],
    second: Mapping[str, tuple[Survey, tuple[str, ...]]],
    failures: Mapping[str, str],
    version: str,
) -> FleetReport:
    """Return the report of a fleet.

    `surveys` is what each repository says by itself, `second` what it says once it knows the others, with the names of those
    that were read with it; `failures` says why a repository is not in them, or was not asked again.
    """
    declared: dict[Place, list[tuple[Repository, Owned]]] = defaultdict(list)
    for repository in repositories:
        for table in surveys[repository.name].tables if repository.name in surveys else ():
            declared[repository.database, table.key].append((repository, table))
    uses = _uses(repositories, surveys, second, declared)
    for database in dict.fromkeys(one.database for one in repositories):
        _lead(
            database,
            [surveys[one.name] for one in repositories if (one.name in surveys, one.database) == (True, database)],
            uses,
        )
    tables = [_table(place, found, uses[place], repositories, surveys) for place, found in declared.items()]
    unnamed = [one for one in tables if one.name is None and one.status not in _OPEN]
    lost = _lost(repositories, surveys, failures)
    tables = [_doubted(_perhaps(one, unnamed), lost, failures) for one in tables]
    tables.sort(key=lambda one: (one.database, one.name is None, one.name or "", one.key))
    return FleetReport(tuple(_reported(one, surveys, failures) for one in repositories), tuple(tables), version)


def _uses(
    repositories: Sequence[Repository],
    surveys: Mapping[str, Survey],
    second: Mapping[str, tuple[Survey, tuple[str, ...]]],
    declared: Mapping[Place, object],
) -> dict[Place, dict[str, Use]]:
    """Return what each repository does with each table; a key may be of its own database, or of one whose package it imports."""
    databases = {one.name: one.database for one in repositories}
    found: dict[Place, dict[str, Use]] = defaultdict(dict)
    for one in repositories:
        for table in surveys[one.name].tables if one.name in surveys else ():
            _add(found[one.database, table.key], one.name, table.use)
        survey, read = second.get(one.name, (None, ()))
        near = dict.fromkeys([one.database, *(databases[name] for name in read)])
        for use in survey.uses if survey is not None else ():
            for database in near:
                if (database, use.table) in declared:
                    _add(found[database, use.table], one.name, use)
    return found


def _add(uses: dict[str, Use], name: str, use: Use) -> None:
    """Add what a repository does with a table to what it is known to do: the letters of both, and the stronger status."""
    known = uses.get(name)
    if known is not None:
        stronger, other = sorted((known, use), key=lambda one: -STATUSES.index(one.status))
        letters = "".join(letter for letter in "CRUD" if letter in stronger.crud + other.crud)
        use = replace(stronger, crud=letters, places=max(known.places, use.places))
    uses[name] = use


def _lead(database: str, surveys: Iterable[Survey], uses: dict[Place, dict[str, Use]]) -> None:
    """Let a use of a view, or of a table with a trigger, be one of what is reached through it, whoever says so."""
    leads: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one, other, how in (lead for survey in surveys for lead in survey.ways.leads):
        leads[one].add((other, how))
    queue = sorted(leads)
    while queue:
        key = queue.pop(0)
        for target, how in sorted(leads[key]):
            before = dict(uses[database, target])
            for name, use in uses[database, key].items():
                if use.status in {"used", "dev-only", "undetermined"}:
                    reached = Use(
                        target, use.status, f"{use.reason}, through {how}", "R" if use.crud else "", use.places
                    )
                    _add(uses[database, target], name, reached)
            if uses[database, target] != before and target in leads and target not in queue:
                queue.append(target)


def _table(
    place: Place,
    declared: Sequence[tuple[Repository, Owned]],
    uses: Mapping[str, Use],
    repositories: Sequence[Repository],
    surveys: Mapping[str, Survey],
) -> FleetTable:
    database, key = place
    first = declared[0][1]
    told = [(one.name, uses[one.name]) for one in repositories if one.name in uses]
    name, strongest = max(told, key=lambda one: STATUSES.index(one[1].status))
    unused = strongest.status in UNUSED
    owner, owned_by = _owner(database, first, declared, repositories, surveys)
    return FleetTable(
        database=database,
        key=key,
        dialect=first.dialect,
        kind=first.kind,
        schema=first.schema,
        name=first.name,
        pattern=first.pattern,
        status=strongest.status,
        reason=strongest.reason if unused and len(told) == 1 else f"{name}: {strongest.reason}",
        owner=owner,
        owned_by=owned_by,
        declared=tuple((repository.name, owned.file, owned.line, owned.symbol) for repository, owned in declared),
        uses=tuple((name, use) for name, use in told if use.status not in UNUSED),
    )


def _owner(
    database: str,
    table: Owned,
    declared: Sequence[tuple[Repository, Owned]],
    repositories: Sequence[Repository],
    surveys: Mapping[str, Survey],
) -> tuple[str | None, OneOf["prefix", "declaration"] | None]:
    """Return whose a table is: of the repository with the longest prefix that its name begins with, else of the only one that
    declares it. Prefixes that the fleet's file gives come before those of creators.
    """
    holders = [one for one in repositories if one.database == database]
    declaring = {repository.name for repository, _ in declared}
    for given in (True, False):
        found = [
            (len(prefix), one.name)
            for one in holders
            if given or one.name in declaring
            for prefix in (one.prefixes if given else surveys[one.name].ways.prefixes)
            if (table.name or "").startswith(prefix)
        ]
        longest = {name for length, name in found if length == max(found)[0]}
        if len(longest) == 1:
            return longest.pop(), "prefix"
    return (declaring.pop(), "declaration") if len(declaring) == 1 else (None, None)


def _perhaps(table: FleetTable, unnamed: Iterable[FleetTable]) -> FleetTable:
    """Leave a table open that a used table of a name which is not known may be."""
    for other in unnamed:
        if table.name is None or table.status not in _OPEN or not _HOLE.sub("", other.pattern or ""):
            continue
        fits = ".*".join(re.escape(part) for part in _HOLE.split(other.pattern or ""))
        same = (other.database, other.dialect) == (table.database, table.dialect)
        if same and re.fullmatch(fits, table.name):
            repository, file, line, symbol = other.declared[0]
            reason = f"{repository}: {symbol} may be the same table ({file}:{line})"
            return replace(table, status="undetermined", reason=reason)
    return table


def _lost(
    repositories: Sequence[Repository], surveys: Mapping[str, Survey], failures: Mapping[str, str]
) -> dict[str, str]:
    """Return the databases that a repository which could not be read may use, with its name: its own, and those of
    the repositories whose packages it imports; where that is not known, of all that hold packages.
    """
    together, databases = read_together(repositories, surveys), {one.name: one.database for one in repositories}
    holding = [name for name, survey in surveys.items() if survey.packages]
    found: dict[str, str] = {}
    for one in repositories:
        if one.name in failures:
            for name in (one.name, *together.get(one.name, holding)):
                found.setdefault(databases[name], one.name)
    return found


def _doubted(table: FleetTable, lost: Mapping[str, str], failures: Mapping[str, str]) -> FleetTable:
    """Leave a table open that a repository which could not be read may use."""
    name = lost.get(table.database)
    if name is None or table.status not in _OPEN:
        return table
    return replace(table, status="undetermined", reason=f"{name} could not be read: {failures[name]}")


def _reported(repository: Repository, surveys: Mapping[str, Survey], failures: Mapping[str, str]) -> RepositoryReport:
    survey, reason = surveys.get(repository.name), failures.get(repository.name)
    state: OneOf["read", "failed"] = "failed" if reason is not None or survey is None else "read"
    if survey is None:
        return RepositoryReport(repository, state, reason=reason)
    return RepositoryReport(repository, state, len(survey.tables), survey.files, survey.lines, survey.problems, reason)
