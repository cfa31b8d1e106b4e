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
    from collections.abc import Callable

    from analyzer.link.evaluate import Evaluator

_FREE = 1 << 30


class Carriers:
    """Asks an evaluator what exports carry; a function carries what it can give, whatever it is given."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._known: dict[object, bool] = {}
        self._open: dict[object, int] = {}
        self._leans = _FREE  # the outermost open question that a "no" leans on
        self._asked_of: dict[int, Value] = {}

    def any_of(self, path: str, names: tuple[str, ...] | None) -> bool:
        """Whether any of some exports of a file carries; None, and `*`, ask for all of them."""
        if names is None or "*" in names:
            names = ("default", "=", *self._evaluator.names(path), *self._evaluator.units[path].types)
        return any(self._exported(path, name) for name in names)

    def _exported(self, path: str, name: str) -> bool:
        if not self._evaluator.relevance.exports(path, name):
            return False
        return self._once((path, name), lambda: self._carries(self._evaluator.export(path, name)))

    def _once(self, key: object, find: Callable[[], bool]) -> bool:
        """Answer a question once; a "no" within a circle holds only as long as what it leans on is open."""
        if key in self._known:
            return self._known[key]
        if key in self._open:
            self._leans = min(self._leans, self._open[key])
            return False
        depth, outer = len(self._open), self._leans
        self._open[key], self._leans = depth, _FREE
        answer = find()
        del self._open[key]
        if answer or self._leans >= depth:
            self._known[key] = answer
        self._leans = outer if answer or self._leans >= depth else min(outer, self._leans)
        return answer

    def _carries(self, value: Value) -> bool:
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
        self._asked_of[key] = value  # so that no other value has its id
        return self._once(key, lambda: any(self._carries(part) for part in self._parts(value)))

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
