"""What an initialiser or a returned value says, as a small tree that needs no parser to be read.

Names are resolved before they get here: `Name.id` is a binding of the same file (see `facts.Binding`), or a global.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from analyzer.model.sites import Site

GIVING_ROWS = frozenset(
    """
    select selectDistinct selectDistinctOn insert update delete execute findMany findFirst transaction $count returning prepare
    """.split()  # noqa: SIM905
)  # methods of clients: what they give leads to no table


@dataclass(frozen=True)
class Literal:
    """A string, number, boolean, null or undefined."""

    value: str | int | float | bool | None


@dataclass(frozen=True)
class Template:
    """A template string or a chain of `+`: its parts, in order."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Tagged:
    """A tagged template, `` sql`…` ``; text and substitutions alternate in `parts`."""

    tag: Expression
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Name:
    """A binding of this file by its id, or a global when no binding has that id."""

    id: str


@dataclass(frozen=True)
class Member:
    """`object.property`, also `object["property"]`."""

    object: Expression
    property: str


@dataclass(frozen=True)
class Index:
    """`object[index]`, where the index is no literal string."""

    object: Expression
    index: Expression


@dataclass(frozen=True)
class Call:
    """A call or, when `new`, a construction."""

    callee: Expression
    arguments: tuple[Expression, ...]
    site: Site
    new: bool = False


@dataclass(frozen=True)
class Entry:
    """One entry of an object literal: `key: value`; a spread has neither key nor computed key."""

    key: str | None
    value: Expression
    site: Site
    computed: Expression | None = None
    end_line: int = 0


@dataclass(frozen=True)
class Object:
    """An object literal."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Array:
    """An array literal; items may be `Spread`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True)
class Spread:
    """`...value` among items or arguments."""

    value: Expression


@dataclass(frozen=True)
class Parameter:
    """A parameter by the id of its binding, with its default and the value that has its type."""

    id: str
    default: Expression | None = None
    rest: bool = False
    annotation: Expression | None = None


@dataclass(frozen=True)
class Function:
    """A function or arrow: its parameters and everything it may return."""

    parameters: tuple[Parameter, ...]
    returns: tuple[Expression, ...]


@dataclass(frozen=True)
class Given:
    """What a function hands to a callback: `steps` are the argument, keys of an object, and the callback's parameter."""

    callee: Expression
    steps: tuple[int | str, ...]


@dataclass(frozen=True)
class Choice:
    """One of several: `?:`, `??`, `||`, `&&`, `|` of a type, or `=` for a variable that is assigned more than once."""

    options: tuple[Expression, ...]
    operator: str = "="
    text: str = ""


@dataclass(frozen=True)
class Import:
    """`import("specifier")` or `require("specifier")`."""

    specifier: str


@dataclass(frozen=True)
class Rest:
    """What is left of an object after some keys were taken: `const { a, ...rest } = value`."""

    value: Expression
    taken: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """A class: its fields and methods by name, and what it extends."""

    entries: tuple[Entry, ...]
    extends: Expression | None


@dataclass(frozen=True)
class Opaque:
    """An expression that names no table by itself; `kind` says what stood there."""

    kind: str


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
