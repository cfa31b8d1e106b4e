"""Whether what a module exports can be a table, or lead to one: then a file that imports it can use that table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link import library
from analyzer.link.values import (
    Builder,
    Builders,
    ClassRef,
    Client,
    Closure,
    ColumnRef,
    Creator,
    CustomBuilder,
    Derived,
    Library,
    Method,
    Namespace,
    Record,
    Relations,
    RelationsMap,
    SchemaRef,
    Sequence,
    TableRef,
    Union,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from analyzer.link.evaluate import Evaluator


class Carriers:
    """Asks an evaluator what exports carry; a function carries what it can give, whatever it is given."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._exports: dict[tuple[str, str], bool] = {}
        self._values: dict[int, tuple[object, bool]] = {}

    def any_of(self, path: str, names: tuple[str, ...] | None) -> bool:
        """Whether any of some exports of a file carries; None asks for all of them."""
        if names is None:
            names = ("default", "=", *self._evaluator.names(path), *self._evaluator.units[path].types)
        return any(self._exported(path, name) for name in names)

    def _exported(self, path: str, name: str) -> bool:
        key = path, name
        if key not in self._exports:
            self._exports[key] = False
            if self._evaluator.relevance.exports(path, name):
                self._exports[key] = self._carries(self._evaluator.export(path, name), name)
        return self._exports[key]

    def _carries(self, value: Value, name: str = "") -> bool:
        match value:
            case (
                TableRef() | ColumnRef() | Derived() | Client() | Creator() | SchemaRef() | Relations() | RelationsMap()
            ):
                return True
            case Builder() | Builders() | CustomBuilder():
                return True
            case Library(source, exported):
                return bool(library.PACKAGES.search(source)) and exported not in library.OPERATORS
            case Unknown(_, module):
                return module is not None
            case Method(owner):
                return self._carries(owner)
            case Namespace(path):
                return self.any_of(path, None)
            case _:
                return self._within(value)

    def _within(self, value: Value) -> bool:
        """Whether something that an object, a list, a function or a class holds or gives does."""
        key = id(value.function) if isinstance(value, Closure) else id(value)
        if key not in self._values:
            self._values[key] = value, False
            self._values[key] = value, any(self._carries(part) for part in self._parts(value))
        return self._values[key][1]

    def _parts(self, value: Value) -> list[Value]:
        evaluator = self._evaluator
        match value:
            case Record(entries):
                return list(entries.values())
            case Sequence(items):
                return list(items)
            case Union(options):
                return list(options)
            case Closure(function, path):
                if not evaluator.relevance.of(function, path):
                    return []
                return [evaluator.given(value)]
            case ClassRef(declaration, path):
                inner = [entry.value for entry in declaration.entries]
                inner += [declaration.extends] if declaration.extends is not None else []
                return [evaluator.evaluate(one, path) for one in inner]
            case _:
                return []
