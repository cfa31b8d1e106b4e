"""What the code declares and what a database has, in the same words."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

Kind: TypeAlias = OneOf["table", "view", "materialized-view", "enum"]
Dialect: TypeAlias = OneOf["postgresql", "mysql", "sqlite"]
Role: TypeAlias = OneOf["production", "test", "script", "generated"]


class Column(Struct, frozen=True):
    """A column: the TypeScript property it is known by, and what the database calls it.

    `name` or `type` is None when it cannot be computed; `reason` then says why. `references` is `table.column`, `made` the
    file and line of the builder: elsewhere than the table for columns that several tables share. `identity` and `generated`
    are how the database makes the value, `type_schema` is the database schema of an enum that is the type.
    """

    property: str
    name: str | None
    type: str | None
    nullable: bool = True
    default: str | None = None
    primary_key: bool = False
    unique: bool = False
    references: str | None = None
    reason: str | None = None
    line: int = 0
    made: tuple[str, int] | None = None
    identity: OneOf["always", "by default"] | None = None
    generated: str | None = None
    type_schema: str | None = None


class ForeignKey(Struct, frozen=True):
    """A foreign key: physical columns here, the other table's id and physical columns, and the rules."""

    columns: tuple[str, ...]
    table: str | None
    foreign_columns: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None
    name: str | None = None
    line: int = 0


class Index(Struct, frozen=True):
    """An index or a unique constraint, by physical column names; a part that is an expression is `None`.

    For each part, `expressions` holds its text when it is an expression, and `orders` what is said of it: `desc`,
    `nulls first`, `nulls last`, `op:` and an operator class. A `?` in an expression or in `where` is a value that
    cannot be computed.
    """

    name: str | None
    columns: tuple[str | None, ...]
    unique: bool = False
    constraint: bool = False
    method: str | None = None
    where: str | None = None
    expressions: tuple[str | None, ...] = ()
    orders: tuple[tuple[str, ...], ...] = ()
    nulls_not_distinct: bool = False
    line: int = 0


class CheckRule(Struct, frozen=True):
    """A check constraint of a declaration; a `?` in its expression is a value that cannot be computed."""

    name: str | None
    expression: str
    line: int = 0


class Table(Struct, frozen=True):
    """A declaration of a table, view or enum. `id` is `file#symbol`; `name` is None when it cannot be computed.

    `existing` is a view that the code says is there already (`.existing()`), for the database's owner to make.
    """

    id: str
    symbol: str
    kind: Kind
    file: str
    line: int
    end_line: int
    dialect: Dialect
    schema: str | None
    name: str | None
    pattern: str | None
    role: Role
    columns: tuple[Column, ...] = ()
    primary_key: tuple[str, ...] = ()
    primary_key_name: str | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    values: tuple[str, ...] = ()
    existing: bool = False
    keep: str | None = None

    @property
    def physical(self) -> str | None:
        """The name as SQL qualifies it: `schema.name`, or the name alone."""
        return self.name if not self.schema or self.name is None else f"{self.schema}.{self.name}"


class DrizzleConfig(Struct, frozen=True):
    """A drizzle.config: what it says of the database.

    `tables` are the ids of what its `schema` names, or None when that cannot be computed; the filters are None where the
    file says nothing.
    """

    file: str
    dialect: Dialect | None
    tables: tuple[str, ...] | None
    out: str | None = None
    tables_filter: tuple[str, ...] | None = None
    schema_filter: tuple[str, ...] | None = None
