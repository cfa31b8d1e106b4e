"""Which table leads to which by what relation, and the columns that join them, wherever relations are declared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from analyzer.link.values import Relations, RelationsMap, TableRef, Union
from analyzer.model import Site, Usage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.values import ColumnRef, Value


class Related:
    """The relations of a project; `spans` are the stretches that declare them: file, first and last line."""

    def __init__(self, evaluator: Evaluator, handles: Mapping[str, str]) -> None:
        self._evaluator, self._handles = evaluator, handles
        self._targets: dict[str, dict[str, set[str]]] = {}
        self._keys: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self._own: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        self._open: set[str] = set()
        self.by_key = False  # relations of the second version: filters go by key as well
        self.spans: list[tuple[str, int, int]] = []
        self._read()

    def targets(self, id: str, name: str) -> list[str]:
        """Return the tables that a relation of a table leads to."""
        return sorted(self._targets.get(id, {}).get(name, ()))

    def every(self, id: str) -> list[str]:
        """Return the tables that relations lead to from a table, through however many."""
        found: set[str] = set()
        queue = [id]
        while queue:
            for targets in self._targets.get(queue.pop(), {}).values():
                queue += targets - found
                found |= targets
        return sorted(found)

    def is_open(self, id: str) -> bool:
        """Whether a table has relations that cannot be read."""
        return id in self._open

    def keys(self, id: str, name: str, target: str) -> list[tuple[str, str]]:
        """Return the columns that a relation joins by, each with its table; those of its inverse where it names none."""
        own = self._own.get((id, name))
        return sorted(own or self._keys.get((target, id), set()) | self._keys.get((id, target), set()))

    def joins(self) -> tuple[tuple[str, str, str, str], ...]:
        """Return what relations of one column join: the ids and properties of both sides."""
        pairs = {tuple(sorted(found)) for found in self._own.values() if len(found) == 2}
        return tuple(sorted((*left, *right) for left, right in pairs if left[0] != right[0]))

    def _read(self) -> None:
        for path, unit in sorted(self._evaluator.units.items()):
            for binding in unit.facts.bindings:
                relevant = self._evaluator.relevance.has(path, binding.id)
                value = self._evaluator.binding(path, binding.id) if relevant else None
                if isinstance(value, Relations | RelationsMap):
                    self.spans.append((path, binding.line, binding.end_line))
                if isinstance(value, Relations):
                    if value.open:
                        self._open.add(self._handles.get(value.table, value.table))
                    self._add(value.table, value.targets.items())
                    self._add_keys(value.table, value.targets, value.keys)
                elif isinstance(value, RelationsMap):
                    self.by_key = True
                    keys = self._evaluator.record(value.schema)
                    self._open.update(
                        self._handles.get(id, id)
                        for key, part in (keys.entries.items() if keys else ())
                        if key in value.open or "*" in value.open
                        for id in ids_of(part)
                    )
                    for key, targets in value.relations.items():
                        for id in ids_of(keys.entries.get(key)) if keys else ():
                            self._add(id, targets.items())
                            self._add_keys(id, targets, value.keys.get(key, {}))

    def declared(self) -> Iterator[Usage]:
        """Yield the mentions of tables by `defineRelations`, where names are keys of the schema."""
        for path, unit in sorted(self._evaluator.units.items()):
            for binding in unit.facts.bindings:
                relevant = self._evaluator.relevance.has(path, binding.id)
                value = self._evaluator.binding(path, binding.id) if relevant else None
                keys = self._evaluator.record(value.schema) if isinstance(value, RelationsMap) else None
                if not isinstance(value, RelationsMap) or keys is None:
                    continue
                ids = {id for key in value.relations for id in ids_of(keys.entries.get(key))}
                ids |= {id for targets in value.relations.values() for some in targets.values() for id in some}
                for id in sorted(ids):
                    site = Site(binding.line, 1)
                    yield Usage(id, None, "relation", "proven", unit.role, binding.id, path, site, "defineRelations")

    def _add(self, table: str, targets: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        for name, reached in targets:
            table = self._handles.get(table, table)
            found = {self._handles.get(id, id) for id in reached}
            self._targets.setdefault(table, {}).setdefault(name, set()).update(found)

    def _add_keys(
        self, table: str, targets: Mapping[str, tuple[str, ...]], keys: Mapping[str, Iterable[ColumnRef]]
    ) -> None:
        """Note the columns that a relation joins by, for it and for those between the same tables that name none."""
        for name, columns in keys.items():
            found = {(self._handles.get(one.table, one.table), one.property) for one in columns}
            table = self._handles.get(table, table)
            self._own[table, name] |= found
            for target in targets.get(name, ()):
                self._keys[table, self._handles.get(target, target)] |= found


def ids_of(value: Value | None) -> tuple[str, ...]:
    """Return the ids of the tables that a value may be."""
    options = value.options if isinstance(value, Union) else (value,)
    return tuple(option.id for option in options if isinstance(option, TableRef))
