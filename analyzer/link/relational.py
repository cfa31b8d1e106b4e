"""`db.query.key.find…` becomes usages, nested `with` included.

Sources: https://orm.drizzle.team/docs/rqb (relations v1) and /docs/rqb-v2.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from analyzer.link.evaluate import Evaluator
from analyzer.link.usages import tables_in
from analyzer.link.values import Client, Method, Relations, RelationsMap, TableRef, Union, Value
from analyzer.model import Certainty, Entry, Expression, Object, RelationalQuery, Site, Unresolved, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit

_FIND = {"findMany", "findFirst"}


class Relational:
    """Resolves relational queries by the schemas that clients were given, and relations wherever they are declared."""

    def __init__(self, evaluator: Evaluator, symbols: dict[str, tuple[str, ...]]) -> None:
        self._evaluator, self._symbols = evaluator, symbols
        self._targets: dict[str, dict[str, set[str]]] = {}
        self.unresolved: list[Unresolved] = []
        self._relations()

    def _relations(self) -> None:
        for path, unit in sorted(self._evaluator.units.items()):
            for binding in unit.facts.bindings:
                relevant = self._evaluator.relevance.has(path, binding.id)
                value = self._evaluator.binding(path, binding.id) if relevant else None
                if isinstance(value, Relations):
                    self._add(value.table, value.targets.items())
                elif isinstance(value, RelationsMap):
                    keys = self._evaluator.record(value.schema)
                    for key, targets in value.relations.items():
                        for id in _ids(keys.entries.get(key)) if keys else ():
                            self._add(id, targets.items())

    def declared(self) -> Iterator[Usage]:
        """Yield the mentions of tables by `defineRelations`, where names are keys of the schema."""
        for path, unit in sorted(self._evaluator.units.items()):
            for binding in unit.facts.bindings:
                relevant = self._evaluator.relevance.has(path, binding.id)
                value = self._evaluator.binding(path, binding.id) if relevant else None
                keys = self._evaluator.record(value.schema) if isinstance(value, RelationsMap) else None
                if not isinstance(value, RelationsMap) or keys is None:
                    continue
                ids = {id for key in value.relations for id in _ids(keys.entries.get(key))}
                ids |= {id for targets in value.relations.values() for id in targets.values()}
                for id in sorted(ids):
                    site = Site(binding.line, 1)
                    yield Usage(id, None, "relation", "proven", unit.role, binding.id, path, site, "defineRelations")

    def _add(self, table: str, targets: object) -> None:
        for name, target in targets:  # type: ignore[attr-defined]
            self._targets.setdefault(table, {}).setdefault(name, set()).add(target)

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages of one file's relational queries."""
        for query in unit.facts.relational:
            receiver = self._evaluator.evaluate(query.receiver, unit.path)
            if isinstance(receiver, Method) and isinstance(receiver.owner, Client):
                receiver = receiver.owner
            known = isinstance(receiver, Client)
            if query.method not in _FIND and not known:
                continue
            if query.key is None:
                self._computed(unit, query, receiver)
                continue
            for id in self._tables(query.key, receiver, unit):
                yield self._usage(unit, query, id, "named", "db.query", query.site)
                yield from self._with(unit, query, id, query.config)

    def _computed(self, unit: Unit, query: RelationalQuery, receiver: Value) -> None:
        clients = [receiver] if isinstance(receiver, Client) else self._evaluator.clients
        tables = {id for client in clients for id in tables_in(self._evaluator, client.schema)}
        reason = "db.query is indexed by a key computed at run time"
        self.unresolved.append(Unresolved(unit.path, query.site, reason, unit.role, tuple(sorted(tables))))

    def _tables(self, key: str, receiver: Value, unit: Unit) -> tuple[str, ...]:
        clients = [receiver] if isinstance(receiver, Client) else self._near(unit)
        found: dict[str, None] = {}
        for client in clients:
            record = self._evaluator.record(client.schema)
            if record and key in record.entries:
                found.update(dict.fromkeys(_ids(record.entries[key])))
                if found:
                    return tuple(found)
        return tuple(found) or self._symbols.get(key, ())

    def _near(self, unit: Unit) -> list[Client]:
        return sorted(self._evaluator.clients, key=lambda client: (-_common(client.file, unit.path), client.file))

    def _with(self, unit: Unit, query: RelationalQuery, id: str, config: Expression | None) -> Iterator[Usage]:
        if config is None:
            return
        if not isinstance(config, Object):
            yield from self._possible(unit, query, id)
            return
        for entry in config.entries:
            if entry.key == "with":
                yield from self._nested(unit, query, id, entry.value)
            elif entry.key is None:
                yield from self._possible(unit, query, id)

    def _nested(self, unit: Unit, query: RelationalQuery, id: str, value: Expression) -> Iterator[Usage]:
        if not isinstance(value, Object):
            yield from self._possible(unit, query, id)
            return
        for entry in value.entries:
            if entry.key is None:
                yield from self._possible(unit, query, id)
                continue
            for target in sorted(self._targets.get(id, {}).get(entry.key, ())):
                yield self._usage(unit, query, target, "named", "with", entry.site)
                yield from self._with(unit, query, target, _configured(entry))

    def _possible(self, unit: Unit, query: RelationalQuery, id: str) -> Iterator[Usage]:
        """The configuration is computed: each relation of the table may be read."""
        reached = sorted({target for targets in self._targets.get(id, {}).values() for target in targets})
        if reached:
            reason = "the configuration of a relational query is computed"
            self.unresolved.append(Unresolved(unit.path, query.site, reason, unit.role, tuple(reached)))
        for target in reached:
            yield self._usage(unit, query, target, "possible", "with", query.site)

    def _usage(
        self, unit: Unit, query: RelationalQuery, id: str, certainty: Certainty, evidence: str, site: Site
    ) -> Usage:
        return Usage(id, None, "read", certainty, unit.role, query.by, unit.path, site, evidence)


def _configured(entry: Entry) -> Expression | None:
    from analyzer.model import Literal

    return None if isinstance(entry.value, Literal) else entry.value


def _ids(value: Value | None) -> tuple[str, ...]:
    options = value.options if isinstance(value, Union) else (value,)
    return tuple(option.id for option in options if isinstance(option, TableRef))


def _common(left: str, right: str) -> int:
    shared = posixpath.commonpath([left, right])
    return len(shared.split("/")) if shared else 0
