"""Rows of PostgreSQL's catalogs become a PhysicalSchema."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal

from analyzer.databases.mentions import mentioned
from analyzer.model import (
    Check,
    Dependent,
    Domain,
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
    from collections.abc import Iterator, Mapping

    from analyzer.model import TableKind

Row = dict[str, Any]
_KINDS: dict[str, TableKind] = {"v": "view", "m": "materialized-view"}
_RULES = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
_DYNAMIC = re.compile(r"\bexecute\b(?!\s+(?:function|procedure)\b)", re.I)
_IDENTITY: dict[str, Literal["always", "by default"]] = {"a": "always", "d": "by default"}


def assembled(name: str, found: Mapping[str, list[Row]], version: str) -> PhysicalSchema:
    """Return the schema that rows of the query files make."""
    parts = {kind: _by_relation(found[kind]) for kind in ("columns", "constraints", "indexes")}
    tables = tuple(
        sorted((_table(row, parts) for row in found["tables"]), key=lambda one: (one.schema or "", one.name))
    )
    return PhysicalSchema(
        source=name,
        dialect="postgresql",
        schemas=tuple(row["schema"] for row in found["schemas"] if row["schema"]),
        tables=tables,
        enums=tuple(
            PhysicalEnum(row["schema"], row["name"], tuple(row["values"]))
            for row in found["types"]
            if row["kind"] == "e"
        ),
        domains=tuple(_domain(row) for row in found["types"] if row["kind"] == "d"),
        dependents=tuple(sorted(set(_dependents(found, tables)), key=repr)),
        extensions=tuple(row["name"] for row in found["extensions"]),
        version=version,
        aside=tuple(_aside(found["names"], tables)),
        dynamic=tuple(row["name"] for row in found["functions"] if _DYNAMIC.search(row["body"])),
    )


def _aside(names: list[Row], tables: tuple[PhysicalTable, ...]) -> Iterator[tuple[str | None, str, str]]:
    """Yield the names that are there and not among the tables: partitions, and what an extension owns."""
    known = {table.key for table in tables}
    for row in names:
        if (row["schema"], row["name"]) not in known:
            yield row["schema"], row["name"], "a partition" if row["partition"] else "an extension's"


def plain(schema: str | None) -> str | None:
    """Return a schema's name, None for the one where unqualified names lie."""
    return None if schema == "public" else schema


def _by_relation(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["relation"]].append(row)
    return found


def _table(row: Row, parts: Mapping[str, Mapping[int, list[Row]]]) -> PhysicalTable:
    columns, constraints, indexes = (parts[kind].get(row["oid"], []) for kind in ("columns", "constraints", "indexes"))
    keys = [one for one in constraints if one["kind"] == "p"]
    loose = [one for one in indexes if one["unique"] and one["nulls_not_distinct"] and not one["predicate"]]
    return PhysicalTable(
        schema=row["schema"],
        name=row["name"],
        kind=_KINDS.get(row["kind"], "table"),
        columns=tuple(_column(one) for one in columns),
        primary_key=Key(keys[0]["name"], tuple(keys[0]["columns"])) if keys else None,
        uniques=tuple(
            Key(one["name"], tuple(one["columns"]), one["nulls_not_distinct"])
            for one in (*(one for one in constraints if one["kind"] == "u"), *loose)
            if None not in one["columns"]
        ),
        foreign_keys=tuple(_link(one) for one in constraints if one["kind"] == "f"),
        indexes=tuple(_index(one) for one in indexes if one not in loose),
        checks=tuple(Check(one["name"], one["expression"]) for one in constraints if one["kind"] == "c"),
        definition=row["definition"],
        comment=row["comment"],
        partitions=row["partitions"],
    )


def _column(row: Row) -> PhysicalColumn:
    return PhysicalColumn(
        name=row["name"],
        type=row["type"],
        nullable=row["nullable"],
        default=None if row["generated"] else row["expression"],
        identity=_IDENTITY.get(row["identity"]),
        generated=row["expression"] if row["generated"] else None,
        comment=row["comment"],
    )


def _link(row: Row) -> Link:
    return Link(
        row["name"],
        tuple(row["columns"]),
        row["foreign_schema"],
        row["foreign_table"],
        tuple(row["foreign_columns"]),
        _RULES[row["on_delete"]],
        _RULES[row["on_update"]],
    )


def _index(row: Row) -> PhysicalIndex:
    parts = zip(row["columns"], row["texts"], row["options"], row["operators"], strict=True)
    return PhysicalIndex(
        name=row["name"],
        parts=tuple(
            IndexPart(column, None if column else text, bool(option & 1), bool(option & 2), operator)
            for column, text, option, operator in parts
        ),
        unique=row["unique"],
        method=row["method"],
        where=row["predicate"],
        valid=row["valid"],
    )


def _domain(row: Row) -> Domain:
    return Domain(row["schema"], row["name"], row["base"], row["nullable"], row["default"], tuple(row["checks"]))


def _dependents(found: Mapping[str, list[Row]], tables: tuple[PhysicalTable, ...]) -> Iterator[Dependent]:
    for row in found["views"]:
        kind: Literal["view", "materialized-view", "rule"] = (
            "materialized-view" if row["kind"] == "m" else "view" if row["kind"] == "v" else "rule"
        )
        name = row["rule"] if kind == "rule" else row["name"]
        yield Dependent(kind, row["schema"], name, row["table_schema"], row["table"])
    for row in found["triggers"]:
        schema = row["table_schema"]
        yield Dependent("trigger", schema, row["name"], schema, row["table"], f"calls {row['function']}")
        for table in mentioned(row["arguments"] or "", tables):
            if table.key != (schema, row["table"]):
                yield Dependent("trigger", schema, row["name"], table.schema, table.name, f"of {row['table']}")
    for row in found["objects"]:
        yield Dependent("object", None, row["description"], row["table_schema"], row["table"])
    for row in found["publications"]:
        note = "publishes all tables" if row["all"] else ""
        yield Dependent("publication", None, row["name"], row["table_schema"], row["table"], note)
    for row in found["functions"]:
        for table in mentioned(row["body"], tables):
            yield Dependent("function", row["schema"], row["name"], table.schema, table.name)
    for row in found["policies"]:
        own = row["table_schema"], row["table"]
        yield Dependent("policy", own[0], row["name"], *own, "of the table itself")
        for table in mentioned(row["body"], tables):
            if table.key != own:
                yield Dependent("policy", own[0], row["name"], table.schema, table.name, f"of {row['table']}")
