"""The columns of a table that both sides have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analyzer.drift import defaults, expressions
from analyzer.drift.types import base, canonical, is_serial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, PhysicalColumn, PhysicalTable


def compared(pair: Pair, table: PhysicalTable, other: PhysicalTable) -> Iterator[Difference]:
    """Yield the columns of one side alone, and what differs in those of both."""
    there = {column.name: column for column in other.columns}
    here = {column.name: column for column in table.columns}
    for name, column in here.items():
        told = {"schema": table.schema, "table": table.name, "column": name, "place": column.place or table.place}
        if name in there:
            yield from _both(pair, table, other, column, there[name], told)
        elif other.untold is None and pair.actual.hidden is None:
            yield pair.difference("TT206", "missing", "column", **told, expected=column.type)
    if table.untold is not None:
        return
    for name, column in there.items():
        if name not in here:
            told = {"schema": table.schema, "table": table.name, "column": name, "place": table.place}
            rule = "TT208" if _is_required(column, other) else "TT207"
            yield pair.difference(rule, "unexpected", "column", **told, actual=_spelled(column))


def _is_required(column: PhysicalColumn, table: PhysicalTable) -> bool:
    made = column.default or column.identity or column.generated or column.untold
    counted = is_serial(column.type or "", "postgresql")
    return table.kind == "table" and not column.nullable and not made and not counted


def _spelled(column: PhysicalColumn) -> str:
    return f"{column.type or '?'}{'' if column.nullable else ' not null'}"


def _both(
    pair: Pair,
    table: PhysicalTable,
    other: PhysicalTable,
    column: PhysicalColumn,
    found: PhysicalColumn,
    told: dict[str, Any],
) -> Iterator[Difference]:
    types = _types(pair, column, found)
    if types is not None:
        attribute = "length" if base(types[0]) == base(types[1]) else "type"
        sides = {"expected": column.type, "actual": found.type}
        yield pair.difference("TT209", "changed", "column", **told, attribute=attribute, **sides)
    if table.kind != "table" or other.kind != "table":
        return
    null = _nullable(pair, table, column), _nullable(pair, other, found)
    if null[0] != null[1] and column.identity == found.identity:
        words = {True: "null", False: "not null"}
        sides = {"expected": words[null[0]], "actual": words[null[1]]}
        yield pair.difference("TT210", "changed", "column", **told, attribute="nullable", **sides)
    yield from _made(pair, column, found, told)


def _types(pair: Pair, column: PhysicalColumn, found: PhysicalColumn) -> tuple[str, str] | None:
    """Return both types in one spelling when they differ."""
    if column.type is None or found.type is None:
        return None
    left, right = canonical(column.type, pair.dialect), canonical(found.type, pair.dialect)
    if left == right or (pair.dialect == "mysql" and {left, right} == {"json", "longtext"}):  # MariaDB's JSON
        return None
    return left, right


def _nullable(pair: Pair, table: PhysicalTable, column: PhysicalColumn) -> bool:
    key = table.primary_key is not None and column.name in table.primary_key.columns
    counted = is_serial(column.type or "", pair.dialect) or column.identity is not None
    if pair.dialect == "sqlite" and key:
        return False  # a rowid, or a key whose nulls SQLite tolerates for historical reasons
    return column.nullable and not key and not counted


def _made(pair: Pair, column: PhysicalColumn, found: PhysicalColumn, told: dict[str, Any]) -> Iterator[Difference]:
    """Yield the differences in what the database itself puts into a column."""
    if "generated" not in (*column.untold, *found.untold) and _differently_made(pair, column, found):
        sides = {"expected": _maker(column), "actual": _maker(found)}
        attribute = "identity" if column.identity or found.identity else "generated"
        yield pair.difference("TT212", "changed", "column", **told, attribute=attribute, **sides)
    elif "default" not in (*column.untold, *found.untold) and not column.generated and not column.identity:
        kind = canonical(column.type, pair.dialect) if column.type else None
        left, right = _default(pair, column), _default(pair, found)
        if not defaults.same_default(left, right, kind, pair.dialect):
            yield pair.difference(
                "TT211", "changed", "column", **told, attribute="default", expected=left, actual=right
            )


def _default(pair: Pair, column: PhysicalColumn) -> str | None:
    if is_serial(column.type or "", pair.dialect):
        return None if pair.dialect == "mysql" else "nextval()"
    return column.default


def _differently_made(pair: Pair, column: PhysicalColumn, found: PhysicalColumn) -> bool:
    if column.identity != found.identity or bool(column.generated) != bool(found.generated):
        return True
    if column.generated is None or found.generated is None or "?" in column.generated + found.generated:
        return False
    texts = [expressions.expression(text, pair.dialect) for text in (column.generated, found.generated)]
    return None not in texts and texts[0] != texts[1]


def _maker(column: PhysicalColumn) -> str | None:
    if column.identity:
        return f"generated {column.identity} as identity"
    return f"generated always as ({column.generated})" if column.generated else column.default
