"""Statements that make what a source says: names quoted, types as the source spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.drift.parts import taken_apart
from analyzer.drift.types import is_builtin
from analyzer.model import qualified, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Check, Dialect, Key, Link, PhysicalColumn, PhysicalIndex, PhysicalTable


def listed(names: Iterable[str], dialect: Dialect) -> str:
    """Return names as a list in parentheses."""
    return f"({', '.join(quoted(name, dialect) for name in names)})"


def column(one: PhysicalColumn, dialect: Dialect) -> str:
    """Return a column's definition."""
    words = [quoted(one.name, dialect), type_name(one.type or "text", dialect)]
    if one.generated:
        words.append(f"GENERATED ALWAYS AS ({one.generated}) STORED")
    elif one.identity and dialect == "mysql":
        words.append("AUTO_INCREMENT")
    elif one.identity:
        words.append(f"GENERATED {one.identity.upper()} AS IDENTITY")
    elif one.default is not None and "default" not in one.untold:
        words.append(f"DEFAULT {one.default}")
    return " ".join(words + ([] if one.nullable else ["NOT NULL"]))


def create_table(table: PhysicalTable, dialect: Dialect) -> str:
    """Return the statement that makes a table with its keys, without foreign keys."""
    parts = [column(one, dialect) for one in table.columns]
    if table.primary_key:
        parts.append(f"PRIMARY KEY {listed(table.primary_key.columns, dialect)}")
    parts += [unique(key, dialect) for key in table.uniques]
    parts += [check(one, dialect) for one in table.checks if one.expression and "?" not in one.expression]
    if dialect == "sqlite":  # which can add none later
        parts += [_reference(link, dialect) for link in table.foreign_keys]
    inner = ",\n".join(f"  {part}" for part in parts)
    return f"CREATE TABLE {qualified(table.schema, table.name, dialect)} (\n{inner}\n);"


def unique(key: Key, dialect: Dialect) -> str:
    """Return a unique constraint."""
    name = f"CONSTRAINT {quoted(key.name, dialect)} " if key.name else ""
    nulls = "NULLS NOT DISTINCT " if key.nulls_not_distinct else ""
    return f"{name}UNIQUE {nulls}{listed(key.columns, dialect)}"


def check(one: Check, dialect: Dialect) -> str:
    """Return a check constraint."""
    name = f"CONSTRAINT {quoted(one.name, dialect)} " if one.name else ""
    return f"{name}CHECK ({one.expression})"


def type_name(type: str, dialect: Dialect) -> str:
    """Return a type as DDL needs it: one of the user's own in quotes when it has capitals.

    >>> type_name("varchar(255)", "postgresql"), type_name("app.kindOf[]", "postgresql")
    ('varchar(255)', '"app"."kindOf"[]')
    """
    if dialect != "postgresql" or '"' in type or type == type.lower() or is_builtin(type):
        return type
    element = type.removesuffix("[]")
    return ".".join(quoted(part, dialect) for part in element.split(".")) + type[len(element) :]


def _reference(link: Link, dialect: Dialect) -> str:
    target = f"{qualified(link.foreign_schema, link.foreign_table, dialect)} {listed(link.foreign_columns, dialect)}"
    rules = "".join(
        f" ON {word} {rule.upper()}"
        for word, rule in (("DELETE", link.on_delete), ("UPDATE", link.on_update))
        if rule != "no action"
    )
    return f"FOREIGN KEY {listed(link.columns, dialect)} REFERENCES {target}{rules}"


def add_link(table: PhysicalTable, link: Link, dialect: Dialect) -> str:
    """Return the statement that adds a foreign key."""
    name = f"ADD CONSTRAINT {quoted(link.name, dialect)}" if link.name else "ADD"
    return f"ALTER TABLE {qualified(table.schema, table.name, dialect)} {name} {_reference(link, dialect)};"


def drop_constraint(table: PhysicalTable, name: str, dialect: Dialect) -> str:
    """Return the statement that takes a constraint away."""
    return f"ALTER TABLE {qualified(table.schema, table.name, dialect)} DROP CONSTRAINT {quoted(name, dialect)};"


def create_index(table: PhysicalTable, index: PhysicalIndex, dialect: Dialect, *, online: bool = True) -> str:
    """Return the statement that makes an index; `online` while the table is being written, outside of a transaction."""
    parts = []
    for part in map(taken_apart, index.parts):
        text = quoted(part.column, dialect) if part.column else f"({part.expression})"
        text += f" {part.operator_class}" if part.operator_class else ""
        text += " DESC" if part.descending else ""
        if part.nulls_first is not None and part.nulls_first != part.descending:
            text += " NULLS FIRST" if part.nulls_first else " NULLS LAST"
        parts.append(text)
    unique = "UNIQUE " if index.unique else ""
    aside = "CONCURRENTLY " if dialect == "postgresql" and online else ""
    name = f"{quoted(index.name, dialect)} " if index.name else ""
    method = f" USING {index.method}" if index.method != "btree" else ""
    where = f" WHERE {index.where}" if index.where else ""
    here = qualified(table.schema, table.name, dialect)
    return f"CREATE {unique}INDEX {aside}{name}ON {here}{method} ({', '.join(parts)}){where};"
