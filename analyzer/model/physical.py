"""What a database has, or what a source says that it should have: code, a dump, a snapshot, a live server.

Names are as the database has them. `schema` is None for the schema where unqualified names lie: `public` of
PostgreSQL, the database itself of MySQL and SQLite. Types and defaults are as the source spells them; what they mean is
for a comparison to say.
"""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.schema import Dialect

TableKind: TypeAlias = OneOf["table", "view", "materialized-view"]
ObjectKind: TypeAlias = OneOf[
    "schema", "table", "column", "primary-key", "unique", "foreign-key", "index", "enum", "view", "check"
]
OBJECTS: tuple[ObjectKind, ...] = (
    "schema", "table", "view", "column", "primary-key", "unique", "foreign-key", "index", "check", "enum",
)  # fmt: skip


class Location(Struct, frozen=True, order=True):
    """Where something is declared: a file and a line, counted from one."""

    file: str
    line: int


class PhysicalColumn(Struct, frozen=True):
    """A column. `type` is None when the source does not tell it; `untold` are other attributes that it does not tell.

    `identity` and `generated` are how the database makes the value itself: a mode, and an expression.
    """

    name: str
    type: str | None
    nullable: bool = True
    default: str | None = None
    identity: OneOf["always", "by default"] | None = None
    generated: str | None = None
    comment: str | None = None
    place: Location | None = None
    untold: tuple[OneOf["default", "generated"], ...] = ()


class Key(Struct, frozen=True):
    """A primary key, or a unique constraint."""

    name: str | None
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False
    place: Location | None = None


class Link(Struct, frozen=True):
    """A foreign key: columns here, the table and columns there, and what happens when a row there goes or changes.

    Rules are in lower case, `no action` where nothing is said.
    """

    name: str | None
    columns: tuple[str, ...]
    foreign_schema: str | None
    foreign_table: str
    foreign_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    place: Location | None = None


class IndexPart(Struct, frozen=True):
    """One part of an index: a column, or an expression. `nulls_first` is None where nothing is said."""

    column: str | None
    expression: str | None = None
    descending: bool = False
    nulls_first: bool | None = None
    operator_class: str | None = None


class PhysicalIndex(Struct, frozen=True):
    """An index that is no constraint of its own. `where` is its predicate."""

    name: str | None
    parts: tuple[IndexPart, ...]
    unique: bool = False
    method: str = "btree"
    where: str | None = None
    valid: bool = True
    place: Location | None = None


class Check(Struct, frozen=True):
    """A check constraint; `expression` is None when the source does not tell it."""

    name: str | None
    expression: str | None
    place: Location | None = None


class PhysicalTable(Struct, frozen=True):
    """A table or view. `untold` says why its columns or constraints are not all known; None when they are.

    `joins` are what code joins it by, with a foreign key or without. `symbol` is what code calls it, `partitions` how many partitions are folded into it, `definition` a view's query.
    """

    schema: str | None
    name: str
    kind: TableKind = "table"
    columns: tuple[PhysicalColumn, ...] = ()
    primary_key: Key | None = None
    uniques: tuple[Key, ...] = ()
    foreign_keys: tuple[Link, ...] = ()
    joins: tuple[Link, ...] = ()
    indexes: tuple[PhysicalIndex, ...] = ()
    checks: tuple[Check, ...] = ()
    definition: str | None = None
    comment: str | None = None
    partitions: int = 0
    symbol: str | None = None
    place: Location | None = None
    untold: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What makes two tables the same."""
        return self.schema, self.name

    @property
    def qualified(self) -> str:
        """The name as a report shows it: `schema.name`, or the name alone."""
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def column(self, name: str) -> PhysicalColumn | None:
        """Return a column by its name."""
        return next((column for column in self.columns if column.name == name), None)


class PhysicalEnum(Struct, frozen=True):
    """An enum type and its values, in order."""

    schema: str | None
    name: str
    values: tuple[str, ...]
    place: Location | None = None


class Domain(Struct, frozen=True):
    """A domain: a name for a type with rules."""

    schema: str | None
    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    checks: tuple[str, ...] = ()


class Dependent(Struct, frozen=True):
    """Something of the database that needs a table, or acts on it. `note` says more; of a foreign key, whose it is."""

    kind: OneOf[
        "view", "materialized-view", "trigger", "function", "policy", "publication", "rule", "foreign-key", "object"
    ]
    schema: str | None
    name: str
    table_schema: str | None
    table: str
    note: str = ""


class PhysicalSchema(Struct, frozen=True):
    """All that one source says, sorted by name.

    `source` is what the user calls it; `silent` the kinds of object that it never tells of; `hidden` why there may be
    tables that it does not show; `notes` what it could not tell, in words; `doubtful` the names in statements that could
    not be run or read, `unmade` those of them that may be tables or types which such a statement makes; `outside` tables
    that code declares in files that drizzle.config does not name; `patterns` globs of declared names
    that cannot be computed; `aside` names that are there and are not listed, each with its schema and what it is; `dynamic`
    functions that build statements at run time; `runs` whether it stands for a database that queries run
    on, rather than for a plan of one.
    """

    source: str
    dialect: Dialect
    schemas: tuple[str, ...] = ()
    tables: tuple[PhysicalTable, ...] = ()
    enums: tuple[PhysicalEnum, ...] = ()
    domains: tuple[Domain, ...] = ()
    dependents: tuple[Dependent, ...] = ()
    extensions: tuple[str, ...] = ()
    version: str | None = None
    silent: tuple[ObjectKind, ...] = ()
    hidden: str | None = None
    notes: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unmade: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    aside: tuple[tuple[str | None, str, str], ...] = ()
    dynamic: tuple[str, ...] = ()
    runs: bool = True
    outside: tuple[PhysicalTable, ...] = ()

    def table(self, schema: str | None, name: str) -> PhysicalTable | None:
        """Return a table by its name."""
        return next((table for table in self.tables if table.key == (schema, name)), None)
