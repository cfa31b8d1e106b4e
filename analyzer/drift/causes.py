"""Differences that follow from others: a foreign key that cannot be there, an index on a column that is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.drift.breaks import comparable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, PhysicalTable

_ON_COLUMNS = {"primary-key", "unique", "foreign-key", "index"}


def explained(found: Iterable[Difference], pair: Pair) -> list[Difference]:
    """Give each difference that follows from another the key of that one as its cause."""
    found = list(found)
    known = {(one.schema, one.table, one.column): one for one in found if one.object == "column" and _is_root(one)}
    absent = {(one.schema, one.table): one for one in found if one.rule == "TT201"}
    return [_with_cause(one, pair, known, absent) for one in found]


def _is_root(one: Difference) -> bool:
    return one.rule in {"TT206", "TT207", "TT208"} or (one.rule == "TT209" and one.attribute == "type")


def _with_cause(
    one: Difference,
    pair: Pair,
    known: dict[tuple[str | None, str | None, str | None], Difference],
    absent: dict[tuple[str | None, str | None], Difference],
) -> Difference:
    if one.object not in _ON_COLUMNS or one.kind == "changed":
        return one
    table = (pair.right if one.kind == "unexpected" else pair.left).get((one.schema, one.table or ""))
    if table is None:
        return one
    for schema, name, column in _columns(one, table):
        cause = known.get((schema, name, column)) or absent.get((schema, name))
        if cause is not None and (cause.rule != "TT209" or _cannot_be(one, table, pair)):
            return replace(one, cause=cause.key)
    return one


def _columns(one: Difference, table: PhysicalTable) -> Iterator[tuple[str | None, str, str | None]]:
    """Yield the columns that a constraint stands on, and those it leads to."""
    if one.object == "foreign-key":
        for link in table.foreign_keys:
            if link.name == one.name and (one.column is None or one.column in link.columns):
                yield from ((table.schema, table.name, column) for column in link.columns)
                yield from ((link.foreign_schema, link.foreign_table, column) for column in link.foreign_columns)
        return
    texts = [one.expected or "", one.actual or ""]
    for column in table.columns:
        if any(f" {column.name}," in f" {text.strip('()')}," for text in texts) or _of_index(one, table, column.name):
            yield table.schema, table.name, column.name


def _of_index(one: Difference, table: PhysicalTable, column: str) -> bool:
    return one.object == "index" and any(
        part.column == column for index in table.indexes if index.name == one.name for part in index.parts
    )


def _cannot_be(one: Difference, table: PhysicalTable, pair: Pair) -> bool:
    """Whether a foreign key cannot be made on the side that lacks it, as the columns are there."""
    side = pair.left if one.kind == "unexpected" else pair.right
    for link in table.foreign_keys if one.object == "foreign-key" else ():
        there = side.get((link.foreign_schema, link.foreign_table))
        here = side.get((one.schema, one.table or ""))
        if link.name != one.name or there is None or here is None:
            continue
        for name, foreign in zip(link.columns, link.foreign_columns, strict=False):
            left, right = here.column(name), there.column(foreign)
            if left and right and comparable(left.type, right.type, pair.dialect) is False:
                return True
    return False
