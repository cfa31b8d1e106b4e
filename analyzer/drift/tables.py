"""Tables and views: those of one side alone, and the columns and constraints of those that both have."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from analyzer.drift import columns, constraints
from analyzer.drift.twins import is_twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, PhysicalTable

OWN = {"__drizzle_migrations"}


def compared(pair: Pair) -> Iterator[Difference]:
    """Yield every difference of tables and views."""
    outside = {table.key for table in pair.expected.outside}
    aside = {(schema, name) for schema, name, _ in pair.actual.aside}
    for key, table in pair.left.items():
        if not pair.shows(*key):
            continue
        other = pair.right.get(key)
        if other is not None:
            yield from _both(pair, table, other)
        elif (
            pair.actual.hidden is None
            and key not in aside
            and (_is_meant(pair, table) if table.symbol else _is_shown(pair, table))
        ):
            yield _missing(pair, table)
        if key in outside:
            told = {"attribute": "configuration", "expected": "named by drizzle.config", "actual": "not named"}
            yield replace(
                pair.difference("TT221", "changed", "table", **_of(table), **told), source=pair.expected.source
            )
    schemas = {schema for schema, _ in pair.left} | {None}
    for key, table in pair.right.items():
        if (
            key not in pair.left
            and pair.shows(*key)
            and table.schema in schemas
            and table.name not in OWN
            and _is_shown(pair, table)
        ):
            kind = "view" if table.kind != "table" else "table"
            note = f"{table.kind}" if table.kind != "table" else None
            about: dict[str, Any] = {**_of(table), "actual": table.qualified, "note": note}
            yield pair.difference("TT202", "unexpected", kind, **about)  # type: ignore[arg-type]


def _is_meant(pair: Pair, table: PhysicalTable) -> bool:
    """Whether a declared table is one that drizzle-kit makes: those of other schemas are somebody else's."""
    return table.schema is None or pair.is_schema_managed(table.schema)


def _is_shown(pair: Pair, table: PhysicalTable) -> bool:
    """Whether a table of one side alone is a finding: drizzle-kit looks at it, or it is a twin of another."""
    patterns = (*pair.expected.patterns, *pair.actual.patterns)
    if any(fnmatchcase(table.name, pattern) for pattern in patterns):
        return False  # it may be one whose name cannot be computed
    return pair.is_managed(*table.key) or is_twin(table, pair)


def _missing(pair: Pair, table: PhysicalTable) -> Difference:
    if table.kind == "table":
        return pair.difference("TT201", "missing", "table", **_of(table), expected=table.qualified)
    return pair.difference("TT220", "missing", "view", **_of(table), expected=table.kind)


def _both(pair: Pair, table: PhysicalTable, other: PhysicalTable) -> Iterator[Difference]:
    if table.kind != other.kind:
        told = {"attribute": "kind", "expected": table.kind, "actual": other.kind}
        yield pair.difference("TT220", "changed", "view", **_of(table), **told)
    yield from columns.compared(pair, table, other)
    if table.kind == other.kind == "table":
        yield from constraints.compared(pair, table, other)


def _of(table: PhysicalTable) -> dict[str, Any]:
    return {"schema": table.schema, "table": table.name, "place": table.place}
