"""What is said of each column, and because of what."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.model import ColumnVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.model import Column, Linked, Status, Table, Usage, Verdict

_WRITES = {"insert", "update"}
_PROJECTIONS = {"select", "selectDistinct", "selectDistinctOn", "returning", "columns", "extras"}
_FILTERS = {"where", "having", "orderBy", "groupBy", "with"}
_FILTERS |= {
    "eq",
    "ne",
    "gt",
    "gte",
    "lt",
    "lte",
    "inArray",
    "notInArray",
    "isNull",
    "isNotNull",
    "like",
    "ilike",
    "asc",
    "desc",
    "between",
}
_SAID = {
    "writes": "written",
    "reads": "read",
    "projections": "selected",
    "filters": "filtered by",
    "sql": "named in SQL",
}
_STRUCTURAL = {"relation", "foreign-key"}
_LIVE = {"used", "dev-only", "undetermined", "kept"}
Named = tuple[str, int]


def wanted(verdicts: Iterable[Verdict]) -> frozenset[str]:
    """Return the words to look for: properties and names of columns that no production code names for certain."""
    return frozenset(
        word
        for verdict in verdicts
        if verdict.status in _LIVE
        for column in verdict.table.columns
        if not _resolved(verdict, column, "production")
        for word in (column.property, column.name)
        if word
    )


def judge(verdicts: Iterable[Verdict], named: Mapping[str, tuple[Named, ...]], linked: Linked) -> tuple[Verdict, ...]:
    """Return the verdicts with one for each column of a table that is in use; `named` tells the lines of words by file."""
    places = _outside(named, linked)
    return tuple(
        replace(one, columns=tuple(_verdict(one, column, places) for column in one.table.columns))
        if one.status in _LIVE
        else one
        for one in verdicts
    )


def kind(usage: Usage) -> str:
    """Return what a place does with a column, as the report counts it."""
    if usage.action in _WRITES or usage.statement in _WRITES:
        return "writes"
    if usage.action == "sql":
        return "sql"
    if usage.evidence in _PROJECTIONS:
        return "projections"
    return "filters" if usage.evidence in _FILTERS or usage.evidence.endswith("Join") else "reads"


def _outside(named: Mapping[str, tuple[Named, ...]], linked: Linked) -> dict[str, list[tuple[str, str, int]]]:
    """Return, for each word, where it is named outside of declarations: role, file and line, production first."""
    roles = {file.path: file.role for file in linked.files}
    declared: dict[str, set[int]] = defaultdict(set)
    for file, start, end in (*((one.file, one.line, one.end_line) for one in linked.tables), *linked.relations):
        declared[file].update(range(start, end + 1))
    for table in linked.tables:
        for column in table.columns:
            if column.made is not None:
                declared[column.made[0]].add(column.made[1])
    for usage in linked.usages:
        if usage.action in _STRUCTURAL:
            declared[usage.file].add(usage.site.line)
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for file, words in named.items():
        role = roles.get(file, "production")
        for word, line in words if role != "generated" else ():
            if line not in declared[file]:
                found[word].append((role, file, line))
    return {word: sorted(some, key=lambda one: (one[0] != "production", one)) for word, some in found.items()}


def _resolved(verdict: Verdict, column: Column, role: str) -> Usage | None:
    return next(
        (one for one in verdict.usages if one.column == column.property and one.is_use and one.role == role), None
    )


def _verdict(verdict: Verdict, column: Column, places: Mapping[str, list[tuple[str, str, int]]]) -> ColumnVerdict:
    usages = [one for one in verdict.usages if one.column == column.property and one.is_use]
    rows = sorted(
        (one for one in verdict.usages if one.whole_row and one.is_use), key=lambda one: one.role != "production"
    )
    status, reason = _status(verdict, column, places, rows)
    counts = Counter(kind(one) for one in usages)
    return ColumnVerdict(
        column, status, reason, counts["writes"], counts["reads"], counts["projections"], counts["filters"], counts["sql"], len(rows)
    )  # fmt: skip


def _status(
    verdict: Verdict, column: Column, places: Mapping[str, list[tuple[str, str, int]]], rows: list[Usage]
) -> tuple[Status, str]:
    if verdict.status == "kept":
        return "kept", verdict.reason
    live = _resolved(verdict, column, "production")
    if live is not None:
        return "used", f"{_SAID[kind(live)]} in {live.file}:{live.site.line}"
    if column.primary_key or column.property in _keyed(verdict.table):
        return "used", "part of the primary key"
    handed = next((one for one in verdict.usages if one.outside and one.role == "production"), None)
    if handed is not None:
        return "undetermined", f"the table is handed to {handed.evidence} in {handed.file}:{handed.site.line}"
    named = [*places.get(column.property, ()), *(places.get(column.name, ()) if column.name else ())]
    for role, file, line in named:
        if role == "production":
            return "undetermined", f"named in {file}:{line}, which may be this column"
    for role in ("test", "script"):
        found = _resolved(verdict, column, role)
        if found is not None:
            return "dev-only", f"only in {role}s: {found.file}:{found.site.line}"
    if named:
        return "dev-only", f"named only in {named[0][0]}s: {named[0][1]}:{named[0][2]}"
    with_row = f"read or written only with the row, in {rows[0].file}:{rows[0].site.line}" if rows else ""
    structural = any(one.column == column.property and one.action in _STRUCTURAL for one in verdict.usages)
    indexed = any(column.name in index.columns for index in verdict.table.indexes if column.name)
    if structural or column.references or indexed:
        return "schema-only", f"only in relations, keys and indexes{', ' + with_row if with_row else ''}"
    return "orphaned", f"named nowhere{', ' + with_row if with_row else ''}"


def _keyed(table: Table) -> set[str]:
    names = set(table.primary_key)
    return {column.property for column in table.columns if column.name in names}
