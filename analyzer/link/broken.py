"""Files that could not be read whole, and modules chosen at run time: what they may reach is at worst undetermined."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from analyzer.link.contents import tables_in
from analyzer.link.values import Namespace
from analyzer.model import Site, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.world import Unit
    from analyzer.model import Project, Table


_WRITTEN = re.compile(r"\.[cm]?[jt]sx?$")


def mentioned(units: Mapping[str, Unit], tables: tuple[Table, ...]) -> Iterator[Unresolved]:
    """Yield, for each file with a syntax error, the tables whose symbol or physical name its text holds."""
    for path, unit in sorted(units.items()):
        if not unit.facts.faults or unit.role == "generated":
            continue
        words = set(unit.facts.words)
        found = sorted(
            table.id
            for table in tables
            if table.kind != "enum" and table.file != path and (table.symbol in words or (table.name or "") in words)
        )
        if found:
            fault = unit.facts.faults[0]
            yield Unresolved(
                path, fault.site, "the file cannot be parsed whole and mentions the table", unit.role, tuple(found)
            )


def unread(project: Project, tables: tuple[Table, ...]) -> Iterator[Unresolved]:
    """Yield the files and folders that are there and cannot be read: what is in them may use any table."""
    every = tuple(sorted(table.id for table in tables if table.kind != "enum"))
    for one in project.unread:
        yield Unresolved(one.path, Site(1, 1), f"it {one.reason}", one.role, every)


def computed(evaluator: Evaluator) -> Iterator[Unresolved]:
    """Yield, for each module path put together at run time, the tables of the modules that it may mean."""
    for path, unit in sorted(evaluator.units.items()):
        for one in unit.facts.computed:
            whole = _WRITTEN.sub("", one.pattern)  # `.js` means `.ts`
            fits = re.compile(_located(whole, path) + r"(\.[cm]?[jt]sx?|/index\.[cm]?[jt]sx?)?")
            modules = [other for other in sorted(evaluator.units) if other != path and fits.fullmatch(other)]
            found = {id for other in modules for id in tables_in(evaluator, Namespace(other))}
            if found:
                reason = "a module is loaded by a path put together at run time"
                yield Unresolved(path, one.site, reason, unit.role, tuple(sorted(found)))


def _located(pattern: str, path: str) -> str:
    """Return a pattern that a file has, as a regular expression: relative to it, to the root, or somewhere below."""
    if pattern.startswith("*/"):
        return "(?:.*/)?" + _translated(posixpath.normpath(pattern[2:]))
    folder = "" if pattern.startswith("/") else path.rpartition("/")[0]
    return _translated(posixpath.normpath(posixpath.join(folder, pattern.lstrip("/"))))


def _translated(pattern: str) -> str:
    """Return a pattern with `*` and `{a,b}` as a regular expression."""
    parts = re.split(r"(\*+|\{[^{}]*\})", pattern)
    return "".join(
        ".*"
        if part.startswith("*")
        else f"(?:{'|'.join(map(re.escape, part[1:-1].split(',')))})"
        if part.startswith("{")
        else re.escape(part)
        for part in parts
    )
