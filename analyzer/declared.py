"""The code as one more database: which of its declarations make it up, and what drizzle-kit would make of them.

A code base may declare several databases, a table for several dialects, copies in fixtures and pulled schemas. What
counts is what drizzle.config names: https://orm.drizzle.team/docs/drizzle-config-file#schema
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.model import (
    AnalyzerError,
    Check,
    Dialect,
    IndexPart,
    Key,
    Link,
    Location,
    ObjectKind,
    PhysicalColumn,
    PhysicalEnum,
    PhysicalIndex,
    PhysicalSchema,
    PhysicalTable,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Column, DrizzleConfig, ForeignKey, Index, Table

_SILENT_OF: Mapping[Dialect, tuple[ObjectKind, ...]] = {
    "postgresql": (),
    "mysql": ("enum", "schema"),
    "sqlite": ("enum", "schema"),
}


def dialects(tables: Iterable[Table], configurations: Iterable[DrizzleConfig]) -> tuple[Dialect, ...]:
    """Return the dialects that code declares tables of for production, those of a drizzle.config first."""
    configured = [one.dialect for one in configurations if one.dialect]
    declared = [table.dialect for table in tables if table.kind == "table" and table.role == "production"]
    return tuple(dict.fromkeys([*configured, *sorted(set(declared))]))


def spoken(
    tables: Iterable[Table], configurations: Iterable[DrizzleConfig], dialect: Dialect | None, source: str = "code"
) -> Dialect:
    """Return the dialect in which code is to be compared: that of the database beside it, else the one it has.

    Raises `AnalyzerError` when the code declares no table of that dialect, or tables of several and none is asked for.
    """
    known = dialects(tables, configurations)
    if known and dialect is not None and dialect not in known:
        raise AnalyzerError(
            f"{source} declares tables of {' and '.join(known)}, and {dialect} stands beside it: give a database of its kind."
        )
    if dialect is None and len(known) > 1:
        raise AnalyzerError(f"{source} declares tables of {' and '.join(known)}: compare it with a database of one.")
    return dialect or known[0]


def schema(
    tables: tuple[Table, ...],
    configurations: tuple[DrizzleConfig, ...],
    dialect: Dialect,
    configuration: str | None = None,
    source: str = "code",
    joins: tuple[tuple[str, str, str, str], ...] = (),
) -> PhysicalSchema:
    """Return the database that code of a dialect declares; `configuration` is the path of the drizzle.config that is meant.

    Raises `AnalyzerError` when several drizzle.configs of the dialect name different tables and none is chosen, or the one
    that is meant does not exist.
    """
    known = {table.id: table for table in tables if table.dialect == dialect}
    chosen = chosen_configuration(configurations, dialect, configuration)
    named = {id for one in configurations for id in one.tables or ()}
    live = [table for table in known.values() if table.role == "production"]
    if chosen is None or chosen.tables is None:
        inside, outside = live or list(known.values()), []
    else:
        inside = [known[id] for id in chosen.tables if id in known]
        used = {(table.schema, table.name) for table in inside}
        outside = [one for one in live if one.id not in named and (one.schema, one.name) not in used]
        outside = [one for one in outside if _is_below(one.file, chosen.file) and one.kind == "table"]
    unknown = [table for table in inside if table.name is None]
    notes = tuple(f"the name of {one.symbol} ({one.file}:{one.line}) cannot be computed" for one in unknown)
    return PhysicalSchema(
        source=source,
        dialect=dialect,
        schemas=tuple(sorted({one.schema for one in inside if one.schema})),
        tables=_made(inside, tables, joins),
        enums=_enums(inside, outside, tables),
        silent=_SILENT_OF[dialect],
        notes=notes,
        patterns=tuple(sorted({re.sub(r"\$\{[^}]*\}", "*", one.pattern or "*") for one in unknown})),
        outside=_made(outside, tables, joins),
    )


def chosen_configuration(
    configurations: tuple[DrizzleConfig, ...], dialect: Dialect, configuration: str | None
) -> DrizzleConfig | None:
    """Return the drizzle.config of a dialect's database: the one that is meant, or that names most; None if there is none."""
    if configuration is not None:
        found = next((one for one in configurations if one.file == configuration), None)
        if found is None:
            known = ", ".join(one.file for one in configurations) or "none is found"
            raise AnalyzerError(f"There is no drizzle.config {configuration!r}: those of the code are {known}.")
        return found
    fitting = [one for one in configurations if one.dialect in (dialect, None) and one.tables]
    if not fitting:
        return None
    largest = max(fitting, key=lambda one: (len(one.tables or ()), one.file))
    if all(set(one.tables or ()) <= set(largest.tables or ()) for one in fitting):
        return min((one for one in fitting if one.tables == largest.tables), key=lambda one: (len(one.file), one.file))
    names = ", ".join(one.file for one in fitting)
    raise AnalyzerError(
        f"The code has several databases of {dialect}: put the drizzle.config that you mean first, one of {names}."
    )


def _is_below(file: str, configuration: str) -> bool:
    folder = configuration.rpartition("/")[0]
    return not folder or file.startswith(f"{folder}/")


def _made(
    tables: Iterable[Table], all: tuple[Table, ...], joins: tuple[tuple[str, str, str, str], ...]
) -> tuple[PhysicalTable, ...]:
    """Return tables and views as the database has them; of two declarations of one name the fuller one."""
    names = {table.id: table for table in all}
    found: dict[tuple[str | None, str], Table] = {}
    for table in sorted(tables, key=lambda one: (-len(one.columns), one.file, one.line)):
        if table.name is not None and table.kind != "enum":
            found.setdefault((table.schema, table.name), table)
    made = (replace(_table(table, names), joins=tuple(_joins(table, names, joins))) for table in found.values())
    return tuple(sorted(made, key=lambda one: (one.schema or "", one.name)))


def _enums(inside: list[Table], outside: list[Table], all: tuple[Table, ...]) -> tuple[PhysicalEnum, ...]:
    """Return the enums that are named, and those that the columns of named tables are made of."""
    used = {(column.type_schema, column.type) for table in (*inside, *outside) for column in table.columns}
    named = {table.id for table in inside}
    found: dict[tuple[str | None, str], PhysicalEnum] = {}
    for table in all:
        meant = table.id in named or (table.role == "production" and (table.schema, table.name) in used)
        if table.kind == "enum" and table.name and meant:
            place = Location(table.file, table.line)
            found.setdefault((table.schema, table.name), PhysicalEnum(table.schema, table.name, table.values, place))
    return tuple(sorted(found.values(), key=lambda one: (one.schema or "", one.name)))


def _table(table: Table, names: Mapping[str, Table]) -> PhysicalTable:
    assert table.name is not None
    assert table.kind != "enum"
    place = Location(table.file, table.line)
    known = [column for column in table.columns if column.name is not None]
    lost = next((column.reason for column in table.columns if column.name is None), None)
    untold = lost or ("its columns are not declared" if not table.columns else None)
    unique = [index for index in table.indexes if index.constraint]
    return PhysicalTable(
        schema=table.schema,
        name=table.name,
        kind=table.kind,
        columns=tuple(_column(column, table) for column in known),
        primary_key=Key(table.primary_key_name, table.primary_key, place=place) if table.primary_key else None,
        uniques=tuple(_unique(index, table) for index in unique if None not in index.columns),
        foreign_keys=tuple(_links(table, names)),
        indexes=tuple(_index(index, table) for index in table.indexes if not index.constraint),
        checks=tuple(Check(one.name, one.expression, _place(table, one.line)) for one in table.checks),
        symbol=table.symbol,
        place=place,
        untold=untold,
    )


def _column(column: Column, table: Table) -> PhysicalColumn:
    assert column.name is not None
    type = f"{column.type_schema}.{column.type}" if column.type_schema and column.type else column.type
    unclear = column.default is not None and ("(computed)" in column.default or _has_hole(column.default))
    return PhysicalColumn(
        name=column.name,
        type=type,
        nullable=column.nullable and column.name not in table.primary_key,
        default=None if unclear else _default(column, table),
        identity=column.identity,
        generated=column.generated,
        place=Location(table.file, column.line) if column.line else None,
        untold=("default",) if unclear else (),
    )


def _default(column: Column, table: Table) -> str | None:
    """Return a default as DDL has it: code gives arrays as arrays, PostgreSQL wants them in braces."""
    if table.dialect == "postgresql" and column.type and column.type.endswith("]") and column.default:
        inner = column.default.strip("'")
        if inner.startswith("["):
            return "'{" + inner[1:-1] + "}'"
    return column.default


def _has_hole(text: str) -> bool:
    """Whether a piece of SQL has a `?` outside of its strings: a value that cannot be computed."""
    return "?" in "".join(text.split("'")[::2])


def _place(table: Table, line: int) -> Location:
    """Return where a part of a declaration stands: a line of it, else where it starts."""
    return Location(table.file, line if table.line <= line <= table.end_line else table.line)


def _unique(index: Index, table: Table) -> Key:
    columns = tuple(column for column in index.columns if column is not None)
    name = index.name or "_".join((table.name or "", *columns, "unique"))
    return Key(name, columns, index.nulls_not_distinct, _place(table, index.line))


def _links(table: Table, names: Mapping[str, Table]) -> Iterable[Link]:
    for key in table.foreign_keys:
        target = names.get(key.table or "")
        if target is not None and target.name is not None and "?" not in (*key.columns, *key.foreign_columns):
            name = key.name or _link_name(key, table, target)
            place = key.line or next((column.line for column in table.columns if (column.name,) == key.columns), 0)
            yield Link(
                name,
                key.columns,
                target.schema,
                target.name,
                key.foreign_columns,
                (key.on_delete or "no action").lower(),
                (key.on_update or "no action").lower(),
                _place(table, place),
            )


def _joins(table: Table, names: Mapping[str, Table], joins: tuple[tuple[str, str, str, str], ...]) -> Iterable[Link]:
    """Yield what relations join a table to, by its physical columns."""
    for id, property, other, foreign in joins:
        target = names.get(other)
        if id == table.id and target is not None and target.name is not None:
            here = next((one.name for one in table.columns if one.property == property), None)
            there = next((one.name for one in target.columns if one.property == foreign), None)
            if here and there:
                yield Link(None, (here,), target.schema, target.name, (there,))


def _link_name(key: ForeignKey, table: Table, target: Table) -> str:
    return "_".join((table.name or "", *key.columns, target.name or "", *key.foreign_columns, "fk"))


def _index(index: Index, table: Table) -> PhysicalIndex:
    columns = "_".join(column for column in index.columns if column)
    parts = zip(index.columns, index.expressions or (None,) * 99, index.orders or ((),) * 99, strict=False)
    return PhysicalIndex(
        name=index.name or f"{table.name}_{columns}_index",
        parts=tuple(_part(column, expression, orders) for column, expression, orders in parts),
        unique=index.unique,
        method=index.method or "btree",
        where=index.where,
        place=_place(table, index.line),
    )


def _part(column: str | None, expression: str | None, orders: tuple[str, ...]) -> IndexPart:
    operators = next((one[3:] for one in orders if one.startswith("op:")), None)
    nulls = "nulls first" in orders  # drizzle-kit writes NULLS LAST where nothing is said, after DESC too
    return IndexPart(column, expression or (None if column else "?"), "desc" in orders, nulls, operators)
