"""Snapshots of versions 5 to 7: tables, columns and constraints as objects by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from analyzer.databases.catalog import plain
from analyzer.model import (
    Check,
    Dialect,
    IndexPart,
    Key,
    Link,
    PhysicalColumn,
    PhysicalEnum,
    PhysicalIndex,
    PhysicalSchema,
    PhysicalTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import ObjectKind

DIALECTS: dict[str, Dialect] = {
    "pg": "postgresql",
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "cockroach": "postgresql",
    "mysql": "mysql",
    "singlestore": "mysql",
    "sqlite": "sqlite",
    "turso": "sqlite",
}
_IDENTITY: dict[str, Literal["always", "by default"]] = {
    "always": "always",
    "byDefault": "by default",
    "always_as_identity": "always",
    "by_default": "by default",
}


def schema(name: str, data: dict[str, Any]) -> PhysicalSchema:
    """Return what a snapshot of objects says."""
    dialect = DIALECTS[data["dialect"]]
    silent: tuple[ObjectKind, ...] = () if dialect == "postgresql" else ("schema", "enum")
    written = [table for table in data["tables"].values() if "checkConstraints" in table]
    if not written and data["tables"]:
        silent = (*silent, "check")  # drizzle-kit before 0.26 does not write them
    schemas = data.get("schemas") or {}
    tables = [_table(table, data, dialect) for table in data["tables"].values()]
    tables += [_view(view) for view in (data.get("views") or {}).values()]
    return PhysicalSchema(
        source=name,
        dialect=dialect,
        schemas=tuple(
            sorted(one for one in (schemas.values() if isinstance(schemas, dict) else schemas) if one != "public")
        ),
        tables=tuple(sorted(tables, key=lambda table: (table.schema or "", table.name))),
        enums=tuple(_enum(enum) for enum in (data.get("enums") or {}).values()),
        silent=silent,
    )


def _enum(enum: dict[str, Any]) -> PhysicalEnum:
    values = enum["values"]
    return PhysicalEnum(
        plain(enum.get("schema") or None), enum["name"], tuple(values.values() if isinstance(values, dict) else values)
    )


def _table(table: dict[str, Any], data: dict[str, Any], dialect: Dialect) -> PhysicalTable:
    columns = table["columns"].values()
    keys = [column["name"] for column in columns if column.get("primaryKey")]
    name = None
    for key in (table.get("compositePrimaryKeys") or {}).values():
        name, keys = key.get("name"), key["columns"]
    return PhysicalTable(
        schema=plain(table.get("schema") or None),
        name=table["name"],
        columns=tuple(_column(column, keys) for column in columns),
        primary_key=Key(name, tuple(keys)) if keys else None,
        uniques=tuple(
            Key(one["name"], tuple(one["columns"]), bool(one.get("nullsNotDistinct")))
            for one in (table.get("uniqueConstraints") or {}).values()
        ),
        foreign_keys=tuple(_link(one) for one in (table.get("foreignKeys") or {}).values()),
        indexes=tuple(_index(one, table, data) for one in (table.get("indexes") or {}).values()),
        checks=tuple(Check(one["name"], one["value"]) for one in (table.get("checkConstraints") or {}).values()),
    )


def _view(view: dict[str, Any]) -> PhysicalTable:
    columns = (view.get("columns") or {}).values()
    return PhysicalTable(
        plain(view.get("schema") or None),
        view["name"],
        "materialized-view" if view.get("materialized") else "view",
        tuple(_column(column, []) for column in columns),
        definition=view.get("definition"),
        untold=None if columns else "the snapshot does not tell its columns",
    )


def _column(column: dict[str, Any], keys: list[str]) -> PhysicalColumn:
    identity, generated = column.get("identity"), column.get("generated")
    type = column["type"]
    space = column.get("typeSchema")
    return PhysicalColumn(
        name=column["name"],
        type=f"{space}.{type}" if space and space != "public" else type,
        nullable=not column.get("notNull") and column["name"] not in keys,
        default=spelled(column.get("default")),
        identity=_IDENTITY.get(identity["type"]) if isinstance(identity, dict) else _counted(column),
        generated=generated["as"] if isinstance(generated, dict) else None,
        untold=("generated",) if isinstance(identity, str) else (),
    )


def _counted(column: dict[str, Any]) -> Literal["by default"] | None:
    """Return how MySQL counts a column; SQLite's snapshots say so of integer keys."""
    return (
        "by default"
        if column.get("autoincrement") and "int" in column["type"].lower() and column["type"] != "integer"
        else None
    )


def spelled(default: Any) -> str | None:
    """Return a default as SQL: JSON's numbers and truth values as they are, objects as a literal.

    >>> spelled(False), spelled("'x'"), spelled({"a": 1})
    ('false', "'x'", '\\'{"a": 1}\\'')
    """
    if default is None or isinstance(default, str):
        return default
    return json.dumps(default) if not isinstance(default, dict | list) else "'" + json.dumps(default) + "'"


def _link(one: dict[str, Any]) -> Link:
    return Link(
        one["name"],
        tuple(one["columnsFrom"]),
        plain(one.get("schemaTo") or None),
        one["tableTo"],
        tuple(one["columnsTo"]),
        one.get("onDelete") or "no action",
        one.get("onUpdate") or "no action",
    )


def _index(one: dict[str, Any], table: dict[str, Any], data: dict[str, Any]) -> PhysicalIndex:
    return PhysicalIndex(
        name=one["name"],
        parts=tuple(_parts(one, table, data)),
        unique=bool(one["isUnique"]),
        method=one.get("method") or one.get("using") or "btree",
        where=one.get("where"),
    )


def _parts(one: dict[str, Any], table: dict[str, Any], data: dict[str, Any]) -> Iterator[IndexPart]:
    marked = ((data.get("internal") or {}).get("indexes") or {}).get(one["name"]) or {}
    for part in one["columns"]:
        if isinstance(part, str):
            plainly = part in table["columns"] and not (marked.get("columns") or {}).get(part, {}).get("isExpression")
            yield IndexPart(part if plainly else None, None if plainly else part)
        else:
            text, is_expression = part["expression"], part.get("isExpression")
            yield IndexPart(
                None if is_expression else text,
                text if is_expression else None,
                part.get("asc") is False,
                part.get("nulls") == "first",
                part.get("opclass") or None,
            )
