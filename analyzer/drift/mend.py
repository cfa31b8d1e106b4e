"""The statements that would make a source as the left side says. They are printed, for a person to read; never run.

No schema, table or column is ever proposed for deletion: what is there and not declared is a question, not an order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.drift import ddl
from analyzer.drift.types import canonical, is_serial
from analyzer.model import Check, PhysicalIndex, qualified, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, Key, Link, PhysicalTable


def mended(one: Difference, pair: Pair) -> tuple[str, ...]:
    """Return the statements; none when there is nothing to add, or the dialect has no such statement."""
    if one.cause is not None and one.cause[0] == "table":
        return ()  # it comes with the table
    return tuple(_statements(one, pair))


def _statements(one: Difference, pair: Pair) -> Iterator[str]:
    table = pair.left.get((one.schema, one.table or ""))
    match one.rule:
        case "TT204":
            yield f"CREATE SCHEMA {quoted(one.schema or '', pair.dialect)};"
        case "TT219":
            yield from _enum(one, pair)
        case "TT201" if one.renamed is not None:
            old = qualified(one.schema, one.renamed, pair.dialect)
            new = quoted(one.table or "", pair.dialect)
            yield f"ALTER TABLE {old} RENAME TO {new};"
        case "TT201" if table is not None:
            yield ddl.create_table(table, pair.dialect)
            if pair.dialect != "sqlite":
                yield from (ddl.add_link(table, link, pair.dialect) for link in table.foreign_keys)
            for index in table.indexes:
                if not _unclear(index):
                    yield ddl.create_index(table, index, pair.dialect, online=False)
        case "TT206" if table is not None:
            yield from _add_column(one, table, pair)
        case "TT209" | "TT210" | "TT211" if table is not None and pair.dialect != "sqlite":
            yield from _alter(one, table, pair)
        case "TT213" | "TT214" | "TT215" | "TT217" | "TT218" if table is not None and one.kind != "unexpected":
            yield from _removed(one, pair) if one.kind == "changed" else ()
            yield from _add(one, table, pair)
        case _:
            return


def _unclear(part: PhysicalIndex | Check) -> bool:
    """Whether a part of it cannot be computed from the code."""
    texts = (
        (part.where, *(one.expression for one in part.parts)) if isinstance(part, PhysicalIndex) else (part.expression,)
    )
    return any("?" in text for text in texts if text)


def _enum(one: Difference, pair: Pair) -> Iterator[str]:
    enum = pair.enums[0].get((one.schema, one.name or ""))
    if enum is None:
        return
    name = qualified(enum.schema, enum.name, pair.dialect)
    literals = ["'" + value.replace("'", "''") + "'" for value in enum.values]
    if one.kind == "missing":
        yield f"CREATE TYPE {name} AS ENUM ({', '.join(literals)});"
        return
    there = pair.enums[1].get((one.schema, one.name or ""))
    for index, value in enumerate(enum.values):
        if there is not None and value not in there.values:
            after = f" AFTER {literals[index - 1]}" if index else ""
            yield f"ALTER TYPE {name} ADD VALUE {literals[index]}{after};"


def _add_column(one: Difference, table: PhysicalTable, pair: Pair) -> Iterator[str]:
    column = table.column(one.column or "")
    if column is None or column.type is None:
        return
    here, name = qualified(table.schema, table.name, pair.dialect), quoted(column.name, pair.dialect)
    if one.renamed is not None:
        yield f"ALTER TABLE {here} RENAME COLUMN {quoted(one.renamed, pair.dialect)} TO {name};"
        return
    needs = not column.nullable and column.default is None and not column.identity and not column.generated
    if needs and pair.dialect == "sqlite":
        yield f"-- SQLite adds no column {column.name} that is NOT NULL without a constant default: make the table anew"
    elif needs and pair.dialect == "postgresql":
        yield f"ALTER TABLE {here} ADD COLUMN {ddl.column(replace(column, nullable=True), pair.dialect)};"
        yield f"-- give every row a value of {column.name}, then:\nALTER TABLE {here} ALTER COLUMN {name} SET NOT NULL;"
    else:
        yield f"ALTER TABLE {here} ADD COLUMN {ddl.column(column, pair.dialect)};"


def _alter(one: Difference, table: PhysicalTable, pair: Pair) -> Iterator[str]:
    column = table.column(one.column or "")
    if column is None or column.type is None:
        return
    here, name = qualified(table.schema, table.name, pair.dialect), quoted(column.name, pair.dialect)
    if pair.dialect == "mysql":
        yield f"ALTER TABLE {here} MODIFY COLUMN {ddl.column(column, pair.dialect)};"
    elif one.rule == "TT210":
        null = column.nullable
        if not null:
            yield f"-- no row may hold null in it: SELECT count(*) FROM {here} WHERE {name} IS NULL;"
        yield f"ALTER TABLE {here} ALTER COLUMN {name} {'DROP' if null else 'SET'} NOT NULL;"
    elif one.rule == "TT211" and is_serial(column.type, pair.dialect):
        sequence = qualified(table.schema, f"{table.name}_{column.name}_seq", pair.dialect)
        yield f"CREATE SEQUENCE IF NOT EXISTS {sequence} OWNED BY {here}.{name};"
        literal = sequence.replace("'", "''")
        yield f"ALTER TABLE {here} ALTER COLUMN {name} SET DEFAULT nextval('{literal}');"
    elif one.rule == "TT211":
        change = f"SET DEFAULT {column.default}" if column.default is not None else "DROP DEFAULT"
        yield f"ALTER TABLE {here} ALTER COLUMN {name} {change};"
    else:
        yield from _retype(one, table, pair)


def _retype(one: Difference, table: PhysicalTable, pair: Pair) -> Iterator[str]:
    """Yield the change of a type, with the foreign keys that stand in its way taken down before and put up after."""
    column = table.column(one.column or "")
    found = pair.right[table.key].column(one.column or "")
    if column is None or column.type is None or found is None:
        return
    here, name = qualified(table.schema, table.name, pair.dialect), quoted(column.name, pair.dialect)
    type = (
        canonical(column.type, pair.dialect)
        if "serial" in column.type.lower()
        else ddl.type_name(column.type, pair.dialect)
    )
    for owner, link in _links(pair, table, column.name, actual=True):
        if link.name:
            yield ddl.drop_constraint(owner, link.name, pair.dialect)
    if found.default is not None:
        yield f"ALTER TABLE {here} ALTER COLUMN {name} DROP DEFAULT;"
    yield f"ALTER TABLE {here} ALTER COLUMN {name} TYPE {type} USING {name}::{type};"
    kept = found.default if is_serial(column.type, pair.dialect) else column.default
    if kept is not None and "default" not in column.untold:
        yield f"ALTER TABLE {here} ALTER COLUMN {name} SET DEFAULT {kept};"
    for owner, link in _links(pair, table, column.name, actual=False):
        yield ddl.add_link(owner, link, pair.dialect)


def _links(pair: Pair, table: PhysicalTable, column: str, *, actual: bool) -> Iterator[tuple[PhysicalTable, Link]]:
    """Yield the foreign keys from and to a column, with their tables."""
    for owner, link in pair.linked[actual].get(table.key, ()):
        leads = (link.foreign_schema, link.foreign_table) == table.key and column in link.foreign_columns
        if link in owner.foreign_keys and (leads or (owner.key == table.key and column in link.columns)):
            yield owner, link


def _removed(one: Difference, pair: Pair) -> Iterator[str]:
    """Yield what takes a constraint or an index away that is to be made anew, as it is called in the source."""
    table = pair.right.get((one.schema, one.table or ""))
    parts: tuple[Key | Link | PhysicalIndex | Check, ...] = ()
    if table is not None:
        parts = (*table.uniques, *table.foreign_keys, *table.indexes, *table.checks)
    name = next((part.name for part in parts if part.name == one.found), None)
    if table is None or name is None or pair.dialect == "sqlite" or one.object == "primary-key":
        return
    if any(index.name == name for index in table.indexes):
        where = "" if pair.dialect == "postgresql" else f" ON {qualified(table.schema, table.name, pair.dialect)}"
        yield f"DROP INDEX {qualified(table.schema, name, pair.dialect)}{where};"
    else:
        yield ddl.drop_constraint(table, name, pair.dialect)


def _add(one: Difference, table: PhysicalTable, pair: Pair) -> Iterator[str]:
    here = qualified(table.schema, table.name, pair.dialect)
    there = pair.right.get(table.key)
    online = there is None or not there.partitions
    if one.object == "primary-key" and table.primary_key and pair.dialect != "sqlite":
        if there is not None and there.primary_key is not None and there.primary_key.name:
            yield ddl.drop_constraint(table, there.primary_key.name, pair.dialect)
        yield f"ALTER TABLE {here} ADD PRIMARY KEY {ddl.listed(table.primary_key.columns, pair.dialect)};"
    for link in table.foreign_keys:
        if one.object == "foreign-key" and link.name == one.name and pair.dialect != "sqlite":
            yield ddl.add_link(table, link, pair.dialect)
    for index in table.indexes:
        if one.object in {"index", "unique"} and index.name == one.name and not _unclear(index):
            yield ddl.create_index(table, index, pair.dialect, online=online)
    for key in table.uniques:
        if one.object == "unique" and key.name == one.name and pair.dialect != "sqlite":
            yield f"ALTER TABLE {here} ADD {ddl.unique(key, pair.dialect)};"
    for check in table.checks:
        if one.object == "check" and check.name == one.name and check.expression and pair.dialect != "sqlite":
            yield f"ALTER TABLE {here} ADD {ddl.check(check, pair.dialect)};"
