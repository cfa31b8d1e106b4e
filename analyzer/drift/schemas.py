"""Database schemas that one side alone has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, PhysicalSchema

OWN = {"drizzle"}  # where drizzle-kit keeps the migrations that it has run


def compared(pair: Pair) -> Iterator[Difference]:
    """Yield the schemas that are declared and not there, and those that are there and not declared."""
    if not pair.tells("schema"):
        return
    left, right = _named(pair.expected), _named(pair.actual)
    for name in sorted(left - right):
        if _is_meant(pair, name) and pair.is_schema_managed(name):
            yield pair.difference("TT204", "missing", "schema", schema=name, expected=name)
    for name in sorted(right - left - OWN):
        if _is_meant(pair, name) and pair.is_schema_managed(name):
            yield pair.difference("TT205", "unexpected", "schema", schema=name, actual=name, note=_held(pair, name))


def _named(source: PhysicalSchema) -> set[str]:
    return {
        *source.schemas,
        *(table.schema for table in source.tables if table.schema),
        *(enum.schema for enum in source.enums if enum.schema),
    }


def _is_meant(pair: Pair, name: str) -> bool:
    return pair.shows(name, "*") if not pair.filters.include else any(pair.shows(name, text) for text in ("", "*"))


def _held(pair: Pair, name: str) -> str:
    tables = [table for table in pair.actual.tables if table.schema == name]
    count = f"{len(tables)} table{'' if len(tables) == 1 else 's'}" if tables else "no tables"
    return f"{name} holds {count}"
