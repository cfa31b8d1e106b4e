"""Snapshots of version 8: a flat list of entities, each with its kind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal

from analyzer.databases.catalog import plain
from analyzer.databases.snapshot_objects import DIALECTS, spelled
from analyzer.model import (
    Check,
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
    from analyzer.model import ObjectKind

Entity = dict[str, Any]


def schema(name: str, data: dict[str, Any]) -> PhysicalSchema:
    """Return what a snapshot of entities says."""
    dialect = DIALECTS[data["dialect"]]
    kinds: dict[str, list[Entity]] = defaultdict(list)
    parts: dict[tuple[str, str | None, str], list[Entity]] = defaultdict(list)
    for entity in data["ddl"]:
        kinds[entity["entityType"]].append(entity)
        owner = entity.get("table") or entity.get("view")
        if owner:
            parts[entity["entityType"], entity.get("schema"), owner].append(entity)
    silent: tuple[ObjectKind, ...] = () if dialect == "postgresql" else ("schema", "enum")
    tables = [_table(one, parts) for one in kinds["tables"]] + [_view(one, parts) for one in kinds["views"]]
    return PhysicalSchema(
        source=name,
        dialect=dialect,
        schemas=tuple(sorted(one["name"] for one in kinds["schemas"] if one["name"] != "public")),
        tables=tuple(sorted(tables, key=lambda table: (table.schema or "", table.name))),
        enums=tuple(
            PhysicalEnum(plain(one.get("schema")), one["name"], tuple(one["values"])) for one in kinds["enums"]
        ),
        silent=silent,
    )


def _table(entity: Entity, parts: dict[tuple[str, str | None, str], list[Entity]]) -> PhysicalTable:
    def of(kind: str) -> list[Entity]:
        return parts.get((kind, entity.get("schema"), entity["name"]), [])

    keys = [column for one in of("pks") for column in one["columns"]]
    return PhysicalTable(
        schema=plain(entity.get("schema")),
        name=entity["name"],
        columns=tuple(_column(one, keys) for one in of("columns")),
        primary_key=Key(of("pks")[0]["name"], tuple(keys)) if keys else None,
        uniques=tuple(
            Key(one["name"], tuple(_names(one["columns"])), bool(one.get("nullsNotDistinct"))) for one in of("uniques")
        ),
        foreign_keys=tuple(
            Link(
                one["name"],
                tuple(one["columns"]),
                plain(one.get("schemaTo")),
                one["tableTo"],
                tuple(one["columnsTo"]),
                (one.get("onDelete") or "no action").lower(),
                (one.get("onUpdate") or "no action").lower(),
            )
            for one in of("fks")
        ),
        indexes=tuple(_index(one) for one in of("indexes")),
        checks=tuple(Check(one["name"], one["value"]) for one in of("checks")),
    )


def _view(entity: Entity, parts: dict[tuple[str, str | None, str], list[Entity]]) -> PhysicalTable:
    columns = parts.get(("columns", entity.get("schema"), entity["name"]), [])
    return PhysicalTable(
        plain(entity.get("schema")),
        entity["name"],
        "materialized-view" if entity.get("materialized") else "view",
        tuple(_column(one, []) for one in columns),
        definition=entity.get("definition"),
        untold=None if columns else "the snapshot does not tell its columns",
    )


def _column(entity: Entity, keys: list[str]) -> PhysicalColumn:
    identity, generated = entity.get("identity"), entity.get("generated")
    space, type = entity.get("typeSchema"), entity["type"] + "[]" * int(entity.get("dimensions") or 0)
    return PhysicalColumn(
        name=entity["name"],
        type=f"{space}.{type}" if space and space != "public" else type,
        nullable=not entity.get("notNull") and entity["name"] not in keys,
        default=spelled(entity.get("default")),
        identity=("always" if identity["type"] == "always" else "by default") if identity else _counted(entity),
        generated=generated["as"] if generated else None,
    )


def _counted(entity: Entity) -> Literal["by default"] | None:
    return "by default" if entity.get("autoIncrement") and entity["type"] != "integer" else None


def _names(columns: list[Any]) -> list[str]:
    return [one["value"] if isinstance(one, dict) else one for one in columns]


def _index(entity: Entity) -> PhysicalIndex:
    return PhysicalIndex(
        name=entity["name"],
        parts=tuple(
            IndexPart(
                None if one.get("isExpression") else one["value"],
                one["value"] if one.get("isExpression") else None,
                one.get("asc") is False,
                bool(one.get("nullsFirst")),
                _operators(one.get("opclass")),
            )
            for one in entity["columns"]
        ),
        unique=bool(entity["isUnique"]),
        method=entity.get("method") or "btree",
        where=entity.get("where"),
    )


def _operators(told: Any) -> str | None:
    """Return an operator class that is no default: a name, or an object that says which."""
    if isinstance(told, dict):
        return None if told.get("default") else told.get("name")
    return told or None
