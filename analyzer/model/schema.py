"""What the code declares and what a database has, in the same words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf
from typing import TypeAlias

Kind: TypeAlias = OneOf["table", "view", "materialized-view", "enum"]
Dialect: TypeAlias = OneOf["postgresql", "mysql", "sqlite"]
Role: TypeAlias = OneOf["production", "test", "script", "generated"]


@dataclass(frozen=True)
class Column:
    """A column: the TypeScript property it is known by, and what the database calls it.

    `name` or `type` is None when it cannot be computed; `reason` then says why. `references` is `table.column`, `made` the
    file and line of the builder: elsewhere than the table for columns that several tables share.
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


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key: physical columns here, the other table's id and physical columns, and the rules."""

    columns: tuple[str, ...]
    table: str | None
    foreign_columns: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None


@dataclass(frozen=True)
class Index:
    """An index or a unique constraint, by physical column names; a part that is an expression is `None`."""

    name: str | None
    columns: tuple[str | None, ...]
    unique: bool = False
    constraint: bool = False


@dataclass(frozen=True)
class Table:
    """A declaration of a table, view or enum. `id` is `file#symbol`; `name` is None when it cannot be computed."""

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
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    values: tuple[str, ...] = ()
    keep: str | None = None

    @property
    def physical(self) -> str | None:
        """The name as SQL qualifies it: `schema.name`, or the name alone."""
        return self.name if not self.schema or self.name is None else f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class PhysicalSchema:
    """Tables, views and enums of one source, sorted by file and line."""

    source: str
    tables: tuple[Table, ...]
