"""What an initialiser or a returned value says, as a small tree that needs no parser to be read.

Names are resolved before they get here: `Name.id` is a binding of the same file (see `facts.Binding`), or a global.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from analyzer.model.sites import Site

GIVING_ROWS = frozenset(
    """
    select selectDistinct selectDistinctOn insert update delete execute findMany findFirst transaction $count returning prepare
    """.split()  # noqa: SIM905
)  # methods of clients: what they give leads to no table


class Literal(Struct, frozen=True):
    """A string, number, boolean, null or undefined."""

    value: str | int | float | bool | None


class Template(Struct, frozen=True):
    """A template string or a chain of `+`: its parts, in order."""

    parts: tuple[Expression, ...]


class Tagged(Struct, frozen=True):
    """A tagged template, `` sql`…` ``; text and substitutions alternate in `parts`."""

    tag: Expression
    parts: tuple[Expression, ...]


class Name(Struct, frozen=True):
    """A binding of this file by its id, or a global when no binding has that id."""

    id: str


class Member(Struct, frozen=True):
    """`object.property`, also `object["property"]`."""

    object: Expression
    property: str


class Index(Struct, frozen=True):
    """`object[index]`, where the index is no literal string."""

    object: Expression
    index: Expression


class Call(Struct, frozen=True):
    """A call or, when `new`, a construction."""

    callee: Expression
    arguments: tuple[Expression, ...]
    site: Site
    new: bool = False


class Entry(Struct, frozen=True):
    """One entry of an object literal: `key: value`; a spread has neither key nor computed key."""

    key: str | None
    value: Expression
    site: Site
    computed: Expression | None = None
    end_line: int = 0


class Object(Struct, frozen=True):
    """An object literal."""

    entries: tuple[Entry, ...]


class Array(Struct, frozen=True):
    """An array literal; items may be `Spread`."""

    items: tuple[Expression, ...]


class Spread(Struct, frozen=True):
    """`...value` among items or arguments."""

    value: Expression


class Parameter(Struct, frozen=True):
    """A parameter by the id of its binding, with its default and the value that has its type."""

    id: str
    default: Expression | None = None
    rest: bool = False
    annotation: Expression | None = None


class Function(Struct, frozen=True):
    """A function or arrow: its parameters and everything it may return."""

    parameters: tuple[Parameter, ...]
    returns: tuple[Expression, ...]


class Given(Struct, frozen=True):
    """What a function hands to a callback: `steps` are the argument, keys of an object, and the callback's parameter."""

    callee: Expression
    steps: tuple[int | str, ...]


class Choice(Struct, frozen=True):
    """One of several: `?:`, `??`, `||`, `&&`, `|` of a type, or `=` for a variable that is assigned more than once."""

    options: tuple[Expression, ...]
    operator: str = "="
    text: str = ""


class Import(Struct, frozen=True):
    """`import("specifier")` or `require("specifier")`."""

    specifier: str


class Rest(Struct, frozen=True):
    """What is left of an object after some keys were taken: `const { a, ...rest } = value`."""

    value: Expression
    taken: tuple[str, ...]


class Class(Struct, frozen=True):
    """A class: its fields and methods by name, and what it extends."""

    entries: tuple[Entry, ...]
    extends: Expression | None


class Opaque(Struct, frozen=True):
    """An expression that names no table by itself; `kind` says what stood there."""

    kind: str


ANY_KEY = Opaque("any key")  # of a type: `(typeof NAMES)[number]`


Expression: TypeAlias = (
    Literal
    | Template
    | Tagged
    | Name
    | Member
    | Index
    | Call
    | Object
    | Array
    | Spread
    | Function
    | Given
    | Choice
    | Import
    | Rest
    | Class
    | Opaque
)
