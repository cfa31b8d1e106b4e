"""What each repository is asked once it is known what the others declare."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from analyzer.model import NOWHERE, Elsewhere, Table
from analyzer.model.fleet import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analyzer.model.fleet import Owned, Repository, Survey


def asked(repositories: Sequence[Repository], surveys: Mapping[str, Survey]) -> Iterator[tuple[str, Task]]:
    """Yield, by the name of a repository, what it is asked: the names that others declare on its database, and the
    repositories whose packages it imports. One that shares nothing is not asked again.
    """
    by_name, together = {one.name: one for one in repositories}, read_together(repositories, surveys)
    for one in repositories:
        if one.name not in surveys:
            continue
        read = together[one.name]
        others = [other.name for other in repositories if other.database == one.database and other.name in surveys]
        elsewhere = _elsewhere([name for name in others if name not in read], read, surveys)
        if len(read) > 1 or elsewhere != NOWHERE:
            yield one.name, Task(tuple((name, by_name[name].folder) for name in read), elsewhere)


def read_together(repositories: Sequence[Repository], surveys: Mapping[str, Survey]) -> dict[str, tuple[str, ...]]:
    """Return each repository that says what it imports, with those that hold packages which it imports, and which those import."""
    holders: dict[str, list[str]] = defaultdict(list)
    for one in repositories:
        for package in surveys[one.name].packages if one.name in surveys else ():
            holders[package].append(one.name)
    return {one.name: _with_providers(one.name, surveys, holders) for one in repositories if one.name in surveys}


def _with_providers(name: str, surveys: Mapping[str, Survey], holders: Mapping[str, list[str]]) -> tuple[str, ...]:
    found, queue = dict.fromkeys([name]), [name]
    while queue:
        for package in surveys[queue.pop(0)].asked:
            for holder in holders.get(package, ()):
                if holder not in found:
                    found[holder] = None
                    queue.append(holder)
    return tuple(found)


def _elsewhere(others: Sequence[str], read: Sequence[str], surveys: Mapping[str, Survey]) -> Elsewhere:
    own = {table.key for name in read for table in surveys[name].tables}
    tables = {table.key: table for name in others for table in surveys[name].tables if table.key not in own}
    routines = {routine for name in others for routine in surveys[name].ways.routines if routine[1]}
    return Elsewhere(tuple(_as_table(tables[key]) for key in sorted(tables)), tuple(sorted(routines)))


def _as_table(owned: Owned) -> Table:
    return Table(
        id=owned.key,
        symbol=owned.symbol,
        kind=owned.kind,
        file="",
        line=0,
        end_line=0,
        dialect=owned.dialect,
        schema=owned.schema,
        name=owned.name,
        pattern=owned.pattern,
        role="production",
    )
