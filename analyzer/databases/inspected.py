"""What SQLAlchemy's inspector says of a database becomes a PhysicalSchema: MySQL, MariaDB and SQLite.

https://docs.sqlalchemy.org/en/20/core/reflection.html
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Literal

from analyzer.model import (
    Check,
    IndexPart,
    Key,
    Link,
    PhysicalColumn,
    PhysicalIndex,
    PhysicalTable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from analyzer.model import TableKind


def tables(
    connection: Connection, indexes: Callable[[str], tuple[PhysicalIndex, ...] | None] = lambda table: None
) -> tuple[PhysicalTable, ...]:
    """Return the tables and views of the database; `indexes` may tell of a table's indexes better than the inspector."""
    from sqlalchemy import inspect

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a type or an index that the inspector does not know is not lost: it is read as text
        inspector = inspect(connection)
        found = [_table(inspector, name, "table", indexes(name)) for name in sorted(inspector.get_table_names())]
        found += [_table(inspector, name, "view", ()) for name in sorted(inspector.get_view_names())]
    return tuple(sorted(found, key=lambda table: table.name))


def _table(inspector: Any, name: str, kind: TableKind, indexes: tuple[PhysicalIndex, ...] | None) -> PhysicalTable:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        columns = tuple(_column(inspector, one) for one in inspector.get_columns(name))
        if kind == "view":
            return PhysicalTable(None, name, kind, columns, definition=inspector.get_view_definition(name))
        key = inspector.get_pk_constraint(name)
        uniques = inspector.get_unique_constraints(name)
        doubled = {one["name"] for one in uniques}
        implied = {one["name"] for one in inspector.get_foreign_keys(name)}  # MySQL makes an index of each foreign key
        own = tuple(_index(one) for one in inspector.get_indexes(name) if one["name"] not in doubled | implied)
        return PhysicalTable(
            None,
            name,
            kind,
            columns,
            primary_key=Key(key.get("name"), tuple(key["constrained_columns"])) if key["constrained_columns"] else None,
            uniques=tuple(Key(one["name"], tuple(one["column_names"])) for one in uniques),
            foreign_keys=tuple(_link(one) for one in inspector.get_foreign_keys(name)),
            indexes=own if indexes is None else tuple(one for one in indexes if one.name not in doubled),
            checks=tuple(Check(one["name"], one["sqltext"]) for one in inspector.get_check_constraints(name)),
            comment=_comment(inspector, name),
        )
    except SQLAlchemyError as error:
        return PhysicalTable(None, name, kind, untold=f"it cannot be read: {str(error).splitlines()[0]}")


def _comment(inspector: Any, name: str) -> str | None:
    try:
        return inspector.get_table_comment(name)["text"] or None
    except NotImplementedError:
        return None


def _column(inspector: Any, one: dict[str, Any]) -> PhysicalColumn:
    computed = one.get("computed")
    counted = one.get("autoincrement") is True and inspector.dialect.name != "sqlite"
    mode: Literal["by default"] | None = "by default" if counted else None
    default = one.get("default")
    if default and inspector.dialect.name != "sqlite":
        default = re.sub(r"\s+on update .*$", "", default, flags=re.I)  # what changes a row is no default
    return PhysicalColumn(
        name=one["name"],
        type=_type(inspector, one["type"]),
        nullable=bool(one["nullable"]),
        default=None if computed else default,
        identity=mode,
        generated=computed["sqltext"] if computed else None,
        comment=one.get("comment"),
    )


def _type(inspector: Any, type: Any) -> str | None:
    from sqlalchemy.exc import CompileError

    try:
        text: str = type.compile(dialect=inspector.dialect)
    except CompileError:
        return None
    return text


def _link(one: dict[str, Any]) -> Link:
    options = one.get("options") or {}
    return Link(
        one["name"],
        tuple(one["constrained_columns"]),
        one.get("referred_schema"),
        one["referred_table"],
        tuple(one["referred_columns"]),
        (options.get("ondelete") or "no action").lower(),
        (options.get("onupdate") or "no action").lower(),
    )


def _index(one: dict[str, Any]) -> PhysicalIndex:
    expressions = one.get("expressions") or one["column_names"]
    sorting = one.get("column_sorting") or {}
    return PhysicalIndex(
        name=one["name"],
        parts=tuple(
            IndexPart(column, None if column else text, "desc" in sorting.get(column or text, ()))
            for column, text in zip(one["column_names"], expressions, strict=True)
        ),
        unique=bool(one["unique"]),
        method=(one.get("type") or one.get("dialect_options", {}).get("mysql_using") or "btree").lower(),
    )
