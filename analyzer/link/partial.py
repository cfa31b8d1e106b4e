"""What was not parsed is unread, not unknown: it is asked for when it turns out to matter.

A file that no table can come from may still say what a table is called, how long a column is, or hand back the table that it is given.
"""

from __future__ import annotations

from abc import abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analyzer.link import library
from analyzer.link.combine import held
from analyzer.link.relevance import Relevance
from analyzer.link.symbols import Symbols
from analyzer.link.values import (
    EMPTY,
    NOTHING,
    Builder,
    Builders,
    Client,
    Closure,
    ColumnRef,
    Deferred,
    Derived,
    Environment,
    Namespace,
    Record,
    Sequence,
    TableRef,
    Union,
    Unread,
    Value,
)
from analyzer.model import Member

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzer.link.autos import Autos
    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit
    from analyzer.model import Expression

    Load = Callable[[str], Unit | None]
    Exporter = Callable[[str, str], str | None]


class Partial(Symbols):
    """The exports of the files that were parsed, and a way to the others: `load` gives one of them by its path."""

    def __init__(
        self,
        units: dict[str, Unit],
        modules: Modules,
        autos: Autos,
        relevance: Relevance | None,
        load: Load,
        exporter: Exporter,
        *,
        opens_clients: bool,
    ) -> None:
        super().__init__(units, modules, autos)
        self.load, self._exporter, self.opens_clients = load, exporter, opens_clients
        self.relevance = relevance or Relevance(units, modules, autos)
        self._owners: list[library.Owner] = []
        self._giving: dict[int, bool] = {}
        self._asked_of: dict[int, Value] = {}
        self._waiting: dict[int, Deferred] = {}
        self._resolved: dict[int, Value] = {}
        self._parts: dict[int, tuple[Record, list[Value]]] = {}
        self._carriers: dict[tuple[int, int], tuple[Value, bool]] = {}

    @abstractmethod
    def evaluate(self, expression: Expression, path: str, environment: Environment = EMPTY) -> Value:
        """Return what an expression of a file stands for."""

    @abstractmethod
    def run(self, closure: Closure, arguments: list[Value], *, always: bool = False) -> Value:
        """Return what a function gives for some arguments."""

    def exporter(self, path: str, name: str) -> str | None:
        """Return the file that gives what a file exports under a name, where that was not parsed."""
        return self._exporter(path, name)

    def take(self, units: Iterable[Unit]) -> None:
        """Take up more files, of which nothing was asked before."""
        self.units.update({unit.path: unit for unit in units})
        self.relevance.read(self.units)
        self._giving.clear()

    def sure(self, value: Value) -> Value:
        """Return a value that matters: what comes from a file that was not parsed is asked for now."""
        while isinstance(value, Unread | Deferred):
            if isinstance(value, Deferred):
                value = self._resolve(value)
                continue
            if value.path not in self.units:
                unit = self.load(value.path)
                if unit is None:
                    return NOTHING
                self.take([unit])
            found = Namespace(value.path) if value.name == "*" else self.export(value.path, value.name)
            for step in value.steps:
                found = self.member(found, step)
            value = found
        return value

    def _resolve(self, value: Deferred) -> Value:
        """Evaluate what waited, once: in a circle of such values the one that is being asked is not known."""
        self._waiting[id(value)] = value  # so that no other value has its id

        def find() -> Value:
            with self.eager():
                return self.sure(self.evaluate(value.expression, value.path, value.environment or EMPTY))

        return self.memory.once(self._resolved, id(value), find)

    def later(self, value: Unread | Deferred, name: str) -> Value:
        """Return a member of what waits: it waits as well, where it need not be known now."""
        if isinstance(value, Unread):
            known = value.name == "*" and not value.steps
            steps = () if known else (*value.steps, name)
            return Unread(path=value.path, name=name if known else value.name, steps=steps)
        if self._eager:
            return self.member(self.sure(value), name)
        return Deferred(expression=Member(value.expression, name), path=value.path, environment=value.environment)

    @contextmanager
    def eager(self) -> Iterator[None]:
        """Evaluate what matters in all its parts, such as the name and the columns of a table."""
        self._eager += 1
        try:
            yield
        finally:
            self._eager -= 1

    def given(self, closure: Closure) -> Value:
        """Return what a function would give, whatever it is given; nothing that it would make is declared by this."""
        owner = library.Owner(closure.file, "", library.SUPPOSED, 0, 0)
        self._owners.append(owner)
        try:
            return self.run(closure, [NOTHING] * len(closure.function.parameters), always=True)
        finally:
            self._owners.pop()

    def carries(self, value: Value, depth: int = 2) -> bool:
        """Whether a value is a table, leads to one, or may return one: what else an object holds is of no interest."""
        match value:
            case TableRef() | ColumnRef() | Derived() | Client() | Namespace() | Builder() | Builders():
                return True
            case Closure(function, path):
                return self.relevance.of(function, path)
            case Record() | Sequence() | Union():
                key = (id(value), depth)
                if key not in self._carriers:
                    self._carriers[key] = (
                        value,
                        depth > 0 and any(self.carries(part, depth - 1) for part in held(value)),
                    )
                return self._carriers[key][1]
            case _:
                return False

    def can_give(self, value: Value) -> bool:
        """Whether something that is handed to a function that was not parsed can come back as a table.

        A client cannot, unless some file takes its schema out of it.
        """
        key = id(value.function) if isinstance(value, Closure) else id(value)
        self._asked_of[key] = value  # so that no other value has its id
        return self.memory.whole(self._giving, key, lambda: self._can_give(value))

    def _can_give(self, value: Value) -> bool:
        match value:
            case Client():
                return self.opens_clients
            case Closure(function, path):
                return self.relevance.of(function, path) and self.can_give(self.given(value))
            case Record() | Sequence() | Union():
                return any(self.can_give(part) for part in held(value))
            case _:
                return self.carries(value)
