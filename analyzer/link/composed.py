"""Values made of several: objects, arrays, templates, choices, and what is read from them by a key.

Where one of the parts was not parsed, the whole waits until it turns out to matter, unless another one is a table.
"""

from __future__ import annotations

from abc import abstractmethod
from itertools import compress
from typing import TYPE_CHECKING

from analyzer.link import library
from analyzer.link.combine import chosen, held, told, union
from analyzer.link.partial import Partial
from analyzer.link.values import NOTHING, Constant, Deferred, Record, Sequence, Union, Unread, Value
from analyzer.model import ANY_KEY, Literal, Opaque, Spread, Template

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.link.values import Environment
    from analyzer.model import Array, Choice, Entry, Expression, IndexExpression, Object, Rest

_PLAIN = (Constant, Record, Sequence)  # may be a name, or hold one


class Composed(Partial):
    """Evaluates what is made of parts."""

    @property
    @abstractmethod
    def owner(self) -> library.Owner | None:
        """The declaration that is being evaluated."""

    @abstractmethod
    def owned(self, owner: library.Owner, expression: Expression, path: str, environment: Environment) -> Value:
        """Evaluate what an owner's declaration says: a table made in it is the owner's."""

    def together(
        self, expression: Template | Choice, parts: tuple[Expression, ...], path: str, environment: Environment
    ) -> Value:
        """Return what a template or a choice makes of its parts."""
        values = [self.evaluate(part, path, environment) for part in parts]
        if self.waits(values, values):
            return Deferred(expression=expression, path=path, environment=environment)
        values = [self.sure(value) for value in values]
        if isinstance(expression, Template):
            return told(values)
        return union(values) if expression.operator == "|" else chosen(expression, values)

    def waits(self, values: Iterable[Value], beside: Iterable[Value] = ()) -> bool:
        """Whether something rests on what was not parsed, and may go on to do so: neither it nor what stands beside it leads to a table."""
        unread = any(isinstance(value, Unread | Deferred) for value in values)
        return unread and not self._eager and not any(self.carries(value) for value in beside)

    def array(self, whole: Array, path: str, environment: Environment) -> Value:
        """Return a list."""
        values = [self.evaluate(item, path, environment) for item in whole.items]
        spread = [isinstance(item, Spread) for item in whole.items]
        if any(spread):
            if self.waits(compress(values, spread), values):
                return Deferred(expression=whole, path=path, environment=environment)
            values = [self.sure(value) if all_of else value for value, all_of in zip(values, spread, strict=True)]
        return Sequence(tuple(flat(whole.items, values)))

    def element(self, whole: IndexExpression, path: str, environment: Environment) -> Value:
        """Return an element of what is read by a key in brackets."""
        value, key = (self.evaluate(part, path, environment) for part in (whole.object, whole.index))
        if whole.index == ANY_KEY and self.carries(value):
            return NOTHING  # a type that any table has says which ones may be given, not which are
        parts = held(value) if isinstance(value, Sequence | Record) and not isinstance(key, Constant) else ()
        if self.waits([value, key, *parts], [value, *parts]):
            return Deferred(expression=whole, path=path, environment=environment)
        return self.indexed(self.sure(value), self.sure(key))

    def without(self, whole: Rest, path: str, environment: Environment) -> Value:
        """Return what is left of an object without some keys."""
        value = self.evaluate(whole.value, path, environment)
        if self.waits([value]):
            return Deferred(expression=whole, path=path, environment=environment)
        return self.rest(self.sure(value), whole.taken)

    def object(self, whole: Object, path: str, environment: Environment) -> Value:
        """Return an object."""
        values = [self._entry(entry, path, environment) for entry in whole.entries]
        keys = [entry.key for entry in whole.entries]
        if None not in keys:
            return Record(dict(zip(keys, values, strict=True)))  # type: ignore[arg-type]
        spread_values = [value for entry, value in zip(whole.entries, values, strict=True) if spreads(entry)]
        if self.waits(spread_values, values):
            return Deferred(expression=whole, path=path, environment=environment)
        values = [self.sure(v) if spreads(entry) else v for entry, v in zip(whole.entries, values, strict=True)]
        found: dict[str, Value] = {}
        open = False
        for entry, value in zip(whole.entries, values, strict=True):
            if entry.key is not None:
                found[entry.key] = value
            elif entry.computed is not None:
                open = True
            else:
                spread = self.record(value)
                open = open or spread is None or spread.open
                found.update(spread.entries if spread else {})
        return Record(found, open)

    def _entry(self, entry: Entry, path: str, environment: Environment) -> Value:
        owner = self.owner
        if entry.key is None or owner is None or isinstance(entry.value, Literal | Opaque):
            return self.evaluate(entry.value, path, environment)
        maker = owner.id if owner.file == path else f"{owner.file}:{owner.id}"
        inner = library.Owner(
            path, entry.key, f"{maker}.{entry.key}", entry.site.line, entry.end_line or entry.site.line
        )
        return self.owned(inner, entry.value, path, environment)

    def indexed(self, value: Value, index: Value) -> Value:
        """Return `value[index]`: each value of an object when the key is known only at run time."""
        if self._eager or self.carries(value):
            index = self.sure(index)
        key = index.value if isinstance(index, Constant) and not index.pattern else None
        if isinstance(key, str):
            return self.member(value, key)
        if isinstance(index, Union) and all(
            isinstance(one, Constant) and isinstance(one.value, str) for one in index.options
        ):
            return union([self.indexed(value, one) for one in index.options])
        if isinstance(value, Union) and any(isinstance(one, Sequence) for one in value.options):
            return union([self.indexed(one, index) for one in value.options], value.how)
        if isinstance(value, Sequence):
            if isinstance(key, int):
                return value.items[key] if key < len(value.items) else NOTHING
            return union(map(self.sure, value.items), "enumerated" if value.enumerated else "")
        record = self.record(value)
        if record is None:
            return NOTHING
        if id(record) not in self._parts:
            every = record.entries.values()
            carrying = [part for part in every if self.carries(part)]
            plain = () if carrying else (part for part in map(self.sure, every) if isinstance(part, _PLAIN))
            self._parts[id(record)] = record, [*carrying, *plain]
        parts = self._parts[id(record)][1]
        return union(parts, "" if isinstance(index, Constant) else "computed")


def spreads(entry: Entry) -> bool:
    """Whether an entry of an object is another one that is spread in it."""
    return entry.key is None and entry.computed is None


def flat(items: Iterable[Expression], values: Iterable[Value]) -> list[Value]:
    """Return the values of some items, those of an array that is spread among them each for itself."""
    found: list[Value] = []
    for item, value in zip(items, values, strict=True):
        found.extend(value.items if isinstance(item, Spread) and isinstance(value, Sequence) else [value])
    return found
