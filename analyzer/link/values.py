"""What an expression stands for, as far as it matters to tables. These values stay in this room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from msgspec import Struct

from analyzer.model import Opaque

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.model import Class, Dialect, Expression, Function


class Constant(Struct, frozen=True):
    """A string, number, boolean or null; `pattern` is set when it is only the default of something computed.

    `others` are what it may be instead, where that is known: of `deep ? "jugs" : "jars"`.
    """

    value: str | int | float | bool | None
    pattern: str | None = None
    others: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts that it may be."""
        return (*self.others, self.value) if isinstance(self.value, str) else self.others


class Library(Struct, frozen=True):
    """A name of the outside world: `exported` of module `source`; `path` are members and calls below it."""

    source: str
    exported: str
    path: tuple[str, ...] = ()


class Namespace(Struct, frozen=True):
    """All exports of a file."""

    path: str


class TableRef(Struct, frozen=True):
    """A declared table, view or enum by its id; `derived` when it was made from it (`alias`)."""

    id: str
    derived: str = ""


class Derived(Struct, frozen=True):
    """Something made of a table that is no table: a validation schema, a row type, its columns."""

    table: str
    how: str


@dataclass(frozen=True)
class ColumnRef:
    """A column of a declared table, by its property; `orders` is what is chained on it in an index."""

    table: str
    property: str
    orders: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Record:
    """An object: its known keys; `open` when it may have more."""

    entries: Mapping[str, Value] = field(hash=False)
    open: bool = False


class Sequence(Struct, frozen=True):
    """An array; `enumerated` when it holds all values of an object (`Object.values(schema)`)."""

    items: tuple[Value, ...]
    enumerated: bool = False


class Closure(Struct, frozen=True):
    """A function of a file, with the parameters that are bound around it."""

    function: Function
    file: str
    environment: Environment


class ClassRef(Struct, frozen=True):
    """A class of a file, or an instance of one."""

    declaration: Class
    file: str


class Creator(Struct, frozen=True):
    """What `pgTableCreator` and its siblings return."""

    dialect: Dialect
    rename: Value


class SchemaRef(Struct, frozen=True):
    """What `pgSchema("s")` returns."""

    dialect: Dialect
    name: str | None


class Client(Struct, frozen=True):
    """What `drizzle(…)` returns: the schema that its `query` knows, and the casing that it gives to columns."""

    schema: Value
    file: str
    casing: str | None = None


class Builders(Struct, frozen=True):
    """The column builders of a dialect: the parameter of `(d) => ({ … })`."""

    dialect: Dialect


class Builder(Struct, frozen=True):
    """One column being built: its builder, arguments, and the calls chained on it, in order."""

    dialect: Dialect
    name: str
    arguments: tuple[Value, ...]
    calls: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    file: str = ""
    line: int = 0


class CustomBuilder(Struct, frozen=True):
    """What `customType({ … })` returns."""

    dialect: Dialect
    options: Value


class Method(Struct, frozen=True):
    """A method read from a value, not yet called."""

    owner: Value
    name: str


@dataclass(frozen=True)
class Relations:
    """`relations(table, …)`: relation names, the tables they lead to, and the columns that they join by; `open` when it may have more."""

    table: str
    targets: Mapping[str, tuple[str, ...]] = field(hash=False)
    keys: Mapping[str, tuple[ColumnRef, ...]] = field(default_factory=dict, hash=False)
    open: bool = False


@dataclass(frozen=True)
class RelationsMap:
    """`defineRelations(schema, …)`: for each key of the schema its relations, and the schema itself."""

    schema: Value
    relations: Mapping[str, Mapping[str, tuple[str, ...]]] = field(hash=False)
    keys: Mapping[str, Mapping[str, tuple[ColumnRef, ...]]] = field(default_factory=dict, hash=False)
    open: frozenset[str] = frozenset()  # keys whose relations cannot be read, `*` for any


@dataclass(frozen=True)
class Sql:
    """A piece of SQL: its texts, and the values between them."""

    parts: tuple[str | Value, ...] = field(hash=False)

    @property
    def text(self) -> str:
        """The text as far as it is known, with `?` for each value."""
        return "".join(part if isinstance(part, str) else "?" for part in self.parts)


class Union(Struct, frozen=True):
    """One of several.

    `how` says why: empty for a choice, whose options all count; `computed` for a key known only at run time;
    `enumerated` for each of all values of an object.
    """

    options: tuple[Value, ...]
    how: Literal["", "computed", "enumerated"] = ""


class Unknown(Struct, frozen=True):
    """What cannot be computed from the text, and why; `module` when it was to come from a module that is not there."""

    reason: str = ""
    module: str | None = None


class Outside(Unknown, frozen=True):
    """What a call of something of a package gives, of which nothing is known; `source` is the package's module."""

    source: str = ""


class Unread(Unknown, frozen=True):
    """An export of a file that was not parsed, since nothing in it can be a table; `steps` are members read from it.

    It may still matter: as a name or an option of a table, or as a function for what it makes of one.
    """

    path: str = ""
    name: str = "*"
    steps: tuple[str, ...] = ()


class Deferred(Unknown, frozen=True):
    """What comes of an expression with something `Unread` in it; it is evaluated when it turns out to matter."""

    expression: Expression = Opaque("nothing")
    path: str = ""
    environment: Environment | None = None


@dataclass(frozen=True)
class Environment:
    """Parameters bound to values, by the id of their binding; `known` remembers what locals were found to be."""

    bound: Mapping[str, Value] = field(default_factory=dict, hash=False)
    known: dict[tuple[str, str], Value] = field(default_factory=dict, hash=False, compare=False, repr=False)

    def with_(self, more: Mapping[str, Value]) -> Environment:
        """Return this environment with more bound."""
        return Environment({**self.bound, **more})


Value: TypeAlias = (
    Constant
    | Library
    | Namespace
    | TableRef
    | Derived
    | ColumnRef
    | Record
    | Sequence
    | Closure
    | ClassRef
    | Creator
    | SchemaRef
    | Client
    | Builders
    | Builder
    | CustomBuilder
    | Method
    | Relations
    | RelationsMap
    | Sql
    | Union
    | Unknown
    | Outside
    | Unread
    | Deferred
)

NOTHING = Unknown()
BUSY = Unknown("it refers to itself")
EMPTY = Environment()
