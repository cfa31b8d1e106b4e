"""Statements that make what a source says: names quoted, types as the source spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Dialect, Link, PhysicalColumn, PhysicalIndex, PhysicalTable


def quoted(name: str, dialect: Dialect) -> str:
    """Return a name as an identifier.

    >>> quoted('a"b', "postgresql"), quoted("a`b", "mysql")
    ('"a""b"', '`a``b`')
    """
    mark = "`" if dialect == "mysql" else '"'
    return mark + name.replace(mark, mark * 2) + mark


def qualified(schema: str | None, name: str, dialect: Dialect) -> str:
    """Return a table's name as an identifier, with its schema if it has one."""
    return ".".join(quoted(part, dialect) for part in (schema, name) if part)


def listed(names: Iterable[str], dialect: Dialect) -> str:
    """Return names as a list in parentheses."""
    return f"({', '.join(quoted(name, dialect) for name in names)})"


def column(one: PhysicalColumn, dialect: Dialect) -> str:
    """Return a column's definition."""
    words = [quoted(one.name, dialect), one.type or "text"]
    if one.generated:
        words.append(f"GENERATED ALWAYS AS ({one.generated}) STORED")
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
    for key in table.uniques:
        name = f"CONSTRAINT {quoted(key.name, dialect)} " if key.name else ""
        parts.append(f"{name}UNIQUE {listed(key.columns, dialect)}")
    inner = ",\n".join(f"  {part}" for part in parts)
    return f"CREATE TABLE {qualified(table.schema, table.name, dialect)} (\n{inner}\n);"


def add_link(table: PhysicalTable, link: Link, dialect: Dialect) -> str:
    """Return the statement that adds a foreign key."""
    name = f"ADD CONSTRAINT {quoted(link.name, dialect)}" if link.name else "ADD"
    target = f"{qualified(link.foreign_schema, link.foreign_table, dialect)} {listed(link.foreign_columns, dialect)}"
    rules = "".join(
        f" ON {word} {rule.upper()}"
        for word, rule in (("DELETE", link.on_delete), ("UPDATE", link.on_update))
        if rule != "no action"
    )
    here = qualified(table.schema, table.name, dialect)
    return f"ALTER TABLE {here} {name} FOREIGN KEY {listed(link.columns, dialect)} REFERENCES {target}{rules};"


def drop_constraint(table: PhysicalTable, name: str, dialect: Dialect) -> str:
    """Return the statement that takes a constraint away."""
    return f"ALTER TABLE {qualified(table.schema, table.name, dialect)} DROP CONSTRAINT {quoted(name, dialect)};"


def create_index(table: PhysicalTable, index: PhysicalIndex, dialect: Dialect) -> str:
    """Return the statement that makes an index."""
    parts = []
    for part in index.parts:
        text = quoted(part.column, dialect) if part.column else f"({part.expression})"
        text += f" {part.operator_class}" if part.operator_class else ""
        text += " DESC" if part.descending else ""
        if part.nulls_first is not None and part.nulls_first != part.descending:
            text += " NULLS FIRST" if part.nulls_first else " NULLS LAST"
        parts.append(text)
    unique = "UNIQUE " if index.unique else ""
    online = "CONCURRENTLY " if dialect == "postgresql" else ""
    name = f"{quoted(index.name, dialect)} " if index.name else ""
    method = f" USING {index.method}" if index.method != "btree" else ""
    where = f" WHERE {index.where}" if index.where else ""
    here = qualified(table.schema, table.name, dialect)
    return f"CREATE {unique}INDEX {online}{name}ON {here}{method} ({', '.join(parts)}){where};"
